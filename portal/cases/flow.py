"""The words an affair's law is written in: states, steps, clocks and ladders, checked when the portal starts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from portal.orgs.roles import roles
from portal.worktime.spans import Span

from .models import Case

if TYPE_CHECKING:
    from .forms import StepForm
    from .lines import Line

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
    `offered` leaves its button out where it could only be refused. `onward` names the step the clock takes right after it, with its data, where there is one.
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


@dataclass
class Flow:
    """The law of one kind of case. Writing one registers it under `kind`, such as `repairs.ticket`.

    `visiting` is the other way in, for people who are not signed in, into the closed circle of the school's desk.
    `assigner` is the role that finds somebody else when the person who holds a case leaves; `facts` says, in labels and
    words, what only this affair knows of its case; `papers` names pages that belong to it, as (words, address).
    `confides` names the roles that read the details of a discreet case beside those who take part in it.
    `brings` adds to the page's own question what `facts` needs of other rows, `lists` to a list's what `row` says there.
    `recurs`: the clock opens it again and
    again. `moves`
    pairs a kind of link with a step: when a case ends, the case it belongs to by such a link takes that step by itself,
    if it stands where it may.
    """

    model: type[Case]
    title: str
    prefix: str
    icon: str
    plural: str
    opening: Step
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    visiting: Step | None = None
    clocks: tuple[Clock, ...] = ()
    assigner: str = ""
    facts: Callable[[Any], list[tuple[str, str]]] = lambda case: []
    brings: Callable[[Any], Any] = lambda rows: rows
    lists: Callable[[Any], Any] = lambda rows: rows
    row: "Callable[[Any], Line] | None" = None
    papers: Callable[[Any], list[tuple[str, str]]] = lambda case: []
    heeds: tuple[Heed, ...] = ()
    confides: tuple[str, ...] = ()
    moves: tuple[tuple[str, str], ...] = ()
    recurs: Recurring | None = None
    tokens: dict[str, State] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.affair = self.model._meta.app_label
        self.kind = f"{self.affair}.{self.model._meta.model_name}"
        self.steps = (*self.steps, *spine_steps(self))
        self.tokens = {state.name: state for state in self.states}
        self._steps = {step.name: step for step in self.steps}
        self._clocks = {clock.name: clock for clock in self.clocks}
        check_flow(self)
        FLOWS[self.kind] = self

    def state(self, name: str) -> State:
        """The state of that name."""
        return self.tokens[name]

    def step(self, name: str) -> Step | None:
        """The step of that name, the opening one included; none where the flow does not know it."""
        ways_in = {step.name: step for step in self.openings}
        found = ways_in.get(name) or self._steps.get(name)
        return found if found is not None and found.is_there else None

    @property
    def openings(self) -> tuple[Step, ...]:
        """The ways in: for people, and for strangers where there is one."""
        return (self.opening, self.visiting) if self.visiting else (self.opening,)

    def clock(self, name: str) -> Clock:
        """The clock of that name."""
        return self._clocks[name]

    def form(self, step: Step) -> "type[StepForm]":
        """The step's one form: its own, the affair's class of that name (`send_back` -> `SendBack`), the spine's, or a bare one.

        A step that opens another case is taken by the form that case opens with.
        """
        if step.form is not None:
            return step.form
        if step.opens:
            return FLOWS[step.opens[0]].form(FLOWS[step.opens[0]].opening)
        name = "".join(part.title() for part in step.name.split("_"))
        for module in (f"{self.affair}.forms", "portal.cases.forms"):
            found = getattr(import_module(module), name, None)
            if found is not None:
                return found
        return import_module("portal.cases.forms").StepForm

    def open_action(self, step: Step | None = None) -> Callable[..., Case]:
        """The affair's verb that opens a case, named like the opening step (or the one given)."""
        return getattr(import_module(f"{self.affair}.actions"), (step or self.opening).name)

    def open_together(self) -> Callable[..., list[list[Case]]]:
        """The affair's verb that opens many occasions at once: forms in, the cases of each out."""
        found: Callable[..., list[list[Case]]] = getattr(import_module(f"{self.affair}.actions"), self.opening.together)
        return found

    def effect(self, step: Step) -> Effect:
        """What a step causes beyond its own case; it gives facts for the chain, and refuses the whole step if it refuses."""
        if not isinstance(step.does, str):
            return step.does
        found: Effect = getattr(import_module(f"{self.affair}.actions"), step.does)
        return found

    def open_states(self) -> tuple[str, ...]:
        """States in which somebody still has to act."""
        return tuple(state.name for state in self.states if not state.final)

    @property
    def desk(self) -> tuple[str, ...]:
        """The roles that answer for a case by their post: whose turn it can be, and who reads what is private."""
        turns = (state.turn for state in self.states)
        return tuple(dict.fromkeys(role for role in (*turns, *self.confides) if role and role not in PERSONAL))

    def line(self) -> tuple[str, ...]:
        """The stations drawn on the case page, in order."""
        return tuple(dict.fromkeys(state.line for state in self.states if state.line))


FLOWS: dict[str, Flow] = {}


def flow_of(case: Case) -> Flow:
    """The law of this case."""
    return FLOWS[case.kind]


def address_of(case: Case) -> str:
    """The page of a case."""
    flow = flow_of(case)
    return f"/{flow.affair}/{flow.plural}/{case.number}/"


def flow_at(affair: str, plural: str) -> Flow | None:
    """The flow behind an address such as `repairs/tickets`."""
    return next((flow for flow in FLOWS.values() if (flow.affair, flow.plural) == (affair, plural)), None)


def spine_steps(flow: Flow) -> Iterable[Step]:
    """What every flow gets for free: 催办, 知悉, 补充说明."""
    from . import rules

    hidden = flow.visiting.target if flow.visiting else ""
    open_states = tuple(state.name for state in flow.states if not state.final)
    shown = tuple(
        name for name in open_states if name != hidden
    )  # strangers send once, and are heard once they are vouched for
    yield Step(
        "nudge", open_states, None, "催办", GOVERNOR, "bell-ring", "催办", rules=(rules.only_late, rules.not_nudged_lately),
        tells=(HOLDER,), help="通知现在负责的人，并记入经过。",
    )  # fmt: skip
    yield Step(
        "acknowledge",
        open_states,
        None,
        "知悉",
        TOLD,
        "eye",
        "已知悉上报",
        acknowledges=True,
        help="表示您已看到这次上报。",
    )
    yield Step("follow", shown, None, "关注", READER, "bell-plus", "关注了这件事", joins=True, help="有进展会通知您。")
    yield Step("unfollow", shown, None, "不再关注", FOLLOWER, "bell-off", "不再关注", leaves=True)
    yield Step(
        "comment", shown, None, "补充说明", (OPENER, ASSIGNEE, GOVERNOR, HELPER), "message-square", "补充说明",
        tells=(OPENER, HOLDER),
    )  # fmt: skip


def check_flow(flow: Flow) -> None:
    """Refuses to start with a law that contradicts itself."""
    known = set(flow.tokens)
    for step in (*flow.openings, *flow.steps):
        wrong = (set(step.sources) | set(step.targets)) - known
        if wrong:
            raise RuntimeError(f"{flow.kind}.{step.name}: unknown states {sorted(wrong)}")
        if bool(step.branches) != bool(step.leads):
            raise RuntimeError(
                f"{flow.kind}.{step.name}: branches need somebody to pick, and nobody picks without them"
            )
    for clock in flow.clocks:
        if set(clock.runs + clock.stands) - {state.name for state in flow.states if not state.final}:
            raise RuntimeError(f"{flow.kind}.{clock.name}: clocks run in open states only")
        if clock.then and clock.then not in flow._steps:
            raise RuntimeError(f"{flow.kind}.{clock.name}: unknown step {clock.then}")
        if clock.then and flow.moves and {flow.state(one).final for one in flow._steps[clock.then].targets} - {""}:
            raise RuntimeError(f"{flow.kind}.{clock.then}: the sweep holds many cases and must not wait for one more")


def check_roles(flow: Flow) -> list[str]:
    """Roles the flow names that nobody defines: checked once every affair has brought its own."""
    known = set(roles()) | set(PERSONAL) | {HOLDER}
    named = {role for step in (*flow.openings, *flow.steps) for role in (*step.roles, *step.tells)}
    named |= {state.turn for state in flow.states if state.turn}
    named |= {rung.tells for clock in flow.clocks for rung in clock.late}
    return sorted(named - known - {""})
