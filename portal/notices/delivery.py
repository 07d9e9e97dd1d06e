"""Sending what waits through the portal's outbox: urgent first, in quiet hours only what is urgent.

E-mail that goes out twice (see `portal.outbox`) repeats its Message-ID.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from portal.outbox import LEASE, Outbox, Pace

from .channels.registry import hand_over
from .models import Delivery
from .quiet import after_quiet, is_quiet

__all__ = ["ATTEMPTS", "LEASE", "OUTBOX", "PACE", "deliver"]
ATTEMPTS = 12  # about a day, then it is a dead letter
PACE = Pace(ATTEMPTS, least=timedelta(minutes=1), most=timedelta(hours=5))


def deliver(limit: int = 200, *, now: datetime | None = None) -> int:
    """Sends up to `limit` due messages and answers how many were sent; `now` stands in for the clock.

    Any number may run at once. Refused inside a transaction. In quiet hours only urgent messages go.
    """
    return OUTBOX.deliver(limit, tell_time=None if now is None else lambda: now)


def _due(rows: QuerySet[Delivery], moment: datetime) -> QuerySet[Delivery]:
    """Urgent first; at night nothing else."""
    if is_quiet(moment):
        rows = rows.filter(urgent=True)
    return rows.select_related("notice__to").order_by("-urgent", "next_at", "id")


def _again(delivery: Delivery, moment: datetime) -> datetime:
    return moment if delivery.urgent else after_quiet(moment)


OUTBOX = Outbox(
    Delivery,
    due=_due,
    send=lambda delivery: hand_over(delivery.channel, delivery.notice.to, delivery.notice),
    pace=PACE,
    again=_again,
)
