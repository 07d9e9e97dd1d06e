"""The safety grid in the demo: who answers for what, through the same actions as everybody's."""

from .cast import ACCOUNTS, openings
from .life import begin, summary

__all__ = ["ACCOUNTS", "begin", "openings", "summary"]
