"""Verbs of the canteen."""

from .ingredients import add_ingredient, change_ingredient
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
    "add_ingredient",
    "add_supplier",
    "ban_supplier",
    "change_canteen",
    "change_ingredient",
    "change_supplier",
    "close_canteen",
    "open_canteen",
    "rate_supplier",
    "sign_contract",
    "take_in_certificate",
    "take_supplier_back",
]
