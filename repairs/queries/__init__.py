"""Questions about repairs."""

from .similar import Similar, open_at, similar_at
from .tickets import PRIORITIES, Topic, beside, facts_of, topics

__all__ = ["PRIORITIES", "Similar", "Topic", "beside", "facts_of", "open_at", "similar_at", "topics"]
