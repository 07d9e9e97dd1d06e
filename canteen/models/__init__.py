"""Nouns of the canteen."""

from .categories import FOOD, Category, categories
from .ingredients import ALLERGENS, Ingredient
from .places import Canteen, Meal, Mode, SurplusRule
from .stock import FoodMove, Lot, Shelf

__all__ = [
    "ALLERGENS",
    "FOOD",
    "Canteen",
    "Category",
    "FoodMove",
    "Ingredient",
    "Lot",
    "Meal",
    "Mode",
    "Shelf",
    "SurplusRule",
    "categories",
]
