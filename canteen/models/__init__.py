"""Nouns of the canteen."""

from .accounts import MonthlyAccount, RefundPlan, TermAccount, WeeklyAccount
from .books import BookMonth, ClosedStock, Diners, Entry, EntrySeal
from .categories import FOOD, Category, categories
from .ingredients import ALLERGENS, Ingredient
from .meals import MealCount, MealMoney
from .places import Canteen, Meal, Mode, SurplusRule
from .stock import FoodMove, Lot, Shelf

__all__ = [
    "ALLERGENS",
    "FOOD",
    "BookMonth",
    "Canteen",
    "Category",
    "ClosedStock",
    "Diners",
    "Entry",
    "EntrySeal",
    "FoodMove",
    "Ingredient",
    "Lot",
    "Meal",
    "MealCount",
    "MealMoney",
    "Mode",
    "MonthlyAccount",
    "RefundPlan",
    "Shelf",
    "SurplusRule",
    "TermAccount",
    "WeeklyAccount",
    "categories",
]
