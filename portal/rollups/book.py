"""The words an affair's figures are declared in, and the book they stand in.

A *tally* is what can be counted up: each case adds parts to it, each on a day. A *figure* is what people read: one
tally, a share of two, a middle, or a count of open cases asked live. An affair's `figures.py` declares both.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Q

from portal import clock
from portal.cases.models import Case, Deadline
from portal.ledger.models import Event
from portal.worktime.calendars import Calendar

FEWEST = 5  # cases below which a share or a middle says more about chance than about a school


@dataclass(frozen=True)
class Tally:
    """What is counted up per school and day. `by_topic` also keeps it by kind, `by_place` counts per place instead.

    `by_person` keeps each person of a month for themselves instead of the kinds, so that people can be counted once.
    `by_part` keeps it by the kinds its parts name themselves (an account's categories), not by the case's.
    """

    name: str
    by_topic: bool = True
    by_place: bool = False
    by_person: bool = False
    by_part: bool = False


@dataclass(frozen=True)
class Part:
    """What one case adds to a tally: `n` on a day in China, an `amount` beside it, for lengths of time their bin, and `who`;
    `topic` is its kind where the tally goes by its parts."""

    tally: str
    day: date
    n: int = 1
    amount: Decimal = Decimal(0)
    bin: int = 0
    who: int = 0
    topic: str = ""


@dataclass(frozen=True)
class Past:
    """One case as far as the ledger tells: its row, its events in order, its clocks by name (the last of each)."""

    case: Any
    events: list[Event]
    deadlines: dict[str, Deadline]
    calendar: Calendar

    def took(self, *verbs: str) -> list[Event]:
        """The events of these steps, in order."""
        return [one for one in self.events if one.verb in verbs]

    def kept(self, name: str, at: datetime) -> bool:
        """Whether a clock had not run out when it stopped, or stood still, at this moment."""
        deadline = self.deadlines.get(name)
        return deadline is None or (deadline.done_at or deadline.paused_at or at) <= deadline.due_at


def day_of(moment: datetime) -> date:
    """The day in China."""
    return moment.astimezone(clock.SCHOOL_TIME).date()


Counting = Callable[[Past], Iterable[Part]]
Asked = Callable[[str, date, date], Iterable[tuple[Any, ...]]]  # (where, how many, of how many, further numbers)


class How(StrEnum):
    """How a figure comes about; the words stand in its explanation."""

    COUNT, AMOUNT, SHARE, MEAN, MIDDLE, LIVE = "count", "amount", "share", "mean", "middle", "live"
    PORTION = "portion"  # a share of money in money, in 元

    @property
    def compares(self) -> bool:
        """Whether it is asked for the period before, too: middles and what is open are not."""
        return self not in (How.MIDDLE, How.LIVE)

    @property
    def is_percent(self) -> bool:
        """Whether it is read in per cent."""
        return self in (How.SHARE, How.PORTION)


@dataclass(frozen=True)
class Light:
    """Red and amber for a figure: a share below (`high_is_good`) or a number at or above these limits, `either` way from zero.

    `word` is said with a live number (超时 4) and heads the column where there is little room.
    """

    red: Decimal
    amber: Decimal
    high_is_good: bool = True
    word: str = ""
    either: bool = False

    def tone(self, value: Decimal) -> str:
        """done, soon or late."""
        value = abs(value) if self.either else value
        bad = (lambda limit: value < limit) if self.high_is_good else (lambda limit: value >= limit)
        return "late" if bad(self.red) else "soon" if bad(self.amber) else "done"


@dataclass(frozen=True)
class Figure:
    """A named figure: what it is called, in which unit, by which formula in people's words, and out of which tallies.

    `of` is counted (or summed), `over` is what a share or mean is of; `at` the part of a middle (0.5 the median). A
    live figure names the open cases it counts by a condition on cases, of the chapter's first kind or of `kind`. `listed` is
    the tally whose cases its link shows, `placed` the tally by place that counts the same.
    `asked` is for what is no case (people, places): a question to the affair's own tables, as (path of a school or office,
    how many, of how many) at and below a path on these days, money in 分; one question may answer several figures, `nth` is
    which of its numbers (the 1st, the 3rd) is this one's. `word` is what it counts, and with `listed` its
    link shows the cases it comes from. A share or mean of less than `fewest` is not said.
    """

    name: str
    title: str
    unit: str
    formula: str
    how: How
    of: str = ""
    over: str = ""
    at: Decimal = Decimal("0.5")
    live: Callable[[], Q] | None = None
    kind: str = ""
    listed: str = ""
    placed: str = ""
    asked: Asked | None = None
    nth: int = 1
    word: str = "件"
    fewest: int = FEWEST
    light: Light | None = None
    icon: str = "hash"
    high_is_good: bool | None = None

    @property
    def tallies(self) -> tuple[str, ...]:
        """The tallies it is made of."""
        return tuple(one for one in (self.of, self.over) if one)

    @property
    def lists(self) -> str:
        """The tally whose cases a list of this figure shows; nothing for a live one, whose condition says it."""
        return self.listed or self.of


@dataclass
class Chapter:
    """The figures of one affair: how its cases count, what may be read from it, and what each kind is called.

    `leading` are the first tiles, `lit` the columns of the table of schools with their lights (blank: every figure that has
    one), `ranked` what schools are ranked by with weights that add up to 10, `by_kind` the
    columns of the table of kinds, `drawn` the trends, `paired` two counts drawn side by side, if any. `places` is the tally
    counted by place and `reported` the figure whose list shows its cases, `costs` and `cost` the same for money (blank: none), `heat`
    whether places are also drawn by kinds, `levels` the levels of places (title, kinds of unit) with `by_level` the columns
    of their table. The first of `kinds` is the affair's own, which is asked live where a figure
    names no other; the others add to its tallies. `version` rises whenever the counting changes: everything is then
    counted again by itself.
    """

    affair: str
    title: str
    icon: str
    kinds: dict[str, Counting]
    tallies: tuple[Tally, ...]
    figures: tuple[Figure, ...]
    topics: Callable[[], dict[str, str]] = dict
    leading: tuple[str, ...] = ()
    lit: tuple[str, ...] = ()
    ranked: tuple[tuple[str, int], ...] = ()
    by_kind: tuple[str, ...] = ()
    drawn: tuple[str, ...] = ()
    paired: tuple[str, ...] = ()
    places: str = ""
    reported: str = ""
    costs: str = ""
    cost: str = ""
    heat: bool = False
    levels: tuple[tuple[str, tuple[str, ...]], ...] = ()
    by_level: tuple[str, ...] = ()
    version: int = 1
    named: dict[str, Figure] = field(init=False)

    def __post_init__(self) -> None:
        known = {one.name for one in self.tallies}
        self.named = {one.name: one for one in self.figures}
        used = [name for one in self.figures for name in (*one.tallies, one.listed, one.placed) if name]
        wrong = {*used, *([self.places] if self.places else [])} - known
        shown = {
            *self.leading,
            *self.lit,
            *self.by_kind,
            *self.by_level,
            *self.drawn,
            *self.paired,
            *(name for name, _ in self.ranked),
        }
        wrong |= {f"{self.affair}.{name}" for name in shown} - set(self.named)
        if wrong:
            raise RuntimeError(f"{self.affair}: unknown tallies or figures {sorted(wrong)}")
        CHAPTERS[self.affair] = self

    def asks(self, figure: Figure | None = None) -> str:
        """The kind of case that is asked live; none (blank) of a chapter without cases."""
        return figure.kind if figure is not None and figure.kind else next(iter(self.kinds), "")

    def figure(self, short: str) -> Figure:
        """The figure by its name without the affair's."""
        return self.named[f"{self.affair}.{short}"]

    @property
    def lights(self) -> list[Figure]:
        """The columns of the table of schools with their lights."""
        return [self.figure(name) for name in self.lit] or [one for one in self.figures if one.light is not None]


CHAPTERS: dict[str, Chapter] = {}


def counting() -> dict[str, Counting]:
    """How each kind of case counts."""
    return {kind: count for chapter in CHAPTERS.values() for kind, count in chapter.kinds.items()}


def tallies() -> dict[str, Tally]:
    """Every tally by name."""
    return {one.name: one for chapter in CHAPTERS.values() for one in chapter.tallies}


def figure(name: str) -> Figure | None:
    """The figure of that name."""
    chapter = CHAPTERS.get(name.partition(".")[0])
    return chapter.named.get(name) if chapter else None


def law() -> str:
    """Names the way of counting in force; when it is another than the one counted by, everything is counted again."""
    return ";".join(f"{one.affair}:{one.version}" for one in sorted(CHAPTERS.values(), key=lambda one: one.affair))


def countable(chapter: Chapter, figure: Figure | None = None) -> Q:
    """An affair's own cases (or those a live figure asks for) as far as shared figures count them: those of a closed circle
    are nobody else's business."""
    return Q(kind=chapter.asks(figure), circle="")


__all__ = ["CHAPTERS", "Case", "Chapter", "Figure", "How", "Light", "Part", "Past", "Tally"]
