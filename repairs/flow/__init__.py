"""The laws of repairs."""

from .tickets import FLOW, LADDER

__all__ = ["FLOW", "LADDER"]
