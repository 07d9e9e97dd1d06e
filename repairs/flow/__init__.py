"""The laws of repairs."""

from . import assets  # noqa: F401  registers what the portal asks about them
from .materials import MATERIALS
from .monthly import MONTHLY
from .stocktakes import STOCKTAKES
from .tickets import FLOW, LADDER

__all__ = ["FLOW", "LADDER", "MATERIALS", "MONTHLY", "STOCKTAKES"]
