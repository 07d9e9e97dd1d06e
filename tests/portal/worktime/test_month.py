"""The month a settings page shows, with the reason for each day."""

from datetime import date, time

from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.orgs.models import User
from portal.worktime import actions
from portal.worktime.queries import DayLine, month

from .conftest import District
from .test_places import AFTERNOON, MORNING, TERMS_2026, earlier_year

OPEN = (MORNING, AFTERNOON)


def test_a_month_names_the_reason_for_each_day_that_differs(district: District, hu: User) -> None:
    actions.set_unit_day(unit=district.bureau, day=date(2026, 2, 3), is_open=False, name="大雪停课", by=hu)
    actions.set_unit_day(unit=district.school, day=date(2026, 2, 3), is_open=True, name="照常上课", by=hu)
    actions.set_terms(unit=district.school, start_year=2025, terms=earlier_year(), by=hu)  # 30 January to 2 March
    with CaptureQueriesContext(connection) as asked:
        february = month(district.room.path, date(2026, 2, 1))
    assert len(asked) == 3
    assert len(february) == 28
    by_day = {line.date.day: line for line in february}
    assert [by_day[day] for day in (1, 2, 3, 14, 17, 20)] == [
        DayLine(date(2026, 2, 1), False, (), "周末", False),
        DayLine(date(2026, 2, 2), False, (), "学期之外", False),
        DayLine(date(2026, 2, 3), True, OPEN, "照常上课", True),
        DayLine(date(2026, 2, 14), False, (), "学期之外", False),
        DayLine(date(2026, 2, 17), False, (), "春节", False),
        DayLine(date(2026, 2, 20), False, (), "休息日（由 2026-02-14 调休）", False),
    ]


def test_ordinary_and_make_up_days_are_shown_open(district: District, hu: User) -> None:
    actions.set_hours(unit=district.school, since=date(2026, 9, 1), hours={7: [(time(9), time(11))]}, by=hu)
    september = month(district.school.path, date(2026, 9, 1))
    assert [september[day - 1] for day in (1, 20, 25)] == [
        DayLine(date(2026, 9, 1), True, OPEN, "", False),
        DayLine(date(2026, 9, 20), True, ((time(9), time(11)),), "补班", False),
        DayLine(date(2026, 9, 25), False, (), "中秋节", False),
    ]


def test_an_own_day_counts_only_at_its_place(district: District, hu: User) -> None:
    actions.set_unit_day(unit=district.sams, day=date(2026, 9, 2), is_open=False, name="运动会", by=hu)
    actions.set_terms(unit=district.sams, start_year=2026, terms=TERMS_2026, by=hu)
    mine, sams = (month(unit.path, date(2026, 9, 1))[1] for unit in (district.school, district.sams))
    assert (mine.why, mine.is_school_day, sams.why, sams.is_school_day) == ("", True, "运动会", False)
