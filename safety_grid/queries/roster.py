"""Who answers for the places of a school, day by day: a few questions for all of them, however many days and places."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q

from portal import clock
from portal.orgs.models import Absence, Unit, User
from portal.worktime.calendars import Calendars
from safety_grid.models import Cell, Holding


@dataclass(frozen=True)
class Watch:
    """A cell on one day: who is to be there (none: nobody), and whom they stand in for."""

    cell: Cell
    day: date
    person: User | None
    holding: Holding | None
    instead_of: User | None = None

    @property
    def hours(self) -> tuple[datetime, datetime] | None:
        """From when until when; none: round the clock."""
        return hours_on(self.cell, self.day)


class Roster:
    """The cells below some units with their holders and everybody's absences from one day to another, asked once."""

    def __init__(self, units: Sequence[Unit], first: date, last: date) -> None:
        since = first - timedelta(days=1)  # a night watch of the day before reaches into the first
        below = reduce(or_, (Q(unit__path__startswith=path) for path in {one.path for one in units}), Q(pk__in=[]))
        cells = Cell.objects.filter(Q(closed_on=None) | Q(closed_on__gt=since), below)
        self._cells = list(cells.select_related("unit__school").order_by("unit__path", "begins", "pk"))
        self._held: dict[int, list[Holding]] = {}
        lasting = Q(until=None) | Q(until__gte=since) | Q(ended_at__gte=clock.midnight(since))
        live = Holding.objects.filter(lasting, cell__in=self._cells, since__lte=last)
        for one in live.select_related("person", "substitute").order_by("pk"):
            self._held.setdefault(one.cell_id, []).append(one)
        people = {
            who for many in self._held.values() for one in many for who in (one.person_id, one.substitute_id) if who
        }
        away = Absence.objects.filter(since__lte=last, until__gte=since)
        away = away.filter(Q(person__in=people) | Q(person__in=away.filter(person__in=people).values("substitute")))
        self._away = list(away.select_related("substitute").order_by("-pk"))
        self._calendars = Calendars(only=units[0].path if len(units) == 1 else None)

    def below(self, unit: Unit) -> "Roster":
        """The same for one of the units alone; nothing more is asked."""
        narrow = copy(self)
        narrow._cells = [one for one in self._cells if one.unit.path.startswith(unit.path)]
        return narrow

    def on(self, day: date) -> list[Watch]:
        """Every open cell of that day with each of its holders; cells of school days only on those."""
        away = {one.person_id: one.substitute for one in self._away if one.since <= day <= one.until}
        return [
            watch
            for cell in self._cells
            if (cell.closed_on is None or cell.closed_on > day) and self._is_watched(cell, day)
            for watch in self._watches(cell, day, away)
        ]

    def between(self, since: datetime, until: datetime) -> list[Watch]:
        """Those whose hours touch a stretch of time, last night's among them; round the clock: of its first day."""
        first = since.astimezone(clock.SCHOOL_TIME).date()
        watches = [*self.on(first - timedelta(days=1)), *self.on(first)]
        return [one for one in watches if _touches(one, first, since, until)]

    def _is_watched(self, cell: Cell, day: date) -> bool:
        return cell.days != "school" or self._calendars.of((cell.unit.school or cell.unit).path).is_school_day(day)

    def _watches(self, cell: Cell, day: date, away: dict[int, User]) -> list[Watch]:
        held = [one for one in self._held.get(cell.pk, []) if _held_on(one, cell, day)]
        return [_watch(cell, day, one, away) for one in held] or [Watch(cell, day, None, None)]


def _held_on(holding: Holding, cell: Cell, day: date) -> bool:
    """Whether they held it that day; taken over or given up during the day, in the hours of that day."""
    hours = hours_on(cell, day)
    begun = holding.since <= day and (holding.began_at is None or hours is None or hours[1] > holding.began_at)
    if not begun or holding.until is None or day <= holding.until:
        return begun
    return holding.ended_at is not None and hours is not None and hours[0] < holding.ended_at


def nearest(unit: Unit, found: Iterable[Watch]) -> list[Watch]:
    """Those of a place: of its own cells, else of the nearest above that has any."""
    above = [one for one in found if unit.path.startswith(one.cell.unit.path)]
    longest = max((len(one.cell.unit.path) for one in above), default=0)
    return [one for one in above if len(one.cell.unit.path) == longest]


def hours_on(cell: Cell, day: date) -> tuple[datetime, datetime] | None:
    """When the cell is watched on that day, past midnight where it ends before it begins; none: round the clock."""
    if cell.begins is None or cell.ends is None:
        return None
    begins, ends = _at(day, cell.begins), _at(day, cell.ends)
    return begins, ends if ends > begins else ends + timedelta(days=1)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.SCHOOL_TIME)


def _touches(watch: Watch, first: date, since: datetime, until: datetime) -> bool:
    hours = watch.hours
    return watch.day == first if hours is None else hours[0] < until and hours[1] > since


def _watch(cell: Cell, day: date, holding: Holding, away: dict[int, User]) -> Watch:
    """The holder; away, the substitute of the absence, else the holding's own, if they are there themselves."""
    person = holding.person
    if person.is_active and person.pk not in away:
        return Watch(cell, day, person, holding)
    for other in (away.get(person.pk), holding.substitute):
        if other is not None and other.is_active and other.pk not in away:
            return Watch(cell, day, other, holding, instead_of=person)
    return Watch(cell, day, None, holding, instead_of=person)
