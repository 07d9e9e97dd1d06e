"""The national calendar from the `holidays` library, so that a fresh portal knows its days; after every migrate."""

from collections.abc import Iterator
from datetime import date
from importlib.metadata import version

import holidays
from django.db import transaction

from portal.ledger.actions import CLOCK

from .actions import import_year
from .models import CalendarDay, CalendarYear, DayKind
from .notice import NoticeRow

YEARS = range(2024, 2029)
SWAPPED = "休息日"  # how the library names a day off that a weekend is worked for


def seed() -> None:
    """Writes missing years; confirms a provisional one that a newer library knows and nobody has touched."""
    known = {one.year: one for one in CalendarYear.objects.filter(year__in=YEARS)}
    waiting = [year for year in YEARS if year not in known or _untouched(known[year])]
    for year, rows in _library(waiting).items():
        if year not in known:
            _write(year, rows)
        elif _complete(rows):
            import_year(year=year, rows=rows, source=_source(), by=CLOCK)


@transaction.atomic
def _write(year: int, rows: list[NoticeRow]) -> None:
    """The first writing is the portal's own data, not somebody's act: it has no ledger entry."""
    CalendarYear.objects.create(year=year, confirmed=_complete(rows), source=_source())
    CalendarDay.objects.bulk_create(
        CalendarDay(date=row.date, kind=row.kind, name=row.name, source=_source()) for row in rows
    )


def _untouched(year: CalendarYear) -> bool:
    return not year.confirmed and year.chain_seq == 0


def _complete(rows: list[NoticeRow]) -> bool:
    """Whether the library has the year's notice: until then it knows holidays but no make-up day, and is silent."""
    return any(row.kind == DayKind.MAKEUP for row in rows)


def _source() -> str:
    return f"holidays {version('holidays')}"


def _library(years: list[int]) -> dict[int, list[NoticeRow]]:
    if not years:
        return {}
    china = holidays.country_holidays("CN", years=years, language="zh_CN")
    return {year: sorted(_rows(china, year), key=_date) for year in years}


def _rows(china: holidays.HolidayBase, year: int) -> Iterator[NoticeRow]:
    for day, name in china.items():
        if day.year == year:
            kind = DayKind.RESTDAY if name.startswith(SWAPPED) else DayKind.HOLIDAY
            yield NoticeRow(day, kind, name)
    for day in china.weekend_workdays:
        if day.year == year:
            yield NoticeRow(day, DayKind.MAKEUP, "补班")


def _date(row: NoticeRow) -> date:
    return row.date
