"""The list behind a figure: exactly the cases it counts, as a condition on any list of cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from django.db.models import Q

from portal.cases.models import CaseQuerySet

from .book import CHAPTERS, Figure, countable, figure, tallies
from .models import Counted

LONGEST = timedelta(days=400)


@dataclass(frozen=True)
class Behind:
    """A figure over a stretch of days, of one kind or all, at places of one level (from 1) or all; `base` asks for the
    cases a share is of.
    """

    figure: Figure
    since: date
    until: date
    topic: str = ""
    base: bool = False
    level: int = 0

    @classmethod
    def of(cls, asked: Mapping[str, str], today: date) -> "Behind | None":
        """From an address; anything it does not know counts as not said. A live figure needs no days."""
        found = figure(asked.get("figure", ""))
        if found is None:
            return None
        since, until = _day(asked.get("since", ""), today), _day(asked.get("until", ""), today)
        if until < since or until - since > LONGEST:
            since = until
        levels = {str(n): n for n, _ in enumerate(CHAPTERS[found.name.partition(".")[0]].levels, 1)}
        level = levels.get(asked.get("level", ""), 0)
        return cls(found, since, until, asked.get("topic", "")[:20], asked.get("base", "") == "1", level)

    def narrow(self, rows: CaseQuerySet) -> CaseQuerySet:
        """Those of the rows that the figure counts."""
        tally = self.figure.over if self.base and self.figure.over else self.figure.lists
        own = tally in (known := tallies()) and known[tally].by_part
        if self.topic and not own:
            rows = rows.filter(topic=self.topic)
        chapter = CHAPTERS[self.figure.name.partition(".")[0]]
        if self.level:
            rows = rows.filter(unit__kind__in=chapter.levels[self.level - 1][1])
        if self.figure.live is not None:
            return rows.filter(countable(chapter, self.figure), self.figure.live())
        days = (self.until - self.since).days + 1
        kind = f":{self.topic}" if self.topic and own else ""
        marks = [f"{tally}:{self.since + timedelta(days=step)}{kind}" for step in range(days)]
        return rows.filter(Q(pk__in=Counted.objects.filter(marks__overlap=marks).values("case")))

    @property
    def words(self) -> str:
        """What the list is narrowed to: 按时修好 · 2026-11-16 至 2026-11-22."""
        chapter = CHAPTERS[self.figure.name.partition(".")[0]]
        parts = [chapter.title, f"“{self.figure.title}”{'的总数' if self.base else ''}"]
        if self.topic:
            parts.append(chapter.topics().get(self.topic, self.topic))
        if self.level:
            parts.append(chapter.levels[self.level - 1][0])
        if self.figure.live is None:
            parts.append(f"{self.since} 至 {self.until}")
        return " · ".join(parts)


def query_of(
    one: Figure, *, place: int, since: date, until: date, topic: str = "", base: bool = False, level: int = 0
) -> str:
    """The part of an address that asks for the cases a figure counts at a place."""
    asked = f"figure={one.name}&place={place}"  # codes, numbers and days need no quoting, and a county has thousands of these
    if one.live is None:
        asked += f"&since={since}&until={until}"
    if topic:
        asked += f"&topic={quote(topic)}"
    if level:
        asked += f"&level={level}"
    return f"{asked}&base=1" if base else asked


def _day(text: str, fallback: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return fallback
