"""Nouns of the canteen."""

from .accounts import MonthlyAccount, RefundPlan, TermAccount, WeeklyAccount
from .books import BookMonth, ClosedStock, Diners, Entry, EntrySeal
from .categories import FOOD, Category, categories
from .ingredients import ALLERGENS, Ingredient
from .meals import MealCount, MealMoney
from .places import Canteen, Meal, Mode, SurplusRule
from .prices import Inquiry, InquiryItem, Quote, Source, SourceKind
from .stock import FoodMove, Lot, Shelf
from .suppliers import Certificate, CertificateKind, Contract, Renewal, Supplier, SupplierRating

__all__ = [
    "ALLERGENS",
    "FOOD",
    "BookMonth",
    "Canteen",
    "Category",
    "Certificate",
    "CertificateKind",
    "ClosedStock",
    "Contract",
    "Diners",
    "Entry",
    "EntrySeal",
    "FoodMove",
    "Ingredient",
    "Inquiry",
    "InquiryItem",
    "Lot",
    "Meal",
    "MealCount",
    "MealMoney",
    "Mode",
    "MonthlyAccount",
    "Quote",
    "RefundPlan",
    "Renewal",
    "Shelf",
    "Source",
    "SourceKind",
    "Supplier",
    "SupplierRating",
    "SurplusRule",
    "TermAccount",
    "WeeklyAccount",
    "categories",
]
