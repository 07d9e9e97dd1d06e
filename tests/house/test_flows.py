"""Every flow of every affair: reachable, leavable, known roles, clocks that rise, sentences, forms, current drawings."""

from pathlib import Path

import pytest
from django.conf import settings

from portal.cases.drawing import pages
from portal.cases.flow import FLOWS, HOLDER, OPENER, Flow, check_roles
from portal.cases.forms import StepForm
from portal.cases.queries import find
from portal.errors import NotThere

FOLDER = Path(settings.BASE_DIR) / "docs" / "flows"
EVERY = sorted(FLOWS)


@pytest.fixture(params=EVERY)
def flow(request: pytest.FixtureRequest) -> Flow:
    return FLOWS[request.param]


def test_there_are_flows() -> None:
    assert EVERY != []


def test_every_state_can_be_reached(flow: Flow) -> None:
    reached = {target for step in flow.openings for target in step.targets}
    for _ in flow.states:
        reached |= {target for step in flow.steps if reached & set(step.sources) for target in step.targets}
    assert {state.name for state in flow.states} - reached == set()


def test_every_open_state_can_be_left_and_a_final_one_only_by_who_opened_the_case(flow: Flow) -> None:
    left = {source for step in flow.steps if step.target for source in step.sources}
    again = {source for step in flow.steps if step.roles == (OPENER,) and step.offered for source in step.sources}
    assert left - {source for source in again if flow.state(source).final} == set(flow.open_states())


def test_every_open_state_has_somebody_whose_turn_it_is(flow: Flow) -> None:
    assert [state.name for state in flow.states if bool(state.turn) == bool(state.final)] == []


def test_whose_turn_it_is_has_a_step_to_take(flow: Flow) -> None:
    for state in flow.states:
        if state.turn:
            takers = {role for step in flow.steps if step.target and state.name in step.sources for role in step.roles}
            assert takers & {state.turn, HOLDER}


def test_every_role_is_known(flow: Flow) -> None:
    assert [role for role in check_roles(flow) if role != "anyone"] == []


def test_every_clock_rises_or_acts(flow: Flow) -> None:
    assert [clock.name for clock in flow.clocks if bool(clock.late) == bool(clock.then)] == []


def test_every_step_has_a_sentence_for_trail_and_notices(flow: Flow) -> None:
    assert [step.name for step in (flow.opening, *flow.steps) if not (step.says or step.title)] == []


def test_every_effect_and_every_flow_a_step_opens_is_there(flow: Flow) -> None:
    for step in (flow.opening, *flow.steps):
        assert not step.does or callable(flow.effect(step))
        assert not step.opens or step.opens[0] in FLOWS


def test_what_a_flow_moves_at_its_end_knows_the_step(flow: Flow) -> None:
    named = {(one.opens[1], other.kind) for other in FLOWS.values() for one in other.steps if one.opens}
    for link, name in flow.moves:
        assert {FLOWS[kind].step(name) is None for known, kind in named if known == link} <= {False}


def test_every_step_has_one_form_whose_evidence_covers_its_needs(flow: Flow) -> None:
    for step in (flow.opening, *flow.steps):
        form = flow.form(step)
        assert issubclass(form, StepForm)
        assert set(step.needs) <= set(form.base_fields)
        assert set(step.sets) <= set(form.base_fields)


@pytest.mark.django_db
def test_a_number_nobody_gave_is_no_case_of_any_kind(flow: Flow) -> None:
    with pytest.raises(NotThere):
        find(flow, "XX-XX01-2026-00001", by="clock")


def test_the_drawings_are_current() -> None:
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")} == pages()
