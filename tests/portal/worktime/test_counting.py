"""Adding and measuring school time at a place with nothing set: the nation's days, the usual hours."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import SCHOOL_TIME
from portal.worktime.calendars import Calendar, calendar_for
from portal.worktime.spans import Measure, Span, hours, school_days, school_hours

from .conftest import District
from .moments import at

MOMENTS = st.timedeltas(timedelta(0), timedelta(days=545)).map(lambda passed: at("2026-01-01 00:00") + passed)
MEASURES = st.sampled_from(Measure)
AMOUNTS = st.decimals(0, 60, places=4)


@pytest.fixture
def calendar(district: District) -> Calendar:
    return calendar_for(district.room.path)


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        ("2026-03-02 08:00", hours(24), "2026-03-03 08:00"),
        ("2026-09-30 17:00", hours("0.25"), "2026-09-30 17:15"),
        ("2026-03-02 08:00", school_hours(4), "2026-03-02 12:00"),  # the end of the morning, not the afternoon's start
        ("2026-03-02 08:00", school_hours("4.5"), "2026-03-02 14:30"),
        ("2026-03-02 11:59", school_hours(8), "2026-03-03 14:29"),  # 7.5 hours a day
        ("2026-03-02 13:00", school_hours(1), "2026-03-02 15:00"),
        ("2026-03-06 17:00", school_hours(1), "2026-03-09 08:30"),  # Friday evening to Monday
        ("2026-02-13 16:00", school_hours(8), "2026-02-14 16:30"),  # Saturday 14 February is worked
        ("2026-02-14 17:30", school_hours(1), "2026-02-24 09:00"),  # then the Spring Festival
        ("2026-03-02 00:30", school_days(1), "2026-03-03 17:30"),  # day 1 is the day after the event
        ("2026-03-02 23:30", school_days(3), "2026-03-05 17:30"),
        ("2026-09-30 09:00", school_days(3), "2026-10-10 17:30"),  # 8, 9 and the make-up Saturday 10 October
        ("2026-03-07 10:00", school_days(1), "2026-03-09 17:30"),  # reported on a Saturday
        ("2026-03-02 09:00", school_days("0.8"), "2026-03-03 16:00"),  # 80 % of 7.5 hours is 6 hours
        ("2026-03-02 09:00", school_days(3) * 0.8, "2026-03-05 11:00"),
        ("2026-12-31 10:00", school_days(3), "2027-01-06 17:30"),  # 1 January is a Friday
    ],
)
def test_when_a_span_has_passed(calendar: Calendar, start: str, span: Span, due: str) -> None:
    assert calendar.add(at(start), span) == at(due)


@pytest.mark.parametrize(
    ("start", "end", "measure", "passed"),
    [
        ("2026-03-02 08:00", "2026-03-03 09:30", Measure.WALL, "25.5"),
        ("2026-03-02 08:00", "2026-03-03 09:30", Measure.HOURS, "9"),
        ("2026-03-02 12:00", "2026-03-02 14:00", Measure.HOURS, "0"),
        ("2026-03-06 17:30", "2026-03-09 08:00", Measure.HOURS, "0"),
        ("2026-10-01 00:00", "2026-10-08 08:00", Measure.HOURS, "0"),
        ("2026-03-02 08:00", "2026-03-02 17:30", Measure.DAYS, "0"),
        ("2026-03-02 08:00", "2026-03-03 17:30", Measure.DAYS, "1"),
        ("2026-03-02 08:00", "2026-03-05 11:00", Measure.DAYS, "2.4"),
        ("2026-03-06 08:00", "2026-03-08 11:00", Measure.DAYS, "0"),
        ("2026-09-30 09:00", "2026-10-10 23:00", Measure.DAYS, "3"),
    ],
)
def test_how_much_lies_between(calendar: Calendar, start: str, end: str, measure: Measure, passed: str) -> None:
    assert calendar.between(at(start), at(end), measure) == Decimal(passed)


@pytest.mark.parametrize("measure", Measure)
def test_backwards_nothing_lies_between(calendar: Calendar, measure: Measure) -> None:
    assert calendar.between(at("2026-03-06 10:00"), at("2026-03-02 10:00"), measure) == 0


@pytest.mark.parametrize("measure", Measure)
def test_nothing_added_is_the_moment_itself_even_at_night(calendar: Calendar, measure: Measure) -> None:
    assert calendar.add(at("2026-03-07 23:10"), Span(Decimal(0), measure)) == at("2026-03-07 23:10")


def test_moments_of_other_zones_are_understood_and_answers_are_in_chinas(calendar: Calendar) -> None:
    due = calendar.add(datetime(2026, 3, 1, 23, 0, tzinfo=UTC), school_hours(1))  # Monday 07:00 in China
    assert (due, due.tzinfo) == (at("2026-03-02 09:00"), SCHOOL_TIME)


@pytest.mark.parametrize("span", [hours(1), school_hours(1), school_days(1), school_days(0)])
def test_a_moment_without_its_time_zone_is_refused(calendar: Calendar, span: Span) -> None:
    with pytest.raises(ValueError, match="needs its time zone"):
        calendar.add(at("2026-03-02 08:00").replace(tzinfo=None), span)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-03-02 07:59", "2026-03-02 08:00"),
        ("2026-03-02 08:00", "2026-03-02 08:00"),
        ("2026-03-02 09:17", "2026-03-02 09:17"),
        ("2026-03-02 12:00", "2026-03-02 14:00"),
        ("2026-03-02 17:30", "2026-03-03 08:00"),
        ("2026-02-14 20:00", "2026-02-24 08:00"),
    ],
)
def test_when_school_opens_next(calendar: Calendar, moment: str, opening: str) -> None:
    assert calendar.next_opening(at(moment)) == at(opening)


def test_the_school_days_of_an_autumn_are_those_counted_on_a_printed_calendar(calendar: Calendar) -> None:
    # 20-24 September (Sunday worked), 28-30, 8-10 October (Saturday worked), then three plain weeks
    assert calendar.between(at("2026-09-19 12:00"), at("2026-10-31 12:00"), Measure.DAYS) == 5 + 3 + 3 + 15


def test_adding_what_lies_between_leads_back(calendar: Calendar) -> None:
    @given(MOMENTS, MOMENTS, MEASURES)
    def leads_back(start: datetime, end: datetime, measure: Measure) -> None:
        if measure != Measure.WALL:
            end = calendar.next_opening(end) + timedelta(microseconds=1)  # inside open time
        if start < end and (measure != Measure.DAYS or start.date() < end.date()):
            assert calendar.add(start, Span(calendar.between(start, end, measure), measure)) == end

    leads_back()


def test_what_was_added_is_what_lies_between(calendar: Calendar) -> None:
    @given(MOMENTS, AMOUNTS, MEASURES)
    def is_the_amount(start: datetime, amount: Decimal, measure: Measure) -> None:
        end = calendar.add(start, Span(amount, measure))
        assert abs(calendar.between(start, end, measure) - amount) < Decimal("1e-9")

    is_the_amount()


def test_later_starts_and_longer_spans_are_never_due_earlier(calendar: Calendar) -> None:
    @given(MOMENTS, MOMENTS, AMOUNTS, AMOUNTS, MEASURES)
    def never_earlier(one: datetime, other: datetime, less: Decimal, more: Decimal, measure: Measure) -> None:
        (first, second), (short, long) = sorted([one, other]), sorted([less, more])
        assert calendar.add(first, Span(short, measure)) <= calendar.add(second, Span(short, measure))
        assert calendar.add(first, Span(short, measure)) <= calendar.add(first, Span(long, measure))

    never_earlier()


def test_time_between_adds_up_over_any_moment_in_the_middle(calendar: Calendar) -> None:
    @given(MOMENTS, MOMENTS, MOMENTS, st.sampled_from([Measure.WALL, Measure.HOURS]))
    def adds_up(one: datetime, other: datetime, third: datetime, measure: Measure) -> None:
        first, middle, last = sorted([one, other, third])
        parts = calendar.between(first, middle, measure) + calendar.between(middle, last, measure)
        assert abs(parts - calendar.between(first, last, measure)) < Decimal("1e-9")

    adds_up()
