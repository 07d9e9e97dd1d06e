"""One page of figures: everything asked once, for a unit, an affair and a period."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.urls import reverse

from portal import clock
from portal.orgs.models import Enrolment, Unit, UnitKind, User
from portal.rollups import asking
from portal.rollups.asking import Reading, Tallied
from portal.rollups.book import Chapter, Figure
from portal.rollups.lists import query_of
from portal.rollups.periods import Almanac, Period
from portal.worktime.calendars import calendar_for

FEW_STAFF = 5  # below, a rate per hundred says nothing


@dataclass
class Board:
    """What the page of one unit knows of one affair."""

    unit: Unit
    chapter: Chapter
    almanac: Almanac
    period: Period
    schools: list[Unit] = field(default_factory=list)
    only: tuple[Figure, ...] = ()

    @property
    def figures(self) -> tuple[Figure, ...]:
        """What is asked: every figure of the affair, or `only` some."""
        return self.only or self.chapter.figures

    @property
    def is_school(self) -> bool:
        """Whether this is one school, not several."""
        return self.unit.kind == UnitKind.SCHOOL

    @cached_property
    def _counted(self) -> list[dict[int, Tallied]]:
        """By school: now, and in the period before; with what is open this moment."""
        now, before = asking.by_school(self.figures, self.unit.path, self.period, self.almanac.before(self.period))
        for school, counts in asking.live(self.chapter, self.unit.path).items():
            now[school].live = counts
        return [now, before]

    @cached_property
    def _asked(self) -> list[dict[str, Tallied]]:
        """By the path of a school or office: what the affair answers of its own tables, now, and in the period before of
        what schools are ranked by."""
        now, before = self.period, self.almanac.before(self.period)
        ranked = [one for one in (self.chapter.figure(name) for name, _ in self.chapter.ranked) if not self.only]
        return [
            asking.asked(figures, self.unit.path, period.since, period.until)
            for figures, period in ((self.figures, now), (ranked, before))
        ]

    def of(self, schools: Iterable[Unit] | None = None, *, before: bool = False, office: Unit | None = None) -> Tallied:
        """What these schools (all below the unit) counted together; with what is kept at the offices above them."""
        counted, asked = self._counted[1 if before else 0], self._asked[1 if before else 0]
        whole = Tallied()
        several = self.schools if schools is None else list(schools)
        for school in several:
            if school.pk in counted:
                whole += counted[school.pk]
        top = office or (self.unit if schools is None else None)
        paths = [one for one in asked if one.startswith(top.path)] if top else [one.path for one in several]
        for path in paths:
            if path in asked:
                whole += asked[path]
        return whole

    @cached_property
    def here(self) -> Tallied:
        """The unit as a whole, now."""
        return self.of()

    @cached_property
    def was(self) -> Tallied:
        """The unit as a whole, in the period before."""
        return self.of(before=True)

    @cached_property
    def trend(self) -> tuple[list[Period], list[Tallied]]:
        """The periods up to this one, and what was counted in each."""
        periods, chapter = self.almanac.leading_to(self.period), self.chapter
        drawn = [chapter.figure(name) for name in (*chapter.drawn, *chapter.paired)]
        return periods, asking.by_period(drawn, self.unit.path, periods)

    @cached_property
    def staff(self) -> dict[int, int]:
        """People who work at each school; pupils' and parents' accounts do not count."""
        rows = User.objects.filter(is_active=True, student=None, home__school__in=[one.pk for one in self.schools])
        return dict(rows.order_by().values_list("home__school").annotate(Count("pk")))

    @cached_property
    def pupils(self) -> dict[int, int]:
        """Pupils of each school today."""
        rows = Enrolment.objects.filter(until=None, school_class__school__in=[one.pk for one in self.schools])
        return dict(rows.order_by().values_list("school_class__school").annotate(Count("pk")))

    def url(self, figure: Figure, unit: Unit | None = None, **narrow: Any) -> str:
        """The list of the cases a figure counts, narrowed to a `topic`, a `level` or its `base`; nothing where it counts no cases."""
        return self.url_of(figure, (unit or self.unit).pk, **narrow)

    def url_of(self, figure: Figure, place: int, **narrow: Any) -> str:
        """The same for a place by its id."""
        if figure.asked is not None and not figure.listed:
            return ""
        asked = query_of(figure, place=place, since=self.period.since, until=self.period.until, **narrow)
        return f"{self._desk}?tab=governed&{asked}"

    @cached_property
    def _desk(self) -> str:
        return reverse("desk")

    def tile(self, figure: Figure) -> dict[str, Any]:
        """A figure as a tile: its value, how many lie behind it, how it was before."""
        reading = self.here.read(figure)
        tone = reading.tone if reading.tone in ("late", "soon") else ""
        return {
            "title": figure.title,
            "icon": figure.icon,
            "value": reading.words,
            "unit": figure.unit if reading.value is not None else "",
            "note": " · ".join(one for one in (reading.behind, self._change(figure, reading)) if one),
            "tone": tone,
            "url": self.url(figure) if reading.n else "",
        }

    def _change(self, figure: Figure, reading: Reading) -> str:
        """Compared with the period before, in words; nothing for what is asked live or was not known."""
        earlier = self.was.read(figure)
        asked = figure.live is not None or figure.asked is not None
        if asked or not figure.how.compares or reading.value is None or earlier.value is None:
            return ""
        word = {"week": "前一周", "month": "前一月", "term": "前一学期"}[self.period.kind]
        change = reading.value - earlier.value
        if not change:
            return f"与{word}持平"
        points = " 个百分点" if figure.unit == "%" else f" {figure.unit}"
        return f"比{word}{'多' if change > 0 else '少'} {abs(change).normalize():f}{points}"


def schools_below(unit: Unit) -> list[Unit]:
    """The schools of a unit that are in use, itself when it is one. One query."""
    if unit.kind == UnitKind.SCHOOL:
        return [unit]
    return list(Unit.objects.filter(path__startswith=unit.path, kind=UnitKind.SCHOOL).open())


def towns_below(unit: Unit) -> list[Unit]:
    """The towns of a bureau. One query; none below a town."""
    if unit.kind != UnitKind.BUREAU:
        return []
    return list(Unit.objects.filter(path__startswith=unit.path, kind=UnitKind.TOWN).open())


def period_of(almanac: Almanac, kind: str, day: str) -> Period:
    """The period an address asks for, never the future. Where it names no day, the one today lies in; the one before while
    that has no school day behind it, for on a Monday morning there is nothing to see of the week."""
    today = clock.today()
    try:
        asked = min(today, date.fromisoformat(day))
    except ValueError:
        asked = None
    if asked is not None and asked.year < 2000:
        asked = None
    period = almanac.holding(kind if kind in ("week", "month", "term") else "week", asked or today)
    earlier = almanac.before(period)
    if asked is None and earlier.since < period.since and not _has_gone_to_school(almanac.path, period, today):
        return earlier
    return period


def _has_gone_to_school(path: str, period: Period, today: date) -> bool:
    """Whether a school day of the period is over. One question, none on its first day."""
    if period.since == today:
        return False
    calendar = calendar_for(path)
    return any(calendar.is_school_day(period.since + timedelta(days=at)) for at in range((today - period.since).days))
