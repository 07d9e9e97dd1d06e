"""The verbs of the safety grid, and what its steps cause beyond the case itself."""

from .hazards import put_on_board, raise_concern, report, tell_of_danger, tell_of_major, tell_of_plan, visit

__all__ = ["put_on_board", "raise_concern", "report", "tell_of_danger", "tell_of_major", "tell_of_plan", "visit"]
