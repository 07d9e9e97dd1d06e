"""What repairs keep: tickets, rules of dispatch, requests for materials, the store."""

from .dispatching import DispatchRule
from .materials import ApprovalTiers, MaterialLine, Materials
from .stock import CATEGORIES, StockItem, StockMove
from .tickets import Ticket

__all__ = [
    "CATEGORIES",
    "ApprovalTiers",
    "DispatchRule",
    "MaterialLine",
    "Materials",
    "StockItem",
    "StockMove",
    "Ticket",
]
