"""Numbers of things and of money: how they are typed, rounded to the fen, and shared out without losing one."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms

from portal.widgets import Amount

CENT = Decimal("0.01")
MOST = Decimal(10) ** 9  # of anything that is counted in a store


def rounded(value: Decimal, step: Decimal) -> Decimal:
    """A number to so many places, halves away from zero, as people round: of money, shares, prices and marks alike."""
    return value.quantize(step, ROUND_HALF_UP)


def cents(value: Decimal) -> Decimal:
    """An amount in 元, rounded half up to the fen."""
    return rounded(value, CENT)


def share(worth: Decimal, quantity: Decimal, on_hand: Decimal) -> Decimal:
    """What so many of those on hand are worth: all of them the whole, so that the last fen leaves with the last piece."""
    return worth if quantity == on_hand else cents(worth * quantity / on_hand)


def quantity_field(label: str = "数量", *, least: str = "0.001", **options: Any) -> forms.DecimalField:
    """How many: up to three decimals."""
    return forms.DecimalField(
        label=label,
        min_value=Decimal(least),
        max_value=999999,
        max_digits=12,
        decimal_places=3,
        error_messages={"min_value": f"“{label}”要大于零。" if Decimal(least) else f"“{label}”不能小于零。"},
        **options,
    )


def in_units(field: forms.Field, unit: str) -> None:
    """The number's unit after it, where the thing it counts is known (公斤, 盒)."""
    field.widget = Amount(unit, attrs=field.widget.attrs)


def price_field(label: str, **options: Any) -> forms.DecimalField:
    """An amount in 元, two decimals."""
    return forms.DecimalField(
        label=label, min_value=0, max_value=99999999, max_digits=12, decimal_places=2, widget=Amount("元"), **options
    )
