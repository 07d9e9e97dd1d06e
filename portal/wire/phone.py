"""What a page's own script asks of the portal on a phone with a thin network (ADR 0009): pages to keep for reading
without it, pages fetched ahead, and forms sent by the script instead of by the browser."""

from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

View = TypeVar("View")
Answer = TypeVar("Answer", bound=HttpResponse)
KEPT_FOR = "X-Kept-For"  # the answer's header: whose page this is; a phone keeps it for nobody else


def kept(view: View) -> View:
    """Marks a view: a phone may keep its pages, so that the person they were made for reads them without network."""
    view.kept = True  # type: ignore[attr-defined]
    return view


def keep(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Says on a marked view's page whose it is; nothing on refusals, redirects, and pages for people without an account."""
    match = request.resolver_match
    marked = match is not None and getattr(match.func, "kept", False) and not getattr(answer, "unkept", False)
    if marked and answer.status_code == 200 and request.user.pk:
        answer[KEPT_FOR] = str(request.user.pk)
    return answer


def unkept(answer: Answer) -> Answer:
    """Takes one page out of what a marked view lets phones keep."""
    answer.unkept = True  # type: ignore[attr-defined]
    return answer


def fetched_ahead(request: HttpRequest) -> bool:
    """Whether a phone only lays the page in: nobody looks at it, so nothing on it counts as seen."""
    return "X-Ahead" in request.headers


def by_script(request: HttpRequest) -> bool:
    """Whether the page's script sends the form: a refusal is a problem then, and success an address in JSON."""
    return "application/json" in request.headers.get("Accept", "")


def done(request: HttpRequest, url: str, *, version: int | None = None) -> HttpResponse:
    """A form was taken: go on to `url`; the script also hears the case's `version`, for what it holds about the same case."""
    if not by_script(request):
        return HttpResponseRedirect(url)
    return JsonResponse({"url": url} | ({} if version is None else {"version": version}))
