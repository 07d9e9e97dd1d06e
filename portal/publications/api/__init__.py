"""Publications for programs: reading and verifying them, correcting, drafts and signatures, announcements, receipts, runs."""

from django.urls import path

from . import announcements, drafts, reading, runs, writing

urlpatterns = [
    path("publications", reading.Publications.as_view()),
    path("publications/<int:id>", reading.One.as_view()),
    path("publications/<int:id>/correct", writing.Correction.as_view()),
    path("publications/<int:id>/read", writing.Given.as_view()),
    path("publications/drafts", drafts.Drafts.as_view()),
    path("publications/drafts/<str:number>", drafts.Draft.as_view()),
    path("publications/drafts/<str:number>/sign", drafts.Signature.as_view()),
    path("publications/runs", runs.Runs.as_view()),
    path("publications/runs/<int:id>", runs.OneRun.as_view()),
    path("publications/runs/<int:id>/schools", runs.RunSchools.as_view()),
    path("publications/runs/<int:id>/again", runs.TakenUp.as_view()),
    path("receipts", writing.Receipts.as_view()),
    path("announcements", announcements.Announcements.as_view()),
    path("announcements/<int:id>", announcements.OneAnnouncement.as_view()),
    path("announcements/<int:id>/amend", announcements.Amendment.as_view()),
    *(path(f"announcements/<int:id>/{verb}", announcements.acting(verb)) for verb in announcements.ACTS),
    path("announcements/<int:id>/remind", announcements.Reminder.as_view()),
    path("announcements/<int:id>/readers", announcements.Readers.as_view()),
    path("announcements/<int:id>/schools", announcements.ReadersAt.as_view()),
    path("verify/<str:code>", reading.Verify.as_view()),
]
