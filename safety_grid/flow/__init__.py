"""The laws of the safety grid."""

from . import duty  # noqa: F401  registers what a scan at a post offers
from .concerns import CONCERNS
from .drills import DRILLS
from .hazards import FLOW
from .months import MONTHS
from .rounds import ROUNDS

__all__ = ["CONCERNS", "DRILLS", "FLOW", "MONTHS", "ROUNDS"]
