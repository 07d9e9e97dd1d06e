"""Addresses of the portal's own pages."""

from django.urls import include, path

from . import desk, desk_sheet, health, phone, places, unit
from .figures import views as figures
from .outbound import pages as outbound
from .outbound import sheets as outbound_sheets
from .publishing import announcements, readers, to_read
from .publishing import runs as publishing_runs
from .stickers import pages as stickers

urlpatterns = [
    path("", include("portal.hall.account.urls")),
    path("", desk.home, name="home"),
    path("desk/", desk.desk, name="desk"),
    path("desk/export.xlsx", desk_sheet.export, name="desk-export"),
    path("search/", desk.search, name="search"),
    path("places/", places.places, name="places"),
    path("units/<int:pk>/", unit.unit, name="unit"),
    path("figures/", figures.begin, name="figures"),
    path("figures/<int:pk>/", figures.unit, name="figures-unit"),
    path("figures/<int:pk>/schools/", figures.schools, name="figures-schools"),
    path("figures/<int:pk>/<slug:code>.xlsx", figures.sheet, name="figures-sheet"),
    path("", include("portal.hall.settings.urls")),
    path("stickers/", stickers.stickers, name="stickers"),
    path("stickers/make/", stickers.make, name="stickers-make"),
    path("stickers/sheet/", stickers.sheet, name="stickers-sheet"),
    path("stickers/<int:pk>/revoke/", stickers.revoke, name="sticker-revoke"),
    path("outbound/", outbound.systems, name="outbound"),
    path("outbound/add/", outbound.add, name="outbound-add"),
    path("outbound/<int:pk>/", outbound.system, name="outbound-system"),
    path("outbound/<int:pk>/edit/", outbound.edit, name="outbound-edit"),
    path("outbound/<int:pk>/switch/", outbound.switch, name="outbound-switch"),
    path("outbound/<int:pk>/days/", outbound.days, name="outbound-days"),
    path("outbound/<int:pk>/due.xlsx", outbound_sheets.due, name="outbound-due"),
    path("outbound/<int:pk>/receipts/", outbound_sheets.bring_in, name="outbound-receipts"),
    path("outbound/lines/<int:pk>/again/", outbound.again, name="outbound-again"),
    path("publishing/", announcements.announcements, name="publishing"),
    path("publishing/add/", announcements.add, name="publishing-add"),
    path("publishing/<int:pk>/", announcements.announcement, name="publishing-one"),
    path("publishing/<int:pk>/edit/", announcements.edit, name="publishing-edit"),
    path("publishing/<int:pk>/readers/", readers.readers, name="publishing-readers"),
    path("publishing/<int:pk>/<slug:verb>/", announcements.act, name="publishing-act"),
    path("publishing/runs/", publishing_runs.runs, name="publishing-runs"),
    path("publishing/runs/open/", publishing_runs.open_one, name="publishing-run-open"),
    path("publishing/runs/<int:pk>/", publishing_runs.run, name="publishing-run"),
    path("publishing/runs/<int:pk>/again/", publishing_runs.again, name="publishing-run-again"),
    path("to-read/", to_read.to_read, name="board-to-read"),
    path("sw.js", phone.worker, name="worker"),
    path("offline/", phone.offline, name="offline"),
    path("unsent/", phone.unsent, name="unsent"),
    path("unsent/ready", phone.ready, name="unsent-ready"),
    path("healthz", health.health, name="health"),
]
