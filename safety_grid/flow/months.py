"""The law of the month's publication: checked by the safety office, published by the school's head, within ten school days."""

from decimal import Decimal

from portal.cases.flow import HOLDER, Recurring, Rung
from portal.orgs.roles import HEADS
from portal.publications.duties import checks, duty_flow, publishes
from portal.worktime.spans import Measure, Span
from safety_grid.models import SafetyMonth

LADDER = (
    Rung(HOLDER, share=Decimal("0.8")),
    Rung("safety_head", share=Decimal(1), ack=Decimal(2)),
    Rung("principal", plus=Decimal(8), ack=Decimal(4)),
    Rung("safety_officer", plus=Decimal(24), ack=Decimal(8)),
)

MONTHS = duty_flow(
    SafetyMonth,
    title="安全月报",
    plural="months",
    icon="shield-check",
    parts=(checks("safety_head"), publishes(*HEADS)),
    within=Span(Decimal(10), Measure.DAYS),
    late=LADDER,
    recurs=Recurring({"every": "month", "day": 1, "time": "00:10"}),
)
