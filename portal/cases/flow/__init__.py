"""An affair's law: the words it is written in, the law itself, and what is checked of it when the portal starts."""

from .checks import check_roles
from .law import Flow, address_of, flow_at, flow_of
from .words import (
    ASSIGNEE,
    BY_CLOCK,
    FLOWS,
    FOLLOWER,
    GOVERNOR,
    HELPER,
    HOLDER,
    OPENER,
    PERSONAL,
    READER,
    TOLD,
    Clock,
    Effect,
    Heed,
    Ladder,
    Recurring,
    Rule,
    Rung,
    State,
    Step,
    Within,
)

__all__ = [
    "ASSIGNEE", "BY_CLOCK", "FLOWS", "FOLLOWER", "GOVERNOR", "HELPER", "HOLDER", "OPENER", "PERSONAL", "READER", "TOLD", "Clock",
    "Effect", "Flow", "Heed", "Ladder", "Recurring", "Rule", "Rung", "State", "Step", "Within", "address_of", "check_roles", "flow_at",
    "flow_of",
]  # fmt: skip
