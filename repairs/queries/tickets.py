"""Questions about repairs: the kinds of fault with their times, and what is open at a place."""

import json
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Q

from portal import clock
from portal.cases.faces import rows_of
from portal.cases.queries import cases
from portal.orgs.models import Unit, User
from portal.templatetags.sunlit import money, when
from repairs.models import Ticket

LOW = 2  # stars at which a word is owed and the school's heads are told
RECENT = 4  # cases shown beside the report form
PRIORITIES = {1: "P1 抢险：有人员危险", 2: "P2 紧急：影响上课或生活", 3: "P3 一般"}


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
    rows = json.loads((Path(__file__).parents[1] / "data" / "topics.json").read_text(encoding="utf-8"))
    return {
        row["code"]: Topic(
            **row
            | {"items": tuple(row["items"]), "respond": Decimal(row["respond"]), "resolve": Decimal(row["resolve"])}
        )
        for row in rows
    }


def poorly_rated() -> Q:
    """Tickets of the last thirty days rated with two stars or fewer."""
    low = Q(ticket__speed__lte=LOW) | Q(ticket__quality__lte=LOW)
    return low & Q(closed_at__gt=clock.now() - timedelta(days=30))


def facts_of(ticket: Ticket) -> list[tuple[str, str]]:
    """What the page says of a ticket beside what every case shows."""
    topic = topics().get(ticket.topic)
    name = topic.name if topic else ticket.topic
    facts = [("类别", f"{name} · {ticket.item}" if ticket.item else name), ("等级", PRIORITIES[ticket.priority])]
    if ticket.asset is not None:
        facts.append(("资产", f"{ticket.asset.name} · {ticket.asset.code}"))
    if ticket.danger:
        facts.append(("危险", "报修人勾选了“有危险”"))
    if ticket.rework:
        facts.append(("返修", f"第 {ticket.rework} 次"))
    if ticket.visit_at is not None:
        facts.append(("约定上门", when(ticket.visit_at)))
    if ticket.asked_hours is not None:
        facts.append(("延期申请", f"再要 {ticket.asked_hours.normalize():f} 小时，等总务主任答复"))
    if ticket.extensions:
        facts.append(("已批准延期", f"{ticket.extensions} 次"))
    if ticket.cost:
        facts.append(("材料费", f"{money(ticket.cost)} 元（已领减已退）"))
    if ticket.speed is not None and ticket.quality is not None:
        facts.append(("评价", f"速度 {ticket.speed} 分 · 质量 {ticket.quality} 分"))
    return facts


def beside(place: Unit, *, by: User) -> dict[str, Any]:
    """The side of the report form: what will happen, and the latest cases here that this person may see."""
    rows = rows_of(cases().filter(unit=place).visible_to(by).newest(RECENT))
    return {
        "promise": [
            ("check", "good", "有人受理并答复", "一般 2 至 8 小时内，抢险半小时内"),
            ("hammer", "", "修好", "水电 24 小时内，其余按上学时间计"),
            ("user-check", "", "您来验收", "3 个上学日内，不满意可退回"),
            ("arrow-up-right", "bad", "超时就上报", "总务主任 → 副校长 → 校长 → 教育局"),
        ],
        "recent": [(row.title, row.clock.tone, row.state_title) for row in rows],
    }
