"""Questions to the roll-ups: sums by school, kind or stretch of time, histograms, and what is open this moment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case as Which
from django.db.models import Count, Q, Sum, Value, When

from portal.cases.models import Case
from portal.templatetags.sunlit import money
from portal.wire.amounts import rounded

from .book import Asked, Chapter, Figure, How
from .models import Daily, Fold
from .periods import Period
from .spread import middle

Sums = dict[str, tuple[int, Decimal]]  # of each tally: how many, and the amount
Bins = dict[str, dict[int, int]]
NOTHING = (0, Decimal(0))


@dataclass
class Tallied:
    """What has been counted of one school, kind or stretch of time; several are added up with `+=`."""

    sums: Sums = field(default_factory=dict)
    bins: Bins = field(default_factory=dict)
    live: dict[str, int] = field(default_factory=dict)
    asked: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __iadd__(self, other: "Tallied") -> "Tallied":
        for tally, (n, amount) in other.sums.items():
            mine = self.sums.get(tally, NOTHING)
            self.sums[tally] = (mine[0] + n, mine[1] + amount)
        for tally, bins in other.bins.items():
            own = self.bins.setdefault(tally, {})
            for bin, n in bins.items():
                own[bin] = own.get(bin, 0) + n
        for name, n in other.live.items():
            self.live[name] = self.live.get(name, 0) + n
        for name, (n, over) in other.asked.items():
            self.add(name, n, over)
        return self

    def add(self, name: str, n: int, over: int) -> None:
        """Adds what an affair was asked of one place."""
        mine = self.asked.get(name, (0, 0))
        self.asked[name] = (mine[0] + n, mine[1] + over)

    def read(self, figure: Figure) -> "Reading":
        """The figure as it stands here."""
        n, amount = self.sums.get(figure.of, NOTHING)
        over = self.sums.get(figure.over, NOTHING)[0]
        if figure.asked is not None:
            n, over = self.asked.get(figure.name, (0, 0))
        if figure.how == How.LIVE:
            n = self.live.get(figure.name, 0)
            return Reading(figure, Decimal(n), n, n)
        if figure.how == How.COUNT:
            return Reading(figure, Decimal(n), n, n)
        if figure.how == How.AMOUNT:
            return Reading(figure, amount, n, n)
        if figure.how == How.SHARE:
            return Reading(figure, _round(Decimal(100 * n) / over, "0.1") if over >= figure.fewest else None, n, over)
        if figure.how == How.PORTION:
            return self._portion(figure)
        if figure.how == How.MEAN:
            total = amount if figure.asked is None else Decimal(n)
            return Reading(figure, _round(total / over, "0.01") if over >= figure.fewest else None, n, over)
        found = middle(self.bins.get(figure.of, {}), figure.at) if n >= figure.fewest else None
        return Reading(figure, _round(found, "0.1") if found is not None else None, n, n)

    def _portion(self, figure: Figure) -> "Reading":
        """A share of money in money; none of nothing."""
        if figure.asked is not None:
            n, over = self.asked.get(figure.name, (0, 0))
            part, whole = Decimal(n) / 100, Decimal(over) / 100
        else:
            (n, part), (over, whole) = (self.sums.get(name, NOTHING) for name in (figure.of, figure.over))
        value = _round(100 * part / whole, "0.1") if whole > 0 else None
        return Reading(figure, value, n, over, (part, whole))


@dataclass(frozen=True)
class Reading:
    """A figure's value, none where too few cases would make it chance; `n` cases of `over` lie behind it, or `money` in 元."""

    figure: Figure
    value: Decimal | None
    n: int
    over: int
    money: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))

    @property
    def words(self) -> str:
        """The value as people read it."""
        if self.value is None:
            return "—"
        if self.figure.how == How.AMOUNT:
            return money(self.value)
        about = "约 " if self.figure.how == How.MIDDLE else ""  # read from bins: at most five per cent off
        return about + (f"{self.value.normalize():f}" if self.value else "0")

    @property
    def behind(self) -> str:
        """How many cases lie behind it, in words."""
        if self.figure.how == How.PORTION:
            return f"{money(self.money[0])} / {money(self.money[1])} 元" if self.value is not None else ""
        if self.figure.how == How.SHARE:
            word = self.figure.word
            return f"{self.n} / {self.over} {word}" if self.value is not None else f"只有 {self.over} {word}，不算比率"
        if self.figure.how in (How.MEAN, How.MIDDLE):
            word = self.figure.word
            return f"{self.over} {word}" if self.value is not None else f"只有 {self.over} {word}，不算"
        return ""

    @property
    def tone(self) -> str:
        """done, soon or late by the figure's light; nothing without one, or without a value."""
        return self.figure.light.tone(self.value) if self.figure.light and self.value is not None else ""


def as_of() -> datetime | None:
    """The moment up to which the roll-ups miss nothing."""
    return Fold.objects.filter(pk=1).values_list("as_of", flat=True).first()


def daily(names: Iterable[str], path: str, since: date, until: date, *, topic: str = "") -> Any:
    """Rows of these tallies at and below a path, on these days; all kinds together, or one."""
    return Daily.objects.filter(
        tally__in=sorted(set(names)), topic=topic, unit_path__startswith=path, day__range=(since, until)
    ).order_by()


def by_school(figures: Sequence[Figure], path: str, *periods: Period) -> list[dict[int, Tallied]]:
    """What each school counted in each of these periods, by the school's id. One question for sums, one for histograms."""
    since, until = min(one.since for one in periods), max(one.until for one in periods)
    which = Which(
        *(When(day__range=(one.since, one.until), then=Value(at)) for at, one in enumerate(periods)), default=Value(-1)
    )
    plain = {tally for one in figures for tally in one.tallies if one.how != How.MIDDLE}
    found: list[dict[int, Tallied]] = [defaultdict(Tallied) for _ in periods]
    rows = daily(plain, path, since, until).values("tally", "unit_id", period=which).annotate(Sum("n"), Sum("amount"))
    for row in rows:
        if row["period"] >= 0:
            found[row["period"]][row["unit_id"]].sums[row["tally"]] = (row["n__sum"], row["amount__sum"])
    middles = {one.of for one in figures if one.how == How.MIDDLE}
    if middles:
        now = periods[0]
        bins = daily(middles, path, now.since, now.until).values("tally", "unit_id", "bin").annotate(Sum("n"))
        for row in bins:
            school = found[0][row["unit_id"]]
            school.bins.setdefault(row["tally"], {})[row["bin"]] = row["n__sum"]
            if row["tally"] not in plain:
                school.sums[row["tally"]] = (school.sums.get(row["tally"], NOTHING)[0] + row["n__sum"], Decimal(0))
    return found


def by_period(figures: Sequence[Figure], path: str, periods: Sequence[Period]) -> list[Tallied]:
    """What was counted in each of these periods. One question."""
    which = Which(
        *(When(day__range=(one.since, one.until), then=Value(at)) for at, one in enumerate(periods)), default=Value(-1)
    )
    rows = daily({t for one in figures for t in one.tallies}, path, periods[0].since, periods[-1].until)
    found = [Tallied() for _ in periods]
    for row in rows.values("tally", period=which).annotate(Sum("n"), Sum("amount")):
        if row["period"] >= 0:
            found[row["period"]].sums[row["tally"]] = (row["n__sum"], row["amount__sum"])
    return found


def by_topic(figures: Sequence[Figure], path: str, period: Period, topics: Iterable[str]) -> dict[str, Tallied]:
    """What was counted of each kind. One question."""
    rows = Daily.objects.filter(
        tally__in={t for one in figures for t in one.tallies},
        topic__in=list(topics),
        unit_path__startswith=path,
        day__range=(period.since, period.until),
    )
    found: dict[str, Tallied] = defaultdict(Tallied)
    for row in rows.order_by().values("tally", "topic").annotate(Sum("n"), Sum("amount")):
        found[row["topic"]].sums[row["tally"]] = (row["n__sum"], row["amount__sum"])
    return found


def by_level(chapter: Chapter, path: str, period: Period) -> list[Tallied]:
    """What was counted, and what is open now, at places of each of the chapter's levels. Two questions."""
    placed = {one.placed: one.of for one in (chapter.figure(name) for name in chapter.by_level) if one.placed}
    at = {kind: n for n, (_, kinds) in enumerate(chapter.levels) for kind in kinds}
    found = [Tallied() for _ in chapter.levels]
    rows = (
        daily(placed, path, period.since, period.until).values("tally", "unit__kind").annotate(Sum("n"), Sum("amount"))
    )
    for row in rows:
        found[at[row["unit__kind"]]] += Tallied({placed[row["tally"]]: (row["n__sum"], row["amount__sum"])})
    for kind, counts in live(chapter, path, by="unit__kind").items():
        found[at[kind]] += Tallied(live=counts)
    return found


def live(chapter: Chapter, path: str, *, by: str = "unit__school_id") -> dict[Any, dict[str, int]]:
    """What is open this moment at each school, or by another column: of each live figure, how many.

    One question over open cases only, answered from one index (docs/adr/0013).
    """
    figures = [one for one in chapter.figures if one.live is not None]
    kinds = sorted({chapter.asks(one) for one in figures})
    of = {one.name: Q(kind=chapter.asks(one)) if kinds[1:] else Q() for one in figures}
    asked = {one.name: of[one.name] & one.live() for one in figures if one.live is not None}
    counts: Mapping[str, Any] = {f"c{at}": Count("unit", filter=q) for at, q in enumerate(asked.values())}
    rows = Case.objects.filter(kind__in=kinds, circle="", is_open=True, unit_path__startswith=path).order_by()
    found: Any = rows.values(by).annotate(**counts)
    return {row[by]: {name: row[f"c{at}"] for at, name in enumerate(asked)} for row in found}


def asked(figures: Iterable[Figure], path: str, since: date, until: date) -> dict[str, Tallied]:
    """What affairs answer of their own tables, by the path of the school or office. Each question is asked once."""
    questions: dict[Asked, list[Figure]] = defaultdict(list)
    for one in figures:
        if one.asked is not None:
            questions[one.asked].append(one)
    found: dict[str, Tallied] = defaultdict(Tallied)
    for question, answered in questions.items():
        for row in question(path, since, until):
            for one in answered:
                found[row[0]].add(one.name, row[one.nth], row[2])
    return found


def hot_places(tally: str, path: str, since: date, until: date, *, n: int = 10) -> list[tuple[int, int]]:
    """Places with the most on these days, most first: (unit, how many)."""
    rows = daily([tally], path, since, until).values("unit_id").annotate(total=Sum("n")).order_by("-total", "unit_id")
    return [(row["unit_id"], row["total"]) for row in rows[:n]]


def heat(tally: str, path: str, since: date, until: date, topics: Iterable[str]) -> dict[int, dict[str, int]]:
    """How many of each kind at each place (or school) on these days. One question."""
    kept = Q(tally=tally, topic__in=list(topics), unit_path__startswith=path, day__range=(since, until))
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in Daily.objects.filter(kept).order_by().values("unit_id", "topic").annotate(total=Sum("n")):
        found[row["unit_id"]][row["topic"]] = row["total"]
    return found


def dear_places(tally: str, path: str, since: date, until: date, *, n: int = 10) -> list[tuple[int, Decimal]]:
    """Places that cost the most on these days, most first: (unit, 元)."""
    rows = daily([tally], path, since, until).values("unit_id").annotate(total=Sum("amount")).filter(total__gt=0)
    return [(row["unit_id"], row["total"]) for row in rows.order_by("-total", "unit_id")[:n]]


def repeated(
    tally: str, path: str, since: date, until: date, topics: Iterable[str], *, least: int = 3
) -> list[tuple[int, str, int]]:
    """The same kind at the same place at least so often on these days, most first: (unit, kind, how many)."""
    rows = Daily.objects.filter(
        Q(tally=tally, topic__in=list(topics), unit_path__startswith=path, day__range=(since, until))
    ).order_by()
    many = rows.values("unit_id", "topic").annotate(total=Sum("n")).filter(total__gte=least)
    return [(row["unit_id"], row["topic"], row["total"]) for row in many.order_by("-total", "unit_id", "topic")[:20]]


def _round(value: Decimal, step: str) -> Decimal:
    return rounded(value, Decimal(step))
