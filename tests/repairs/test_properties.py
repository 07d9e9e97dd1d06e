"""No sequence of steps by any cast leaves the law: states, turns, chains and clocks hold after every move and sweep."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case, Deadline, Escalation
from portal.cases.sweep import sweep
from portal.errors import Refused
from portal.ledger.models import Event
from portal.ledger.queries import chain_of, intact
from repairs.flow import FLOW
from repairs.models import Ticket
from tests.conftest import photo_of
from tests.district import MONDAY, build_district, cast_of
from tests.repairs.strangers import sticker_of, visited
from tests.repairs.test_loop import reported

STEPS = [step.name for step in FLOW.steps]
SAID: dict[str, Any] = {
    "reply": "好", "reason": "有原因", "note": "说明", "words": "一句话", "done": "换了零件", "speed": 3, "quality": 4,
    "asked_hours": "6", "topic": "RP-05", "priority": 2, "category": "water",
    "lines": [{"item": "角阀", "quantity": "2", "measure": "个", "price": "12.50"}],
}  # fmt: skip
WAY = [("accept", "dora"), ("assign", "dora"), ("arrive", "will"), ("finish", "will"), ("confirm", "rita")]
# Where a life begins: anywhere on the usual way, at each of the ends beside it, after long silence, with a stranger.
STARTS = [*(WAY[:length] for length in range(len(WAY) + 1)), [*WAY[:4], ("silence", "")]]
STARTS += [[*WAY[:3], ("request_materials", "will")], [("withdraw", "rita")], [("reject", "dora")], [("merge", "dora")]]
STRANGERS = [[("comment", "sam")], [("dismiss", "dora")], [("vouch", "dora")]]
PLAYS = {
    "opener": "rita", "dispatcher": "dora", "assignee": "will", "logistics_head": "lin", "governor": "hu", "told": "lin",
}  # fmt: skip


class Life(RuleBasedStateMachine):
    """One ticket lived by everybody at once: any step, by anybody, at any later time, with or without sweeps."""

    place: Any
    cast: Any
    reached: ClassVar[set[str]] = set()

    @initialize(start=st.sampled_from([*STARTS, *STRANGERS]))
    def begin(self, start: list[tuple[str, str]]) -> None:
        """Begins in any of these places, so that every corner is visited."""
        self.block = transaction.atomic()
        self.block.__enter__()
        self.at = MONDAY
        self.moves = 0
        with clock.at(self.at):
            self.ticket = (
                visited(sticker_of(self.place.room, self.cast.lin))
                if start in STRANGERS
                else reported(self.place, self.cast.rita)
            )
            self.other = reported(self.place, self.cast.vera)
        for name, who in start:
            if name == "silence":
                self.time_passes(200)
            else:
                self.take(name, who, 5)

    def teardown(self) -> None:
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    @rule(
        name=st.sampled_from(STEPS),
        who=st.sampled_from(["rita", "dora", "will", "wang", "lin", "vera", "hu", "ouyang", "sam", "ada"]),
        minutes=st.integers(1, 3000),
    )
    def any_step(self, name: str, who: str, minutes: int) -> None:
        self.take(name, who, minutes)

    @rule(data=st.data(), minutes=st.integers(1, 600))
    def fitting_step(self, data: st.DataObject, minutes: int) -> None:
        """Mostly what people really do: a step of this state, by somebody whose role it is."""
        case = self.fresh()
        fitting = [step for step in FLOW.steps if case.state in step.sources and step.roles[0] in PLAYS]
        if case.state == "finished" and data.draw(st.booleans()):
            self.time_passes(200)  # the reporter says nothing
        elif fitting:
            ways = {target: step for step in fitting for target in step.targets}
            still = [step for step in fitting if not step.target]
            moves = not still or (bool(ways) and data.draw(st.booleans()))
            step = ways[data.draw(st.sampled_from(sorted(ways)))] if moves else data.draw(st.sampled_from(still))
            self.take(step.name, PLAYS[step.roles[0]], minutes)

    def take(self, name: str, who: str, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)
        person = getattr(self.cast, who)
        with clock.at(self.at):
            data = SAID | {"assignee": self.cast.will.pk, "unit": self.place.other_room.pk}
            data |= {"assignee": self.cast.wang.pk} if name == "hand_over" else {}
            data |= {"helper": self.cast.wang.pk, "into": self.other.number}
            data |= {"visit_at": (self.at + timedelta(hours=3)).isoformat()}
            data |= (
                {"after": [photo_of(person).pk], "sheet": [photo_of(person).pk]}
                if name in ("finish", "enter_sheet")
                else {}
            )
            before = self.fresh()
            try:
                with transaction.atomic():
                    move(before, name, by=person, data=data)
            except Refused:
                after = self.fresh()
                assert (after.state, after.version, after.chain_seq) == (before.state, before.version, before.chain_seq)
            else:
                self.moves += 1
                assert self.fresh().chain_seq == before.chain_seq + 1

    @rule(hours=st.sampled_from([1, 8, 30, 200]))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        with clock.at(self.at):
            sweep()

    @invariant()
    def the_law_holds(self) -> None:
        if not hasattr(self, "ticket"):
            return
        case = self.fresh()
        self.reached.add(case.state)
        state = FLOW.state(case.state)
        assert case.is_open == (not state.final)
        assert case.turn == ("" if state.final else state.turn)
        assert intact(case.address, case.chain_head).sound
        self.clocks_follow_the_state(case)
        rungs = list(Escalation.objects.filter(case=case).values_list("deadline", "round", "rung"))
        assert len(rungs) == len(set(rungs))

    def clocks_follow_the_state(self, case: Case) -> None:
        live = {one.clock: one for one in Deadline.objects.filter(case=case, done_at=None)}
        expected = {one.name for one in FLOW.clocks if case.state in one.runs + one.stands}
        assert set(live) <= expected
        running = {name for name, one in live.items() if one.paused_at is None}
        assert running == {one.name for one in FLOW.clocks if case.state in one.runs}
        assert case.due_at == min((live[name].due_at for name in running), default=None)

    def fresh(self) -> Ticket:
        return Ticket.objects.get(pk=self.ticket.pk)


@pytest.mark.django_db
def test_no_sequence_of_steps_leaves_the_law() -> None:
    with clock.at(MONDAY):
        Life.place = build_district()
        Life.cast = cast_of(Life.place)
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=100,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_every_state_is_stood_in_by_somebody() -> None:
    with clock.at(MONDAY):
        Life.place = build_district()
        Life.cast = cast_of(Life.place)
    Life.reached = set()
    for start in (*STARTS, *STRANGERS):
        life = Life()
        life.begin(start)
        life.the_law_holds()
        life.teardown()
    assert Life.reached | {"unconfirmed"} == set(FLOW.tokens)  # strangers wait only before they begin


@pytest.mark.django_db
def test_a_whole_life_is_in_the_chain_in_order() -> None:
    with clock.at(MONDAY):
        place = build_district()
        cast = cast_of(place)
        ticket = reported(place, cast.rita)
    moments: list[datetime] = []
    for hours, name, who, data in (
        (1, "accept", cast.dora, {"reply": "好"}),
        (2, "assign", cast.dora, {"assignee": cast.will.pk}),
        (3, "arrive", cast.will, {}),
        (4, "ask_time", cast.will, {"asked_hours": "6", "reason": "等件"}),
        (5, "refuse_time", cast.lin, {"reason": "库里有"}),
    ):
        with clock.at(MONDAY + timedelta(hours=hours)):
            move(ticket, name, by=who, data=data)
            moments.append(clock.now())
    rows = list(chain_of(ticket.address).values_list("verb", "at"))
    assert rows == [
        ("report", MONDAY),
        *zip(["accept", "assign", "arrive", "ask_time", "refuse_time"], moments, strict=True),
    ]
    assert Event.objects.filter(address=ticket.address).count() == 6
