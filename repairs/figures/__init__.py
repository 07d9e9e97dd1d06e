"""The figures of repairs."""

from .tickets import CHAPTER

__all__ = ["CHAPTER"]
