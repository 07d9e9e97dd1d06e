"""Verbs of the canteen."""

from .accounts import open_monthlyaccount, open_termaccount, open_weeklyaccount
from .deliveries import give_goods_back, lay_out_order, order, put_on_scale, sign_first, take_into_stock, take_off_scale
from .dishes import add_dish, change_dish, price_dish, retire_dish
from .ingredients import add_ingredient, change_ingredient
from .menus import copy_week, open_weekmenu, set_meal
from .places import change_canteen, close_canteen, open_canteen
from .purchases import open_purchases
from .questions import ask, put_up, take_off
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
    "ask",
    "ban_supplier",
    "change_canteen",
    "change_dish",
    "change_ingredient",
    "change_supplier",
    "close_canteen",
    "copy_week",
    "give_goods_back",
    "lay_out_order",
    "open_canteen",
    "open_monthlyaccount",
    "open_purchases",
    "open_termaccount",
    "open_weeklyaccount",
    "open_weekmenu",
    "order",
    "price_dish",
    "put_on_scale",
    "put_up",
    "rate_supplier",
    "retire_dish",
    "set_meal",
    "sign_contract",
    "sign_first",
    "take_in_certificate",
    "take_into_stock",
    "take_off",
    "take_off_scale",
    "take_supplier_back",
]
