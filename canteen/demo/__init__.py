"""The canteens in the demo: who works in them and what happens there, through the same actions as everybody's."""

from .cast import ACCOUNTS, openings
from .life import begin, summary

__all__ = ["ACCOUNTS", "begin", "openings", "summary"]
