"""A key to seal with, and a ledger of many chains."""

import os
from typing import Any

import pytest

from portal import clock
from portal.ledger.keys import generate
from portal.ledger.models import Chained

from .life import holders, live, moment

CHAINS = int(os.environ.get("LEDGER_CHAINS", "14"))  # tampered with one after the other; the drill takes a hundred


@pytest.fixture(autouse=True)
def seal_key(settings: Any) -> str:
    """This installation's key."""
    settings.SEAL_KEY = generate()
    settings.SEAL_PUBLIC_KEYS = []
    settings.SEAL_WITNESSES = []
    return settings.SEAL_KEY


@pytest.fixture
def rows(db: None) -> list[Chained]:
    """Chains that have lived three sealed days and the morning of a fourth; the clock stands at its noon."""
    rows = holders(CHAINS)
    live(rows)
    return rows


@pytest.fixture
def noon(rows: list[Chained]) -> Any:
    """The clock stands on the fourth day."""
    with clock.at(moment(4, 16)):
        yield
