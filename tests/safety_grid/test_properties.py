"""No sequence of steps by any cast leaves the law of a hazard: grades, plans, checkers, board and clocks hold after every move."""

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from portal import clock
from portal.cases.actions import move
from portal.cases.merging import MERGED
from portal.cases.models import CaseLink, CaseParty, Deadline
from portal.cases.sweep import sweep
from portal.errors import Refused
from portal.ledger.models import Event
from portal.ledger.queries import intact
from safety_grid.flow import FLOW
from safety_grid.models import Hazard
from safety_grid.queries.hazards import NOT_ONE
from safety_grid.rules.hazards import fixers
from tests.conftest import photo_of
from tests.district import MONDAY, build_district, cast_of
from tests.safety_grid.cast import grid_of
from tests.safety_grid.hazards import five, reported
from tests.safety_grid.test_visits import anonymous

STEPS = [step.name for step in FLOW.steps]
PEOPLE = ["rita", "an", "gao", "hu", "vera", "song", "liang", "bao", "xin", "ouyang", "shi"]
PLAYS = {
    "opener": "rita", "safety_head": "an", "assignee": "gao", "principal": "hu", "vice_principal": "vera",
    "safety_officer": "song", "director": "song", "governor": "hu", "told": "an", "helper": "gao",
}  # fmt: skip
GENERAL = [("register", "an"), ("plan", "gao"), ("start", "gao"), ("finish", "gao"), ("close_out", "an")]
MAJOR = [("major", "hu"), ("plan", "gao"), ("finish", "gao"), ("accept", "song"), ("recheck_ok", "an")]
STARTS = [GENERAL[:n] for n in range(6)] + [MAJOR[:n] for n in range(1, 6)]
STARTS += [[GENERAL[0], ("fix_now", "gao")], [*GENERAL[:2], ("silence", "")], [("refer", "an")]]
STARTS += [[GENERAL[0], ("fix_now", "gao"), ("finish", "gao")], [GENERAL[0], ("fix_now", "gao"), ("silence", "")]]
STARTS += [[("refuse", "an")], [("withdraw", "rita")], [("merge", "an")], [("refer", "an"), ("merge", "hu")]]
STRANGERS = [[("vouch", "an")], [("dismiss", "an")]]


class Life(RuleBasedStateMachine):
    """One hazard lived by everybody at once: any step, by anybody, at any later time, with or without sweeps."""

    place: Any
    people: Any
    reached: ClassVar[set[str]] = set()

    @initialize(start=st.sampled_from([*STARTS, *STRANGERS]))
    def begin(self, start: list[tuple[str, str]]) -> None:
        """Begins in any of these places, so that every corner is visited."""
        self.block = transaction.atomic()
        self.block.__enter__()
        self.at = MONDAY
        with clock.at(self.at):
            cast, _ = self.people
            self.other = reported(self.place, cast.vera)
            self.hazard = anonymous(self.place, cast) if start in STRANGERS else reported(self.place, cast.rita)
        for name, who in start:
            if name == "silence":
                self.time_passes(400)
            else:
                self.take(name, who, 5)

    def teardown(self) -> None:
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def person(self, name: str) -> Any:
        cast, grid = self.people
        return getattr(grid, name, None) or getattr(cast, name)

    @rule(name=st.sampled_from(STEPS), who=st.sampled_from(PEOPLE), minutes=st.integers(1, 3000))
    def any_step(self, name: str, who: str, minutes: int) -> None:
        self.take(name, who, minutes)

    @rule(data=st.data(), minutes=st.integers(1, 600))
    def fitting_step(self, data: st.DataObject, minutes: int) -> None:
        """Mostly what people really do: a step of this state, by somebody whose role it is."""
        case = self.fresh()
        fitting = [step for step in FLOW.steps if case.state in step.sources and step.roles[0] in PLAYS]
        if fitting:
            step = data.draw(st.sampled_from(fitting))
            self.take(step.name, PLAYS[data.draw(st.sampled_from([r for r in step.roles if r in PLAYS]))], minutes)

    def take(self, name: str, who: str, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)
        person = self.person(who)
        with clock.at(self.at):
            data = {
                "topic": "HZ-03",
                "grade": "major" if name == "major" else "general",
                "note": "说明",
                "reason": "有原因",
            }
            data |= {"progress": "到货", "words": "一句话", "unit": self.place.room.pk} | five(self.person("gao"))
            data |= {"asked_on": (self.at + timedelta(days=20)).date().isoformat()}
            data |= {"into": self.other.number}
            data |= {"topic": "RP-04"} if name == "to_repair" else {}
            data |= {"after": [str(photo_of(person).pk)]} if name == "finish" else {}
            before = self.fresh()
            try:
                with transaction.atomic():
                    move(before, "register" if name == "major" else name, by=person, data=data)
            except Refused:
                after = self.fresh()
                assert (after.state, after.version, after.chain_seq) == (before.state, before.version, before.chain_seq)
            else:
                assert self.fresh().chain_seq == before.chain_seq + 1

    @rule(hours=st.sampled_from([1, 8, 30, 200]))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        with clock.at(self.at):
            sweep()

    @invariant()
    def the_law_holds(self) -> None:
        if not hasattr(self, "hazard"):
            return
        case = self.fresh()
        self.reached.add(case.state)
        state = FLOW.state(case.state)
        assert (case.is_open, case.turn) == (not state.final, "" if state.final else state.turn)
        assert intact(case.address, case.chain_head).sound
        five_items = (case.measures, case.interim, case.due_on, case.assignee_id)
        assert case.state not in ("planned", "working", "supervised", "to_accept", "to_recheck") or all(five_items)
        assert case.state not in ("supervised", "to_accept", "to_recheck") or case.supervised_at is not None
        assert case.state not in ("to_accept", "to_recheck") or case.is_major
        assert case.grade or case.state in (*NOT_ONE, "reported", "to_grade")
        self.nobody_waits_in_vain(case)
        self.nobody_checked_their_own(case)
        live = {one.clock: one for one in Deadline.objects.filter(case=case, done_at=None)}
        running = {name for name, one in live.items() if one.paused_at is None}
        assert running == {one.name for one in FLOW.clocks if case.state in one.runs}
        assert case.due_at == min((live[name].due_at for name in running), default=None)

    def nobody_waits_in_vain(self, case: Hazard) -> None:
        """Merged, its reporter follows the other one, which is as it was."""
        parties = CaseParty.objects.filter(case=self.other.pk, person=case.opener_id, as_what="follower")
        followed = case.opener_id is None or parties.exists()  # a stranger has a receipt, which leads to the other one
        linked = CaseLink.objects.filter(source=case.pk, target=self.other.pk, kind=MERGED).exists()
        assert (case.state == "merged") == linked and (not linked or followed)
        assert Hazard.objects.get(pk=self.other.pk).is_open

    def nobody_checked_their_own(self, case: Hazard) -> None:
        if case.state != "closed_out":
            return
        last = Event.objects.filter(address=case.address, verb__in=["close_out", "recheck_ok"]).latest("seq")
        assert int(last.who.partition(":")[2]) not in fixers(case)

    def fresh(self) -> Hazard:
        return Hazard.objects.get(pk=self.hazard.pk)


@pytest.mark.django_db
def test_no_sequence_of_steps_leaves_the_law() -> None:
    with clock.at(MONDAY):
        Life.place = build_district()
        Life.people = (cast_of(Life.place), grid_of(Life.place))
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=40,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_every_state_is_stood_in_by_somebody() -> None:
    with clock.at(MONDAY):
        Life.place = build_district()
        Life.people = (cast_of(Life.place), grid_of(Life.place))
    Life.reached = set()
    for start in (*STARTS, *STRANGERS):
        life = Life()
        life.begin(start)
        life.the_law_holds()
        life.teardown()
    assert Life.reached | {"unconfirmed"} == set(FLOW.tokens)
