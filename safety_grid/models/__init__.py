"""What the safety grid keeps."""

from .hazards import COLOURS, GENERAL, GRADES, MAJOR, Concern, Hazard

__all__ = ["COLOURS", "GENERAL", "GRADES", "MAJOR", "Concern", "Hazard"]
