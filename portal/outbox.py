"""What is on its way out of the portal, and how it goes: claimed with a lease, sent outside of any transaction, marked after.

At least once: while a lease holds, nobody else sends the row. It goes out twice only when the sender dies between the
other side's answer and the mark, or when one sending takes longer than the lease; whoever receives it knows it by its id.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import models, transaction
from django.db.models import F, Q, QuerySet

from portal import clock

BATCH = 20  # claimed at once
LEASE = timedelta(minutes=2)  # renewed before each row; longer than any sending takes

log = logging.getLogger(__name__)
chance = SystemRandom()


class CannotGo(Exception):
    """The other side will never take this; `code` says why, in a few letters and without an address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotNow(Exception):
    """The other side could not take this now; `code` says why, and it is tried again later."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Outgoing(models.Model):
    """A row that waits to go out, went, or was given up; whoever holds the lease sends it.

    `attempts` counts the times it was handed over, `error` is the last reason as a code, never an address.
    """

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "待发送"
        SENT = "sent", "已发送"
        DEAD = "dead", "未送达"

    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


@dataclass(frozen=True)
class Pace:
    """How often it is tried before it is given up, and the first and the longest wait, each plus up to a fifth."""

    attempts: int
    least: timedelta
    most: timedelta

    def wait(self, attempts: int) -> timedelta:
        """How long to wait after so many failed attempts: the least, doubling up to the most, plus up to a fifth."""
        return min(self.least * 2 ** min(attempts - 1, 32), self.most) * chance.uniform(1, 1.2)


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt: taken with an `answer`, or not, with the code of the reason."""

    taken: bool
    answer: Any = None
    error: str = ""
    given_up: bool = False
    refusal: CannotGo | None = None


Row = TypeVar("Row", bound=Outgoing)
Time = Callable[[], datetime]


def _whenever(row: Any, moment: datetime) -> datetime:
    return moment


def _always(row: Any) -> bool:
    return True


def _nothing(row: Any, outcome: Outcome, moment: datetime) -> None:
    """Nothing else follows."""


@dataclass(frozen=True)
class Outbox(Generic[Row]):
    """One table of what goes out, and what is its own about it.

    `due` narrows and orders what may go at a moment, `send` hands one row over (raising `CannotGo`, `NotNow` or nothing
    else), `again` moves the next attempt out of hours, `ready` is asked right before sending and a row that is not is laid
    back untried, `settle` writes what follows from an attempt in the transaction that marks it.
    """

    model: type[Row]
    due: Callable[[QuerySet[Row], datetime], QuerySet[Row]]
    send: Callable[[Row], Any]
    pace: Pace
    again: Callable[[Row, datetime], datetime] = _whenever
    ready: Callable[[Row], bool] = _always
    settle: Callable[[Row, Outcome, datetime], None] = _nothing

    @property
    def waiting(self) -> QuerySet[Row]:
        """Everything on its way."""
        rows: QuerySet[Row] = self.model._base_manager.filter(state=Outgoing.State.WAITING)
        return rows

    def deliver(self, limit: int, *, tell_time: Time | None = None) -> int:
        """Sends up to `limit` due rows and answers how many were taken. Any number may run at once. Refused inside a transaction."""
        tell_time = tell_time or clock.now
        self._bury_lost(tell_time())
        sent, left = 0, limit
        while left > 0:
            lease = uuid4()
            claimed = self.claim(min(BATCH, left), lease, tell_time())
            if not claimed:
                break
            left -= len(claimed)
            sent += sum(self.hand_over(row, lease, tell_time) for row in claimed)
        return sent

    def claim(self, size: int, lease: UUID, moment: datetime) -> list[Row]:
        """Takes what is due and in nobody's hands; several deliverers step around each other's rows."""
        with transaction.atomic(durable=True):
            due = self.due(self.waiting.filter(free(moment), next_at__lte=moment), moment)
            claimed = list(due.select_for_update(skip_locked=True, of=("self",))[:size])
            rows = self.model._base_manager.filter(pk__in=[one.pk for one in claimed])
            rows.update(lease=lease, lease_until=moment + LEASE)
        return claimed

    def hand_over(self, row: Row, lease: UUID, tell_time: Time) -> bool:
        """Sends one row if the lease is still ours, and writes down what became of it."""
        mine = self.waiting.filter(pk=row.pk, lease=lease)
        if not self.ready(row):
            mine.update(lease=None, lease_until=None)
            return False
        if not mine.update(attempts=F("attempts") + 1, lease_until=tell_time() + LEASE):
            return False  # ran out while others were sent, and somebody else has it now
        row.attempts += 1
        try:
            outcome = Outcome(taken=True, answer=self.send(row))
        except CannotGo as refusal:
            outcome = Outcome(taken=False, error=refusal.code, given_up=True, refusal=refusal)
        except NotNow as failure:
            outcome = Outcome(taken=False, error=failure.code, given_up=row.attempts >= self.pace.attempts)
        return self._mark(mine, row, outcome, tell_time())

    def _mark(self, mine: QuerySet[Row], row: Row, outcome: Outcome, moment: datetime) -> bool:
        """The mark, and what follows from it, in one transaction; nothing where the lease was lost meanwhile."""
        done: dict[str, Any] = {"lease": None, "lease_until": None, "error": outcome.error[:60]}
        if outcome.taken:
            done |= {"state": Outgoing.State.SENT, "sent_at": moment}
        elif outcome.given_up:
            log.warning("%s %s given up: %s", row._meta.model_name, row.pk, outcome.error)
            done |= {"state": Outgoing.State.DEAD}
        else:
            done |= {"next_at": self.again(row, moment + self.pace.wait(row.attempts))}
        with transaction.atomic():
            if not mine.update(**done):
                return False
            self.settle(row, outcome, moment)
        return outcome.taken

    def _bury_lost(self, moment: datetime) -> None:
        """A row at which its sender died every time is given up too."""
        lost = self.waiting.filter(free(moment), next_at__lte=moment, attempts__gte=self.pace.attempts)
        lost.update(state=Outgoing.State.DEAD, error="sender_died", lease=None, lease_until=None)


def free(moment: datetime) -> Q:
    """In nobody's hands at this moment."""
    return Q(lease_until=None) | Q(lease_until__lte=moment)
