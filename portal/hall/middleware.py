"""What every request passes."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from portal import clock
from portal.errors import NotThere, Refused
from portal.orgs.policies import policy_for

from .errors import refusal

Answer = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger(__name__)


def one_moment(get_response: Answer) -> Answer:
    """A page shows one time, asked of the database once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with clock.one_moment():
            return get_response(request)

    return middleware


class Doorkeeper:
    """Asks the route's policy before the view, and turns every refusal into a page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Sequence[Any], kwargs: Any) -> HttpResponse | None:
        """Lets nobody in where no policy says who may."""
        policy = policy_for(view, request.method or "")
        try:
            if policy is None:
                log.error("no policy for %s %s", request.method, request.path)
                raise NotThere
            policy.check(request)
        except Refused as refused:
            return refusal(request, refused)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal raised by a view becomes a page; anything else is a failure of ours."""
        return refusal(request, exception) if isinstance(exception, Refused) else None
