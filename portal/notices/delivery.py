"""Sending what waits: claim with a lease, send outside of any transaction, mark as sent only afterwards.

At least once: while a lease holds, nobody else sends the message. It goes out twice only when the sender dies between
the channel's answer and the mark, or when a channel takes longer than the lease; e-mail then repeats its Message-ID.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from random import SystemRandom
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q

from portal import clock

from .channels.channel import ChannelFailed, ChannelRefused
from .channels.registry import hand_over
from .models import Delivery
from .quiet import after_quiet, is_quiet

BATCH = 20  # claimed at once
LEASE = timedelta(minutes=2)  # renewed before each message; longer than any channel takes for one
ATTEMPTS = 12  # about a day, then it is a dead letter
LEAST, MOST = timedelta(minutes=1), timedelta(hours=5)  # first and longest wait, each plus up to a fifth

log = logging.getLogger(__name__)
chance = SystemRandom()


def deliver(limit: int = 200, *, now: datetime | None = None) -> int:
    """Sends up to `limit` due messages and answers how many were sent; `now` stands in for the clock.

    Any number may run at once. Refused inside a transaction. In quiet hours only urgent messages go.
    """
    tell_time: Callable[[], datetime] = clock.now if now is None else lambda: now
    _bury_lost(tell_time())
    sent, left = 0, limit
    while left > 0:
        lease = uuid4()
        claimed = _claim(min(BATCH, left), lease, tell_time())
        if not claimed:
            break
        left -= len(claimed)
        sent += sum(_send(delivery, lease, tell_time) for delivery in claimed)
    return sent


def wait(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: 1 min, doubling up to 5 h, plus up to a fifth by chance."""
    return min(LEAST * 2 ** (attempts - 1), MOST) * chance.uniform(1, 1.2)


@transaction.atomic(durable=True)
def _claim(size: int, lease: UUID, moment: datetime) -> list[Delivery]:
    """Takes what is due and in nobody's hands, urgent first; several deliverers step around each other's rows."""
    due = Delivery.objects.filter(_free(moment), state=Delivery.State.WAITING, next_at__lte=moment)
    if is_quiet(moment):
        due = due.filter(urgent=True)
    due = due.select_for_update(skip_locked=True, of=("self",)).select_related("notice__to")
    claimed = list(due.order_by("-urgent", "next_at", "id")[:size])
    Delivery.objects.filter(pk__in=[one.pk for one in claimed]).update(lease=lease, lease_until=moment + LEASE)
    return claimed


def _send(delivery: Delivery, lease: UUID, tell_time: Callable[[], datetime]) -> bool:
    """Hands one message to its channel if the lease is still ours, and writes down what became of it."""
    mine = Delivery.objects.filter(pk=delivery.pk, lease=lease, state=Delivery.State.WAITING)
    if not mine.update(attempts=F("attempts") + 1, lease_until=tell_time() + LEASE):
        return False  # ran out while others were sent, and somebody else has it now
    delivery.attempts += 1
    given_up, error = False, ""
    try:
        hand_over(delivery.channel, delivery.notice.to, delivery.notice)
    except ChannelRefused as refusal:
        given_up, error = True, refusal.code
    except ChannelFailed as failure:
        given_up, error = delivery.attempts >= ATTEMPTS, failure.code
    moment = tell_time()
    done: dict[str, object] = {"lease": None, "lease_until": None, "error": error[:60]}
    if not error:
        return bool(mine.update(**done, state=Delivery.State.SENT, sent_at=moment))
    if given_up:
        log.warning("delivery %s by %s given up: %s", delivery.pk, delivery.channel, error)
        mine.update(**done, state=Delivery.State.DEAD)
    else:
        again = moment + wait(delivery.attempts)
        mine.update(**done, next_at=again if delivery.urgent else after_quiet(again))
    return False


def _bury_lost(moment: datetime) -> None:
    """A message at which its sender died every time is a dead letter too."""
    waiting = Delivery.objects.filter(_free(moment), state=Delivery.State.WAITING, next_at__lte=moment)
    waiting.filter(attempts__gte=ATTEMPTS).update(
        state=Delivery.State.DEAD, error="sender_died", lease=None, lease_until=None
    )


def _free(moment: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lte=moment)
