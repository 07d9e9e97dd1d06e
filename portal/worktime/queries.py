"""What a settings page shows of the calendar: a month at a place, with the reason for each day."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, time, timedelta

from portal.orgs.models import prefixes

from .calendars import calendar_for
from .days import FRIDAY
from .models import WORKING, CalendarDay, UnitDay


@dataclass(frozen=True)
class DayLine:
    """One day at a place: whether school is held, when it is open, and why it differs from an ordinary week."""

    date: date
    is_school_day: bool
    hours: tuple[tuple[time, time], ...]
    why: str
    own: bool


def month(path: str, first: date) -> list[DayLine]:
    """The month that begins on `first`; `own` marks days this place or one above it set for itself. Three queries."""
    days = [first + timedelta(days=step) for step in range(monthrange(first.year, first.month)[1])]
    around = {"date__gte": days[0], "date__lte": days[-1]}
    nation = {row.date: row for row in CalendarDay.objects.filter(**around)}
    nearest_last = UnitDay.objects.filter(unit__path__in=prefixes(path), **around).order_by("unit__path")
    own = {row.date: row for row in nearest_last}
    calendar = calendar_for(path)
    lines = []
    for day in days:
        held = calendar.is_school_day(day)
        why = own[day].name if day in own else _why(day, held, nation.get(day))
        lines.append(DayLine(day, held, tuple(calendar.open_hours(day)), why, day in own))
    return lines


def _why(day: date, held: bool, national: CalendarDay | None) -> str:
    """The nation's name for the day, or what keeps an ordinary day from being what it usually is."""
    if national is not None and held == (national.kind in WORKING):
        return national.name or national.get_kind_display()
    if held:
        return ""
    return "学期之外" if national is not None or day.isoweekday() <= FRIDAY else "周末"
