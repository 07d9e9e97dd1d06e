"""The table's surveys, and what people ask and think of the canteen: pages, steps and programs."""

import pytest

from .asking import wrong
from .table import Grid, grids
from .world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("grid", [*grids("surveys"), *grids("questions"), *grids("ratings")], ids=str)
def test_surveys_and_questions_are_seen_and_done_by_whom_the_table_names(world: World, grid: Grid) -> None:
    assert list(wrong(world, grid.asked())) == []
