"""Nouns of the canteen."""

from .places import Canteen, Meal, Mode, SurplusRule

__all__ = ["Canteen", "Meal", "Mode", "SurplusRule"]
