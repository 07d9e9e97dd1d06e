"""What repairs keep: tickets, and the rules by which they are dispatched."""

from .dispatching import DispatchRule
from .tickets import Ticket

__all__ = ["DispatchRule", "Ticket"]
