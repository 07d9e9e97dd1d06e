"""Refusals about ratings and rectifications, and how long they may take."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from canteen.models import Rating, Rectification
from canteen.queries.ratings import judged, last_again
from portal.cases.actors import Actor
from portal.clock import SCHOOL_TIME
from portal.errors import Refused
from portal.ledger.models import Event
from portal.orgs.models import User
from portal.worktime.spans import Measure, Span

EVENING = time(18, 0)


def arrange_time(case: Rectification) -> Span:
    """Two school days to say who puts it right, until when and how."""
    return Span(Decimal(2), Measure.DAYS)


def check_time(case: Rectification) -> Span:
    """Three school days to look at it."""
    return Span(Decimal(3), Measure.DAYS)


def until_due(case: Rectification) -> datetime | None:
    """The evening of the day agreed."""
    return datetime.combine(case.due_on, EVENING, SCHOOL_TIME) if case.due_on else None


def another_checks(case: Rectification, *, by: Actor, **_: Any) -> None:
    """整改人与核验人不能是同一人: nobody checks what they have put right themselves."""
    last = Event.objects.filter(address=case.address, verb="finish_rectification").order_by("-seq").first()
    mine = isinstance(by, User) and (by.pk == case.assignee_id or (last is not None and last.who == f"person:{by.pk}"))
    if mine:
        raise Refused("您整改的，不能由您核验。", rule="整改人与核验人不能是同一人", who="校长、分管副校长、食品安全总监",
                      instead="请另一位负责人核验。")  # fmt: skip


def satisfied_now(case: Rectification) -> str:
    """Where the re-survey leads: done if the same thing reached the line, else it is put right once more; where too few have
    answered nobody knows, and a person decides."""
    again = last_again(case)
    points = [one.satisfaction for one in judged(again.survey) if one.satisfaction is not None] if again else []
    if not points:
        return "undecided"
    return "settled" if any(one >= case.line for one in points) else "found"


def has_result(case: Rating) -> str:
    """A rating that too few answered has none."""
    return "rated" if case.survey.ballots >= case.survey.least else "too_few"
