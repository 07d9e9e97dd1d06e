"""What the canteen publishes, by topic."""

from . import menus

__all__ = ["menus"]
