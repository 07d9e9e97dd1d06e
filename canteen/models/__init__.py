"""Nouns of the canteen."""

from .categories import FOOD, Category, categories
from .ingredients import ALLERGENS, Ingredient
from .places import Canteen, Meal, Mode, SurplusRule

__all__ = ["ALLERGENS", "FOOD", "Canteen", "Category", "Ingredient", "Meal", "Mode", "SurplusRule", "categories"]
