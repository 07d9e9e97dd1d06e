"""What the canteen publishes, by topic."""

from . import accounts, menus

__all__ = ["accounts", "menus"]
