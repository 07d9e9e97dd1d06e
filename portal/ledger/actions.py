"""Writing to the ledger: the only way in."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model

from .models import Chained, Event, digest_of

CLOCK = "clock"
ANONYMOUS = "anonymous"


def append(holder: Chained, verb: str, *, by: Model | str, at: datetime, facts: Mapping[str, Any] | None = None) -> Event:
    """Writes one event to the holder's chain and moves its head. The holder must be locked (or just created)."""
    event = entry(holder, verb, by=by, at=at, facts=facts)
    write([event])
    type(holder)._base_manager.filter(pk=holder.pk).update(chain_seq=holder.chain_seq, chain_head=holder.chain_head)
    return event


def entry(holder: Chained, verb: str, *, by: Model | str, at: datetime, facts: Mapping[str, Any] | None = None) -> Event:
    """An unsaved event; advances the holder's sequence and head in memory. The caller saves both in one transaction."""
    event = Event(
        address=holder.address,
        seq=holder.chain_seq + 1,
        verb=verb,
        who=actor_code(by),
        at=at,
        facts={name: plain(value) for name, value in (facts or {}).items() if value is not None},
        before=holder.chain_head,
    )
    event.digest = digest_of(event.address, event.seq, event.verb, event.who, event.at, event.facts, event.before)
    holder.chain_seq, holder.chain_head = event.seq, event.digest
    return event


def write(events: Iterable[Event]) -> None:
    """Saves events made by `entry`, in one statement."""
    Event.objects.bulk_create(events)


def actor_code(by: Model | str) -> str:
    """How the ledger names who did it: `person:17`, `clock`, `anonymous` or `connector:<name>`."""
    return by if isinstance(by, str) else f"person:{by.pk}"


def plain(value: Any) -> Any:
    """The one spelling of a value in the ledger: ids for rows, strings for amounts and times."""
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    raise TypeError(f"the ledger does not know how to write {type(value).__name__}")
