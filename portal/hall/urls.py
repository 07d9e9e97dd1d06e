"""Addresses of the portal's own pages."""

from django.urls import include, path

from . import desk, health, places, unit

urlpatterns = [
    path("", include("portal.hall.account.urls")),
    path("", desk.home, name="home"),
    path("desk/", desk.desk, name="desk"),
    path("search/", desk.search, name="search"),
    path("places/", places.places, name="places"),
    path("units/<int:pk>/", unit.unit, name="unit"),
    path("", include("portal.hall.settings.urls")),
    path("healthz", health.health, name="health"),
]
