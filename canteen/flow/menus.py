"""The law of the week's menu (CP-01): checked for food safety, signed, out by the clock before Monday 8:00, else late."""

from decimal import Decimal

from canteen.apps import KEEPERS
from canteen.models import WeekMenu
from portal.cases.flow import HOLDER, Recurring, Rung
from portal.publications.duties import Part, checks, duty_flow
from portal.publications.periods import on_weekday
from portal.worktime.spans import Measure, Span

LADDER = (
    Rung(HOLDER, share=Decimal("0.7")),
    Rung("canteen_manager", share=Decimal(1), ack=Decimal(1)),
    Rung("principal", plus=Decimal(2), ack=Decimal(2)),
    Rung("canteen_officer", plus=Decimal(24)),
)

MENUS = duty_flow(
    WeekMenu,
    title="一周菜谱",
    plural="weekmenus",
    icon="utensils",
    parts=(
        checks("food_safety_officer"),
        Part("sign_menu", "checked", KEEPERS, "签字", "待签字", "签字", help="签了字，周一早上七点由系统公示。"),
    ),
    moment=on_weekday(1, "07:00"),  # an hour before the law's 8:00
    within=Span(Decimal(95), Measure.WALL),
    late=LADDER,
    recurs=Recurring({"every": "week", "day": 4, "time": "08:00"}),
)
