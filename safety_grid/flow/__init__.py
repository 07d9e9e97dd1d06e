"""The laws of the safety grid."""

from .concerns import CONCERNS
from .drills import DRILLS
from .hazards import FLOW
from .rounds import ROUNDS

__all__ = ["CONCERNS", "DRILLS", "FLOW", "ROUNDS"]
