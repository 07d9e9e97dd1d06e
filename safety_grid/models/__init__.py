"""What the safety grid keeps: cells and who answers for them, hazards."""

from .cells import Cell, Days, Holding, Level, held_at, hours_words, level_at
from .drills import Drill, DrillResult
from .duty import SignIn
from .hazards import COLOURS, GENERAL, GRADES, MAJOR, Concern, Hazard
from .months import SafetyMonth
from .rounds import Round, RoundPlan, RoundSpot

__all__ = [
    "COLOURS",
    "GENERAL",
    "GRADES",
    "MAJOR",
    "Cell",
    "Concern",
    "Days",
    "Drill",
    "DrillResult",
    "Hazard",
    "Holding",
    "Level",
    "Round",
    "RoundPlan",
    "RoundSpot",
    "SafetyMonth",
    "SignIn",
    "held_at",
    "hours_words",
    "level_at",
]
