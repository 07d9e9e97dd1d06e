"""The table's price inquiries and renewals of certificates: pages, steps and programs."""

import pytest

from .asking import wrong
from .table import Grid, grids
from .world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("grid", grids("inquiries"), ids=str)
def test_inquiries_and_renewals_are_seen_and_done_by_whom_the_table_names(world: World, grid: Grid) -> None:
    assert list(wrong(world, grid.asked())) == []
