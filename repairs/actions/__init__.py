"""The verbs that open the cases of repairs."""

from .tickets import report, visit

__all__ = ["report", "visit"]
