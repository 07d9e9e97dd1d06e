"""The law of 证照和人员 (CP-08): looked through by the manager each term, published by the school's heads; ten school days."""

from decimal import Decimal

from canteen.apps import HEADS
from canteen.models import Particulars
from portal.cases.flow import Recurring
from portal.publications.duties import checks, duty_flow, publishes
from portal.worktime.spans import Measure, Span

from .purchases import LADDER

PARTICULARS = duty_flow(
    Particulars,
    title="证照和人员",
    plural="particulars",
    icon="id-card",
    parts=(checks("canteen_manager"), publishes(*HEADS)),
    within=Span(Decimal(10), Measure.DAYS),
    late=LADDER,
    recurs=Recurring({"every": "month", "day": 1, "time": "00:40", "months": [3, 9]}),
)
