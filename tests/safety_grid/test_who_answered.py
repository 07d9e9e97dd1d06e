"""Who answered for a place at a moment: the one query against an oracle that knows nothing of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import clock
from portal.errors import Refused
from portal.orgs.actions import end_absence, record_absence
from portal.orgs.models import Absence, Unit, User
from safety_grid.actions import change_cell, close_cell, hold, mark_out, release, replace_substitute
from safety_grid.models import Cell, Holding
from safety_grid.queries import holders_at
from tests.district import MONDAY, District, hire

pytestmark = pytest.mark.django_db

START = MONDAY.replace(hour=0, minute=0)
HOURS = [None, (time(7, 20), time(7, 50)), (time(22), time(6)), (time(6), time(22))]
DAYS = 6


@dataclass
class Span:
    """As the oracle keeps it: from one moment to another, half-open; none is for ever."""

    start: datetime
    end: datetime | None

    def covers(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


@dataclass
class Watch:
    """A person on a cell with whoever stands in for them."""

    place: int
    hours: tuple[time, time] | None
    person: str
    substitute: str | None
    span: Span


@dataclass
class Oracle:
    """Written from the sentences of the README: every duty is walked through, minute by minute where need be."""

    watches: list[Watch] = field(default_factory=list)
    absences: list[tuple[str, str, Span]] = field(default_factory=list)

    def away(self, person: str, duty: datetime, at: datetime) -> list[tuple[str, str, Span]]:
        """Absences count for the day the duty belongs to; coming back early counts from that moment on."""
        return [one for one in self.absences if one[0] == person and one[2].covers(_on(one[2], duty, at))]

    def answers(self, way: list[int], at: datetime) -> list[tuple[str, str | None, bool]]:
        for place in reversed(way):
            found = []
            for one in self.watches:
                duty = _duty(one.hours, at)
                if one.place != place or duty is None or not one.span.covers(_on(one.span, duty, at)):
                    continue
                gone = self.away(one.person, duty, at)
                here = [
                    who
                    for who in (*(name for _, name, _ in gone), one.substitute)
                    if who and not self.away(who, duty, at)
                ]
                found.append((one.person, here[0] if gone and here else None, bool(gone)))
            if found:
                return sorted(found, key=str)
        return []


def _duty(hours: tuple[time, time] | None, at: datetime) -> datetime | None:
    """Midnight of the day a duty at this moment belongs to; none outside of the hours."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if hours is None:
        return midnight
    begins, ends = hours
    for day in (midnight, midnight - timedelta(days=1)):
        opens = datetime.combine(day.date(), begins, clock.SCHOOL_TIME)
        closes = datetime.combine(day.date() + timedelta(days=int(ends < begins)), ends, clock.SCHOOL_TIME)
        if opens <= at < closes:
            return day
    return None


def _on(span: Span, duty: datetime, at: datetime) -> datetime:
    """What agreed days are asked with: the day of the duty; what ended or began during a day is asked with the moment.

    A night belongs to the day it begins on, so somebody who begins on the day after it has no part in it.
    """
    if duty.date() == at.date():
        return at
    exact = span.end is not None and span.end.time() != time(0)
    if exact and span.end is not None and span.end <= at:
        return at
    begins_late = span.start.time() != time(0) and span.start > at
    return at if begins_late else duty.replace(hour=23, minute=59)


@st.composite
def plots(draw: Any) -> list[tuple[Any, ...]]:
    """What happens, in the order of time: somebody takes, leaves or changes a cell, goes on leave, comes back."""
    moves = st.sampled_from(
        ["hold", "hold", "release", "release_on", "absence", "back", "substitute", "close", "hours"]
    )
    moments = sorted(draw(st.lists(st.integers(0, DAYS * 24 * 2 - 1), min_size=2, max_size=14)))
    return [
        (
            half,
            draw(moves),
            draw(st.integers(0, 3)),
            draw(st.integers(0, 3)),
            draw(st.integers(0, 3)),
            draw(st.integers(0, 3)),
        )
        for half in moments
    ]


class Story:
    """Plays a plot through the real actions and writes it into the oracle in parallel."""

    def __init__(self, units: list[Unit], people: list[User]) -> None:
        self.units, self.people, self.oracle = units, people, Oracle()
        self.cells: dict[tuple[int, int], Cell] = {}
        self.held: list[tuple[Holding, Watch]] = []
        self.gone: list[tuple[Absence, Span]] = []

    def play(self, half: int, move: str, *numbers: int) -> None:
        at = START + timedelta(minutes=30 * half)
        with clock.at(at):
            try:
                with transaction.atomic():
                    getattr(self, f"_{move}")(at, *numbers)
            except Refused:
                pass

    def _cell(self, place: int, hours: int) -> Cell:
        if (place, hours) not in self.cells:
            begins, ends = HOURS[hours] or (None, None)
            self.cells[place, hours] = mark_out(unit=self.units[place], begins=begins, ends=ends, by="clock")
        return self.cells[place, hours]

    def _hold(self, at: datetime, place: int, who: int, hours: int, days: int) -> None:
        place, cell = place % 3, self._cell(place % 3, hours)
        since = at.date() + timedelta(days=max(0, days - 2))
        until = since + timedelta(days=days) if days % 2 else None
        other = self.people[(who + 1) % 4] if days else None
        made = hold(cell=cell, person=self.people[who], since=since, until=until, substitute=other, by="clock")
        begins = at if since == at.date() else _midnight(since)
        ends = _midnight(until + timedelta(days=1)) if until else None
        self._watch(
            made, Watch(place, HOURS[hours], made.person.name, other.name if other else None, Span(begins, ends))
        )

    def _watch(self, made: Holding, watch: Watch) -> None:
        self.oracle.watches.append(watch)
        self.held.append((made, watch))

    def _release(self, at: datetime, which: int, *_: int) -> None:
        for holding, watch in self.held[which : which + 1]:
            release(holding, by="clock")
            watch.span.end = max(at, watch.span.start)

    def _release_on(self, at: datetime, which: int, days: int, *_: int) -> None:
        for holding, watch in self.held[which : which + 1]:
            release(holding, by="clock", until=at.date() + timedelta(days=days))
            watch.span.end = _midnight(at.date() + timedelta(days=days + 1))

    def _absence(self, at: datetime, who: int, other: int, days: int, more: int) -> None:
        since = at.date() + timedelta(days=days)
        until = since + timedelta(days=more)
        person, substitute = self.people[who], self.people[other]
        made = record_absence(person=person, substitute=substitute, since=since, until=until, by="clock")
        span = Span(_midnight(since), _midnight(until + timedelta(days=1)))
        self.oracle.absences.append((person.name, substitute.name, span))
        self.gone.append((made, span))

    def _back(self, at: datetime, which: int, *_: int) -> None:
        for absence, span in self.gone[which : which + 1]:
            end_absence(absence, by="clock")
            span.end = max(at, span.start)

    def _substitute(self, at: datetime, which: int, other: int, *_: int) -> None:
        for holding, watch in self.held[which : which + 1]:
            made = replace_substitute(holding, substitute=self.people[other], by="clock")
            if made.pk != holding.pk:
                self._passed_on(at, made, watch, watch.hours, self.people[other].name)

    def _close(self, at: datetime, place: int, _: int, hours: int, *__: int) -> None:
        cell = self.cells.get((place % 3, hours))
        if cell is not None:
            close_cell(cell, by="clock")
            del self.cells[place % 3, hours]
            for watch in self.oracle.watches:
                if (watch.place, watch.hours) == (place % 3, HOURS[hours]) and _lasts(watch, at):
                    watch.span.end = max(at, watch.span.start)

    def _hours(self, at: datetime, place: int, _: int, hours: int, to: int) -> None:
        cell = self.cells.get((place % 3, hours))
        if cell is None or hours == to:
            return
        begins, ends = HOURS[to] or (None, None)
        after = change_cell(cell, begins=begins, ends=ends, by="clock")
        del self.cells[place % 3, hours]
        self.cells[place % 3, to] = after
        for made in Holding.objects.filter(cell=after).select_related("person"):
            old = next(
                w for h, w in self.held if h.cell_id == cell.pk and h.person_id == made.person_id and _lasts(w, at)
            )
            self._passed_on(at, made, old, HOURS[to], old.substitute)

    def _passed_on(self, at: datetime, made: Holding, old: Watch, hours: Any, substitute: str | None) -> None:
        ends, begins = old.span.end, max(at, old.span.start)
        old.span.end = begins
        self._watch(made, Watch(old.place, hours, old.person, substitute, Span(begins, ends)))


def _lasts(watch: Watch, at: datetime) -> bool:
    return watch.span.end is None or watch.span.end > at


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), clock.SCHOOL_TIME)


@pytest.fixture
def people(place: District) -> list[User]:
    """Four of the school."""
    return [hire(f"h{n}", "甲乙丙丁"[n], place.school) for n in range(4)]


@settings(max_examples=30)
@given(plot=plots(), minutes=st.lists(st.integers(-1440, (DAYS + 5) * 1440), min_size=6, max_size=12))
def test_the_query_says_what_the_oracle_says(place: District, plot: list[tuple[Any, ...]], minutes: list[int]) -> None:
    with transaction.atomic():
        with clock.at(START - timedelta(days=1)):
            people = [hire(f"h{n}", "甲乙丙丁"[n], place.school) for n in range(4)]
        story = Story([place.school, place.building, place.room], people)
        for scene in plot:
            story.play(*scene)
        for minute in minutes:
            at = START + timedelta(minutes=minute)
            with clock.at(at):
                found = [
                    (one.holding.person.name, one.substitute.name if one.away and one.substitute else None, one.away)
                    for one in holders_at(place.room, at)
                ]
            assert sorted(found, key=str) == story.oracle.answers([0, 1, 2], at), at
        transaction.set_rollback(True)


def test_it_is_one_query_and_one_more_where_school_days_count(place: District, django_assert_num_queries: Any) -> None:
    with clock.at(MONDAY):
        holder = hire("h", "韩", place.school)
        hold(cell=mark_out(unit=place.school, by="clock"), person=holder, by="clock")
        with django_assert_num_queries(1):
            assert len(holders_at(place.room, MONDAY)) == 1
        hold(cell=mark_out(unit=place.room, days="school", by="clock"), person=holder, by="clock")
        with django_assert_num_queries(2):
            assert [one.cell.unit for one in holders_at(place.room, MONDAY)] == [place.room]
