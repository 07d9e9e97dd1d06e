"""Gaps both ways: places without a person, days without cover, people without a place, holders away with nobody instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from portal import clock
from portal.orgs.models import Absence, Unit, User
from safety_grid.models import Cell, Holding

from .grid import PAGE, open_cells, vacant, without_spot
from .roster import Roster

AHEAD, FORTNIGHT = 7, 14  # days looked ahead for cover, and for holders on leave
KINDS = {"places": "没有责任人的点位", "times": "哪天没人", "away": "请假没人接", "people": "没有点位的人"}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Gap:
    """One row: what is missing, where, and the form that mends it; `mark` is where the next page begins."""

    title: str
    where: str
    note: str
    url: str
    act: str
    mark: str


def gaps(kind: str, unit: Unit, *, after: str = "") -> list[Gap]:
    """One page of a kind of gap at a unit and below, in the order of the tree, and one row more."""
    return {"places": _places, "times": _times, "away": _away, "people": _people}[kind](unit, after)


def _places(unit: Unit, after: str) -> list[Gap]:
    cells = list(_beyond(vacant(unit.path), after)[: PAGE + 1])
    last = _last_holders(cells)
    return [_gap(one, last.get(one.pk, "还没有人负责过"), "cell-hold", "定责任人") for one in cells]


def _times(unit: Unit, after: str) -> list[Gap]:
    """Spots held today or later whose days of the coming week are not all covered; school by school above schools."""
    today = clock.today()
    short = Exists(
        Holding.objects.filter(cell=OuterRef("pk"), ended_at=None, until__gte=today, until__lt=today + AHEAD * DAY)
    )
    starts = Exists(
        Holding.objects.filter(cell=OuterRef("pk"), ended_at=None, since__gt=today, since__lt=today + AHEAD * DAY)
    )
    rows = _beyond(open_cells(unit.path).filter(short | starts), after)[: PAGE + 1]
    found = []
    schools: dict[str, dict[int, list[date]]] = {}
    for one in rows:
        top = one.unit.school or one.unit
        if top.path not in schools:
            schools[top.path] = _uncovered(top, today)
        days = schools[top.path].get(one.pk, [])
        found.append(_gap(one, f"{_said(days)}没有人" if days else "这一周都有人", "cell-hold", "定责任人"))
    return found


def _uncovered(top: Unit, first: date) -> dict[int, list[date]]:
    """By cell, the days of the coming week on which nobody was named for it; a few questions for a whole school."""
    roster = Roster([top], first, first + (AHEAD - 1) * DAY)
    found: dict[int, list[date]] = {}
    for ahead in range(AHEAD):
        day = first + ahead * DAY
        named = roster.on(day)
        held = {one.cell.pk for one in named if one.holding is not None}
        for one in named:
            if one.cell.pk not in held:
                found.setdefault(one.cell.pk, []).append(day)
    return found


def _away(unit: Unit, after: str) -> list[Gap]:
    """Holders away today or in the coming fortnight on days on which nobody stands in, neither whom the absence names nor
    whom the holding names; school by school above schools."""
    first, last = clock.today(), clock.today() + (FORTNIGHT - 1) * DAY
    away = Absence.objects.filter(since__lte=last, until__gte=first)
    alone = Q(substitute__is_active=False) | Exists(away.filter(person=OuterRef("substitute")))
    rows = Holding.objects.filter(ended_at=None, cell__closed_on=None, cell__unit__path__startswith=unit.path)
    rows = rows.filter(
        Q(until=None) | Q(until__gte=first), Exists(away.filter(alone, person=OuterRef("person"))), since__lte=last
    )
    if after:
        path, _, pk = after.partition("-")
        rows = rows.filter(Q(cell__unit__path__gt=path) | Q(cell__unit__path=path, pk__gt=_number(pk)))
    found: list[Gap] = []
    schools: dict[str, dict[int, list[date]]] = {}
    for one in rows.select_related("cell__unit__school", "person").order_by("cell__unit__path", "pk"):
        top = one.cell.unit.school or one.cell.unit
        if top.path not in schools:
            schools[top.path] = _alone(top, first)
        days = schools[top.path].get(one.pk)
        if days and len(found) <= PAGE:
            note = f"{one.person.name} {_said(days)}请假，没有人接替"
            found.append(_gap(one.cell, note, "holding-substitute", "定代班", pk=one.pk))
    return found


def _alone(top: Unit, first: date) -> dict[int, list[date]]:
    """By holding, the days of the coming fortnight on which its holder is away and nobody stands in; a few questions for a
    whole school."""
    roster, found = Roster([top], first, first + (FORTNIGHT - 1) * DAY), dict[int, list[date]]()
    for ahead in range(FORTNIGHT):
        for one in roster.on(first + ahead * DAY):
            if one.person is None and one.holding is not None:
                found.setdefault(one.holding.pk, []).append(one.day)
    return found


def _said(days: Sequence[date]) -> str:
    """Days as people say them, those that follow each other as one stretch: 11月17日、11月19日至21日."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join(_stretch(run[0], run[-1]) for run in runs)


def _stretch(first: date, last: date) -> str:
    begins = f"{first.month}月{first.day}日"
    if first == last:
        return begins
    return f"{begins}至{last.day}日" if first.month == last.month else f"{begins}至{last.month}月{last.day}日"


def _people(unit: Unit, after: str) -> list[Gap]:
    rows = without_spot(unit.path).select_related("home__school").order_by("home__path", "pk")
    if after:
        path, _, pk = after.partition("-")
        rows = rows.filter(Q(home__path__gt=path) | Q(home__path=path, pk__gt=_number(pk)))
    return [_person(one) for one in rows[: PAGE + 1]]


def _beyond(rows: QuerySet[Cell], after: str) -> QuerySet[Cell]:
    rows = rows.order_by("unit__path", "pk")
    path, _, pk = after.partition("-")
    return rows.filter(Q(unit__path__gt=path) | Q(unit__path=path, pk__gt=_number(pk))) if after else rows


def _gap(cell: Cell, note: str, form: str, act: str, *, pk: int = 0) -> Gap:
    unit = cell.unit
    where = f"{unit.school.name} {unit.place}" if unit.school and unit.label else unit.name
    title = f"{cell.name} {cell.hours}".strip()
    url = reverse(f"safety_grid:{form}", args=[pk or cell.pk])
    return Gap(title, where, note, url, act, f"{unit.path}-{pk or cell.pk}")


def _person(one: User) -> Gap:
    home = one.home
    assert home is not None
    url = f"{reverse('safety_grid:gaps')}?in={home.pk}&kind=places&person={one.username}"
    return Gap(one.name, home.name, f"工号 {one.username}", url, "给他一个点位", f"{home.path}-{one.pk}")


def _last_holders(cells: Sequence[Cell]) -> dict[int, str]:
    """Who was the last to answer for these cells, and until when."""
    rows = Holding.objects.filter(cell__in=cells).exclude(since__gt=clock.today()).select_related("person")
    said = {}
    for one in rows.order_by("since", "pk"):
        gone = "离开" if not one.person.is_active else "不再负责"
        said[one.cell_id] = f"{one.person.name} {one.last_day} 起{gone}" if one.last_day else one.person.name
    return said


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 18 else 0
