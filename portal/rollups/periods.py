"""The stretches of time figures are read for: a week, a month, a term, each with the one before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from portal.orgs.models import Term, prefixes

KINDS = {"week": "周", "month": "月", "term": "学期"}
TREND = {"week": 8, "month": 6, "term": 4}  # how many are drawn
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Days from `since` up to and with `until`, and what people call them."""

    kind: str
    since: date
    until: date
    title: str
    short: str

    @property
    def span(self) -> str:
        """Its days in words: 11月16日—11月22日."""
        return f"{self.since.month}月{self.since.day}日—{self.until.month}月{self.until.day}日"


class Almanac:
    """The terms of a place, and the weeks and months around a day. One query, at the first question about terms."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._terms: list[tuple[date, date, str]] | None = None

    def holding(self, kind: str, day: date) -> Period:
        """The week, month or term a day lies in; after the end of a term, the term that has just ended."""
        if kind == "month":
            first = day.replace(day=1)
            last = (first + timedelta(days=31)).replace(day=1) - A_DAY
            return Period(kind, first, last, f"{first.year}年{first.month}月", f"{first.month}月")
        if kind == "term":
            return self._term(day)
        first = day - timedelta(days=day.weekday())
        return Period(kind, first, first + 6 * A_DAY, *self._week(first))

    def before(self, period: Period) -> Period:
        """The one before."""
        return self.holding(period.kind, period.since - A_DAY)

    def after(self, period: Period) -> Period:
        """The one that follows."""
        return self.holding(period.kind, period.until + A_DAY)

    def leading_to(self, period: Period) -> list[Period]:
        """This one and those before, oldest first, as many as a trend shows."""
        found = [period]
        while len(found) < TREND[period.kind]:
            earlier = self.before(found[0])
            if earlier.since >= found[0].since:
                break
            found.insert(0, earlier)
        return found

    def _week(self, first: date) -> tuple[str, str]:
        """The week's number in its term, where it has one."""
        for starts, ends, _ in self.terms:
            monday = starts - timedelta(days=starts.weekday())
            if monday <= first <= ends:
                number = (first - monday).days // 7 + 1
                return f"第 {number} 周", str(number)
        return "一周", f"{first.month}-{first.day}"

    def _term(self, day: date) -> Period:
        begun = [one for one in self.terms if one[0] <= day]
        if begun:
            starts, ends, title = begun[-1]
            following = next((one[0] for one in self.terms if one[0] > starts), None)
            last = max(ends, following - A_DAY if following else ends)  # holidays belong to the term before
            return Period("term", starts, max(last, min(day, last)), title, title[-4:-2])
        autumn = day.month >= 8 or day.month == 1
        year = day.year - (day.month == 1)
        if autumn:
            return Period("term", date(year, 8, 1), date(year + 1, 1, 31), f"{year}-{year + 1} 第一学期", "第一")
        return Period("term", date(year, 2, 1), date(year, 7, 31), f"{year - 1}-{year} 第二学期", "第二")

    @property
    def terms(self) -> list[tuple[date, date, str]]:
        """The terms of the nearest unit that has any, oldest first: first day, last day, name."""
        if self._terms is None:
            rows = Term.objects.filter(unit__path__in=prefixes(self.path)).select_related("unit", "year")
            self._terms = _nearest(rows)
        return self._terms


def _nearest(rows: Iterable[Term]) -> list[tuple[date, date, str]]:
    many = list(rows)
    longest: dict[int, int] = {}
    for row in many:
        longest[row.year_id] = max(longest.get(row.year_id, 0), len(row.unit.path))
    own = [row for row in many if len(row.unit.path) == longest[row.year_id]]
    return sorted((row.starts, row.ends, f"{row.year} {row.get_number_display()}") for row in own)
