"""What the canteen publishes, by topic."""

from . import accounts, menus, purchases

__all__ = ["accounts", "menus", "purchases"]
