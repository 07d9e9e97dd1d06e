"""The inbox alone, with a home page and a sign-in page to be turned to."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from portal.orgs.policies import PUBLIC, guard


@guard(PUBLIC)
def blank(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", blank, name="home"),
    path("sign-in", blank, name="sign-in"),
    path("inbox/", include("portal.notices.urls")),
]
