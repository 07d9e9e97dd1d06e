"""The law of a round: who walks, until when, what happens when nobody does."""

from decimal import Decimal

from portal.cases.flow import ASSIGNEE, BY_CLOCK, HOLDER, Clock, Flow, Heed, Rung, State, Step
from portal.orgs.roles import HEADS
from portal.stickers.doors import on_scan
from safety_grid.models import Round
from safety_grid.queries import rounds as queries
from safety_grid.rules import rounds as rules

OPEN = ("unheld", "due")
CHIEFS = ("safety_head", *HEADS)
LATE = (
    Rung(HOLDER, share=Decimal("0.7")),
    Rung("safety_head", share=Decimal(1), ack=Decimal(1)),
    Rung("vice_principal", plus=Decimal("0.5")),
)

ROUNDS = Flow(
    Round,
    title="巡查",
    prefix="XC",
    icon="footprints",
    plural="rounds",
    assigner="safety_head",
    facts=queries.facts_of,
    brings=queries.with_spots,
    heeds=(Heed("漏查，还没有说明", "footprints", CHIEFS, queries.unexplained),),
    opening=Step("open_rounds", (), "due", "到期巡查", BY_CLOCK, "calendar-clock", "到期巡查", leads=rules.walker_or_nobody,
                 branches=("unheld",), together="open_every_round"),
    states=(
        State("unheld", "没有人负责", turn="safety_head", line="待巡查", icon="user-x"),
        State("due", "待巡查", turn=ASSIGNEE, line="待巡查", icon="footprints"),
        State("done", "已巡查", final="done", line="办结", icon="flag"),
        State("missed", "漏查", final="off", icon="circle-x"),
        State("excused", "免巡", final="off", icon="ban"),
    ),
    steps=(
        Step("check_spot", ("due",), "due", "巡查一个点位", ASSIGNEE, "scan-line", "查完{unit}，有问题 {failed} 项", tone="good", main=True,
             does="mark_spot", leads=rules.after_spot, branches=("done",), help="最后一个点位查完，这次巡查就完成了。"),
        Step("hand_round", OPEN, "due", "指派巡查人", CHIEFS, "user-check", "指派给{assignee}", sets=("assignee",), tells=(ASSIGNEE,)),
        Step("excuse", OPEN, "excused", "这次免巡", CHIEFS, "ban", "这次免巡", help="停课、台风等情况用，要写原因。"),
        Step("close_missed", OPEN, "missed", "漏查", BY_CLOCK, "circle-x", "到时没有查完，记为漏查", tone="bad", tells=("safety_head",),
             does="tell_of_repeated_misses"),
        Step("explain", ("missed",), None, "说明漏查原因", (ASSIGNEE, *CHIEFS), "message-square", "说明漏查原因", counts="explained",
             tells=("safety_head",)),
    ),
    clocks=(
        Clock("walk", "巡查", runs=OPEN, within=rules.walk_time, late=LATE),
        Clock("make_up", "补查", runs=OPEN, within=rules.make_up_time, then="close_missed"),
    ),
)  # fmt: skip
on_scan(queries.doors_of)
