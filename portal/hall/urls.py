"""Addresses of the portal's own pages."""

from django.urls import include, path

from . import desk, health, phone, places, unit
from .figures import views as figures
from .stickers import pages as stickers

urlpatterns = [
    path("", include("portal.hall.account.urls")),
    path("", desk.home, name="home"),
    path("desk/", desk.desk, name="desk"),
    path("search/", desk.search, name="search"),
    path("places/", places.places, name="places"),
    path("units/<int:pk>/", unit.unit, name="unit"),
    path("figures/", figures.begin, name="figures"),
    path("figures/<int:pk>/", figures.unit, name="figures-unit"),
    path("figures/<int:pk>/<slug:code>.xlsx", figures.sheet, name="figures-sheet"),
    path("", include("portal.hall.settings.urls")),
    path("stickers/", stickers.stickers, name="stickers"),
    path("stickers/make/", stickers.make, name="stickers-make"),
    path("stickers/sheet/", stickers.sheet, name="stickers-sheet"),
    path("stickers/<int:pk>/revoke/", stickers.revoke, name="sticker-revoke"),
    path("sw.js", phone.worker, name="worker"),
    path("offline/", phone.offline, name="offline"),
    path("unsent/", phone.unsent, name="unsent"),
    path("unsent/ready", phone.ready, name="unsent-ready"),
    path("healthz", health.health, name="health"),
]
