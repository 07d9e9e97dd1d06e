"""The law of one kind of case, found by kind or by address."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from portal.cases.models import Case

from .checks import check_flow, spine_steps
from .words import FLOWS, PERSONAL, Clock, Effect, Heed, Recurring, State, Step

if TYPE_CHECKING:
    from portal.cases.forms import StepForm
    from portal.cases.lines import Line


@dataclass
class Flow:
    """The law of one kind of case. Writing one registers it under `kind`, such as `repairs.ticket`.

    `visiting` is the other way in, for people who are not signed in, into the closed circle of the school's desk.
    `assigner` is the role that finds somebody else when the person who holds a case leaves; `facts` says, in labels and
    words, what only this affair knows of its case; `papers` names pages that belong to it, as (words, address).
    `confides` names the roles that read the details of a discreet case beside those who take part in it.
    `brings` adds to the page's own question what `facts` needs of other rows, `lists` to a list's what `row` says there.
    `recurs`: the clock opens it again and again. `talk` names the steps whose words are question and answer, which stand
    first on its page. `moves` pairs a kind of link with a step: when a case ends, the case it belongs to by such a link
    takes that step by itself, if it stands where it may.
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
    talk: tuple[str, ...] = ()
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
