"""An independent judge of docs/adr/0003: it walks minute by minute and day by day, sharing no code with the portal."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction

DAY = timedelta(days=1)
WEEKEND = (5, 6)


@dataclass
class Facts:
    """What was set, as plain rows beginning with the path of the unit; national days as `date -> worked`."""

    nation: dict[date, bool]
    own: list[tuple[str, date, bool]]
    terms: list[tuple[str, int, date, date]]
    hours: list[tuple[str, date, int, time, time]]


class Oracle:
    """Answers for one place in naive local time, to the minute."""

    def __init__(self, facts: Facts, path: str) -> None:
        self.facts = facts
        self.upwards = [path[:end] for end in range(len(path), 0, -4)]
        self.minutes: dict[date, list[bool]] = {}

    def is_school_day(self, day: date) -> bool:
        for place in self.upwards:
            for path, named, is_open in self.facts.own:
                if path == place and named == day:
                    return is_open
        worked = self.facts.nation[day] if day in self.facts.nation else day.weekday() not in WEEKEND
        return worked and self.in_term(day)

    def in_term(self, day: date) -> bool:
        terms = {year: self.terms_of(year) for year in {row[1] for row in self.facts.terms}}
        if any(starts <= day <= ends for rows in terms.values() for starts, ends in rows):
            return True
        return not any(rows and date(year, 9, 1) <= day <= date(year + 1, 8, 31) for year, rows in terms.items())

    def terms_of(self, year: int) -> list[tuple[date, date]]:
        for place in self.upwards:
            here = [row[2:] for row in self.facts.terms if row[:2] == (place, year)]
            if here:
                return here
        return []

    def stretches(self, day: date) -> list[tuple[time, time]]:
        for place in self.upwards:
            begun = [row[1] for row in self.facts.hours if row[0] == place and row[1] <= day]
            if not begun:
                continue
            table = [row for row in self.facts.hours if row[:2] == (place, max(begun))]
            for weekday in (day.weekday() + 1, 0):
                found = [row[3:] for row in table if row[2] == weekday]
                if found:
                    return found
        return [(time(8, 0), time(12, 0)), (time(14, 0), time(17, 30))]

    def open_minutes(self, day: date) -> list[bool]:
        """The minutes of a day, one by one."""
        if day not in self.minutes:
            stretches = self.stretches(day) if self.is_school_day(day) else []
            clock = [time(minute // 60, minute % 60) for minute in range(24 * 60)]
            self.minutes[day] = [any(opens <= now < closes for opens, closes in stretches) for now in clock]
        return self.minutes[day]

    def add_minutes(self, moment: datetime, minutes: int) -> datetime:
        """The end of the n-th open minute after `moment`."""
        if not minutes:
            return moment
        day, first = moment.date(), moment.hour * 60 + moment.minute
        while True:
            row = self.open_minutes(day)
            for minute in range(first, 24 * 60):
                minutes -= row[minute]
                if not minutes:
                    return midnight(day) + timedelta(minutes=minute + 1)
            day, first = day + DAY, 0

    def minutes_between(self, start: datetime, end: datetime) -> int:
        passed, now = 0, start
        while now < end:
            row = self.open_minutes(now.date())
            tomorrow = midnight(now.date() + DAY)
            last = end.hour * 60 + end.minute if end < tomorrow else 24 * 60
            for minute in range(now.hour * 60 + now.minute, last):
                passed += row[minute]
            now = tomorrow
        return passed

    def add_days(self, moment: datetime, days: Fraction) -> datetime:
        """The part of a day is walked minute by minute, its last minute in proportion."""
        if not days:
            return moment
        day = moment.date()
        while days > 0:
            day += DAY
            days -= self.is_school_day(day)
        row = self.open_minutes(day)
        need = (days + 1) * sum(row)
        for minute, is_open in enumerate(row):
            if is_open and need <= 1:
                return midnight(day) + timedelta(microseconds=round((minute + need) * 60 * 1_000_000))
            need -= is_open
        raise AssertionError("a school day without hours")

    def days_between(self, start: datetime, end: datetime) -> Fraction:
        if end.date() <= start.date():
            return Fraction(0)
        days, day = Fraction(0), start.date() + DAY
        while day < end.date():
            days += self.is_school_day(day)
            day += DAY
        row = self.open_minutes(day)
        return days + (Fraction(sum(row[: end.hour * 60 + end.minute]), sum(row)) if any(row) else 0)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(0))
