"""What every request passes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal import clock

Answer = Callable[[HttpRequest], HttpResponse]


def one_moment(get_response: Answer) -> Answer:
    """A page shows one time, asked of the database once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with clock.one_moment():
            return get_response(request)

    return middleware


class Doorkeeper:
    """Turns refusals into pages."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Passes the request on."""
        return self.get_response(request)
