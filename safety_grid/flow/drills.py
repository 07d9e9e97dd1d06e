"""The law of a drill: planned, held and measured, reviewed; what was found becomes a hazard."""

from decimal import Decimal

from portal.cases.flow import HOLDER, OPENER, Clock, Flow, Recurring, Rung, State, Step
from portal.orgs.roles import HEADS
from safety_grid.models import Drill
from safety_grid.queries import drills as queries
from safety_grid.rules import drills as rules

CHIEFS = ("safety_head", *HEADS)
LATE = (
    Rung(HOLDER, share=Decimal("0.8")),
    Rung("safety_head", share=Decimal(1), ack=Decimal(4)),
    Rung("vice_principal", plus=Decimal(24)),
    Rung("principal", plus=Decimal(72)),
)

DRILLS = Flow(
    Drill,
    title="演练",
    prefix="YL",
    icon="siren",
    plural="drills",
    assigner="safety_head",
    recurs=Recurring({"every": "month", "day": 12, "time": "08:00", "school_days": True}),
    facts=queries.facts_of,
    brings=queries.with_results,
    papers=queries.papers_of,
    opening=Step("plan_drill", (), "planned", "计划演练", CHIEFS, "siren", "计划演练", sets=("topic", "planned_on")),
    states=(
        State("planned", "待演练", turn="safety_head", line="演练", icon="calendar-clock"),
        State("held", "待复盘", turn="safety_head", line="复盘", icon="timer"),
        State("reviewed", "已复盘", final="done", line="办结", icon="flag"),
        State("cancelled", "已取消", final="off", icon="ban"),
    ),
    steps=(
        Step("hold_drill", ("planned",), "held", "登记演练结果", (OPENER, *CHIEFS), "timer", "演练了，{people} 人，最慢 {slowest} 秒",
             tone="good", main=True, needs=("photos",), sets=("held_at",), rules=(rules.not_yet_to_come,), does="record_drill",
             help="逐班填人数、出口和用时；附照片。"),
        Step("review_drill", ("held",), "reviewed", "复盘办结", CHIEFS, "clipboard-check", "复盘办结", tone="good", main=True,
             help="写明做得怎样、下次改什么。"),
        Step("find_hazard", ("held",), None, "登记发现的隐患", (OPENER, *CHIEFS), "triangle-alert", "登记发现的隐患",
             opens=("safety_grid.hazard", queries.LINK), help="演练中发现的问题，直接登记为隐患，两边互相看得到。"),
        Step("replan_drill", ("planned",), None, "改期", (OPENER, *CHIEFS), "calendar-days", "演练改期", sets=("planned_on",),
             restarts=True),
        Step("cancel_drill", ("planned",), "cancelled", "取消演练", CHIEFS, "ban", "取消演练", tone="bad"),
    ),
    clocks=(
        Clock("hold", "演练", runs=("planned",), within=rules.hold_time, late=LATE),
        Clock("review", "复盘", runs=("held",), within=rules.review_time, late=LATE),
    ),
)  # fmt: skip
