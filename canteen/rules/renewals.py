"""The clock of a certificate that ends: its own last day."""

from datetime import datetime
from decimal import Decimal

from canteen.models import Renewal
from portal import clock
from portal.worktime.spans import Measure, Span


def usual(case: Renewal) -> Span:
    """Thirty days, where the certificate names no day."""
    return Span(Decimal(30 * 24), Measure.WALL)


def last_day(case: Renewal) -> datetime | None:
    """The end of the certificate's last day; from then on nothing is accepted from its supplier."""
    until = case.certificate.until
    return clock.days(until, until)[1] if until else None
