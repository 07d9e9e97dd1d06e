"""Questions about the canteen."""

from .ingredients import ingredients_of, usable_of
from .places import canteen_at, canteens_for, canteens_of, the_canteen

__all__ = ["canteen_at", "canteens_for", "canteens_of", "ingredients_of", "the_canteen", "usable_of"]
