"""What the safety grid keeps: cells and who answers for them, hazards."""

from .cells import Cell, Days, Holding, Level, held_at, hours_words
from .hazards import COLOURS, GENERAL, GRADES, MAJOR, Concern, Hazard

__all__ = [
    "COLOURS",
    "GENERAL",
    "GRADES",
    "MAJOR",
    "Cell",
    "Concern",
    "Days",
    "Hazard",
    "Holding",
    "Level",
    "held_at",
    "hours_words",
]
