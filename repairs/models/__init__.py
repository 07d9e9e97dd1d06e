"""What repairs keep: tickets, rules of dispatch, requests for materials, the store, the register of assets."""

from .assets import Asset, AssetChange, AssetKind, AssetSource, AssetState
from .dispatching import DispatchRule
from .materials import ApprovalTiers, MaterialLine, Materials
from .monthly import Monthly
from .stock import CATEGORIES, StockItem, StockMove
from .stocktakes import CountLine, StockTake
from .tickets import Ticket

__all__ = [
    "CATEGORIES",
    "ApprovalTiers",
    "Asset",
    "AssetChange",
    "AssetKind",
    "AssetSource",
    "AssetState",
    "CountLine",
    "DispatchRule",
    "MaterialLine",
    "Materials",
    "Monthly",
    "StockItem",
    "StockMove",
    "StockTake",
    "Ticket",
]
