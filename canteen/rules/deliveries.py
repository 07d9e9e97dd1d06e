"""Refusals, times and turnings of orders and deliveries, one function each, named for what they demand."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from canteen.apps import PURCHASERS
from canteen.models import Delivery
from canteen.rules.suppliers import may_deliver
from portal import clock
from portal.cases.actors import Actor
from portal.errors import NotAllowed, Refused
from portal.orgs.access import may
from portal.orgs.models import Unit, User
from portal.wire.amounts import rounded
from portal.worktime.spans import Measure, Span

EVENING = time(18)  # until then a delivery is expected on its day
Lines = list[dict[str, Any]]


def orders(by: Actor, unit: Unit) -> None:
    """Only who buys for this canteen orders for it."""
    if isinstance(by, User) and not may(by, PURCHASERS, unit.path):
        raise NotAllowed("订货由本食堂的采购员或食堂管理员办理。", who="采购员、食堂管理员")


def arrives_by(case: Delivery) -> datetime:
    """By the evening of the day it was ordered for."""
    return datetime.combine(case.needed_on, EVENING, clock.SCHOOL_TIME)


def signed_by(case: Delivery) -> datetime | None:
    """Signed the same day: until midnight of the day it was weighed in."""
    if case.weighed_at is None:
        return None
    day = case.weighed_at.astimezone(clock.SCHOOL_TIME).date()
    return clock.days(day, day)[1]


def sign_time(case: Delivery) -> Span:
    """The longest a day leaves, where the case names no moment."""
    return Span(Decimal(24), Measure.WALL)


def supplier_may_deliver(case: Delivery, *, by: Actor, lines: Lines, **_: Any) -> None:
    """Nothing is accepted from a supplier whose papers have expired, or who is banned (CR-14, CR-15); refusing is always possible."""
    if any(row["accepted"] for row in lines):
        may_deliver(case.supplier, clock.today())


def never_a_buyer(case: Delivery, *, by: Actor, **_: Any) -> None:
    """采购的人不签收 (CR-13): neither who ordered this nor anybody who buys for this canteen."""
    if isinstance(by, User) and (by.pk == case.opener_id or may(by, "canteen_buyer", case.unit_path)):
        raise Refused(
            "采购的人不能过秤，也不能签收。",
            rule="大宗食材须两人以上共同验收，采购人员不参加",
            who="保管员、验收员",
        )


def another_signs(case: Delivery, *, by: Actor, **_: Any) -> None:
    """Two different people (CR-13)."""
    if isinstance(by, User) and by.pk == case.first_id:
        raise Refused("您已经签过，第二个签字要由另一个人来。", rule="两人共同验收", who="保管员、验收员")


def after_weighing(case: Delivery) -> str:
    """To be signed; over where nothing of it was accepted."""
    return "weighed" if any(line.accepted for line in case.lines.all()) else "turned_away"


def who_signs_next(case: Delivery) -> str:
    """The inspector where the keeper has signed; else the keeper."""
    kept = case.first is not None and may(case.first, "canteen_keeper", case.unit_path)
    return "to_inspector" if kept else "to_keeper"


def off(given: Decimal, wanted: Decimal) -> Decimal:
    """How far a number lies above (or below) another, in %, one decimal."""
    return rounded((given - wanted) / wanted * 100, Decimal("0.1")) if wanted else Decimal(0)
