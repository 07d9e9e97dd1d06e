"""A case lived by everybody at once: any step, by anybody, at any later time, with or without sweeps; the law holds after each."""

from abc import abstractmethod
from datetime import timedelta
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from portal import clock
from portal.cases.actions import move
from portal.cases.flow import Flow
from portal.cases.models import Case, Deadline, Escalation
from portal.cases.sweep import sweep
from portal.errors import Refused
from portal.ledger.queries import intact
from tests.district import MONDAY, District

Start = list[
    tuple[str, str]
]  # steps and who takes each ("register:major": one of its ways); ("silence", "") is a long time without any
SILENCE = ("silence", "")


class CaseLife(RuleBasedStateMachine):
    """An affair says its flow, where lives begin, who plays which role, what everybody types, and what else must hold."""

    flow: ClassVar[Flow]
    starts: ClassVar[list[Start]]
    people: ClassVar[list[str]]
    plays: ClassVar[dict[str, str]]
    silence: ClassVar[int]  # hours
    place: ClassVar[District]
    reached: ClassVar[set[str]] = set()

    @abstractmethod
    def begun(self, start: Start) -> Case:
        """The case itself, just reported."""

    @abstractmethod
    def person(self, name: str) -> Any:
        """Somebody of the cast."""

    @abstractmethod
    def said(self, name: str, person: Any) -> dict[str, Any]:
        """What is typed at any step."""

    def also_holds(self, case: Any) -> None:
        """What this affair demands beside the spine's law."""

    @initialize(data=st.data())
    def somewhere(self, data: st.DataObject) -> None:
        """Begins in any of the places, so that every corner is visited."""
        self.begin(data.draw(st.sampled_from(self.starts)))

    def begin(self, start: Start) -> None:
        """Lives up to here."""
        self.block = transaction.atomic()
        self.block.__enter__()
        self.at = MONDAY
        with clock.at(self.at):
            self.case = self.begun(start)
        for name, who in start:
            if (name, who) == SILENCE:
                self.time_passes(self.silence)
            else:
                self.take(name, who, 5)

    def teardown(self) -> None:
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    @rule(data=st.data(), minutes=st.integers(1, 3000))
    def any_step(self, data: st.DataObject, minutes: int) -> None:
        step = data.draw(st.sampled_from(self.flow.steps))
        self.take(step.name, data.draw(st.sampled_from(self.people)), minutes)

    @rule(data=st.data(), minutes=st.integers(1, 600))
    def fitting_step(self, data: st.DataObject, minutes: int) -> None:
        """Mostly what people really do: a step of this state, by somebody whose role it is; every other time one that goes on."""
        state = self.fresh().state
        fitting = [one for one in self.flow.steps if state in one.sources and {*one.roles} & {*self.plays}]
        onwards = [one for one in fitting if one.targets]
        if fitting:
            step = data.draw(st.sampled_from(onwards if onwards and data.draw(st.booleans()) else fitting))
            role = data.draw(st.sampled_from([one for one in step.roles if one in self.plays]))
            self.take(step.name, self.plays[role], minutes)

    @rule(hours=st.sampled_from([1, 8, 30, 200]))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        with clock.at(self.at):
            sweep()

    def take(self, name: str, who: str, minutes: int) -> None:
        """Taken and written once, or refused and nothing written."""
        self.at += timedelta(minutes=minutes)
        person = self.person(who)
        with clock.at(self.at):
            before, data = self.fresh(), self.said(name, person)
            try:
                with transaction.atomic():
                    move(before, name.partition(":")[0], by=person, data=data)
            except Refused:
                after = self.fresh()
                assert (after.state, after.version, after.chain_seq) == (before.state, before.version, before.chain_seq)
            else:
                assert self.fresh().chain_seq == before.chain_seq + 1

    @invariant()
    def the_law_holds(self) -> None:
        if not hasattr(self, "case"):
            return
        case = self.fresh()
        self.reached.add(case.state)
        state = self.flow.state(case.state)
        assert (case.is_open, case.turn) == (not state.final, "" if state.final else state.turn)
        assert intact(case.address, case.chain_head).sound
        self._clocks_follow_the_state(case)
        rungs = list(Escalation.objects.filter(case=case).values_list("deadline", "round", "rung"))
        assert len(rungs) == len(set(rungs))
        self.also_holds(case)

    def _clocks_follow_the_state(self, case: Case) -> None:
        live = {one.clock: one for one in Deadline.objects.filter(case=case.pk, done_at=None)}
        assert set(live) <= {one.name for one in self.flow.clocks if case.state in one.runs + one.stands}
        running = {name for name, one in live.items() if one.paused_at is None}
        assert running == {one.name for one in self.flow.clocks if case.state in one.runs}
        assert case.due_at == min((live[name].due_at for name in running), default=None)

    def fresh(self) -> Any:
        """The case as it stands."""
        return type(self.case)._base_manager.get(pk=self.case.pk)


def live(lives: type[CaseLife], *, examples: int, steps: int) -> None:
    """So many lives of so many steps."""
    many = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(lives, settings=many)


def stood_in(lives: type[CaseLife]) -> set[str]:
    """The states reached by beginning everywhere a life may begin."""
    lives.reached = set()
    for start in lives.starts:
        life = lives()
        life.begin(start)
        life.the_law_holds()
        life.teardown()
    return lives.reached
