"""The law of a week's price inquiry: the buyer asks three sources or more, somebody else chooses and says why."""

from decimal import Decimal

from canteen.apps import KEEPERS, PURCHASERS
from canteen.models import Inquiry
from canteen.queries import inquiries as queries
from canteen.rules import inquiries as rules
from portal.cases.flow import BY_CLOCK, HOLDER, Clock, Flow, Recurring, Rung, State, Step

LATE = (
    Rung(HOLDER, share=Decimal("0.8")),
    Rung("canteen_manager", share=Decimal(1), ack=Decimal(4)),
    Rung("principal", plus=Decimal(8), ack=Decimal(8)),
    Rung("canteen_officer", plus=Decimal(24), ack=Decimal(8)),
)
OPEN = ("asking", "choosing")

INQUIRIES = Flow(
    Inquiry,
    title="询价",
    prefix="XJ",
    icon="tags",
    plural="inquiries",
    assigner="canteen_manager",
    facts=queries.facts_of,
    papers=queries.papers_of,
    brings=queries.with_lines,
    recurs=Recurring({"every": "week", "day": 1, "time": "07:00", "school_days": True}),
    opening=Step("open_inquiry", (), "asking", "每周询价", (BY_CLOCK, *PURCHASERS), "calendar-clock", "开出本周询价", does="list_as_before"),
    states=(
        State("asking", "待询价", turn="canteen_buyer", line="询价", icon="tags"),
        State("choosing", "待选定", turn="canteen_manager", line="选定", icon="scale"),
        State("chosen", "已选定", final="done", line="办结", icon="flag"),
        State("skipped", "本周不询价", final="off", icon="ban"),
    ),
    steps=(
        Step("quote", ("asking",), None, "记一家报价", PURCHASERS, "store", "记了一家报价", needs=("photos",), main=True,
             does="take_quotes", help="每问一家记一次，拍下价签、报价单或截图。"),
        Step("compare", ("asking",), "choosing", "问完了，送选定", PURCHASERS, "scale", "问完了，送选定", tone="good",
             rules=(rules.three_sources,), help="每样至少三家才能送。"),
        Step("list_items", ("asking",), None, "定清单", PURCHASERS, "list-checks", "定了本周要问的食材", does="set_list",
             help="照上周的改：本周不买的去掉，要买的加上。"),
        Step("choose", ("choosing",), "chosen", "选定", KEEPERS, "check", "选定了供货来源", tone="good", main=True,
             rules=(rules.asker_is_not_chooser,), does="take_choice", tells=("canteen_buyer",), help="没有选最低价的，要写明为什么。"),
        Step("inquire_again", ("choosing",), "asking", "退回再问", KEEPERS, "undo-2", "退回再问", tone="bad"),
        Step("skip", OPEN, "skipped", "本周不询价", KEEPERS, "ban", "本周不询价", tone="bad", tells=("canteen_buyer",)),
    ),
    clocks=(
        Clock("ask", "询价", runs=("asking",), stands=("choosing",), within=rules.ask_time, late=LATE),
        Clock("choose", "选定", runs=("choosing",), stands=("asking",), within=rules.choose_time, late=LATE),
    ),
)  # fmt: skip
