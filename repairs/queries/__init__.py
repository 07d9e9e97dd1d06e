"""Questions about repairs."""

from .monthly import MonthOf, month_of
from .similar import Similar, open_at, similar_at
from .tickets import PRIORITIES, Topic, beside, facts_of, topics

__all__ = [
    "PRIORITIES",
    "MonthOf",
    "Similar",
    "Topic",
    "beside",
    "facts_of",
    "month_of",
    "open_at",
    "similar_at",
    "topics",
]
