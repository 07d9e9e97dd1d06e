"""Cells: marking a spot out, changing and closing it, and who answers for it; each in the ledger."""

from datetime import date, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from portal import clock
from portal.ledger.actions import append
from portal.orgs.actions import on_person_left, on_relieved
from portal.orgs.models import Appointment, Unit, User
from portal.orgs.rules import Actor, dates_in_order, in_use
from safety_grid.models import Cell, Days, Holding, level_at
from safety_grid.rules import cells as rules

from .posts import cover, uncover

TEXTS = ("level", "title", "duties")  # may change at any time; the hours may not without another cell
HOURS = ("begins", "ends", "days")


@transaction.atomic
def mark_out(
    *, unit: Unit, by: Actor, level: int | None = None, title: str = "", duties: str = "",
    begins: time | None = None, ends: time | None = None, days: str = Days.EVERY,
) -> Cell:  # fmt: skip
    """设网格: a spot to be watched in these hours. Without a level it gets that of its kind of unit.

    Refused: people who do not keep the grid there, a class, a closed place, the same hours twice.
    """
    rules.keeps_grid(by, unit)
    rules.watchable(unit)
    in_use(unit)
    rules.hours_fit(begins, ends)
    Unit.objects.select_for_update().get(pk=unit.pk)  # two at once: the second sees the first one's cell
    rules.free_hours(unit, begins, ends)
    cell = Cell.objects.create(
        unit=unit, level=level or level_of(unit), title=title, duties=duties, begins=begins, ends=ends, days=days
    )
    append(cell, "marked_out", by=by, at=clock.now(), facts=facts_of(cell))
    return cell


@transaction.atomic
def change_cell(cell: Cell, *, by: Actor, seen: int | None = None, **to: Any) -> Cell:
    """改网格: name, level and duties in place; other hours or days close it and go on in a new cell with its holders.

    So the past keeps the hours it had. Refused: people who do not keep the grid, a closed cell, one changed meanwhile.
    """
    cell = locked(cell)
    rules.keeps_grid(by, cell.unit)
    rules.still_open(cell)
    rules.unchanged(cell, seen)
    changed = {name: value for name, value in to.items() if name in TEXTS + HOURS and getattr(cell, name) != value}
    texts = {name: value for name, value in changed.items() if name in TEXTS}
    if texts:
        Cell.objects.filter(pk=cell.pk).update(**texts, version=cell.version + 1)
        known = {"changed": sorted(texts)} | ({"level": texts["level"]} if "level" in texts else {})
        append(cell, "changed", by=by, at=clock.now(), facts=known)
        cell = locked(cell)
    hours = {name: changed.get(name, getattr(cell, name)) for name in HOURS}
    return _go_on(cell, hours, by=by) if changed.keys() & set(HOURS) else cell


@transaction.atomic
def close_cell(cell: Cell, *, by: Actor, seen: int | None = None) -> Cell:
    """停用: nobody answers for it any more, from now on. Refused: people who do not keep the grid; twice."""
    cell = locked(cell)
    rules.keeps_grid(by, cell.unit)
    rules.still_open(cell)
    rules.unchanged(cell, seen)
    for holding in lasting(cell):
        release(holding, by=by)
    Cell.objects.filter(pk=cell.pk).update(closed_on=clock.today(), version=cell.version + 1)
    append(cell, "closed", by=by, at=clock.now())
    return locked(cell)


@transaction.atomic
def hold(
    *, cell: Cell, person: User, by: Actor, since: date | None = None, until: date | None = None,
    substitute: User | None = None,
) -> Holding:  # fmt: skip
    """定责任人: this person answers for the cell from `since` (now) to the last day `until` (none: open).

    They hold the post of 网格责任人 at its place for as long. Refused: people who do not keep the grid, a closed cell,
    somebody of another school or who has left, oneself as substitute, and the same person twice.
    """
    cell = locked(cell)
    since = since or clock.today()
    rules.keeps_grid(by, cell.unit)
    rules.still_open(cell)
    dates_in_order(since, until)
    rules.works_here(person, cell.unit)
    rules.other_person(person, substitute)
    if substitute is not None:
        rules.works_here(substitute, cell.unit, field="substitute")
    rules.held_once(cell, person, since, until)
    post = cover(person, cell.unit, since=since, until=until, by=by)
    return _begin(cell, person, since=since, until=until, substitute=substitute, post=post, first=since, by=by)


@transaction.atomic
def set_up(*, unit: Unit, cell: dict[str, Any], by: Actor, person: User | None, substitute: User | None) -> Cell:
    """设点位 and who answers for it from now on, both or neither; refused as each of them is."""
    made = mark_out(unit=unit, by=by, **cell)
    if person is not None:
        hold(cell=made, person=person, substitute=substitute, by=by)
    return made


@transaction.atomic
def put_in_charge(
    *, cell: Cell, person: User, since: date, by: Actor, until: date | None = None, substitute: User | None = None,
    instead: bool = False,
) -> Holding:  # fmt: skip
    """定责任人; `instead`: whoever holds the cell until then is released, today at once, else with the day before.

    Refused as `hold` and `release` are.
    """
    cell = locked(cell)
    for one in lasting(cell) if instead else ():
        if one.since >= since or since <= clock.today():
            release(one, by=by)
        elif one.until is None or one.until >= since:
            release(one, by=by, until=since - timedelta(days=1))
    return hold(cell=cell, person=person, since=since, until=until, substitute=substitute, by=by)


@transaction.atomic
def release(holding: Holding, *, by: Actor, until: date | None = None) -> Holding:
    """卸任: the last day is `until`; without one it ends now. The post ends with the last cell held at that place.

    Refused: people who do not keep the grid, what has ended, a day outside of what was agreed.
    """
    holding = _locked_holding(holding)
    rules.keeps_grid(by, holding.cell.unit)
    rules.not_over(holding, clock.today())
    if until is not None:
        rules.ends_inside(holding, until)
    _end(holding, until, by=by)
    uncover(holding.person, holding.cell.unit, by=by)
    return holding


@transaction.atomic
def replace_substitute(holding: Holding, *, substitute: User | None, by: Actor) -> Holding:
    """换代班: from now on somebody else (or nobody) stands in; the days before keep whom they had.

    Refused: people who do not keep the grid, what has ended or not begun, somebody who does not work here, the holder.
    """
    holding = _locked_holding(holding)
    rules.keeps_grid(by, holding.cell.unit)
    rules.not_over(holding, clock.today())
    rules.other_person(holding.person, substitute)
    if substitute is not None:
        rules.works_here(substitute, holding.cell.unit, field="substitute")
    if holding.substitute_id == (substitute.pk if substitute else None):
        return holding
    return _pass_on(holding, holding.cell, substitute, by=by)


@on_person_left
def free_of(person: User, *, by: Actor) -> None:
    """Somebody has left: whatever they held ends now. The posts behind it have ended already."""
    rows = Holding.objects.filter(_live(), person=person).select_for_update(of=("self",)).order_by("pk")
    for holding in rows:
        _end(holding, None, by=by)


@on_relieved
def follow_post(appointment: Appointment, *, by: Actor) -> None:
    """Somebody was relieved of the post itself: what rests on it ends with it."""
    rows = Holding.objects.filter(_live(), appointment=appointment).select_for_update(of=("self",)).order_by("pk")
    for holding in rows:
        if appointment.ended_at:
            _end(holding, None, by=by)
        elif appointment.until and (holding.until is None or holding.until > appointment.until >= holding.since):
            _end(holding, appointment.until, by=by)


def locked(cell: Cell) -> Cell:
    """The cell as it is now, until the transaction ends."""
    return Cell.objects.select_for_update(of=("self",)).select_related("unit__school").get(pk=cell.pk)


def lasting(cell: Cell) -> list[Holding]:
    """Holdings of a cell that last or are to come."""
    return list(Holding.objects.filter(_live(), cell=cell).select_related("person", "substitute").order_by("pk"))


def level_of(unit: Unit) -> int:
    """The level a cell has by its kind of unit."""
    return level_at(unit.kind)


def facts_of(cell: Cell) -> dict[str, Any]:
    """What the chain keeps of a cell: no words."""
    hours = {"begins": f"{cell.begins:%H:%M}", "ends": f"{cell.ends:%H:%M}"} if cell.begins and cell.ends else {}
    return {"unit": cell.unit_id, "level": int(cell.level), "days": str(cell.days), **hours}


def _live() -> Q:
    return Q(ended_at=None) & (Q(until=None) | Q(until__gte=clock.today()))


def _locked_holding(holding: Holding) -> Holding:
    Cell.objects.select_for_update().get(pk=holding.cell_id)
    rows = Holding.objects.select_for_update(of=("self",))
    return rows.select_related("cell__unit__school", "person__home", "substitute").get(pk=holding.pk)


def _begin(
    cell: Cell, person: User, *, since: date, until: date | None, substitute: User | None, post: Appointment | None,
    first: date, by: Actor,
) -> Holding:  # fmt: skip
    at = clock.now()
    holding = Holding.objects.create(
        cell=cell, person=person, since=since, until=until, substitute=substitute, appointment=post, first=first,
        began_at=at if since == clock.today() else None,
    )  # fmt: skip
    facts = {"cell": cell, "person": person, "since": since, "until": until, "substitute": substitute}
    append(holding, "held", by=by, at=at, facts=facts)
    return holding


def _end(holding: Holding, until: date | None, *, by: Actor) -> None:
    if until is None:
        holding.ended_at = clock.now()
        holding.until = max(clock.today(), holding.since) - timedelta(days=1)
    else:
        holding.until = until
    holding.save(update_fields=["until", "ended_at"])
    append(holding, "released", by=by, at=clock.now(), facts={"until": holding.until, "at_once": until is None})


def _pass_on(holding: Holding, cell: Cell, substitute: User | None, *, by: Actor) -> Holding:
    """The same person goes on, in a row of its own from now on; the post behind it stays."""
    agreed, since = holding.until, max(holding.since, clock.today())
    _end(holding, None, by=by)
    return _begin(
        cell, holding.person, since=since, until=agreed, substitute=substitute, post=holding.appointment,
        first=holding.first, by=by,
    )  # fmt: skip


def _go_on(cell: Cell, hours: dict[str, Any], *, by: Actor) -> Cell:
    """Closes the cell and goes on with all its holders in one of other hours."""
    rules.hours_fit(hours["begins"], hours["ends"])
    rules.free_hours(cell.unit, hours["begins"], hours["ends"], but=cell)
    Cell.objects.filter(pk=cell.pk).update(closed_on=clock.today(), version=cell.version + 1)
    append(cell, "closed", by=by, at=clock.now())
    after = Cell.objects.create(
        unit=cell.unit, level=cell.level, title=cell.title, duties=cell.duties, follows=cell, **hours
    )
    append(after, "marked_out", by=by, at=clock.now(), facts=facts_of(after) | {"follows": cell})
    for holding in lasting(cell):
        _pass_on(_locked_holding(holding), after, holding.substitute, by=by)
    return after
