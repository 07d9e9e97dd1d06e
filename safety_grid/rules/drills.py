"""Times of drills, and what must be so before one counts as held or reviewed."""

from datetime import datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from portal import clock
from portal.cases.actors import Actor
from portal.errors import Refused
from portal.worktime.spans import Measure, Span
from safety_grid.models import Drill

DAY_ENDS = time(18)
HOUR = Decimal(3600)


def hold_time(case: Drill) -> Span:
    """Until six in the evening of the day agreed; an hour at least. In the settings' example no day is agreed yet: one school day."""
    if case.planned_on is None:
        return Span(Decimal(1), Measure.DAYS)
    until = datetime.combine(case.planned_on, DAY_ENDS, clock.SCHOOL_TIME)
    left = max(until - case.opened_at, timedelta(hours=1))
    return Span((Decimal(int(left.total_seconds())) / HOUR).quantize(Decimal("0.01"), ROUND_DOWN), Measure.WALL)


def review_time(case: Drill) -> Span:
    """A drill is reviewed within five school days (our own default)."""
    return Span(Decimal(5), Measure.DAYS)


def not_yet_to_come(case: Drill, *, by: Actor, held_at: datetime, **_: Any) -> None:
    """What is entered has happened, and not before the drill was planned."""
    if held_at > clock.now():
        raise Refused("演练时间还没到。", instead="演练结束后再登记结果。")
    if held_at.astimezone(clock.SCHOOL_TIME).date() < case.opened_at.astimezone(clock.SCHOOL_TIME).date():
        raise Refused("演练时间早于计划提出的那天。", instead="请核对日期；补记以前的演练，请另建一次。")
