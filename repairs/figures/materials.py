"""What repairs cost: materials handed out, less what came back."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from portal.rollups.book import Part, Past, day_of
from repairs.models import StockMove


def spent(past: Past) -> Iterator[Part]:
    """What one request for materials adds, on the days its materials left the store or came back, at what they had cost."""
    days: dict[date, Decimal] = defaultdict(Decimal)
    for move in StockMove.objects.filter(case=past.case.pk, kind__in=[StockMove.ISSUE, StockMove.RETURN]):
        days[day_of(move.at)] -= move.amount
    for day, amount in sorted(days.items()):
        yield Part("repairs.cost", day, amount=amount)
        yield Part("repairs.cost_place", day, amount=amount)
