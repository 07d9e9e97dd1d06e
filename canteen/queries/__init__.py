"""Questions about the canteen."""

from .places import canteen_at, canteens_for, canteens_of, the_canteen

__all__ = ["canteen_at", "canteens_for", "canteens_of", "the_canteen"]
