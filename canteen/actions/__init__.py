"""Verbs of the canteen."""

from .dishes import add_dish, change_dish, price_dish, retire_dish
from .ingredients import add_ingredient, change_ingredient
from .menus import copy_week, open_weekmenu, set_meal
from .places import change_canteen, close_canteen, open_canteen
from .suppliers import (
    add_supplier,
    ban_supplier,
    change_supplier,
    rate_supplier,
    sign_contract,
    take_in_certificate,
    take_supplier_back,
)

__all__ = [
    "add_dish",
    "add_ingredient",
    "add_supplier",
    "ban_supplier",
    "change_canteen",
    "change_dish",
    "change_ingredient",
    "change_supplier",
    "close_canteen",
    "copy_week",
    "open_canteen",
    "open_weekmenu",
    "price_dish",
    "rate_supplier",
    "retire_dish",
    "set_meal",
    "sign_contract",
    "take_in_certificate",
    "take_supplier_back",
]
