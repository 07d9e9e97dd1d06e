"""The laws of the safety grid."""

from .concerns import CONCERNS
from .hazards import FLOW

__all__ = ["CONCERNS", "FLOW"]
