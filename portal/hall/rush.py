"""A rush of readers upon one public page: what everybody may read lies ready for two seconds, so that hundreds ask once (ADR 23)."""

from collections.abc import Callable
from time import monotonic

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import has_vary_header

Answer = Callable[[HttpRequest], HttpResponse]
Key = tuple[str, str, str]
MOST, LARGEST = 64, 400_000  # answers that lie ready in one process, and bytes of one


class Rush:
    """Gives the same bytes again to whoever asks for the same public page at nearly the same time.

    Only an answer that says of itself that it is everybody's (`Cache-Control: public`) and that depends on no cookie lies
    ready: a page that has looked at who asks says `Vary: Cookie`, and is never kept. Nothing else is decided here.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.ready: dict[Key, tuple[float, bytes, dict[str, str]]] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """What lies ready, else the page itself."""
        if request.method != "GET" or not settings.RUSH_SECONDS or "HTTP_IF_NONE_MATCH" in request.META:
            return self.get_response(request)
        host, accepts = (request.META.get(name, "") for name in ("HTTP_HOST", "HTTP_ACCEPT_ENCODING"))
        key = (host, request.get_full_path(), "gzip" if "gzip" in accepts else "")
        lain = self.ready.get(key)
        if lain is not None and lain[0] > monotonic():
            return HttpResponse(lain[1], headers=lain[2])
        answer = self.get_response(request)
        if is_everybodys(answer):
            self._lay(key, answer)
        return answer

    def _lay(self, key: Key, answer: HttpResponse) -> None:
        """Lays it ready; where there is no room, what has lain too long goes, then everything."""
        now = monotonic()
        if len(self.ready) >= MOST:
            self.ready = {one: kept for one, kept in self.ready.items() if kept[0] > now}
        if len(self.ready) >= MOST:
            self.ready = {}
        self.ready[key] = (now + settings.RUSH_SECONDS, answer.content, dict(answer.items()))


def is_everybodys(answer: HttpResponse) -> bool:
    """Whether an answer is the same for everybody, by its own word."""
    if answer.status_code != 200 or answer.streaming or answer.cookies or len(answer.content) > LARGEST:
        return False
    says = {one.strip() for one in answer.get("Cache-Control", "").split(",")}
    return "public" in says and not has_vary_header(answer, "Cookie")
