"""An independent judge of docs/adr/0003: it walks minute by minute and day by day, and shares no code with the portal."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass
class Facts:
    """What was set, as plain rows: `(path, …)`; national days as `date -> worked`."""

    nation: dict = field(default_factory=dict)
    own: list = field(default_factory=list)
    terms: list = field(default_factory=list)
    hours: list = field(default_factory=list)


class Oracle:
    """Answers for one place in naive local time, to the minute."""

    def __init__(self, facts, path):
        self.facts = facts
        self.upwards = [path[:end] for end in range(len(path), 0, -4)]
        self.minutes = {}

    def is_school_day(self, day):
        for place in self.upwards:
            for path, date_, is_open in self.facts.own:
                if path == place and date_ == day:
                    return is_open
        if day in self.facts.nation:
            if not self.facts.nation[day]:
                return False
        elif day.weekday() in (5, 6):
            return False
        terms = {}
        for year in {row[1] for row in self.facts.terms}:
            for place in self.upwards:
                here = [row for row in self.facts.terms if row[0] == place and row[1] == year]
                if here:
                    terms[year] = here
                    break
        for rows in terms.values():
            for _, _, starts, ends in rows:
                if starts <= day <= ends:
                    return True
        return not any(date(year, 9, 1) <= day <= date(year + 1, 8, 31) for year in terms)

    def stretches(self, day):
        for place in self.upwards:
            begun = [row[1] for row in self.facts.hours if row[0] == place and row[1] <= day]
            if not begun:
                continue
            table = [row for row in self.facts.hours if row[0] == place and row[1] == max(begun)]
            for weekday in (day.weekday() + 1, 0):
                found = [(opens, closes) for _, _, named, opens, closes in table if named == weekday]
                if found:
                    return found
        return [(time(8, 0), time(12, 0)), (time(14, 0), time(17, 30))]

    def open_minutes(self, day):
        """The minutes of a day, one by one: 1 while open."""
        if day not in self.minutes:
            open_ = self.stretches(day) if self.is_school_day(day) else []
            clock = [time(minute // 60, minute % 60) for minute in range(24 * 60)]
            self.minutes[day] = [any(opens <= now < closes for opens, closes in open_) for now in clock]
        return self.minutes[day]

    def add_minutes(self, moment, minutes):
        """The end of the n-th open minute after `moment`."""
        if not minutes:
            return moment
        now = moment
        while True:
            row = self.open_minutes(now.date())
            for minute in range(now.hour * 60 + now.minute, 24 * 60):
                minutes -= row[minute]
                if not minutes:
                    return datetime.combine(now.date(), time(0)) + (minute + 1) * MINUTE
            now = datetime.combine(now.date() + DAY, time(0))

    def minutes_between(self, start, end):
        passed, now = 0, start
        while now < end:
            row = self.open_minutes(now.date())
            tomorrow = datetime.combine(now.date() + DAY, time(0))
            last = end.hour * 60 + end.minute if end < tomorrow else 24 * 60
            for minute in range(now.hour * 60 + now.minute, last):
                passed += row[minute]
            now = tomorrow
        return passed

    def add_days(self, moment, days):
        """`days` is a Fraction; the part of a day is walked minute by minute, its last minute in proportion."""
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
                exact = (minute + need) * 60 * 1_000_000
                return datetime.combine(day, time(0)) + timedelta(microseconds=round(exact))
            need -= is_open
        raise AssertionError("a school day without hours")

    def days_between(self, start, end):
        if end.date() <= start.date():
            return Fraction(0)
        days, day = Fraction(0), start.date() + DAY
        while day < end.date():
            days += self.is_school_day(day)
            day += DAY
        row = self.open_minutes(day)
        return days + (Fraction(sum(row[: end.hour * 60 + end.minute]), sum(row)) if any(row) else 0)
