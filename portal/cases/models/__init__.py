"""What must be closed: cases with their people, words and links; their clocks and ladders; schedules; answered keys."""

from .case import Case, CaseLink, CaseNumber, CaseParty, CaseQuerySet, Words
from .clocks import ClockSetting, Deadline, Escalation, Heartbeat, RoutineSetting, Schedule
from .keys import AnsweredKey

__all__ = [
    "AnsweredKey",
    "Case",
    "CaseLink",
    "CaseNumber",
    "CaseParty",
    "CaseQuerySet",
    "ClockSetting",
    "Deadline",
    "Escalation",
    "Heartbeat",
    "RoutineSetting",
    "Schedule",
    "Words",
]
