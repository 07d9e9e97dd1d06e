"""The table's deliveries and food store: pages, steps and programs."""

import pytest

from .asking import wrong
from .table import Grid, grids
from .world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("grid", grids("deliveries"), ids=str)
def test_deliveries_and_the_store_are_seen_and_done_by_whom_the_table_names(world: World, grid: Grid) -> None:
    assert list(wrong(world, grid.asked())) == []
