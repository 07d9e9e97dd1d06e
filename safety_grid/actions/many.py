"""Many spots at once, as an import or the demo brings them: the same rules, a few statements however many there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction

from portal import clock
from portal.errors import BadInput
from portal.ledger.actions import begin
from portal.orgs.actions import Posting, appoint_many
from portal.orgs.models import Appointment, Unit, User
from portal.orgs.rules import Actor, in_use, overlapping
from safety_grid.models import Cell, Days, Holding
from safety_grid.rules import cells as rules

from .cells import facts_of, level_of
from .posts import ROLE


@dataclass(frozen=True)
class Spot:
    """One spot to be set up, and who answers for it from `since` on, if anybody; homes come with the people."""

    unit: Unit
    title: str = ""
    level: int = 0
    duties: str = ""
    begins: time | None = None
    ends: time | None = None
    days: str = Days.EVERY
    person: User | None = None
    substitute: User | None = None
    since: date | None = None


@transaction.atomic
def set_up_many(spots: Sequence[Spot], *, by: Actor) -> list[Cell]:
    """设点位 in numbers, all or none. Refused as one at a time would be."""
    for place in _tops(spots):
        rules.keeps_grid(by, place)
    for one in spots:
        _refuse(one)
    _refuse_twice(spots)
    cells = [_cell(one) for one in spots]
    begin(cells, "marked_out", by=by, facts=[facts_of(one) for one in cells])
    Cell.objects.bulk_create(cells, batch_size=1000)
    pairs = [(cell, one) for cell, one in zip(cells, spots, strict=True) if one.person]
    _hold(pairs, _posts([one for _, one in pairs], by=by), by=by)
    return cells


def _tops(spots: Iterable[Spot]) -> list[Unit]:
    """The school of each place, or the office itself: where one asks whether somebody keeps the grid."""
    found = {(one.unit.school or one.unit).pk: one.unit.school or one.unit for one in spots}
    return list(found.values())


def _refuse(one: Spot) -> None:
    rules.watchable(one.unit)
    in_use(one.unit)
    rules.hours_fit(one.begins, one.ends)
    if one.person is not None:
        rules.works_here(one.person, one.unit)
        rules.other_person(one.person, one.substitute)
    if one.substitute is not None:
        rules.works_here(one.substitute, one.unit, field="substitute")


def _refuse_twice(spots: Sequence[Spot]) -> None:
    """One open cell for the same hours of a place, among these and beside what is there."""
    units = {one.unit.pk for one in spots}
    list(Unit.objects.select_for_update().filter(pk__in=units).order_by("pk").values_list("pk"))
    known = set(Cell.objects.filter(unit__in=units, closed_on=None).values_list("unit_id", "begins", "ends"))
    for one in spots:
        key = (one.unit.pk, one.begins, one.ends)
        if key in known:
            raise BadInput(f"{one.unit.place}已经有一个同样时段的网格。")
        known.add(key)


def _cell(one: Spot) -> Cell:
    level = one.level or level_of(one.unit)
    return Cell(
        unit=one.unit, level=level, title=one.title, duties=one.duties, begins=one.begins, ends=one.ends, days=one.days
    )


def _posts(spots: Sequence[Spot], *, by: Actor) -> dict[tuple[int, int], Appointment]:
    """The post behind each person at each place, given now where they do not hold it."""
    today = clock.today()
    first: dict[tuple[int, int], tuple[Spot, date]] = {}
    for one in spots:
        assert one.person is not None
        key = (one.person.pk, one.unit.pk)
        first[key] = min(first.get(key, (one, one.since or today)), (one, one.since or today), key=lambda row: row[1])
    known = _live(first)
    days = {since for key, (_, since) in first.items() if key not in known}
    for day in sorted(days):
        wanted = [one for key, (one, since) in first.items() if key not in known and since == day]
        appoint_many([Posting(one.person, ROLE, one.unit) for one in wanted if one.person], by=by, since=day)
    return known | _live(first)


def _live(keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Appointment]:
    people, units = {person for person, _ in keys}, {unit for _, unit in keys}
    rows = Appointment.objects.filter(overlapping(clock.today(), None), role=ROLE, person__in=people, unit__in=units)
    return {(one.person_id, one.unit_id): one for one in rows.filter(until=None)}


def _hold(
    pairs: Sequence[tuple[Cell, Spot]], posts: dict[tuple[int, int], Appointment], *, by: Actor
) -> None:  # fmt: skip
    at, today = clock.now(), clock.today()
    rows = []
    for cell, one in pairs:
        assert one.person is not None
        since = one.since or today
        rows.append(
            Holding(
                cell=cell, person=one.person, substitute=one.substitute, since=since, first=since,
                began_at=at if since == today else None, appointment=posts[one.person.pk, one.unit.pk],
            )
        )  # fmt: skip
    facts = [{"cell": r.cell_id, "person": r.person_id, "since": r.since, "substitute": r.substitute_id} for r in rows]
    begin(rows, "held", by=by, facts=facts)
    Holding.objects.bulk_create(rows, batch_size=1000)
