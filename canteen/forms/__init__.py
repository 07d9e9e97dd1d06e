"""What people type about the canteen."""

from .deliveries import CallOff, Countersign, Order, ReturnGoods, Reweigh, SignDelivery, WeighIn
from .duties import (
    AnswerOpinion,
    BookMeal,
    CancelBooking,
    DiscardSample,
    ExcuseControl,
    FillControl,
    GiveOpinion,
    KeepSamples,
    NotServed,
    OpenAccompanies,
    OpenControls,
    OpenSamplings,
    RecordMeal,
)
from .kitchen import NoteOutage, OpenOutage
from .questions import Answer, Ask, AskAgain, Recall, TakeOffList, Thank

__all__ = [
    "Answer",
    "AnswerOpinion",
    "Ask",
    "AskAgain",
    "BookMeal",
    "CallOff",
    "CancelBooking",
    "Countersign",
    "DiscardSample",
    "ExcuseControl",
    "FillControl",
    "GiveOpinion",
    "KeepSamples",
    "NotServed",
    "NoteOutage",
    "OpenAccompanies",
    "OpenControls",
    "OpenOutage",
    "OpenSamplings",
    "Order",
    "Recall",
    "RecordMeal",
    "ReturnGoods",
    "Reweigh",
    "SignDelivery",
    "TakeOffList",
    "Thank",
    "WeighIn",
]
