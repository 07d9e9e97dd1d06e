"""How the tests are spread over the workers: whole files, the longest first; the access table is two pieces, its doors and the rest.

What is begun last decides how long one worker waits for the other, so that only small files may come last.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TABLE, DOORS = "tests/access/", "tests/access/test_doors.py"
PARTED = ("tests/portal/api/test_schemathesis.py",)  # each test is a piece of its own
# Longest first, as measured; a file that grows long is named here.
LONG = (
    TABLE,
    DOORS,
    "tests/portal/api/test_schemathesis.py",
    "tests/browser/test_every_page.py",
    "tests/portal/hall/test_demo_hours.py",
    "tests/portal/local/test_up.py",
    "tests/portal/hall/test_demo.py",
    "tests/chaos/test_outages.py",
    "tests/chaos/test_fifty.py",
    "tests/safety_grid/test_properties.py",
    "tests/repairs/test_properties.py",
    "tests/portal/api/test_input.py",
    "tests/portal/evidence/test_fuzz.py",
    "tests/portal/worktime/test_oracle.py",
    "tests/bench/test_bench.py",
    "tests/chaos/",
    "tests/browser/",
)


def piece_of(nodeid: str) -> str:
    """The piece a test is part of: what one worker runs as a whole."""
    file = nodeid.partition("::")[0]
    if file in PARTED:
        return nodeid
    return TABLE if file.startswith(TABLE) and file != DOORS else file


def rank_of(nodeid: str) -> int:
    """The longer a piece takes, the sooner it comes; all others keep their order after these."""
    piece = piece_of(nodeid)
    if piece == DOORS:
        return LONG.index(DOORS)  # which begins like the rest of the table
    return next((rank for rank, long in enumerate(LONG) if piece.startswith(long)), len(LONG))


class Spread(LoadScopeScheduling):
    """Piece by piece, in the order of the collection."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return piece_of(nodeid)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first."""
    items.sort(key=lambda item: rank_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Whatever --dist says, for the fixtures of a file are made once."""
    return Spread(config, log)
