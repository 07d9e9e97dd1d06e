"""What every address of the canteen has in common: its name in the description, and how quantities and amounts are written."""

from typing import Any

from rest_framework import serializers

from portal.cases.api.keyed import KeyedEndpoint
from portal.errors import BadInput
from portal.wire.kinds import Schema

DIGITS, PLACES, CENTS = 15, 3, 2
LARGEST = 2**31 - 1
WHERE: Schema = {"canteen": {"type": "integer", "minimum": 1, "maximum": LARGEST, "description": "食堂的编号。"}}


class CanteenEndpoint(KeyedEndpoint):
    """An address of the canteen."""

    tag = "食堂"


def how_many(**options: Any) -> serializers.DecimalField:
    """A quantity as text, three decimals."""
    return serializers.DecimalField(max_digits=DIGITS, decimal_places=PLACES, **options)


def yuan(**options: Any) -> serializers.DecimalField:
    """An amount in 元 as text, two decimals."""
    return serializers.DecimalField(max_digits=DIGITS, decimal_places=CENTS, **options)


def whole(body: object, name: str) -> int:
    """A whole number beside a form's fields. Refused: anything else."""
    said = body.get(name) if isinstance(body, dict) else None
    if isinstance(said, bool) or not isinstance(said, int) or not 0 < said <= LARGEST:
        raise BadInput(f"{name} 要用整数。", errors={name: ["要用整数。"]})
    return said
