"""Questions about repairs: the kinds of fault with their times, and what is open at a place."""

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.db.models import QuerySet

from portal.cases.models import Case
from portal.orgs.models import Unit, User

from .models import Ticket


@dataclass(frozen=True)
class Topic:
    """A kind of fault (系统预置参考项，请按当地文件修订): its usual priority and hours, and which time they count in.

    `respond` and `resolve` are hours; `measure` is `wall` (day and night) or `hours` (school hours).
    """

    code: str
    name: str
    short: str
    icon: str
    items: tuple[str, ...]
    priority: int
    respond: Decimal
    resolve: Decimal
    measure: str
    safety: bool


@cache
def topics() -> dict[str, Topic]:
    """Every kind of fault by code, in the order shown."""
    rows = json.loads((Path(__file__).parent / "data" / "topics.json").read_text(encoding="utf-8"))
    return {
        row["code"]: Topic(
            **row | {"items": tuple(row["items"]), "respond": Decimal(row["respond"]), "resolve": Decimal(row["resolve"])}
        )
        for row in rows
    }


def open_at(unit: Unit, topic: str, *, by: User) -> QuerySet[Case]:
    """What is already reported and still open at the same place and of the same kind, as far as the person may see it."""
    open_cases = Ticket.objects.filter(is_open=True, unit=unit, topic=topic)
    return Case.objects.visible_to(by).filter(pk__in=open_cases.values("pk")).order_by("-id")  # type: ignore[attr-defined, no-any-return]
