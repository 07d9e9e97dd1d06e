"""Every address for programs."""

from django.urls import include, path, re_path

from . import desk, docs, me, tokens

urlpatterns = [
    path("v1/auth/token", tokens.Token.as_view()),
    path("v1/me", me.Me.as_view()),
    path("v1/units", me.Units.as_view()),
    path("v1/desk", desk.Desk.as_view()),
    path("v1/", include("portal.notices.api")),
    path("v1/", include("portal.evidence.api")),
    path("v1/", include("portal.cases.api.urls")),
    path("schema/", docs.schema, name="api-schema"),
    path("docs/", docs.docs, name="api-docs"),
    re_path(r"^", docs.nothing),
]
