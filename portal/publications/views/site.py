"""A school's public site: its boards, each kind's history, each issue and its versions."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from portal.errors import NotThere
from portal.orgs.models import Unit, UnitKind, User
from portal.orgs.policies import PUBLIC, guard
from portal.publications import faces, queries, receipts
from portal.publications.access import Reader
from portal.publications.kinds import KINDS, Audience, Kind, kind_of
from portal.publications.models import Issue, Publication
from portal.publications.queries import publisher_at, school_code, state_of
from portal.publications.sites import links_of

from .kept import fresh, issue_for, kept, reader, reader_for

MOST = 60
OWN = 9  # schools of one's own shown above the list


@dataclass(frozen=True)
class Row:
    """One line of a list: where it leads, its issue, how that stands."""

    url: str
    issue: Issue
    state: queries.State


@guard(PUBLIC)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every school and bureau that publishes here, by name; the reader's own schools first."""
    words, who = request.GET.get("q", "").strip()[:40], reader(request)
    found = queries.publishers(words=words, after=request.GET.get("after", "")[:64], size=MOST)
    lines, more = _lines(found[:MOST], who), found[MOST - 1].path if len(found) > MOST else ""
    page: dict[str, Any] = {"q": words, "more": more, "mine": [] if words else _lines(_mine(who), who)}
    page["offices"] = [line for line in lines if line[0].kind == UnitKind.BUREAU]
    page["rows"] = [line for line in lines if line not in page["offices"]]
    return fresh(request, render(request, "publications/index.html", page), asked=True)


@guard(PUBLIC)
@require_safe
def school(request: HttpRequest, school: str) -> HttpResponse:
    """One school's boards: the latest of each kind, whether it came in time, and what is owed now."""
    unit, who = publisher_at(school), reader(request)
    boards = [_board(unit, one) for one in queries.boards(unit, who)]
    page = {"school": unit, "code": school_code(unit), "boards": boards, "closed": _closed(unit, boards)}
    page |= {"links": links_of(unit)}
    return fresh(request, render(request, "publications/school.html", page), asked=True)


@guard(PUBLIC)
@require_safe
def board(request: HttpRequest, school: str, kind: str) -> HttpResponse:
    """One kind at one school, period by period, the missing ones too."""
    unit, one = publisher_at(school), kind_of(kind)
    _refuse_foreign(reader_for(request, one), unit, one)
    found = queries.history(unit, one, before_code=request.GET.get("before", "")[:24])
    rows = [_row(issue) for issue in found[: queries.PAGE]]
    page = {"school": unit, "code": school_code(unit), "kind": one, "rows": rows}
    page |= {"more": rows[-1].issue.period if len(found) > queries.PAGE else ""}
    answer = render(request, "publications/board.html", page)
    return fresh(request, answer, asked=one.audience != Audience.PUBLIC)


@guard(PUBLIC)
@require_safe
def issue(request: HttpRequest, school: str, kind: str, period: str) -> HttpResponse:
    """One issue as it stands today: its latest version, or who still owes it."""
    one = issue_for(request, publisher_at(school), kind_of(kind), period)
    if not one.current:
        answer = render(request, "publications/owed.html", {**_frame(one), "state": state_of(one)})
        return fresh(request, answer, asked=one.audience != Audience.PUBLIC)
    made, earlier = queries.version_of(one, one.current), queries.previous(one)
    tag = f"{made.digest[:32]}-{earlier.digest[:8] if earlier else 0}"
    asks = _asks(one, request.user)
    tag += f"-{int(asks['has_read'])}{int(bool(asks['knows']))}" if asks else ""
    return kept(request, lambda: _page(request, one, made, earlier, asks), tag=tag, audience=one.audience)


@guard(PUBLIC)
@require_safe
def version(request: HttpRequest, school: str, kind: str, period: str, number: int) -> HttpResponse:
    """One version, as it stands today: what it says never changes, but one that has been replaced says so."""
    one = issue_for(request, publisher_at(school), kind_of(kind), period)
    made, earlier = queries.version_of(one, number), queries.previous(one)
    tag = tag_of(one, made, earlier)
    return kept(request, lambda: _page(request, one, made, earlier), tag=tag, audience=one.audience)


def tag_of(issue: Issue, made: Publication, earlier: Publication | None) -> str:
    """What a page of one version depends on: its content, whether it still stands, and what it is compared with."""
    return f"{made.digest[:32]}-{issue.current}{'x' * issue.withdrawn}-{earlier.digest[:8] if earlier else 0}"


def page_of(issue: Issue, made: Publication, earlier: Publication | None) -> dict[str, Any]:
    """What an issue's page shows of one version."""
    frame = _frame(issue)
    versions = issue.versions.order_by("-version") if issue.current > 1 else []
    at = reverse("board-version", args=[frame["code"], issue.kind, issue.period, made.version])
    site = f"{settings.BASE_URL}{reverse('board-embed', args=[frame['code'], issue.kind])}"
    return frame | {
        "made": made,
        "earlier": earlier,
        "ask": asking(issue.about),
        "face": faces.face_of(made, earlier, at=at),
        "state": state_of(issue),
        "old": made.version != issue.current,
        "versions": versions,
        "embed": site if issue.audience == Audience.PUBLIC else "",
    }


def asking(kind: Kind) -> tuple[str, str, str] | None:
    """Where readers ask about it: words, more words, and the address; none where nobody is asked."""
    if not kind.asks:
        return None
    title, words, name = kind.asks
    try:
        return title, words, reverse(name)
    except NoReverseMatch:
        return None


def _page(
    request: HttpRequest,
    issue: Issue,
    made: Publication,
    earlier: Publication | None,
    asks: dict[str, Any] | None = None,
) -> HttpResponse:
    return render(request, issue.about.template, page_of(issue, made, earlier) | {"asks": asks})


def _asks(issue: Issue, user: object) -> dict[str, Any] | None:
    """Whether the reader has given the receipt it asks for, and where those who may know see who has not."""
    if not issue.asks_receipt or issue.withdrawn or not isinstance(user, User):
        return None
    knows = reverse("publishing-readers", args=[issue.announcement.pk]) if receipts.knows(user, issue) else ""
    return {"has_read": receipts.has_read(issue, user), "knows": knows}


def _frame(issue: Issue) -> dict[str, Any]:
    return {"school": issue.unit, "code": school_code(issue.unit), "kind": issue.about, "issue": issue}


def _row(issue: Issue) -> Row:
    return Row(queries.page_of(issue), issue, state_of(issue))


def _board(school: Unit, board: queries.Board) -> dict[str, Any]:
    history = reverse("board-kind", args=[school_code(school), board.kind.code])
    latest, owed = (_row(one) if one else None for one in (board.latest, board.owed))
    return {"kind": board.kind, "board": board, "latest": latest, "owed": owed, "history": history}


def _lines(schools: list[Unit], who: Reader) -> list[tuple[Unit, str, dict[str, int] | None]]:
    """Schools with their addresses and how they have done; one question for all."""
    stand = queries.standing(schools, who) if schools else {}
    return [(one, reverse("board-school", args=[school_code(one)]), stand.get(one.pk)) for one in schools]


def _mine(who: Reader) -> list[Unit]:
    """The schools the reader belongs to; officers look theirs up below."""
    trees = {*(tree for tree, _ in who.staff), *who.parents}
    return list(Unit.objects.open().filter(path__in=trees, kind="school")[:OWN]) if trees else []


def _closed(unit: Unit, boards: list[dict[str, Any]]) -> bool:
    """Whether there are kinds somebody else may read here, so that the page says where to sign in."""
    shown = {one["kind"].code for one in boards}
    hidden = [kind for code, kind in KINDS.items() if kind.audience != Audience.PUBLIC and code not in shown]
    return any(unit.kind in kind.of for kind in hidden)


def _refuse_foreign(who: Reader, school: Unit, kind: Kind) -> None:
    """The history of a kind is there for those who may read it."""
    if not who.sees(kind.audience, kind.code, school):
        raise NotThere
