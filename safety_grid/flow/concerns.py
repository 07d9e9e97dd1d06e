"""The law of a concern (学生关爱): taken up, looked into, ended by somebody else; from first to last in a closed circle."""

from decimal import Decimal

from portal.cases.flow import ASSIGNEE, HOLDER, Clock, Flow, Rung, State, Step
from safety_grid.models import Concern
from safety_grid.queries import hazards as queries
from safety_grid.rules import hazards as rules

CIRCLE = "minors"
LATE = (
    Rung(HOLDER, share=Decimal("0.8")),
    Rung("counsellor", share=Decimal(1), ack=Decimal(2)),
    Rung("care_officer", plus=Decimal(24), ack=Decimal(4)),
)
CARERS = ("counsellor", "care_officer")

CONCERNS = Flow(
    Concern,
    title="学生关爱",
    prefix="GA",
    icon="heart-handshake",
    plural="concerns",
    assigner="counsellor",
    facts=queries.facts_of_concern,
    opening=Step("raise_concern", (), "received", "反映", "anyone", "heart-handshake", "反映"),
    states=(
        State("received", "待受理", turn="counsellor", line="受理", icon="inbox"),
        State("caring", "办理中", turn=ASSIGNEE, line="办理", icon="hand-heart"),
        State("to_review", "待复核", turn="counsellor", line="复核", icon="eye"),
        State("settled", "已办结", final="done", line="办结", icon="flag"),
        State("unfounded", "经了解没有这回事", final="off", icon="ban"),
    ),
    steps=(
        Step("take_up", ("received",), "caring", "受理", CARERS, "check", "受理，由{assignee}办理", sets=("assignee",), main=True, tone="good"),
        Step("hand_on", ("caring",), None, "换人办理", CARERS, "users", "改由{assignee}办理", sets=("assignee",), tells=(ASSIGNEE,)),
        Step("call_officer", ("received", "caring"), None, "报局里专员", "counsellor", "arrow-up-right", "报给局学生关爱专员", tells=("care_officer",)),
        Step("wind_up", ("caring",), "to_review", "办完，请人复核", ASSIGNEE, "clipboard-check", "办完，请人复核", main=True),
        Step("settle_concern", ("to_review",), "settled", "复核办结", CARERS, "shield-check", "复核后办结", tone="good", main=True,
             rules=(rules.another_counsellor,)),
        Step("take_back", ("to_review",), "caring", "退回再办", CARERS, "undo-2", "退回再办", tone="bad", counts="rework",
             rules=(rules.another_counsellor,)),
        Step("find_nothing", ("received",), "unfounded", "没有这回事", CARERS, "ban", "经了解没有这回事", tone="bad"),
    ),
    clocks=(
        Clock("answer", "受理", runs=("received",), within=rules.answer_time, late=LATE),
        Clock("care", "办理", runs=("caring",), stands=("to_review",), within=rules.care_time, late=LATE),
        Clock("review", "复核", runs=("to_review",), within=rules.check_time, late=LATE),
    ),
)  # fmt: skip
