"""Questions about the canteen."""

from . import proof  # noqa: F401 - books and store stand under `manage.py verify`
from .deliveries import bought
from .ingredients import ingredients_of, usable_of
from .places import canteen_at, canteens_for, canteens_of, the_canteen
from .prices import reference, references
from .stock import days_of, week_of
from .suppliers import deliverers_of, suppliers_of

__all__ = [
    "bought",
    "canteen_at",
    "canteens_for",
    "canteens_of",
    "days_of",
    "deliverers_of",
    "ingredients_of",
    "reference",
    "references",
    "suppliers_of",
    "the_canteen",
    "usable_of",
    "week_of",
]
