"""The laws of repairs."""

from .materials import MATERIALS
from .tickets import FLOW, LADDER

__all__ = ["FLOW", "LADDER", "MATERIALS"]
