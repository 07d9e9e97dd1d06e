"""What people type about the canteen."""

from .deliveries import CallOff, Countersign, Order, ReturnGoods, Reweigh, SignDelivery, WeighIn
from .questions import Answer, Ask, AskAgain, Recall, TakeOffList, Thank

__all__ = [
    "Answer",
    "Ask",
    "AskAgain",
    "CallOff",
    "Countersign",
    "Order",
    "Recall",
    "ReturnGoods",
    "Reweigh",
    "SignDelivery",
    "TakeOffList",
    "Thank",
    "WeighIn",
]
