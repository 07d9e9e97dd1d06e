"""What the canteen publishes, by topic."""

from . import accounts, menus, purchases, ratings

__all__ = ["accounts", "menus", "purchases", "ratings"]
