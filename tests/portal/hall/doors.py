"""Routes for tests of the doorkeeper: one per policy, one without, and views that refuse or fail."""

from typing import Any

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views import View
from rest_framework.authentication import BaseAuthentication
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.errors import BadInput, NotAllowed, NotSignedIn, NotThere, Stale, TooMany, WrongStep
from portal.orgs.policies import ADMIN, KNOWN, PUBLIC, SIGNED_IN, guard, holding, person

REFUSALS: dict[str, Exception] = {
    "bad": BadInput("有一处要改。", errors={"title": ["请填写标题。"]}),
    "nobody": NotSignedIn("请先登录。"),
    "not-allowed": NotAllowed(
        "自己修的，不能自己验收。", rule="办理人与验收人不能是同一人", who="林晓芸", instead="补照片"
    ),
    "gone": NotThere(),
    "step": WrongStep("已经派工了。"),
    "stale": Stale("王建平刚刚接了单。"),
    "often": TooMany("太快了。", wait=7),
    "data": DataError("out of range"),
    "nul": ValueError("A string literal cannot contain NUL (0x00) characters."),
    "surrogate": UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    "broken": RuntimeError("ours"),
}


def said(request: HttpRequest, **_: Any) -> HttpResponse:
    """Says who came in."""
    return HttpResponse(getattr(request.user, "username", "") or "nobody")


@guard(PUBLIC)
def refuse(request: HttpRequest, which: str) -> HttpResponse:
    """Raises what the address names."""
    raise REFUSALS[which]


class Desk(View):
    """A view by verbs."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answers."""
        return said(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answers."""
        return said(request)


class Known(BaseAuthentication):
    """Whom the doorkeeper let in."""

    def authenticate(self, request: Any) -> tuple[Any, None]:
        """As the doorkeeper says."""
        return request._request.user, None


class Program(APIView):
    """A view for programs, its policies by verb."""

    policies = {"GET": PUBLIC, "POST": SIGNED_IN}
    authentication_classes = (Known,)

    def get(self, request: Any) -> Response:
        """Answers everybody."""
        return Response({"who": getattr(request._request.user, "username", "")})

    def post(self, request: Any) -> Response:
        """Answers who is signed in."""
        return Response({"who": person(request._request).username})


def marked(policy: Any) -> Any:
    """A view of its own with this policy."""
    return guard(policy)(lambda request, **more: said(request, **more))


urlpatterns = [
    path("", include("portal.hall.account.urls")),
    path("home/", marked(SIGNED_IN), name="home"),
    path("public/", marked(PUBLIC)),
    path("known/", marked(KNOWN)),
    path("signed-in/", marked(SIGNED_IN)),
    path("dispatchers/", marked(holding("dispatcher"))),
    path("admins/", marked(ADMIN)),
    path("unmarked/", said),
    path("verbs/", guard(GET=PUBLIC, POST=SIGNED_IN)(Desk.as_view())),
    path("refuse/<slug:which>/", refuse),
    path("number/<int:pk>/", marked(PUBLIC)),
    path("api/v1/program/", Program.as_view()),
    path("api/v1/refuse/<slug:which>/", refuse),
]
handler400 = "portal.hall.errors.bad_request"
handler403 = "portal.hall.errors.forbidden"
handler404 = "portal.hall.errors.not_found"
handler500 = "portal.hall.errors.server_error"
