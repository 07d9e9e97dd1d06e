"""Questions about repairs."""

from .monthly import MonthOf, month_of
from .similar import Similar, similar_at
from .tickets import PRIORITIES, Topic, beside, facts_of, topics

__all__ = [
    "PRIORITIES",
    "MonthOf",
    "Similar",
    "Topic",
    "beside",
    "facts_of",
    "month_of",
    "similar_at",
    "topics",
]
