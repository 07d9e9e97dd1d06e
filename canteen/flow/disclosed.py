"""The laws of what needs no signature, for each line of it was signed when it was written: suppliers and prices (CP-05) by the
5th of the next month, meals eaten along (CP-06) on the Monday after. The clock publishes at eight; what its books refuse is
the manager's to mend until five."""

from decimal import Decimal

from canteen.apps import KEEPERS
from canteen.models import Meals, Supplies
from portal.cases.flow import Recurring
from portal.publications.duties import duty_flow
from portal.publications.periods import after_it, on_weekday
from portal.worktime.spans import Measure, Span

from .purchases import LADDER

DAY = Span(Decimal(10), Measure.WALL)  # from the opening to the limit
LATE = LADDER[1:]  # nobody is reminded of what the clock does by itself

SUPPLIES = duty_flow(
    Supplies,
    title="供应商和询价",
    plural="supplies",
    icon="tags",
    posts=KEEPERS,
    moment=after_it(5, "08:00"),
    due=after_it(5, "17:00"),
    within=DAY,
    late=LATE,
    recurs=Recurring({"every": "month", "day": 5, "time": "07:00"}),
)

MEALS = duty_flow(
    Meals,
    title="陪餐记录",
    plural="meal-records",
    icon="utensils",
    posts=KEEPERS,
    moment=on_weekday(8, "08:00"),
    due=on_weekday(8, "17:00"),
    within=DAY,
    late=LATE,
    recurs=Recurring({"every": "week", "day": 1, "time": "07:00"}),
)
