"""Verbs of the canteen."""

from .accounts import open_monthlyaccount, open_termaccount, open_weeklyaccount
from .deliveries import give_goods_back, lay_out_order, order, put_on_scale, sign_first, take_into_stock, take_off_scale
from .disclosed import open_meals, open_supplies
from .dishes import add_dish, change_dish, price_dish, retire_dish
from .duties import (
    ate_along,
    book_meal,
    discard,
    keep_outcomes,
    open_accompanies,
    open_controls,
    open_samplings,
    store_samples,
)
from .health import enter_health_card, leave_kitchen
from .ingredients import add_ingredient, change_ingredient
from .inquiries import list_as_before, open_inquiry, set_list, take_choice, take_quotes
from .kitchen import heartbeat, open_outage, retire_camera, set_camera, set_view
from .menus import copy_week, open_weekmenu, set_meal
from .particulars import open_particulars
from .places import change_canteen, close_canteen, open_canteen
from .purchases import open_purchases
from .questions import ask, put_up, take_off
from .ratings import ask_diners_again, open_ratings, open_rectification, put_right
from .renewals import open_every_renewal, open_renewals, take_in_renewal
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
    "ask_diners_again",
    "ate_along",
    "ban_supplier",
    "book_meal",
    "change_canteen",
    "change_dish",
    "change_ingredient",
    "change_supplier",
    "close_canteen",
    "copy_week",
    "discard",
    "enter_health_card",
    "give_goods_back",
    "heartbeat",
    "keep_outcomes",
    "lay_out_order",
    "leave_kitchen",
    "list_as_before",
    "open_accompanies",
    "open_canteen",
    "open_controls",
    "open_every_renewal",
    "open_inquiry",
    "open_meals",
    "open_monthlyaccount",
    "open_outage",
    "open_particulars",
    "open_purchases",
    "open_ratings",
    "open_rectification",
    "open_renewals",
    "open_samplings",
    "open_supplies",
    "open_termaccount",
    "open_weeklyaccount",
    "open_weekmenu",
    "order",
    "price_dish",
    "put_on_scale",
    "put_right",
    "put_up",
    "rate_supplier",
    "retire_camera",
    "retire_dish",
    "set_camera",
    "set_list",
    "set_meal",
    "set_view",
    "sign_contract",
    "sign_first",
    "store_samples",
    "take_choice",
    "take_in_certificate",
    "take_in_renewal",
    "take_into_stock",
    "take_off",
    "take_off_scale",
    "take_quotes",
    "take_supplier_back",
]
