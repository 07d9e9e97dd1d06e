"""Terms, timetables and odd days: what a place sets holds for all below it, until something nearer says other."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.orgs.models import User
from portal.worktime import actions
from portal.worktime.calendars import Calendars, calendar_for
from portal.worktime.spans import Measure, Span, hours, school_days, school_hours

from .conftest import District
from .moments import at

MORNING = (time(8), time(12))
AFTERNOON = (time(14), time(17, 30))
TERMS_2026 = [(date(2026, 9, 1), date(2027, 1, 22)), (date(2027, 2, 22), date(2027, 7, 2))]


def test_days_outside_the_terms_are_no_school_days(district: District, hu: User) -> None:
    actions.set_terms(unit=district.school, start_year=2026, terms=TERMS_2026, by=hu)
    calendar = calendar_for(district.room.path)
    inside = [date(2027, 1, 22), date(2027, 2, 22), date(2027, 7, 2)]
    outside = [date(2027, 1, 25), date(2027, 7, 5), date(2027, 8, 31)]
    assert [calendar.is_school_day(day) for day in inside + outside] == [True] * 3 + [False] * 3
    assert calendar.add(at("2027-01-21 09:00"), school_days(2)) == at("2027-02-22 17:30")


def test_a_school_year_without_terms_counts_working_days(district: District, hu: User) -> None:
    actions.set_terms(unit=district.school, start_year=2026, terms=TERMS_2026, by=hu)
    calendar = calendar_for(district.school.path)
    assert [calendar.is_school_day(day) for day in (date(2026, 7, 20), date(2026, 8, 31), date(2027, 9, 1))] == [
        True
    ] * 3


def test_a_term_may_begin_in_the_last_days_of_august(district: District, hu: User) -> None:
    early = [(date(2026, 8, 31), date(2027, 1, 22)), TERMS_2026[1]]
    actions.set_terms(unit=district.school, start_year=2025, terms=earlier_year(), by=hu)
    actions.set_terms(unit=district.school, start_year=2026, terms=early, by=hu)
    calendar = calendar_for(district.school.path)
    assert [calendar.is_school_day(day) for day in (date(2026, 8, 28), date(2026, 8, 31))] == [False, True]


def test_the_nearest_place_with_terms_for_that_school_year_decides(district: District, hu: User) -> None:
    later = [(date(2026, 9, 7), date(2027, 1, 15)), TERMS_2026[1]]
    actions.set_terms(unit=district.bureau, start_year=2025, terms=earlier_year(), by=hu)
    actions.set_terms(unit=district.bureau, start_year=2026, terms=TERMS_2026, by=hu)
    actions.set_terms(unit=district.school, start_year=2026, terms=later, by=hu)
    first_days = [date(2026, 7, 20), date(2026, 9, 1), date(2026, 9, 7)]  # the summer of 2026 is the bureau's to say
    mine, sams = calendar_for(district.school.path), calendar_for(district.sams.path)
    assert [mine.is_school_day(day) for day in first_days] == [False, False, True]
    assert [sams.is_school_day(day) for day in first_days] == [False, True, True]


def test_a_make_up_day_in_the_holidays_is_no_school_day(district: District, hu: User) -> None:
    actions.set_terms(unit=district.school, start_year=2025, terms=earlier_year(), by=hu)
    calendar = calendar_for(district.school.path)
    assert [calendar.is_school_day(day) for day in (date(2026, 2, 14), date(2026, 5, 9))] == [False, True]


def test_a_places_own_day_wins_over_nation_and_terms_and_the_nearest_over_all(district: District, hu: User) -> None:
    actions.set_terms(unit=district.bureau, start_year=2025, terms=earlier_year(), by=hu)
    actions.set_unit_day(unit=district.bureau, day=date(2026, 6, 3), is_open=False, name="台风停课", by=hu)
    actions.set_unit_day(unit=district.school, day=date(2026, 6, 3), is_open=True, name="照常上课", by=hu)
    actions.set_unit_day(unit=district.school, day=date(2026, 7, 19), is_open=True, name="补课", by=hu)
    mine, sams = calendar_for(district.room.path), calendar_for(district.sams.path)
    asked = [date(2026, 6, 3), date(2026, 7, 19)]
    assert [mine.is_school_day(day) for day in asked] == [True, True]
    assert [sams.is_school_day(day) for day in asked] == [False, False]
    assert mine.open_hours(date(2026, 7, 19)) == [MORNING, AFTERNOON]
    assert sams.add(at("2026-06-02 17:00"), school_hours(1)) == at("2026-06-04 08:30")


def test_usual_hours_hold_where_nothing_is_set_and_no_day_off_is_open(district: District) -> None:
    calendar = calendar_for(district.school.path)
    assert calendar.open_hours(date(2026, 3, 2)) == [MORNING, AFTERNOON]
    assert calendar.open_hours(date(2026, 3, 1)) == []


def test_a_timetable_holds_below_its_place_and_the_nearest_one_decides(district: District, hu: User) -> None:
    since = date(2026, 1, 1)
    actions.set_hours(unit=district.town, since=since, hours={0: [(time(7, 40), time(11, 40))]}, by=hu)
    actions.set_hours(unit=district.building, since=since, hours={0: [(time(6), time(22))]}, by=hu)
    monday = date(2026, 3, 2)
    places = [district.bureau, district.sams, district.school, district.room]
    assert [calendar_for(place.path).open_hours(monday) for place in places] == [
        [MORNING, AFTERNOON],
        [(time(7, 40), time(11, 40))],
        [(time(7, 40), time(11, 40))],
        [(time(6), time(22))],
    ]


def test_hours_of_one_weekday_leave_the_others_to_the_place_above(district: District, hu: User) -> None:
    since = date(2026, 1, 1)
    actions.set_hours(unit=district.town, since=since, hours={0: [(time(9), time(16))]}, by=hu)
    actions.set_hours(unit=district.school, since=since, hours={5: [MORNING]}, by=hu)
    calendar = calendar_for(district.school.path)
    assert calendar.open_hours(date(2026, 3, 6)) == [MORNING]
    assert calendar.open_hours(date(2026, 3, 5)) == [(time(9), time(16))]
    assert calendar.add(at("2026-03-06 11:00"), school_hours(2)) == at("2026-03-09 10:00")


def test_a_summer_timetable_changes_only_the_days_from_its_first_on(district: District, hu: User) -> None:
    summer = {0: [MORNING, (time(14, 30), time(18))]}
    actions.set_hours(unit=district.school, since=date(2026, 5, 6), hours=summer, by=hu)
    calendar = calendar_for(district.school.path)
    assert calendar.open_hours(date(2026, 4, 30)) == [MORNING, AFTERNOON]
    assert calendar.open_hours(date(2026, 5, 6)) == [MORNING, (time(14, 30), time(18))]
    assert calendar.between(at("2026-04-30 14:00"), at("2026-05-06 15:00"), Measure.HOURS) == Decimal("8")


def test_touching_stretches_count_as_one(district: District, hu: User) -> None:
    stretches = {0: [(time(12), time(17)), (time(8), time(12))]}
    actions.set_hours(unit=district.school, since=date(2026, 1, 1), hours=stretches, by=hu)
    calendar = calendar_for(district.school.path)
    assert calendar.open_hours(date(2026, 3, 2)) == [(time(8), time(17))]
    assert calendar.next_opening(at("2026-03-02 12:00")) == at("2026-03-02 12:00")


@pytest.mark.parametrize(("span", "queries"), [(hours(24), 0), (school_hours(8), 1), (school_days(3), 1)])
def test_one_calendar_asks_the_database_once_and_wall_time_never(
    district: District, hu: User, span: Span, queries: int
) -> None:
    actions.set_terms(unit=district.bureau, start_year=2026, terms=TERMS_2026, by=hu)
    with CaptureQueriesContext(connection) as asked:
        calendar = calendar_for(district.room.path)
        calendar.add(at("2026-11-02 09:00"), span)
        calendar.add(at("2026-11-03 09:00"), span)
    assert len(asked) == queries


def test_a_sweep_over_many_places_asks_the_database_once(district: District, hu: User) -> None:
    for unit in (district.school, district.sams, district.building):
        actions.set_hours(unit=unit, since=date(2026, 1, 1), hours={0: [MORNING]}, by=hu)
    places = [district.room, district.building, district.school, district.sams, district.town] * 100
    with CaptureQueriesContext(connection) as asked:
        calendars = Calendars()
        due = [calendars.of(place.path).add(at("2026-11-02 11:00"), school_hours(2)) for place in places]
    assert len(asked) == 1
    assert due == [*[at("2026-11-03 09:00")] * 4, at("2026-11-02 15:00")] * 100


def earlier_year() -> list[tuple[date, date]]:
    return [(date(2025, 9, 1), date(2026, 1, 30)), (date(2026, 3, 2), date(2026, 7, 3))]
