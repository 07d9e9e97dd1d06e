"""What the canteen publishes, by topic."""

from . import accounts, meals, menus, particulars, purchases, ratings, school, supplies

__all__ = ["accounts", "meals", "menus", "particulars", "purchases", "ratings", "school", "supplies"]
