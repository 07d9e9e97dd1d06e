"""Repairs in the demo: believable faults, reported, repaired and signed off through the same actions as everybody's."""

from .cast import ACCOUNTS, openings
from .life import begin, summary

__all__ = ["ACCOUNTS", "begin", "openings", "summary"]
