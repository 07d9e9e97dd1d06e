"""The words a law is written in: states, steps, clocks, rungs of a ladder, what comes again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from portal.worktime.spans import Span

if TYPE_CHECKING:
    from portal.cases.forms import StepForm

    from .law import Flow


FLOWS: dict[str, "Flow"] = {}  # every law by its kind: writing one registers it
OPENER, ASSIGNEE, GOVERNOR, TOLD, BY_CLOCK, HOLDER = "opener", "assignee", "governor", "told", "clock", "holder"
READER, FOLLOWER, HELPER = "reader", "follower", "helper"
PERSONAL = {
    OPENER: "发起人",
    ASSIGNEE: "办理人",
    GOVERNOR: "上级",
    TOLD: "被上报的人",
    HOLDER: "现在负责的人",
    READER: "能看到这件事的人",
    FOLLOWER: "关注人",
    HELPER: "协助人",
    BY_CLOCK: "系统时钟",
}

Rule = Callable[..., None]
Effect = Callable[..., dict[str, Any] | None]  # (case, *, by, at, **what the form says) -> facts for the chain
Within = Callable[[Any], Span]


@dataclass(frozen=True)
class Rung:
    """One rung of a ladder: at a `share` of the time allowed, or `plus` hours after it, in the clock's own time.

    `tells` is a role, or `holder`: whose turn it is. `ack` hours later an acknowledgement is expected.
    """

    tells: str
    share: Decimal | None = None
    plus: Decimal | None = None
    ack: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.share is None) == (self.plus is None):
            raise ValueError("a rung counts by share or by hours after the due time")

    def to_json(self) -> dict[str, str]:
        """As kept in a setting."""
        parts = {"share": self.share, "plus": self.plus, "ack": self.ack}
        return {"tells": self.tells} | {name: str(value) for name, value in parts.items() if value is not None}

    @classmethod
    def from_json(cls, row: dict[str, str]) -> "Rung":
        """As read from a setting."""
        amounts = {name: Decimal(row[name]) for name in ("share", "plus", "ack") if name in row}
        return cls(tells=row["tells"], **amounts)


Ladder = tuple[Rung, ...]


@dataclass(frozen=True)
class State:
    """Where a case can stand. `turn` is whose turn it is there; `final` says how it looks when it is over."""

    name: str
    title: str
    turn: str = ""
    final: str = ""
    line: str = ""
    icon: str = "circle-dot"


@dataclass(frozen=True)
class Step:
    """One verb of the flow: who may take it, from which states, to which state (none: it stays).

    `needs` names photos that must be there, `rules` what else must hold, `sets` the form's fields that become columns,
    `clears` columns emptied, `extends` a clock by the hours in a column, `restarts` clocks from their beginning,
    `renews` names clocks that begin anew now (a report that is due each week).
    `joins` and `leaves` make the actor a follower, and no more one. `does` is what the step causes beyond its own case
    (a publication, a move of stock), in the same transaction: an effect, or the name of one in the affair's `actions`.
    `form` is its form where several flows share one; else it is found by name. Where it leads to one of several states,
    `leads` picks among `target` and `branches`. `opens` (kind, link) opens a case of another flow that belongs to this
    one, by that flow's own form; the step is there only while that flow is. `carries` names what of that form begins as it
    was said when this case was opened (words, place), and photos that are shown there too, never taken in twice. `lifts` takes the case out of its closed circle; `erases` removes the words and photos it
    has so far, of which the chain keeps the digests. `many` offers it on lists for several cases at once.
    `offered` leaves its button out where it could only be refused, `another` for the person (by key) who has done the part before. `onward` names the step the clock takes right after it, with its data, where there is one.
    `together` names the affair's verb that opens many occasions at once, where the clock opens thousands on one morning.
    `says` is the sentence of the trail ("{assignee}" is filled in), `tells` who else hears of it.
    """

    name: str
    sources: tuple[str, ...]
    target: str | None
    title: str
    role: str | tuple[str, ...]
    icon: str = "arrow-right"
    says: str = ""
    needs: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    sets: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    counts: str = ""
    extends: tuple[str, str] | None = None
    restarts: bool = False
    renews: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    tone: str = ""
    main: bool = False
    help: str = ""
    acknowledges: bool = False
    joins: bool = False
    leaves: bool = False
    does: "Effect | str" = ""
    form: "type[StepForm] | None" = None
    lifts: bool = False
    erases: bool = False
    many: bool = False
    offered: Callable[[Any], bool] | None = None
    another: Callable[[Any], int | None] | None = None
    onward: Callable[[Any], tuple[str, dict[str, Any]] | None] | None = None
    leads: Callable[[Any], str] | None = None
    branches: tuple[str, ...] = ()
    opens: tuple[str, str] | None = None
    carries: tuple[str, ...] = ()
    together: str = ""

    @property
    def is_there(self) -> bool:
        """Whether the flow it opens a case of is installed; always, where it opens none."""
        return self.opens is None or self.opens[0] in FLOWS

    @property
    def targets(self) -> tuple[str, ...]:
        """Every state it may lead to; none where the case stays."""
        return ((self.target,) if self.target else ()) + self.branches

    @property
    def changes(self) -> bool:
        """Whether it changes the case, so that pages opened before are stale; words and acknowledgements do not."""
        return any(
            (self.target, self.sets, self.clears, self.counts, self.extends, self.restarts, self.renews, self.does)
        )

    @property
    def roles(self) -> tuple[str, ...]:
        """Who may take it, as a tuple."""
        return (self.role,) if isinstance(self.role, str) else self.role


@dataclass(frozen=True)
class Clock:
    """A clock of the flow: it runs in some states, stands still in others, and is over in all the rest.

    `within` gives the time allowed for one case, or `until` the moment it is due where the case names one (a date that was
    promised); `late` is the ladder; `then` is the step the clock takes when due. A `silent` clock is shown nowhere: another
    one runs to the same moment.
    """

    name: str
    title: str
    runs: tuple[str, ...]
    within: Within
    stands: tuple[str, ...] = ()
    late: Ladder = ()
    then: str = ""
    until: Callable[[Any], datetime | None] | None = None
    silent: bool = False


@dataclass(frozen=True)
class Heed:
    """Cases that somebody should look at though it is not their turn: shown on the home page of who holds these roles."""

    title: str
    icon: str
    roles: tuple[str, ...]
    which: Callable[[], Q]


@dataclass(frozen=True)
class Recurring:
    """A case that comes again by itself at every unit of these kinds (`at`), as `rule` says (see `schedules.plan`).

    `is_on`: it comes where nobody has set anything. What is set for a unit and everything below it goes first
    (`routines`): whether it comes there, on which day, at what time, from when on; `every` stays as it is here.
    """

    rule: dict[str, Any]
    at: tuple[str, ...] = ("school",)
    is_on: bool = True
