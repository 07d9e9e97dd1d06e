"""Addresses of the portal; each affair brings its own below its name."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.hall.urls")),
    path("inbox/", include("portal.notices.urls")),
    path("evidence/", include("portal.evidence.urls")),
    path("t/", include("portal.stickers.urls")),
    path("", include("portal.publications.urls")),
    path("", include("portal.surveys.urls")),
    path("api/", include("portal.hall.api.urls")),
    *(path(f"{app}/", include(f"{app}.urls")) for app in settings.SCHOOL_APPS if find_spec(f"{app}.urls")),
    path("", include("portal.cases.urls")),
]
handler400 = "portal.hall.errors.bad_request"
handler403 = "portal.hall.errors.forbidden"
handler404 = "portal.hall.errors.not_found"
handler500 = "portal.hall.errors.server_error"
