"""Verbs of the canteen."""

from .places import change_canteen, close_canteen, open_canteen

__all__ = ["change_canteen", "close_canteen", "open_canteen"]
