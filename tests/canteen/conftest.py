"""Fixtures of the canteen."""

import pytest

from canteen.models import Canteen
from tests.canteen.cast import Kitchen, canteen_of, kitchen_of
from tests.district import District


@pytest.fixture
def kitchen(place: District) -> Kitchen:
    """The posts of the canteen, held."""
    return kitchen_of(place)


@pytest.fixture
def canteen(place: District) -> Canteen:
    """The school's canteen."""
    return canteen_of(place)
