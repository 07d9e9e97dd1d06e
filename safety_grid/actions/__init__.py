"""The verbs of the safety grid, and what its steps cause beyond the case itself."""

from .cells import change_cell, close_cell, hold, mark_out, release, replace_substitute
from .drills import plan_drill, record_drill
from .hazards import put_on_board, raise_concern, report, tell_of_danger, tell_of_major, tell_of_plan, visit
from .months import open_safetymonth
from .rounds import mark_spot, open_every_round, open_rounds, tell_of_repeated_misses

__all__ = [
    "change_cell",
    "close_cell",
    "hold",
    "mark_out",
    "mark_spot",
    "open_every_round",
    "open_rounds",
    "open_safetymonth",
    "plan_drill",
    "put_on_board",
    "raise_concern",
    "record_drill",
    "release",
    "replace_substitute",
    "report",
    "tell_of_danger",
    "tell_of_major",
    "tell_of_plan",
    "tell_of_repeated_misses",
    "visit",
]
