"""The verbs of the safety grid, and what its steps cause beyond the case itself."""

from .cells import change_cell, close_cell, hold, mark_out, release, replace_substitute
from .hazards import put_on_board, raise_concern, report, tell_of_danger, tell_of_major, tell_of_plan, visit

__all__ = [
    "change_cell",
    "close_cell",
    "hold",
    "mark_out",
    "put_on_board",
    "raise_concern",
    "release",
    "replace_substitute",
    "report",
    "tell_of_danger",
    "tell_of_major",
    "tell_of_plan",
    "visit",
]
