"""The table's reading: who sees which case, on its page, in lists, counts and searches, on the home page, in notices."""

import pytest

from .asking import wrong
from .events import told
from .lists import LISTS, side_by_side, wrong_lists_today
from .table import Grid, grids
from .world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("grid", grids("reading", "single"), ids=str)
def test_a_case_is_seen_as_the_table_says(world: World, grid: Grid) -> None:
    assert list(wrong(world, grid.asked())) == []


def test_every_list_has_the_same_cases_in_its_columns() -> None:
    assert len({(grid.columns, grid.states) for grid in LISTS}) == 1


def test_lists_hold_what_the_table_says(world: World) -> None:
    assert list(wrong_lists_today(world)) == []


def test_counts_are_the_number_of_cases_on_the_list(world: World) -> None:
    """待办 on every page and for programs; for those who govern, what is open on the home page."""
    waiting, governed = outcomes_of("/api/v1/desk?tab=waiting"), outcomes_of("/api/v1/desk?tab=governed&state=open")
    said, right = {}, {}
    for name, _ in side_by_side(world):
        person = world.people[name]
        me, home = person.by_program("GET", "/api/v1/me", {}), person.browser.get("/")
        if home.status_code == 200:
            stats = {one["title"]: one["value"] for one in home.context["stats"]}
            said[name] = (me.json()["waiting"], home.context["shell"].waiting, stats.get("在办", 0))
            right[name] = (waiting[name], waiting[name], governed[name])
    assert said == right


@pytest.mark.parametrize("grid", grids("told"), ids=str)
def test_those_are_told_whom_the_table_names(world: World, grid: Grid) -> None:
    assert [str(cell) for cell in grid.asked() if told(world, cell) != cell.expected] == []


def outcomes_of(address: str) -> dict[str, int]:
    """How many cases of the list each person has."""
    grid = next(one for one in LISTS for row in one.rows if row.address == address)
    return {name: said.count("有") for name, said in grid.outcomes.items()}
