"""The law of the monthly publication (DS-06 采购与维修): checked by logistics, published by the school's head, ten school days."""

from decimal import Decimal

from portal.cases.flow import HOLDER, Recurring, Rung
from portal.orgs.roles import HEADS
from portal.publications.duties import checks, duty_flow, publishes
from portal.worktime.spans import Measure, Span
from repairs.models import Monthly

LADDER = (
    Rung(HOLDER, share=Decimal("0.8")),
    Rung("logistics_head", share=Decimal(1), ack=Decimal(2)),
    Rung("principal", plus=Decimal(8), ack=Decimal(4)),
    Rung("repairs_officer", plus=Decimal(24), ack=Decimal(8)),
)

MONTHLY = duty_flow(
    Monthly,
    title="维修月报",
    plural="monthlies",
    icon="file-chart-column",
    parts=(checks("logistics_head"), publishes(*HEADS)),
    within=Span(Decimal(10), Measure.DAYS),
    late=LADDER,
    recurs=Recurring({"every": "month", "day": 1, "time": "00:05"}),
)
