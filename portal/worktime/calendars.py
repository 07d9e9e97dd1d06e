"""What time it will be after a span of time at a place, and how much of it lies between two moments (docs/adr/0003)."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from functools import cached_property

from portal.clock import SCHOOL_TIME
from portal.orgs.models import prefixes

from .days import HOUR, Days, Nation, Place, Windows
from .sources import read
from .spans import Measure, Span

HORIZON = 60 * 366  # days looked ahead before a place counts as never open
MIDNIGHT = time(0)


class Calendar:
    """The calendar of one place. Wall time asks the database nothing; everything else asks once, at first use.

    Moments must carry their time zone; answers are in China's.
    """

    def __init__(self, path: str, calendars: "Calendars") -> None:
        self.path = path
        self._calendars = calendars

    def add(self, moment: datetime, span: Span) -> datetime:
        """The earliest moment at which `span` has passed since `moment`; nothing added is the moment itself."""
        if span.measure == Measure.WALL:
            passed = timedelta(microseconds=_whole(span.amount * HOUR))
            return (_aware(moment).astimezone(UTC) + passed).astimezone(SCHOOL_TIME)
        day, at = _split(moment)
        if span.measure == Measure.DAYS:
            return self._add_days(day, span.amount) if span.amount else _join(day, at)
        left = _whole(span.amount * HOUR)
        return self._add_hours(day, at, left) if left else _join(day, at)

    def between(self, start: datetime, end: datetime, measure: Measure | str) -> Decimal:
        """How much lies between: hours for wall and school hours, days for school days; 0 when `end` is first."""
        start, end = _aware(start).astimezone(UTC), _aware(end).astimezone(UTC)
        if start >= end:
            return Decimal(0)
        if measure == Measure.WALL:
            return Decimal((end - start) // timedelta(microseconds=1)) / HOUR
        (first, since), (last, until) = _split(start), _split(end)
        if measure == Measure.DAYS:
            return self._days_between(first, last, until)
        open_on = self._days.open_on
        passed = sum(open_on(day)[0] for day in range(first, last))
        return Decimal(passed + _passed(open_on(last)[1], until) - _passed(open_on(first)[1], since)) / HOUR

    def is_school_day(self, day: date) -> bool:
        """Whether this day is a school day here."""
        return self._days.is_school_day(day)

    def school_day_of_term(self, day: date, number: int) -> date | None:
        """The `number`-th school day of the term that `day` lies in, from its end where negative; none outside of terms."""
        term = self._days.term_of(day)
        if term is None:
            return None
        first, last = term
        step, at = (timedelta(days=1), first) if number > 0 else (timedelta(days=-1), last)
        left = abs(number)
        while first <= at <= last:
            left -= self.is_school_day(at)
            if not left:
                return at
            at += step
        return None

    def open_hours(self, day: date) -> list[tuple[time, time]]:
        """When this place is open on that day; nothing when it is no school day. Closing times are no longer open."""
        return [(_clock(opens), _clock(closes)) for opens, closes in self._days.open_on(day.toordinal())[1]]

    def next_opening(self, moment: datetime) -> datetime:
        """The moment itself while the place is open, else the moment it opens next."""
        first, at = _split(moment)
        for day in range(first, first + HORIZON):
            for opens, closes in self._days.open_on(day)[1]:
                if day > first or closes > at:
                    return _join(day, max(opens, at) if day == first else opens)
        raise ValueError("this place never opens")

    def provisional(self, start: datetime, end: datetime) -> bool:
        """Whether a day between the two (both included) lies in a year whose national notice is not yet known."""
        years = [_aware(one).astimezone(SCHOOL_TIME).year for one in (start, end)]
        return any(year not in self._days.nation.confirmed for year in range(min(years), max(years) + 1))

    @cached_property
    def _days(self) -> Days:
        return self._calendars.days_at(self.path)

    def _add_hours(self, first: int, at: int, left: int) -> datetime:
        left += _passed(self._days.open_on(first)[1], at)
        for day in range(first, first + HORIZON):
            total, windows = self._days.open_on(day)
            if left <= total:
                return _join(day, _reached(windows, left))
            left -= total
        raise ValueError("this place is not open that long")

    def _add_days(self, event: int, amount: Decimal) -> datetime:
        """Part of a day is that part of the day's open time: 2.4 days is 40 % into the third school day."""
        left = int(amount.to_integral_value(ROUND_CEILING))
        for day in range(event + 1, event + HORIZON):
            total, windows = self._days.open_on(day)
            left -= bool(total)
            if not left:
                part = amount % 1 or Decimal(1)
                return _join(day, _reached(windows, _whole(part * total)))
        raise ValueError("this place does not have that many school days")

    def _days_between(self, first: int, last: int, until: int) -> Decimal:
        if first == last:
            return Decimal(0)
        whole = sum(1 for day in range(first + 1, last) if self._days.open_on(day)[0])
        total, windows = self._days.open_on(last)
        return Decimal(whole * total + _passed(windows, until)) / total if total else Decimal(whole)


class Calendars:
    """Calendars for many places at once: whatever their number, the database is asked once."""

    def __init__(self, only: str | None = None) -> None:
        """`only` reads no more than the place at this path needs."""
        self._only = only
        self._resolved: dict[tuple[str, ...], Days] = {}

    def of(self, path: str) -> Calendar:
        """The calendar of the place at `path`."""
        return Calendar(path, self)

    def days_at(self, path: str) -> Days:
        """The days of a place; places for which nothing different is set share them."""
        nation, places = self._read
        own = tuple(one for one in prefixes(path) if one in places)
        if own not in self._resolved:
            self._resolved[own] = Days(nation, [places[one] for one in own])
        return self._resolved[own]

    @cached_property
    def _read(self) -> tuple[Nation, dict[str, Place]]:
        return read(self._only)


def calendar_for(path: str) -> Calendar:
    """The calendar of one place; for many, ask one `Calendars`."""
    return Calendars(only=path).of(path)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment


def _split(moment: datetime) -> tuple[int, int]:
    """The day in China (a date's ordinal) and the microseconds since its midnight."""
    local = _aware(moment).astimezone(SCHOOL_TIME)
    return local.toordinal(), ((local.hour * 60 + local.minute) * 60 + local.second) * 1_000_000 + local.microsecond


def _join(day: int, at: int) -> datetime:
    midnight = datetime.combine(date.fromordinal(day), MIDNIGHT)
    return (midnight + timedelta(microseconds=at)).replace(tzinfo=SCHOOL_TIME)


def _clock(at: int) -> time:
    return (datetime.combine(date.min, MIDNIGHT) + timedelta(microseconds=at)).time()


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value())


def _passed(windows: Windows, at: int) -> int:
    """How much of the day's open time has passed by `at`."""
    return sum(min(at, closes) - opens for opens, closes in windows if at > opens)


def _reached(windows: Windows, passed: int) -> int:
    """The earliest moment of the day at which this much of its open time has passed."""
    for opens, closes in windows:
        if passed <= closes - opens:
            return opens + passed
        passed -= closes - opens
    raise ValueError("the day is not open that long")
