"""How much is asked: the short form in the suite, the full form in `make drill` (which sets DRILL=full)."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """What one run puts up with. `cases` and `kills` are per round of the sweepers."""

    equal_rounds: int  # of fifty equal POSTs of every step
    rounds: int
    cases: int
    kills: int
    finished: int  # repairs per round whose sign-off is over, which the clock closes
    schedules: int  # obligations per round whose moment has come
    deliverer_kills: int
    publisher_kills: int
    schools: int  # of a run of publications
    readers: int  # of one announcement
    pending: int  # cases due when Redis comes back
    database_stops: int


SHORT = Sizes(
    equal_rounds=1,
    rounds=3,
    cases=36,
    kills=12,
    finished=5,
    schedules=20,
    deliverer_kills=30,
    publisher_kills=12,
    schools=120,
    readers=60,
    pending=40,
    database_stops=2,
)
FULL = Sizes(
    equal_rounds=20,
    rounds=6,
    cases=150,
    kills=25,
    finished=20,
    schedules=30,
    deliverer_kills=100,
    publisher_kills=100,
    schools=900,
    readers=600,
    pending=700,
    database_stops=20,
)
SIZES = FULL if os.environ.get("DRILL") == "full" else SHORT
