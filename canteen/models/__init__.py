"""Nouns of the canteen."""

from .accounts import MonthlyAccount, RefundPlan, TermAccount, WeeklyAccount
from .books import BookMonth, ClosedStock, Diners, Entry, EntrySeal, Voucher
from .categories import FOOD, Category, categories
from .deliveries import Delivery, DeliveryLine, Purchases
from .disclosed import Meals, Supplies
from .dishes import Course, Dish, DishPart, DishPrice, Style
from .duties import Accompany, Control, HealthCard, ParentMeal, Sample, Sampling
from .ingredients import ALLERGENS, Ingredient
from .kitchen import Camera, KitchenView, Outage
from .meals import MealCount, MealMoney
from .menus import MenuChange, Serving, WeekMenu
from .particulars import Particulars
from .places import Canteen, Meal, Mode, SurplusRule
from .prices import Inquiry, InquiryItem, Quote, Source, SourceKind
from .questions import Question
from .ratings import Occasion, Rating, Rectification
from .stock import FoodMove, Lot, Shelf
from .suppliers import Certificate, CertificateKind, Contract, Renewal, Supplier, SupplierRating

__all__ = [
    "ALLERGENS",
    "FOOD",
    "Accompany",
    "BookMonth",
    "Camera",
    "Canteen",
    "Category",
    "Certificate",
    "CertificateKind",
    "ClosedStock",
    "Contract",
    "Control",
    "Course",
    "Delivery",
    "DeliveryLine",
    "Diners",
    "Dish",
    "DishPart",
    "DishPrice",
    "Entry",
    "EntrySeal",
    "FoodMove",
    "HealthCard",
    "Ingredient",
    "Inquiry",
    "InquiryItem",
    "KitchenView",
    "Lot",
    "Meal",
    "MealCount",
    "MealMoney",
    "Meals",
    "MenuChange",
    "Mode",
    "MonthlyAccount",
    "Occasion",
    "Outage",
    "ParentMeal",
    "Particulars",
    "Purchases",
    "Question",
    "Quote",
    "Rating",
    "Rectification",
    "RefundPlan",
    "Renewal",
    "Sample",
    "Sampling",
    "Serving",
    "Shelf",
    "Source",
    "SourceKind",
    "Style",
    "Supplier",
    "SupplierRating",
    "Supplies",
    "SurplusRule",
    "TermAccount",
    "Voucher",
    "WeekMenu",
    "WeeklyAccount",
    "categories",
]
