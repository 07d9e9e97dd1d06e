"""Questions about the safety grid."""

from .cells import Answer, holders_at

__all__ = ["Answer", "holders_at"]
