"""Every address for programs."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path, re_path

from . import desk, docs, figures, me, stickers, tokens

urlpatterns = [
    path("v1/auth/token", tokens.Token.as_view()),
    path("v1/me", me.Me.as_view()),
    path("v1/units", me.Units.as_view()),
    path("v1/desk", desk.Desk.as_view()),
    path("v1/figures", figures.Figures.as_view()),
    path("v1/figures/<str:name>", figures.OneFigure.as_view()),
    path("v1/stickers", stickers.Stickers.as_view()),
    path("v1/stickers/<int:pk>/revoke", stickers.Revoked.as_view()),
    path("v1/", include("portal.notices.api")),
    path("v1/", include("portal.evidence.api")),
    *(path(f"v1/{app}/", include(f"{app}.api")) for app in settings.SCHOOL_APPS if find_spec(f"{app}.api")),
    path("v1/", include("portal.publications.api")),
    path("v1/", include("portal.surveys.api")),
    path("v1/", include("portal.outbound.api")),
    path("v1/", include("portal.cases.api.urls")),
    path("schema/", docs.schema, name="api-schema"),
    path("docs/", docs.docs, name="api-docs"),
    re_path(r"^", docs.nothing),
]
