"""The district's school years, hours and days of its own, set by its admin."""

from datetime import date, time, timedelta

from portal import clock
from portal.orgs.models import User
from portal.worktime.actions import set_hours, set_terms, set_unit_day

from .district import District, year_of_entry

NURSERY = {0: [(time(7, 50), time(11, 30)), (time(14, 0), time(16, 30))]}
LONG_DAY = {0: [(time(7, 30), time(12, 0)), (time(14, 0), time(18, 0))]}
FRIDAY = 5


def set_up(district: District, *, until: date, by: User) -> None:
    """Terms of last year and this, the hours of kindergartens and senior schools, and a day of sports."""
    first = year_of_entry(until)
    for year in (first - 1, first):
        set_terms(unit=district.bureau, start_year=year, terms=terms_of(year), by=by)
    begins = date(first, 9, 1)
    for school in district.schools.values():
        if school.unit.stage in ("KG", "SEN"):
            set_hours(unit=school.unit, hours=NURSERY if school.unit.stage == "KG" else LONG_DAY, by=by, since=begins)
    sports = until - timedelta(days=21)
    sports -= timedelta(days=(sports.isoweekday() - FRIDAY) % 7)
    if sports > clock.today():
        set_unit_day(unit=district.place("LX01"), day=sports, is_open=False, name="校运动会", by=by)


def terms_of(year: int) -> list[tuple[date, date]]:
    """Two terms: September to late January, March to early July."""
    return [(date(year, 9, 1), date(year + 1, 1, 24)), (date(year + 1, 3, 1), date(year + 1, 7, 4))]
