"""The laws of the canteen."""

from . import photos  # noqa: F401  registers who sees the photos of dishes
from .menus import MENUS

__all__ = ["MENUS"]
