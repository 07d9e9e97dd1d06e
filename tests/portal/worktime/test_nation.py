"""The nation's days: 2026 as announced, years not yet announced, years nobody knows."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from portal.ledger.models import Event
from portal.worktime import actions, seed
from portal.worktime.calendars import calendar_for
from portal.worktime.models import CalendarDay, CalendarYear
from portal.worktime.notice import NoticeRow
from portal.worktime.spans import Measure, school_days

from .conftest import District, Told
from .moments import at

CLOSED_2026 = [
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]
WORKED_2026 = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
NOTICE_2027 = [NoticeRow(date(2027, 1, 1), "holiday", "元旦"), NoticeRow(date(2027, 1, 9), "makeup", "补班")]


def days(first: str, last: str) -> list[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [start + timedelta(days=step) for step in range((end - start).days + 1)]


def test_every_day_of_2026_is_as_announced(district: District) -> None:
    calendar = calendar_for(district.school.path)
    closed = {day for stretch in CLOSED_2026 for day in days(*stretch)}
    worked = {date.fromisoformat(day) for day in WORKED_2026}
    expected = {
        day: day in worked or (day.weekday() < 5 and day not in closed) for day in days("2026-01-01", "2026-12-31")
    }
    assert {day: calendar.is_school_day(day) for day in expected} == expected
    assert sum(expected.values()) == 248  # the working days of 2026: 261 weekdays, 19 closed, 6 weekends worked


@pytest.mark.parametrize(
    ("start", "end", "provisional"),
    [
        ("2024-01-01 00:00", "2026-12-31 23:59", False),
        ("2026-12-31 23:59", "2027-01-01 00:00", True),
        ("2027-01-01 00:00", "2026-12-31 23:59", True),
        ("2028-03-01 10:00", "2028-03-02 10:00", True),
        ("2035-03-01 10:00", "2035-03-02 10:00", True),
        ("2023-12-31 10:00", "2024-01-02 10:00", True),
    ],
)
def test_days_of_a_year_without_its_notice_are_provisional(
    district: District, start: str, end: str, provisional: bool
) -> None:
    assert calendar_for(district.school.path).provisional(at(start), at(end)) is provisional


def test_a_deadline_over_the_new_year_counts_the_statutory_holidays_known_so_far(district: District) -> None:
    calendar = calendar_for(district.school.path)
    due = calendar.add(at("2026-12-30 10:00"), school_days(3))
    assert due == at("2027-01-05 17:30")  # Thursday, then past Friday 1 January: Monday, Tuesday
    assert calendar.provisional(at("2026-12-30 10:00"), due)


def test_a_year_nobody_knows_is_worked_from_monday_to_friday_and_never_an_exception(district: District) -> None:
    calendar = calendar_for(district.school.path)
    worked = [day for day in days("2041-09-30", "2041-10-07") if calendar.is_school_day(day)]
    assert worked == [date(2041, 9, 30), *days("2041-10-01", "2041-10-04"), date(2041, 10, 7)]
    assert calendar.between(at("2041-01-01 00:00"), at("2041-12-31 23:59"), Measure.DAYS) == 260


def test_the_years_seeded_are_confirmed_as_far_as_their_make_up_days_are_known(db: None) -> None:
    known = CalendarYear.objects.values_list("year", "confirmed")
    assert list(known) == [(2024, True), (2025, True), (2026, True), (2027, False), (2028, False)]
    assert not CalendarDay.objects.filter(kind="makeup", date__year__gte=2027).exists()
    assert not Event.objects.exists()


def test_seeding_again_changes_nothing(db: None) -> None:
    before = list(CalendarDay.objects.values_list()), list(CalendarYear.objects.values_list())
    call_command("migrate", verbosity=0)
    assert (list(CalendarDay.objects.values_list()), list(CalendarYear.objects.values_list())) == before


def test_a_newer_library_confirms_a_provisional_year_and_tells_it(
    db: None, told: list[Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seed, "_library", lambda years: {2027: NOTICE_2027} if 2027 in years else {})
    seed.seed()
    assert CalendarYear.objects.get(year=2027).confirmed
    assert list(CalendarDay.objects.filter(date__year=2027).values_list("date", "kind")) == [
        (date(2027, 1, 1), "holiday"),
        (date(2027, 1, 9), "makeup"),
    ]
    assert told == [("", date(2027, 1, 1), date(2027, 12, 31), "clock")]
    assert list(Event.objects.values_list("verb", "who")) == [("year_imported", "clock")]


def test_a_newer_library_leaves_a_year_alone_that_a_person_has_changed(
    db: None, told: list[Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.set_day(day=date(2027, 3, 1), kind="restday", by="clock")
    monkeypatch.setattr(seed, "_library", lambda years: {2027: NOTICE_2027} if 2027 in years else {})
    seed.seed()
    assert not CalendarYear.objects.get(year=2027).confirmed
    assert told == [("", date(2027, 3, 1), date(2027, 3, 1), "clock")]


def test_an_emptied_calendar_is_seeded_again_by_the_next_migrate(db: None) -> None:
    before = set(CalendarDay.objects.values_list("date", "kind", "name", "source"))
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert set(CalendarDay.objects.values_list("date", "kind", "name", "source")) == before
    assert len(before) > 100
