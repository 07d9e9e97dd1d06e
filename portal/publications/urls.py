"""Addresses of what is published: `/p/LX01/repairs.monthly/2026-10/`, without login where it is public."""

from django.urls import path

from .views import correcting, paper, reading, site, verify

KIND = "p/<str:school>/<str:kind>/"
ONE = f"{KIND}<str:period>/"
VERSION = f"{ONE}<int:number>/"

urlpatterns = [
    path("p/", site.index, name="board"),
    path("p/drafts/<str:number>/", paper.draft, name="board-draft"),
    path("p/<str:school>/", site.school, name="board-school"),
    path("p/<str:school>/feed.atom", paper.feed, name="board-feed"),
    path(KIND, site.board, name="board-kind"),
    path(f"{KIND}embed/", paper.embed, name="board-embed"),
    path(ONE, site.issue, name="board-issue"),
    path(f"{ONE}correct/", correcting.correction, name="board-correct"),
    path(VERSION, site.version, name="board-version"),
    path(f"{VERSION}poster/", paper.poster, name="board-poster"),
    path(f"{VERSION}data.json", paper.as_json, name="board-json"),
    path(f"{VERSION}table.xlsx", paper.as_excel, name="board-excel"),
    path(f"{VERSION}files/<uuid:id>", paper.document, name="board-file"),
    path(f"{VERSION}pictures/<uuid:id>.jpg", paper.picture, name="board-picture"),
    path(f"{ONE}read/", reading.read_it, name="board-read"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:code>/", verify.code, name="verify-code"),
]
