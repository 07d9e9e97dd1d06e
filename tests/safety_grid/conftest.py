"""Fixtures of the safety grid."""

import pytest

from tests.district import District
from tests.safety_grid.cast import Grid, grid_of


@pytest.fixture
def grid(place: District) -> Grid:
    """The posts of the safety grid, held."""
    return grid_of(place)
