"""What repairs keep: tickets."""

from .tickets import Ticket

__all__ = ["Ticket"]
