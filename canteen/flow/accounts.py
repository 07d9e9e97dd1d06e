"""The law of the canteen's accounts: each week before Friday five o'clock, each month by the 15th, each term twenty days after it."""

from decimal import Decimal

from canteen.models import MonthlyAccount, TermAccount, WeeklyAccount
from portal.cases.flow import HOLDER, Recurring, Rung
from portal.orgs.roles import HEADS
from portal.publications.duties import Part, checks, duty_flow, publishes
from portal.publications.periods import after_it, on_weekday
from portal.worktime.spans import Measure, Span

LADDER = (
    Rung(HOLDER, share=Decimal("0.8")),
    Rung("canteen_manager", share=Decimal(1), ack=Decimal(2)),
    Rung("principal", plus=Decimal(8), ack=Decimal(4)),
    Rung("canteen_officer", plus=Decimal(24), ack=Decimal(8)),
)
SIGNERS = ("meal_committee",)
WHEN = on_weekday(5, "17:00")


WEEKLY = duty_flow(
    WeeklyAccount,
    title="食堂周账",
    plural="weekly-accounts",
    icon="receipt-text",
    parts=(
        Part("prepare", "due", ("canteen_accountant",), "制表", "待制表", "制表", "calculator", help="按现在的账本生成本周账。"),
        checks("canteen_manager", "vice_principal", state="prepared"),
        Part("sign", "checked", SIGNERS, "签字", "待膳食委员会签字", "签字", help="签了字，周五 17:00 由系统公示；没签字的不公示。"),
    ),
    within=Span(Decimal(9), Measure.WALL),
    moment=WHEN,
    late=LADDER,
    recurs=Recurring({"every": "week", "day": 5, "time": "08:00"}),
)  # fmt: skip

# CR-23, signed as the public forms are: preparer, reviewer, committee, 总务主任, 分管副校长, 校长, six different people. A post that
# is vacant, or held by somebody who signs for another one, is passed over and published as that.
MONTHS = duty_flow(
    MonthlyAccount,
    title="收支月报",
    plural="monthly-accounts",
    icon="chart-pie",
    parts=(
        Part("prepare", "due", ("canteen_accountant",), "制表", "待制表", "制表", "calculator", help="先结账，再按结好的账制表。"),
        checks("canteen_manager", state="prepared", passes=True),
        Part("sign", "checked", SIGNERS, "签字", "待膳食委员会签字", "签字"),
        Part("agree", "to_head", ("logistics_head",), "审核签字", "待总务主任审核", "审核", passes=True),
        Part("approve", "to_vice", ("vice_principal",), "审批签字", "待分管副校长审批", "审批", passes=True),
        publishes(*HEADS, state="endorsed"),
    ),
    within=Span(Decimal(360), Measure.WALL),
    due=after_it(15, "23:59"),  # CR-23: the 15th of the next month, whatever day of the week
    late=LADDER,
    recurs=Recurring({"every": "month", "day": 1, "time": "00:10"}),
)  # fmt: skip

TERMS = duty_flow(
    TermAccount,
    title="学期决算",
    plural="term-accounts",
    icon="landmark",
    parts=(
        Part("prepare", "due", ("canteen_accountant",), "制表", "待制表", "制表", "calculator", help="结完各月的账、登记结余怎么办，再制表。"),
        checks("canteen_manager", "vice_principal", state="prepared"),
        Part("sign", "checked", SIGNERS, "签字", "待膳食委员会签字", "签字"),
        publishes(*HEADS, state="endorsed"),
    ),
    within=Span(Decimal(672), Measure.WALL),
    due=after_it(28, "23:59"),  # twenty working days, by the calendar: holidays follow a term
    late=LADDER,
    recurs=Recurring({"every": "month", "day": 1, "time": "00:20", "months": [2, 8]}),
)  # fmt: skip
