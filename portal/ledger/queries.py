"""Questions the ledger answers: what happened to one row, whether that is untouched, and what has been sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from .models import Event, Seal


@dataclass(frozen=True)
class Intact:
    """Whether a chain is whole: `count` events, `sentence` for the page, `wrong` the first bad one (0: none)."""

    count: int
    sound: bool
    sentence: str
    wrong: int = 0


def chain_of(address: str) -> QuerySet[Event]:
    """Everything that happened to one row (`case:17`), in order; one query when read."""
    return Event.objects.filter(address=address).order_by("seq")


def intact(address: str, head: str, events: Sequence[Event] | None = None) -> Intact:
    """Whether a chain is unbroken up to its holder's head. One query, or none when all its `events` are at hand."""
    before, count = "", 0
    for event in chain_of(address) if events is None else events:
        count += 1
        if event.seq != count or event.before != before or event.expected() != event.digest:
            return Intact(count, False, f"第 {count} 条记录被改动过，请联系管理员核对。", wrong=count)
        before = event.digest
    if before != head:
        return Intact(count, False, "最后的记录被改动或删除过，请联系管理员核对。", wrong=max(count, 1))
    return Intact(count, True, f"{count} 条记录首尾相接，未被改动。")


def published(*, before: date | None = None, count: int = 30) -> QuerySet[Seal]:
    """The latest seals, newest first; `before` a day for the next page."""
    seals = Seal.objects.order_by("-day")
    return (seals.filter(day__lt=before) if before else seals)[:count]
