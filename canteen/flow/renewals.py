"""The law of a certificate that ends: a month, a week and a day before its last day the buyer and the manager hear of it."""

from decimal import Decimal

from canteen.apps import KEEPERS, PURCHASERS
from canteen.models import Renewal
from canteen.queries import renewals as queries
from canteen.rules import renewals as rules
from portal.cases.flow import BY_CLOCK, HOLDER, Clock, Flow, Recurring, Rung, State, Step

WEEK, DAY = Decimal("0.767"), Decimal("0.967")  # of the thirty days it is opened before
LATE = (
    Rung(HOLDER, share=WEEK),
    Rung("canteen_manager", share=WEEK),
    Rung(HOLDER, share=DAY),
    Rung("canteen_manager", share=DAY, ack=Decimal(8)),
    Rung("canteen_manager", share=Decimal(1), ack=Decimal(4)),
    Rung("principal", plus=Decimal(24), ack=Decimal(8)),
    Rung("canteen_officer", plus=Decimal(72), ack=Decimal(8)),
)

RENEWALS = Flow(
    Renewal,
    title="证件更新",
    prefix="ZJ",
    icon="file-badge",
    plural="renewals",
    assigner="canteen_manager",
    facts=queries.facts_of,
    brings=queries.with_certificate,
    papers=queries.papers_of,
    recurs=Recurring({"every": "day", "time": "06:40"}),
    opening=Step("open_renewals", (), "due", "证件将到期", BY_CLOCK, "calendar-clock", "证件将到期", tells=("canteen_manager",),
                 together="open_every_renewal"),
    states=(
        State("due", "待换证", turn="canteen_buyer", line="换证", icon="file-badge"),
        State("renewed", "已换证", final="done", line="办结", icon="flag"),
        State("let_end", "不再续", final="off", icon="ban"),
    ),
    steps=(
        Step("renew", ("due",), "renewed", "登记新证件", PURCHASERS, "file-badge", "登记了新证件", needs=("papers",), tone="good",
             main=True, does="take_in_renewal", help="照新证件填，拍下来。"),
        Step("let_end", ("due",), "let_end", "不再续", KEEPERS, "ban", "不再续，到期后停止收货", tone="bad", tells=("canteen_buyer",)),
        Step("settle", ("due",), "renewed", "已有新证件", BY_CLOCK, "flag", "新证件已在供应商页登记"),
    ),
    clocks=(Clock("renew", "换证", runs=("due",), within=rules.usual, until=rules.last_day, late=LATE),),
)  # fmt: skip
