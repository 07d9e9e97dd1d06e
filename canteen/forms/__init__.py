"""What people type about the canteen."""

from .deliveries import CallOff, Countersign, Order, ReturnGoods, Reweigh, SignDelivery, WeighIn

__all__ = ["CallOff", "Countersign", "Order", "ReturnGoods", "Reweigh", "SignDelivery", "WeighIn"]
