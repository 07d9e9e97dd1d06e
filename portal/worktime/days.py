"""Which days are school days at one place, and when it is open on them: the rules of docs/adr/0003, resolved once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from .models import EVERY_DAY

Windows = tuple[tuple[int, int], ...]  # open stretches of a day, in microseconds since its midnight
Timetable = Mapping[int, Windows]  # by weekday, 1 to 7, or 0 for those not named

SECOND = 1_000_000
HOUR = 3600 * SECOND
USUAL_HOURS = ((time(8), time(12)), (time(14), time(17, 30)))
SEPTEMBER = 9
FRIDAY = 5
USUAL_TERMS = (((9, 1), (1, 15)), ((3, 1), (7, 5)))  # month and day, where a place has set no terms


@dataclass
class Nation:
    """The national calendar: days that differ from the ordinary week, and the years whose notice is known."""

    works: dict[date, bool] = field(default_factory=dict)
    confirmed: frozenset[int] = frozenset()


@dataclass
class Place:
    """What one unit has set for itself and everything below it."""

    days: dict[date, bool] = field(default_factory=dict)
    terms: dict[int, list[tuple[date, date]]] = field(default_factory=dict)
    timetables: dict[date, dict[int, list[tuple[time, time]]]] = field(default_factory=dict)


class Days:
    """School days and open hours at one place, from what it and the places above it have set; remembers each day."""

    def __init__(self, nation: Nation, above: Sequence[Place]) -> None:
        """`above` names the places from the top of the tree down to the place itself."""
        self.nation = nation
        self._own: dict[date, bool] = {}
        self._years: dict[int, list[tuple[date, date]]] = {}
        for place in above:
            self._own.update(place.days)
            self._years.update(place.terms)
        self._terms = [term for terms in self._years.values() for term in terms]
        self._timetables = [_newest_first(place) for place in reversed(above) if place.timetables]
        self._known: dict[int, tuple[int, Windows]] = {}

    def is_school_day(self, day: date) -> bool:
        """The nearest unit's own day decides; else it must be worked in the country and lie inside a term.

        A school year for which no term is set counts as one long term.
        """
        own = self._own.get(day)
        if own is not None:
            return own
        works = self.nation.works.get(day)
        if not (day.isoweekday() <= FRIDAY if works is None else works):
            return False
        return any(starts <= day <= ends for starts, ends in self._terms) or school_year(day) not in self._years

    def term_of(self, day: date) -> tuple[date, date] | None:
        """The term this day lies in: the place's own, else what is usual; none in the holidays."""
        year = school_year(day)
        terms = self._years[year] if year in self._years else usual_terms(year)
        return next((term for term in terms if term[0] <= day <= term[1]), None)

    def hours_on(self, day: date) -> Windows:
        """The hours the nearest timetable in force gives this day, whether or not it is a school day."""
        for timetables in self._timetables:
            table = next((table for since, table in timetables if since <= day), None)
            if table is not None:
                found = table.get(day.isoweekday()) or table.get(EVERY_DAY)
                if found:
                    return found
        return USUAL

    def open_on(self, ordinal: int) -> tuple[int, Windows]:
        """How long the place is open on this day (a date's ordinal), and in which stretches; none when closed."""
        known = self._known.get(ordinal)
        if known is None:
            day = date.fromordinal(ordinal)
            windows = self.hours_on(day) if self.is_school_day(day) else ()
            known = (sum(closes - opens for opens, closes in windows), windows)
            self._known[ordinal] = known
        return known


def school_year(day: date) -> int:
    """The year in which the school year of this day began: it runs from 1 September to 31 August."""
    return day.year if day.month >= SEPTEMBER else day.year - 1


def usual_terms(year: int) -> list[tuple[date, date]]:
    """The two terms of a school year for which a place has set none."""
    dates = [[date(year + (month < SEPTEMBER), month, day) for month, day in term] for term in USUAL_TERMS]
    return [(first, last) for first, last in dates]


def microseconds(moment: time) -> int:
    """Time since midnight."""
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * SECOND + moment.microsecond


def windows_of(stretches: Sequence[tuple[time, time]]) -> Windows:
    """Open stretches in order, those that touch or overlap joined."""
    joined: list[tuple[int, int]] = []
    for opens, closes in sorted((microseconds(one), microseconds(other)) for one, other in stretches):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return tuple(joined)


def _newest_first(place: Place) -> list[tuple[date, Timetable]]:
    return [
        (since, {weekday: windows_of(rows) for weekday, rows in place.timetables[since].items()})
        for since in sorted(place.timetables, reverse=True)
    ]


USUAL = windows_of(USUAL_HOURS)
