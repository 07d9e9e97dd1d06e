"""What people type about repairs: one form a step, for the page and the API alike."""

from .dispatching import AssignByRule
from .hands import CallHelp, HandOver, Merge, PlanVisit
from .tickets import (
    Accept,
    Arrive,
    AskTime,
    Assign,
    Confirm,
    EnterSheet,
    Finish,
    GrantTime,
    RaisePriority,
    Reassign,
    Reclassify,
    RefuseTime,
    Reject,
    Replace,
    Report,
    ReturnJob,
    SendBack,
    Withdraw,
)
from .visits import Dismiss, Visit, Vouch

__all__ = [
    "Accept",
    "Arrive",
    "AskTime",
    "Assign",
    "AssignByRule",
    "CallHelp",
    "Confirm",
    "Dismiss",
    "EnterSheet",
    "Finish",
    "GrantTime",
    "HandOver",
    "Merge",
    "PlanVisit",
    "RaisePriority",
    "Reassign",
    "Reclassify",
    "RefuseTime",
    "Reject",
    "Replace",
    "Report",
    "ReturnJob",
    "SendBack",
    "Visit",
    "Vouch",
    "Withdraw",
]
