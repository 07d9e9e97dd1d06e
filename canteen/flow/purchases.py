"""The law of the week's purchases (CP-02): checked by the accountant, published by who runs the canteen, two school days."""

from decimal import Decimal

from canteen.apps import KEEPERS
from canteen.models import Purchases
from portal.cases.flow import HOLDER, Recurring, Rung
from portal.publications.duties import checks, duty_flow, publishes
from portal.worktime.spans import Measure, Span

LADDER = (
    Rung(HOLDER, share=Decimal("0.7")),
    Rung("canteen_manager", share=Decimal(1), ack=Decimal(2)),
    Rung("principal", plus=Decimal(8), ack=Decimal(4)),
    Rung("canteen_officer", plus=Decimal(24), ack=Decimal(8)),
)

PURCHASES = duty_flow(
    Purchases,
    title="食材采购明细",
    plural="purchases",
    icon="shopping-basket",
    parts=(checks("canteen_accountant"), publishes(*KEEPERS)),
    within=Span(Decimal(2), Measure.DAYS),
    late=LADDER,
    recurs=Recurring({"every": "week", "day": 1, "time": "00:25"}),
)
