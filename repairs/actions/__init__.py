"""The verbs that open the cases of repairs."""

from .tickets import report

__all__ = ["report"]
