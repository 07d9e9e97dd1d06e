"""How long who may keep a page: public ones by anybody, those for a school's own people by their browser alone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag

from portal.errors import NotSignedIn
from portal.orgs.models import Unit, User
from portal.orgs.policies import SIGNED_IN, FirstDo
from portal.publications.access import NOBODY, Reader, reader_of
from portal.publications.kinds import Audience, Kind
from portal.publications.models import Issue
from portal.publications.queries import found

YEAR = 365 * 24 * 3600
SHORT = 60  # seconds a list of what is published may be kept


def reader(request: HttpRequest) -> Reader:
    """Who reads: whoever still owes a code or a new password reads what everybody may."""
    try:
        SIGNED_IN.check(request)
    except (NotSignedIn, FirstDo):
        return NOBODY
    return reader_of(request.user)


def reader_for(request: HttpRequest, kind: Kind) -> Reader:
    """Who reads this kind: nobody in particular where everybody may; strangers are sent to sign in where not."""
    if kind.audience == Audience.PUBLIC:
        return NOBODY
    SIGNED_IN.check(request)
    return reader_of(request.user)


def issue_for(request: HttpRequest, school: Unit, kind: Kind, period: str) -> Issue:
    """The issue, if this reader may see it. A public one asks for no session."""
    return found(school, kind.code, period, reader_for(request, kind))


def kept(
    request: HttpRequest, make: Callable[[], HttpResponse], *, tag: str, audience: str, forever: bool = False
) -> HttpResponse:
    """The page, or 304 where the reader has it. `forever` is what never changes; all else is asked for again each time."""
    etag = quote_etag(tag)
    answer = get_conditional_response(request, etag=etag) or make()
    answer["ETag"] = etag
    public = audience == Audience.PUBLIC
    scope = "public" if public else "private"
    answer["Cache-Control"] = f"{scope}, max-age={YEAR}, immutable" if forever else f"{scope}, no-cache"
    if not public:
        patch_vary_headers(answer, ["Cookie"])
    return answer


def fresh(request: HttpRequest, answer: HttpResponse, *, asked: bool) -> HttpResponse:
    """A list: kept a minute by anybody where nobody was `asked` who they are, else by nobody."""
    signed_in = asked and isinstance(request.user, User)
    answer["Cache-Control"] = "private, no-store" if signed_in else f"public, max-age={SHORT}"
    if asked:
        patch_vary_headers(answer, ["Cookie"])
    return answer
