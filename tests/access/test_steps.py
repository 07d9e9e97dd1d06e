"""The table's steps on pages: who may take which step on which case."""

import pytest

from .asking import wrong
from .table import Grid, grids
from .world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("grid", grids("steps"), ids=str)
def test_steps_are_taken_by_whom_the_table_names(world: World, grid: Grid) -> None:
    assert list(wrong(world, grid.asked())) == []
