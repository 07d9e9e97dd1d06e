"""The laws of the canteen."""

from . import photos  # noqa: F401  registers who sees the photos of dishes and of suppliers' certificates
from .accounts import MONTHS, TERMS, WEEKLY
from .deliveries import DELIVERIES
from .disclosed import MEALS, SUPPLIES
from .duties import ACCOMPANIES, CONTROLS, PARENT_MEALS, SAMPLINGS
from .inquiries import INQUIRIES
from .kitchen import OUTAGES
from .menus import MENUS
from .particulars import PARTICULARS
from .purchases import PURCHASES
from .questions import QUESTIONS
from .ratings import RATINGS, RECTIFICATIONS
from .renewals import RENEWALS

__all__ = [
    "ACCOMPANIES",
    "CONTROLS",
    "DELIVERIES",
    "INQUIRIES",
    "MEALS",
    "MENUS",
    "MONTHS",
    "OUTAGES",
    "PARENT_MEALS",
    "PARTICULARS",
    "PURCHASES",
    "QUESTIONS",
    "RATINGS",
    "RECTIFICATIONS",
    "RENEWALS",
    "SAMPLINGS",
    "SUPPLIES",
    "TERMS",
    "WEEKLY",
]
