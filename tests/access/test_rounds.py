"""The table's rounds, duty and drills: pages, steps and programs."""

import pytest

from .asking import wrong
from .table import Grid, grids
from .world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("grid", grids("rounds"), ids=str)
def test_rounds_duty_and_drills_are_seen_and_done_by_whom_the_table_names(world: World, grid: Grid) -> None:
    assert list(wrong(world, grid.asked())) == []
