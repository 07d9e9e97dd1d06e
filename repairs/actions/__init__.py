"""The verbs that open the cases of repairs, and what their steps cause beyond the case itself."""

from .materials import (
    ask_again,
    check_in,
    give_back,
    grant,
    hand_out,
    lay_out,
    merge_job,
    pass_materials_on,
    purchase,
    request_materials,
    take_back_order,
)
from .monthly import open_monthly
from .rating import tell_of_low_rating
from .stocktakes import compare, list_assets, take_stock
from .tickets import report, visit

__all__ = [
    "ask_again",
    "check_in",
    "compare",
    "give_back",
    "grant",
    "hand_out",
    "lay_out",
    "list_assets",
    "merge_job",
    "open_monthly",
    "pass_materials_on",
    "purchase",
    "report",
    "request_materials",
    "take_back_order",
    "take_stock",
    "tell_of_low_rating",
    "visit",
]
