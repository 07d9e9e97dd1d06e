"""The only writers of the school calendar; each writes its ledger entry and tells the listeners in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction

from portal import clock
from portal.errors import NotThere, Refused
from portal.ledger.actions import append
from portal.orgs.models import SchoolYear, Term, Unit, User

from . import rules
from .days import FRIDAY
from .models import WORKING, CalendarDay, CalendarYear, DayKind, Hours, UnitCalendar, UnitDay
from .notice import NoticeRow

NATION = ""  # the path above every unit's
AUGUST = 8
Listener = Callable[..., None]
_on_change: list[Listener] = []


def on_calendar_changed(listener: Listener) -> Listener:
    """Registers what must follow when days change; called in the same transaction.

    `listener(path=…, since=…, until=…, by=…)`: everything at and below `path` ("" is the nation), from one date to
    another; `until=None` is without end.
    """
    _on_change.append(listener)
    return listener


@transaction.atomic
def set_day(
    *, day: date, kind: str, by: User | str, name: str = "", source: str = "", seen: int | None = None
) -> CalendarDay:
    """Says what one day is in the whole country. `seen` is the year's `chain_seq` the page showed."""
    rules.believable_year(day.year)
    rules.possible_kind(day, kind)
    year = _locked_year(day.year, seen)
    before = CalendarDay.objects.filter(date=day).first()
    row = CalendarDay(pk=before.pk if before else None, date=day, kind=kind, name=name, source=source)
    rules.fitting_fields(row)
    if before and (before.kind, before.name, before.source) == (kind, name, source):
        return before
    row.save()
    was = before.kind if before else None
    append(year, "day_set", by=by, at=clock.now(), facts={"date": day, "kind": kind, "was": was})
    if _works(day, was) != _works(day, kind):
        _tell(NATION, day, day, by)
    return row


@transaction.atomic
def import_year(*, year: int, rows: Sequence[NoticeRow], source: str, by: User | str, seen: int | None = None) -> int:
    """Puts the yearly notice in place of what was known of the year, and confirms it. Says how many days changed.

    Refused whole for any wrong row; the same notice twice changes nothing.
    """
    rules.believable_year(year)
    rules.whole_notice(year, rows)
    holder = _locked_year(year, seen)
    known = {one.date: one.kind for one in CalendarDay.objects.filter(date__year=year)}
    wanted = {row.date: str(row.kind) for row in rows}
    changed = [day for day in sorted({*known, *wanted}) if known.get(day) != wanted.get(day)]
    if holder.confirmed and not changed:
        return 0
    fresh = [CalendarDay(date=row.date, kind=row.kind, name=row.name, source=source) for row in rows]
    for row in fresh:
        rules.fitting_fields(row)
    CalendarDay.objects.filter(date__year=year).delete()
    CalendarDay.objects.bulk_create(fresh)
    _confirm(holder, source)
    facts = {"year": year, "days": [[day, known.get(day), wanted.get(day)] for day in changed]}
    append(holder, "year_imported", by=by, at=clock.now(), facts=facts)
    _tell(NATION, date(year, 1, 1), date(year, 12, 31), by)
    return sum(_works(day, known.get(day)) != _works(day, wanted.get(day)) for day in changed)


@transaction.atomic
def confirm_year(*, year: int, by: User | str, source: str = "", seen: int | None = None) -> CalendarYear:
    """The year's days are those of its notice. Refused while it has no make-up day: every notice names some."""
    holder = CalendarYear.objects.select_for_update().filter(year=year).first()
    if holder is None or not CalendarDay.objects.filter(date__year=year, kind=DayKind.MAKEUP).exists():
        raise Refused(
            f"{year} 年还没有补班日，不能核定。",
            rule="放假安排的通知公布之前，这一年的期限都是暂定",
            instead="请先导入这一年的放假安排通知。",
        )
    rules.nobody_changed_it_since(holder, seen)
    if not holder.confirmed:
        _confirm(holder, source)
        append(holder, "year_confirmed", by=by, at=clock.now(), facts={"year": year})
        _tell(NATION, date(year, 1, 1), date(year, 12, 31), by)
    return holder


@transaction.atomic
def set_unit_day(
    *, unit: Unit, day: date, is_open: bool, name: str, by: User | str, seen: int | None = None
) -> UnitDay:
    """A place and all below it close (运动会) or open (补课) on one day, whatever nation and terms say."""
    rules.believable_year(day.year)
    holder = _locked_unit(unit, seen)
    before = UnitDay.objects.filter(unit=unit, date=day).first()
    row = UnitDay(pk=before.pk if before else None, unit=unit, date=day, open=is_open, name=name)
    rules.fitting_fields(row)
    if before and (before.open, before.name) == (is_open, name):
        return before
    row.save()
    was = before.open if before else None
    append(
        holder, "unit_day_set", by=by, at=clock.now(), facts={"unit": unit, "date": day, "open": is_open, "was": was}
    )
    if was != is_open:
        _tell(holder.unit.path, day, day, by)
    return row


@transaction.atomic
def clear_unit_day(*, unit: Unit, day: date, by: User | str, seen: int | None = None) -> None:
    """The place follows the nation, its terms and those above it again on this day."""
    holder = _locked_unit(unit, seen)
    row = UnitDay.objects.filter(unit=unit, date=day).first()
    if row is None:
        raise NotThere(f"{unit.name}没有为 {day} 单独设置过。")
    row.delete()
    append(holder, "unit_day_cleared", by=by, at=clock.now(), facts={"unit": unit, "date": day, "was": row.open})
    _tell(holder.unit.path, day, day, by)


@transaction.atomic
def set_hours(
    *,
    unit: Unit,
    hours: Mapping[int, rules.Stretches],
    by: User | str,
    since: date | None = None,
    seen: int | None = None,
) -> list[Hours]:
    """A timetable (作息时间) from `since` (today) until the unit's next: stretches by weekday, 0 for the rest.

    Refused when it is empty, or a stretch ends before it begins or overlaps another. Days before `since` keep theirs.
    """
    since = since or clock.today()
    rules.believable_year(since.year)
    rules.orderly_hours(hours)
    holder = _locked_unit(unit, seen)
    was = list(Hours.objects.filter(unit=unit, since=since))
    fresh = [
        Hours(unit=unit, since=since, weekday=weekday, opens=opens, closes=closes)
        for weekday, stretches in sorted(hours.items())
        for opens, closes in sorted(stretches)
    ]
    if _spelled(was) == _spelled(fresh):
        return was
    Hours.objects.filter(unit=unit, since=since).delete()
    Hours.objects.bulk_create(fresh)
    facts = {"unit": unit, "since": since, "hours": _spelled(fresh), "was": _spelled(was) or None}
    append(holder, "hours_set", by=by, at=clock.now(), facts=facts)
    _tell(holder.unit.path, since, _last_day_of(unit, since), by)
    return fresh


@transaction.atomic
def clear_hours(*, unit: Unit, since: date, by: User | str, seen: int | None = None) -> None:
    """Takes back the timetable that began on `since`: the one before it goes on, or the one of the place above."""
    holder = _locked_unit(unit, seen)
    was = list(Hours.objects.filter(unit=unit, since=since))
    if not was:
        raise NotThere(f"{unit.name}没有从 {since} 起的作息时间。")
    Hours.objects.filter(unit=unit, since=since).delete()
    append(holder, "hours_cleared", by=by, at=clock.now(), facts={"unit": unit, "since": since, "was": _spelled(was)})
    _tell(holder.unit.path, since, _last_day_of(unit, since), by)


@transaction.atomic
def set_terms(
    *, unit: Unit, start_year: int, terms: Sequence[tuple[date, date]], by: User | str, seen: int | None = None
) -> list[Term]:
    """Both terms of a school year at a place, first and last school day each; no terms is to follow the place above.

    Both at once, because days outside the terms of a year that has any are no school days.
    """
    rules.both_terms(start_year, terms)
    holder = _locked_unit(unit, seen)
    year, _ = SchoolYear.objects.get_or_create(start_year=start_year)
    was = list(Term.objects.filter(unit=unit, year=year))
    fresh = [
        Term(unit=unit, year=year, number=n, starts=starts, ends=ends) for n, (starts, ends) in enumerate(terms, 1)
    ]
    if _dates(was) == _dates(fresh):
        return was
    Term.objects.filter(unit=unit, year=year).delete()
    Term.objects.bulk_create(fresh)
    facts = {"unit": unit, "year": start_year, "terms": _dates(fresh), "was": _dates(was)}
    append(holder, "terms_set", by=by, at=clock.now(), facts=facts)
    _tell(holder.unit.path, date(start_year, AUGUST, 1), date(start_year + 1, AUGUST, 31), by)
    return fresh


def _locked_year(year: int, seen: int | None) -> CalendarYear:
    CalendarYear.objects.get_or_create(year=year)
    holder = CalendarYear.objects.select_for_update().get(year=year)
    rules.nobody_changed_it_since(holder, seen)
    return holder


def _locked_unit(unit: Unit, seen: int | None) -> UnitCalendar:
    UnitCalendar.objects.get_or_create(unit=unit)
    holder = UnitCalendar.objects.select_for_update(of=("self",)).select_related("unit").get(unit=unit)
    rules.nobody_changed_it_since(holder, seen)
    return holder


def _confirm(holder: CalendarYear, source: str) -> None:
    holder.confirmed, holder.source = True, source
    rules.fitting_fields(holder)
    holder.save(update_fields=["confirmed", "source"])


def _works(day: date, kind: str | None) -> bool:
    return day.isoweekday() <= FRIDAY if kind is None else kind in WORKING


def _spelled(rows: Sequence[Hours]) -> dict[str, list[str]]:
    """A timetable as the ledger writes it: `{"0": ["08:00-12:00", …]}`."""
    table: dict[str, list[str]] = {}
    for row in rows:
        table.setdefault(str(row.weekday), []).append(f"{row.opens:%H:%M}-{row.closes:%H:%M}")
    return table


def _dates(terms: Sequence[Term]) -> list[str]:
    return [f"{term.starts}..{term.ends}" for term in terms]


def _last_day_of(unit: Unit, since: date) -> date | None:
    """The day before the unit's next timetable begins; none when it has no next."""
    following = Hours.objects.filter(unit=unit, since__gt=since).order_by("since").first()
    return following.since - timedelta(days=1) if following else None


def _tell(path: str, since: date, until: date | None, by: User | str) -> None:
    for listener in _on_change:
        listener(path=path, since=since, until=until, by=by)
