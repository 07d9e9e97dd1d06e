"""Nothing of the portal stands outside the table, and nothing of the table outside the portal."""

import re
from functools import cache
from uuid import uuid4

import pytest
from django.urls import Resolver404, resolve

from portal.cases.flow import BY_CLOCK, FLOWS
from portal.orgs.policies import routes
from portal.orgs.roles import roles

from .forms import FORMS
from .people import EVERYBODY, ROLES
from .table import VERBS, cells, grids

EVERY_CELL = cells()
ASKED = [cell for cell in EVERY_CELL if cell.verb in VERBS]
LEAST = 8000  # cells, as promised


@cache
def route_of(written: str) -> str:
    """The route behind an address of the table, its blanks filled with something of the right shape."""
    address = re.sub(r"\{(photo|upload|paper|drawn)\}", str(uuid4()), written.partition("?")[0])
    address = re.sub(r"\{case\}", "BX-LX01-2026-00001", address)
    try:
        return resolve(re.sub(r"\{\w+\}", "1", address)).route
    except Resolver404:
        return f"nothing at {written}"


def test_every_route_and_verb_has_a_row_and_every_row_a_route() -> None:
    in_the_table = {(route_of(cell.address), cell.verb) for cell in ASKED}
    in_the_portal = {(route.replace("^", ""), verb) for route, _ in routes() for verb in VERBS}
    assert sorted(in_the_portal - in_the_table) == []
    assert sorted(in_the_table - in_the_portal) == []


def test_every_role_is_somebody_of_the_table() -> None:
    assert {code for code, _ in ROLES.values()} == set(roles())


@pytest.mark.parametrize("kind", sorted(FLOWS))
def test_every_step_of_every_flow_has_its_rows_on_pages_and_for_programs(kind: str) -> None:
    flow = FLOWS[kind]
    base = f"{flow.affair}/{flow.plural}/{{case}}"
    takeable = {step.name for step in flow.steps if step.roles != (BY_CLOCK,)}
    asked = {cell.address for cell in ASKED if cell.verb == "POST"}
    pages = {f"/{base}/{step.name}/" for step in flow.steps} - asked
    programs = {f"/api/v1/{base}/steps/{name}" for name in takeable} - asked
    assert (sorted(pages), sorted(programs)) == ([], [])


def test_every_cell_is_written_once() -> None:
    known = [(cell.address, cell.verb, cell.state, cell.person, cell.column) for cell in EVERY_CELL]
    assert len(known) == len(set(known))


def test_the_table_is_as_large_as_promised() -> None:
    assert len(EVERY_CELL) >= LEAST
    assert {cell.person for cell in EVERY_CELL} == set(EVERYBODY)


def test_every_day_each_address_is_asked_for_each_outcome_of_each_column_and_each_kind_at_each_column() -> None:
    owing = []
    for grid in grids():
        asked = set(grid.asked())
        lacking = {at for at in range(len(grid.columns)) if {said[at] for said in grid.outcomes.values()} == {"非"}}
        for at, one in grid.numbered():
            if at and grid.stops(one.person) and at not in lacking:
                continue
            outcome = (str(grid), at, one.address, one.verb, one.state, one.expected)
            kind = (str(grid), at, grid.outcomes[one.person])
            owing += [(one in asked, outcome)] + [(one in asked, kind)] * (at not in lacking)
    assert {what for _, what in owing} - {what for found, what in owing if found} == set()


def test_what_is_asked_daily_is_as_much_as_promised_and_the_same_every_day() -> None:
    asked = [cell for grid in grids() for cell in grid.asked()]
    assert len(asked) >= LEAST
    assert asked == [cell for grid in grids() for cell in grid.asked()]
    assert {cell.person for cell in asked} == set(EVERYBODY)


def test_no_form_is_filled_that_the_table_does_not_ask_for() -> None:
    assert set(FORMS) - {cell.address.partition("?")[0] for cell in ASKED} == set()
