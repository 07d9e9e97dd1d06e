"""The table's steps for programs: every step is an address of its own."""

import pytest

from .asking import wrong
from .table import Grid, grids
from .world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("grid", grids("steps_of_programs"), ids=str)
def test_steps_are_taken_by_programs_of_whom_the_table_names(world: World, grid: Grid) -> None:
    assert list(wrong(world, grid.asked())) == []
