"""Ten thousand random cases, each judged by an oracle that counts minute by minute."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from portal.clock import SCHOOL_TIME
from portal.orgs.models import Term, User
from portal.worktime import actions
from portal.worktime.calendars import calendar_for
from portal.worktime.models import CalendarDay, Hours, UnitDay
from portal.worktime.spans import Measure, Span

from .conftest import District
from .oracle import Facts, Oracle, midnight

WORLDS, CASES = 25, 400
DAY_MINUTES = 24 * 60
Stretches = list[tuple[time, time]]


def test_the_worlds_make_ten_thousand_cases() -> None:
    assert WORLDS * CASES == 10_000


@pytest.mark.parametrize("seed", range(WORLDS))
def test_add_and_between_agree_with_the_minute_by_minute_oracle(seed: int, district: District, hu: User) -> None:
    luck = Random(seed)
    make_a_world(luck, district, hu)
    facts = facts_in_the_database()
    places = [district.school, district.building, district.room, district.sams, district.town]
    judged: Counter[str] = Counter()
    for place in luck.sample(places, 2):
        calendar, oracle = calendar_for(place.path), Oracle(facts, place.path)
        for _ in range(CASES // 2):
            measure = luck.choice(Measure.values)
            start = midnight(date(2026, 1, 1)) + timedelta(minutes=luck.randrange(400 * DAY_MINUTES))
            span, expected = a_span_and_its_end(luck, measure, start, oracle)
            assert calendar.add(aware(start), span) == aware(expected), (start, span)
            end = start + timedelta(
                minutes=luck.choice([luck.randrange(-600, 2_000), luck.randrange(60 * DAY_MINUTES)])
            )
            passed = calendar.between(aware(start), aware(end), measure)
            assert passed == what_lies_between(measure, start, end, oracle), (start, end)
            judged[measure] += 1
    assert sum(judged.values()) == CASES
    assert set(judged) == set(Measure.values)


def make_a_world(luck: Random, district: District, by: User) -> None:
    """Terms, timetables and odd days at random places of the tree, and changed national days."""
    units = [district.bureau, district.town, district.school, district.sams, district.building]
    for unit in luck.sample(units, luck.randrange(4)):
        for start_year in luck.sample([2025, 2026, 2027], luck.randrange(1, 3)):
            actions.set_terms(unit=unit, start_year=start_year, terms=two_terms(luck, start_year), by=by)
    for unit in luck.sample(units, luck.randrange(4)):
        for since in luck.sample([date(2025, 1, 1), date(2026, 5, 1), date(2026, 10, 8)], luck.randrange(1, 3)):
            actions.set_hours(unit=unit, since=since, hours=a_timetable(luck), by=by)
    for _ in range(luck.randrange(20)):
        day = date(2026, 1, 1) + timedelta(days=luck.randrange(500))
        actions.set_unit_day(unit=luck.choice(units), day=day, is_open=luck.random() < 0.5, name="改", by=by)
    for _ in range(luck.randrange(6)):
        actions.set_day(day=date(2026, 1, 1) + timedelta(days=luck.randrange(500)), kind="holiday", by=by)


def two_terms(luck: Random, start_year: int) -> list[tuple[date, date]]:
    first = date(start_year, 8, 25) + timedelta(days=luck.randrange(15))
    first_end = date(start_year + 1, 1, 10) + timedelta(days=luck.randrange(20))
    second = date(start_year + 1, 2, 10) + timedelta(days=luck.randrange(25))
    return [(first, first_end), (second, date(start_year + 1, 6, 25) + timedelta(days=luck.randrange(40)))]


def a_timetable(luck: Random) -> dict[int, Stretches]:
    return {weekday: some_stretches(luck) for weekday in luck.sample(range(8), luck.randrange(1, 4))}


def some_stretches(luck: Random) -> Stretches:
    marks = sorted(luck.sample(range(6 * 60, 23 * 60), 2 * luck.randrange(1, 4)))
    clock = [time(minute // 60, minute % 60) for minute in marks]
    return list(zip(clock[::2], clock[1::2], strict=True))


def facts_in_the_database() -> Facts:
    """The oracle's own reading of the rows, by another road than the portal's."""
    terms = Term.objects.select_related("unit", "year")
    hours = Hours.objects.select_related("unit")
    return Facts(
        nation={row.date: row.kind in ("workday", "makeup") for row in CalendarDay.objects.all()},
        own=[(row.unit.path, row.date, row.open) for row in UnitDay.objects.select_related("unit")],
        terms=[(row.unit.path, row.year.start_year, row.starts, row.ends) for row in terms],
        hours=[(row.unit.path, row.since, row.weekday, row.opens, row.closes) for row in hours],
    )


def a_span_and_its_end(luck: Random, measure: str, start: datetime, oracle: Oracle) -> tuple[Span, datetime]:
    if measure == Measure.DAYS:
        amount = Decimal(luck.randrange(120)) / 10
        return Span(amount, Measure.DAYS), oracle.add_days(start, Fraction(amount))
    minutes = luck.choice([luck.randrange(20), luck.randrange(24 * 60), luck.randrange(120 * 60)])
    span = Span(Decimal(minutes) / 60, Measure(measure))
    if measure == Measure.WALL:
        return span, start + timedelta(minutes=minutes)
    return span, oracle.add_minutes(start, minutes)


def what_lies_between(measure: str, start: datetime, end: datetime, oracle: Oracle) -> Decimal:
    if end <= start:
        return Decimal(0)
    if measure == Measure.DAYS:
        exact = oracle.days_between(start, end)
    elif measure == Measure.HOURS:
        exact = Fraction(oracle.minutes_between(start, end), 60)
    else:
        exact = Fraction((end - start) // timedelta(minutes=1), 60)
    return Decimal(exact.numerator) / exact.denominator


def aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=SCHOOL_TIME)
