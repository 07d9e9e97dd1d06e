"""Verbs of the canteen."""

from .ingredients import add_ingredient, change_ingredient
from .places import change_canteen, close_canteen, open_canteen

__all__ = ["add_ingredient", "change_canteen", "change_ingredient", "close_canteen", "open_canteen"]
