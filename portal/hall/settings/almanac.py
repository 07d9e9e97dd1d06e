"""The school calendar of one unit as a page shows it: a month in weeks, terms, hours, and the nation's years."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from portal import clock
from portal.orgs.models import SchoolYear, Term, Unit, prefixes
from portal.wire.days import FIRST, LAST
from portal.worktime.days import FRIDAY, USUAL_HOURS
from portal.worktime.models import WORKING, CalendarDay, CalendarYear, DayKind, Hours, UnitCalendar, UnitDay
from portal.worktime.notice import NoticeRow
from portal.worktime.queries import DayLine, month
from portal.worktime.rules import WEEKDAYS

SEPTEMBER = 9
TITLES = {DayKind.WORKDAY: "上班", DayKind.RESTDAY: "休息", DayKind.HOLIDAY: "放假", DayKind.MAKEUP: "补班"}


@dataclass(frozen=True)
class DayCell:
    """One day of the month's sheet: whether school is held, why, and the page to change it."""

    line: DayLine
    is_today: bool
    url: str

    @property
    def words(self) -> str:
        """上 or 休, as it is printed in calendars."""
        return "上" if self.line.is_school_day else "休"


def sheet(unit: Unit, first: date) -> list[list[DayCell | None]]:
    """A month in weeks from Monday to Sunday; days of other months are left out. Three queries."""
    cells: list[DayCell | None] = [None] * first.weekday()
    cells += [_cell(unit, line) for line in month(unit.path, first)]
    cells += [None] * (-len(cells) % 7)
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]


def month_asked(text: str) -> date:
    """The first of a month named as 2026-11; this month for anything else."""
    today = clock.today()
    year, _, number = text.partition("-")
    if not (year.isdecimal() and number.isdecimal() and len(year) == 4 and len(number) <= 2):
        return today.replace(day=1)
    if not (FIRST.year <= int(year) <= LAST.year and 1 <= int(number) <= 12):
        return today.replace(day=1)
    return date(int(year), int(number), 1)


def beside(first: date) -> tuple[str, str]:
    """The months before and after, as their pages name them."""
    before = first - timedelta(days=1)
    after = first + timedelta(days=monthrange(first.year, first.month)[1])
    return f"{before:%Y-%m}", f"{after:%Y-%m}"


def day_asked(text: str) -> date | None:
    """A day named as 2026-11-20; none for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


def version_of(unit: Unit) -> int:
    """How long the chain of the unit's calendar is: a page opened before it grew is stale."""
    return UnitCalendar.objects.filter(unit=unit).values_list("chain_seq", flat=True).first() or 0


def calendar_address(unit: Unit) -> str:
    """Where the ledger keeps what was set for this unit; an address nobody has before the first time."""
    row = UnitCalendar.objects.filter(unit=unit).first()
    return row.address if row else "unitcalendar:0"


def set_days(unit: Unit, day: date) -> tuple[UnitDay | None, UnitDay | None]:
    """What this unit has set for the day, and the nearest unit above that has."""
    rows = UnitDay.objects.filter(unit__path__in=prefixes(unit.path), date=day).select_related("unit")
    nearest = list(rows.order_by("-unit__path"))
    own = next((one for one in nearest if one.unit_id == unit.pk), None)
    return own, next((one for one in nearest if one.unit_id != unit.pk), None)


def hours_words(unit: Unit) -> tuple[str, str]:
    """The hours of an ordinary day in force today, and where they come from."""
    table = _in_force(unit)
    if not table:
        return "、".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in USUAL_HOURS), "系统预置"
    whose = table[0].unit
    return "；".join(timetable(table)), "本单位设置" if whose.pk == unit.pk else f"来自{whose.name}"


def hours_typed(unit: Unit) -> dict[str, str]:
    """The same hours as they are typed into the form: every day, and weekdays that differ."""
    usual = [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in USUAL_HOURS]
    found: dict[str, list[str]] = {}
    for row in _in_force(unit):
        found.setdefault(f"day{row.weekday}" if row.weekday else "every", []).append(
            f"{row.opens:%H:%M}-{row.closes:%H:%M}"
        )
    return {name: " ".join(parts) for name, parts in ({"every": usual} | found).items()}


def timetable(rows: Iterable[Hours]) -> list[str]:
    """A timetable in words: a part for each weekday it names."""
    days: dict[int, list[str]] = {}
    for row in rows:
        days.setdefault(row.weekday, []).append(f"{row.opens:%H:%M}-{row.closes:%H:%M}")
    only = list(days) == [0]
    return ["、".join(parts) if only else f"{WEEKDAYS[day]} {'、'.join(parts)}" for day, parts in days.items()]


def timetables(unit: Unit) -> list[tuple[date, str]]:
    """The unit's own timetables, the latest first: since when, and the hours in words."""
    tables: dict[date, list[Hours]] = {}
    for row in Hours.objects.filter(unit=unit).order_by("-since", "weekday", "opens"):
        tables.setdefault(row.since, []).append(row)
    return [(since, "；".join(timetable(rows))) for since, rows in tables.items()]


def terms(unit: Unit, year: int) -> tuple[list[Term], Unit | None]:
    """Both terms of a school year that hold here, and the unit they come from."""
    rows = Term.objects.filter(unit__path__in=prefixes(unit.path), year__start_year=year).select_related("unit")
    nearest = list(rows.order_by("-unit__path", "number"))
    if not nearest:
        return [], None
    return [one for one in nearest if one.unit_id == nearest[0].unit_id], nearest[0].unit


def school_year_of(day: date) -> int:
    """The year in which this day's school year began."""
    return day.year if day.month >= SEPTEMBER else day.year - 1


def year_title(start_year: int) -> str:
    """A school year as people call it."""
    return f"{SchoolYear(start_year=start_year)} 学年"


@dataclass(frozen=True)
class NationalYear:
    """One year of the national calendar: whether its notice is known, and how many of its days and make-up days are."""

    year: int
    confirmed: bool
    days: int
    makeups: int


def nation() -> list[NationalYear]:
    """The years near today. Two queries."""
    years = range(clock.today().year - 1, clock.today().year + 3)
    confirmed = set(CalendarYear.objects.filter(year__in=years, confirmed=True).values_list("year", flat=True))
    known = CalendarDay.objects.filter(date__year__in=years).order_by().values_list("date__year")
    counted = known.annotate(days=Count("pk"), makeups=Count("pk", filter=Q(kind=DayKind.MAKEUP)))
    counts = {year: (days, makeups) for year, days, makeups in counted}
    return [NationalYear(year, year in confirmed, *counts.get(year, (0, 0))) for year in years]


def differences(year: int, rows: Iterable[NoticeRow]) -> list[tuple[date, str, str, bool]]:
    """What a notice says beside what was known: each day, what it becomes, what it was, and whether school turns on it."""
    known = {one.date: one for one in CalendarDay.objects.filter(date__year=year)}
    wanted = {row.date: row for row in rows}
    lines = []
    for day in sorted({*known, *wanted}):
        was, now = known.get(day), wanted.get(day)
        turns = _works(day, was.kind if was else None) != _works(day, now.kind if now else None)
        lines.append((day, _said(day, now), _said(day, was), turns))
    return lines


def stretches(year: int) -> list[tuple[str, str]]:
    """The nation's days of a year that are known: the name, and the days one after another as one stretch."""
    found: list[tuple[str, list[date]]] = []
    for one in CalendarDay.objects.filter(date__year=year).order_by("date"):
        words = _said(one.date, one)
        if found and found[-1][0] == words and one.date - found[-1][1][-1] == timedelta(days=1):
            found[-1][1].append(one.date)
        else:
            found.append((words, [one.date]))
    return [(words, _span(days)) for words, days in found]


def _in_force(unit: Unit) -> list[Hours]:
    """The rows of the nearest timetable that holds today; none where nobody has set one."""
    rows = Hours.objects.filter(unit__path__in=prefixes(unit.path), since__lte=clock.today()).select_related("unit")
    nearest = list(rows.order_by("-unit__path", "-since", "weekday", "opens"))
    return [one for one in nearest if (one.unit_id, one.since) == (nearest[0].unit_id, nearest[0].since)]


def _works(day: date, kind: str | None) -> bool:
    """Whether the country works on this day; without a word about it, from Monday to Friday."""
    return day.isoweekday() <= FRIDAY if kind is None else kind in WORKING


def _said(day: date, row: NoticeRow | CalendarDay | None) -> str:
    """What is said of a day: 放假 and of what, or what it is in an ordinary week."""
    if row is None:
        return "平常上班" if day.isoweekday() <= FRIDAY else "周末"
    title = TITLES[DayKind(row.kind)]
    return row.name if title in row.name else f"{title}（{row.name}）" if row.name else title


def _span(days: list[date]) -> str:
    first, last = days[0], days[-1]
    said = f"{first.month}月{first.day}日"
    return said if first == last else f"{said}至{last.month}月{last.day}日，{len(days)} 天"


def _cell(unit: Unit, line: DayLine) -> DayCell:
    url = f"{reverse('settings-calendar-day')}?{urlencode({'unit': unit.pk, 'date': line.date.isoformat()})}"
    return DayCell(line, line.date == clock.today(), url)
