"""Pages of figures: where one's own begin, one unit, and its tables as Excel."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from portal import clock
from portal.cases import queries
from portal.cases.faces import rows_of
from portal.errors import NotThere
from portal.orgs.models import Unit, UnitKind, User
from portal.orgs.policies import guard, person
from portal.rollups import asking
from portal.rollups.book import Chapter, countable
from portal.rollups.periods import KINDS, Almanac
from portal.sheets.out import answer, workbook

from . import charts
from .board import Board, period_of, schools_below, towns_below
from .listing import Listing
from .reach import READERS, found, tops_of
from .sections import SHOWN, lights, tables
from .tables import Table

SLOWEST = 5
STALE = 180  # seconds after which the page says that figures are old
SEVERAL, ONE = (
    ("lights", "towns", "ranking", "levels", "heat", "places", "repeated", "costs"),
    ("kinds", "levels", "heat", "places", "repeated", "costs"),
)  # tables in view
GLANCE = 5  # schools of each affair where all affairs stand on one page
HEADINGS = {UnitKind.BUREAU: "全县一览", UnitKind.TOWN: "{}一览", UnitKind.SCHOOL: "{}"}


@guard(GET=READERS)
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Straight to the one unit whose figures a person sees, or a choice where there are several."""
    units = tops_of(person(request))
    if len(units) == 1:
        return HttpResponseRedirect(reverse("figures-unit", args=[units[0].pk]))
    return render(request, "figures/choose.html", {"units": units, "here": "figures"})


@guard(GET=READERS)
@require_GET
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit's figures for a week, a month or a term: every affair at a glance, or one of them whole."""
    user = person(request)
    place, chapters, above = found(user, pk)
    of = [one for one in chapters if one.affair == request.GET.get("of")]
    boards, towns = _boards(request, place, of or chapters), towns_below(place)
    whole = len(boards) == 1
    context: dict[str, Any] = {"place": place, "above": above, "here": "figures", "kind": place.get_kind_display()}
    context |= {"heading": HEADINGS[UnitKind(place.kind)].format(place.name), "count": len(boards[0].schools)}
    context |= {"whole": whole, "of": of[0] if of else None, "affairs": chapters}
    context |= _time(request, boards[0])
    context |= {"chapters": [_chapter(request, user, one, towns, whole=whole) for one in boards]}
    return render(request, "figures/unit.html", context)


@guard(GET=READERS)
@require_GET
def schools(request: HttpRequest, pk: int) -> HttpResponse:
    """Every school of a unit beside each other in one affair, a page at a time."""
    place, chapters, above = found(person(request), pk)
    if place.kind == UnitKind.SCHOOL:
        return HttpResponseRedirect(reverse("figures-unit", args=[pk]))
    chapter = next((one for one in chapters if one.affair == request.GET.get("of")), chapters[0])
    (board,), towns = _boards(request, place, [chapter]), towns_below(place)
    listing = Listing.of(request, board, towns)
    table, asked = listing.table(), _asked(request)
    table.export_url = reverse("figures-sheet", args=[pk, "figures"]) + (f"?{asked}" if asked else "")
    context: dict[str, Any] = {"place": place, "above": [*above, place], "here": "figures", "listing": listing}
    kept = [(name, said) for name, said in request.GET.items() if name in ("of", "period", "day")]
    context |= _time(request, board) | {"chapter": chapter, "chapters": chapters, "table": table, "kept": kept}
    return render(request, "figures/schools.html", context)


@guard(GET=READERS)
@require_GET
def sheet(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One table of the page as Excel, or all of them (`all`)."""
    place, chapters, _ = found(person(request), pk)
    boards, towns = _boards(request, place, chapters), towns_below(place)
    every = [table for board in boards for table in tables(board, towns, whole=True) if code in (table.code, "all")]
    if not every:
        raise NotThere
    lines = [f"{place.name} · {boards[0].period.title}（{boards[0].period.span}）", *_formulas(boards)]
    return answer(
        workbook([one.sheet() for one in every], instructions=lines), f"{place.name} {boards[0].period.title}"
    )


def _boards(request: HttpRequest, place: Unit, chapters: list[Chapter]) -> list[Board]:
    almanac = Almanac(place.path)
    period = period_of(almanac, request.GET.get("period", ""), request.GET.get("day", ""))
    schools = schools_below(place)
    return [Board(place, chapter, almanac, period, schools) for chapter in chapters]


def _formulas(boards: list[Board]) -> list[str]:
    return [f"{one.title}：{one.formula}" for board in boards for one in board.chapter.figures]


def _time(request: HttpRequest, board: Board) -> dict[str, Any]:
    """The period with its neighbours, and how fresh the sums are."""
    period, almanac = board.period, board.almanac
    as_of, others = (
        asking.as_of(),
        {name: said for name, said in request.GET.items() if name not in ("period", "day", "after")},
    )

    def to(kind: str, day: Any = "") -> str:
        return f"{request.path}?{urlencode(others | {'period': kind} | ({'day': day} if day else {}))}"

    links = [(words, to(kind), kind == period.kind) for kind, words in KINDS.items()]
    before, after = almanac.before(period), almanac.after(period)
    return {
        "period": period,
        "kinds": links,
        "before_url": to(period.kind, before.since) if before.since < period.since else "",
        "after_url": to(period.kind, after.since) if after.since <= clock.today() else "",
        "young": period.since == clock.today(),
        "stepped": period.until < clock.today() and not request.GET.get("day"),
        "as_of": as_of,
        "stale": as_of is None or (clock.now() - as_of).total_seconds() > STALE,
    }


def _chapter(request: HttpRequest, user: User, board: Board, towns: list[Unit], *, whole: bool) -> dict[str, Any]:
    """One affair: `whole`, or what stands beside the others."""
    chapter, asked = board.chapter, _asked(request)
    shown = tables(board, towns, whole=False) if whole or board.is_school else [lights(board)]
    for table in shown:
        table.export_url = reverse("figures-sheet", args=[board.unit.pk, table.code]) + (f"?{asked}" if asked else "")
        if table.code in ("lights", "ranking"):
            _cut(table, SHOWN if whole else GLANCE)
    leading = [chapter.figure(name) for name in chapter.leading]
    others = [one for one in chapter.figures if one not in leading]
    return {
        "code": f"{chapter.affair}-",
        "affair": chapter.affair,
        "title": chapter.title,
        "icon": chapter.icon,
        "tiles": [board.tile(one) for one in leading],
        "more": [board.tile(one) for one in others] if whole else [],
        "main": [table for table in shown if table.code in (ONE if board.is_school else SEVERAL)],
        "below": [table for table in shown if table.code not in (ONE if board.is_school else SEVERAL)],
        "charts": _charts(board),
        "slowest": _slowest(user, board),
        "slowest_url": board.url(chapter.figures[0]),
        "formulas": [(one.title, one.formula) for one in chapter.figures] if whole else [],
        "schools_url": "" if board.is_school else _schools_url(request, board),
        "export_url": reverse("figures-sheet", args=[board.unit.pk, "all"]) + (f"?{asked}" if asked else ""),
    }


def _cut(table: Table, shown: int) -> None:
    """The first rows of a long table of schools, said so."""
    if len(table.rows) > shown:
        table.note = f"{table.note} · 前 {shown} 所"
        table.rows = table.rows[:shown]


def _asked(request: HttpRequest) -> str:
    """The period as the address names it."""
    kept = {name: request.GET[name] for name in ("period", "day") if request.GET.get(name)}
    return urlencode(kept)


def _schools_url(request: HttpRequest, board: Board) -> str:
    asked = _asked(request)
    address = f"{reverse('figures-schools', args=[board.unit.pk])}?of={board.chapter.affair}"
    return f"{address}&{asked}" if asked else address


def _charts(board: Board) -> list[charts.Chart]:
    periods, counted = board.trend
    labels = [one.short for one in periods]
    drawn = []
    for name in board.chapter.drawn:
        figure = board.chapter.figure(name)
        top = 100 if figure.unit == "%" else 5 if figure.unit == "分" else None
        drawn.append(
            charts.line(figure.title, figure.unit, labels, [one.read(figure).value for one in counted], top=top)
        )
    if board.chapter.paired:
        first, second = (board.chapter.figure(name) for name in board.chapter.paired)
        pairs = [(one.read(first).n, one.read(second).n) for one in counted]
        drawn.append(charts.bars(f"{first.title}与{second.title}", (first.title, second.title), labels, pairs))
    return drawn


def _slowest(user: User, board: Board) -> list[Any]:
    """拖得最久: late cases, the longest first, as far as this person may see them; none of a chapter without cases."""
    if not board.chapter.kinds:
        return []
    late = queries.governed(user).filter(countable(board.chapter), unit_path__startswith=board.unit.path)
    late = late.filter(is_open=True, due_at__lt=clock.now())
    return rows_of(queries.by_clock(late, n=SLOWEST, narrow=board.is_school), schools=not board.is_school)
