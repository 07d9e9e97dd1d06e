"""The laws of the canteen."""

from . import photos  # noqa: F401  registers who sees the photos of dishes and of suppliers' certificates
from .accounts import MONTHS, TERMS, WEEKLY
from .deliveries import DELIVERIES
from .duties import ACCOMPANIES, CONTROLS, PARENT_MEALS, SAMPLINGS
from .kitchen import OUTAGES
from .menus import MENUS
from .purchases import PURCHASES
from .questions import QUESTIONS
from .ratings import RATINGS, RECTIFICATIONS

__all__ = [
    "ACCOMPANIES",
    "CONTROLS",
    "DELIVERIES",
    "MENUS",
    "MONTHS",
    "OUTAGES",
    "PARENT_MEALS",
    "PURCHASES",
    "QUESTIONS",
    "RATINGS",
    "RECTIFICATIONS",
    "SAMPLINGS",
    "TERMS",
    "WEEKLY",
]
