"""Questions about repairs."""

from .tickets import PRIORITIES, Topic, beside, facts_of, open_at, topics

__all__ = ["PRIORITIES", "Topic", "beside", "facts_of", "open_at", "topics"]
