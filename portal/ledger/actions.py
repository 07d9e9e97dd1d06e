"""Writing to the ledger: the only way in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from portal import clock

from .models import Chained, Event, digest_of

CLOCK = "clock"
ANONYMOUS = "anonymous"
Facts = Mapping[str, Any]

_NAME = "a fact's name"
_ACTOR = re.compile(r"clock|anonymous|(person:[0-9]+)|(connector:[a-z0-9_.-]+)")
_CODE = re.compile(r"[!-~]{0,80}")  # one word of printable ASCII: an id, a code, an amount, a digest, a time
_PHONE = r"(\+?86)?-?1[3-9][0-9]{9}"
_IDENTITY_CARD = r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-3][0-9]{4}[0-9Xx]"
_PERSONAL = re.compile(f"{_PHONE}|{_IDENTITY_CARD}|.*@.*")


class NotAFact(ValueError):
    """Words, a name or a phone were about to be written where nothing can be erased; the message never repeats them."""


def append(holder: Chained, verb: str, *, by: Model | str, at: datetime, facts: Facts | None = None) -> Event:
    """Writes one event to the holder's chain and moves its head. The holder must be locked (or just created)."""
    event = entry(holder, verb, by=by, at=at, facts=facts)
    write([event])
    # Through the chain's own table: through a child's manager Django would first select, then update without the lock.
    owner = holder.chain_owner()
    owner._base_manager.filter(pk=holder.pk).update(chain_seq=holder.chain_seq, chain_head=holder.chain_head)
    return event


def entry(holder: Chained, verb: str, *, by: Model | str, at: datetime, facts: Facts | None = None) -> Event:
    """An unsaved event; advances the holder's sequence and head in memory. The caller saves both in one transaction.

    `at` is the moment of writing (`clock.now()`): what was due earlier goes into the facts. Refused: free text.
    """
    if holder.pk is None or at.tzinfo is None:
        raise ValueError("the holder must be saved, and the moment must have its time zone")
    event = Event(
        address=holder.address,
        seq=holder.chain_seq + 1,
        verb=_code(verb, "verb"),
        who=actor_code(by),
        at=at,
        facts={_code(name, _NAME): _fact(name, value) for name, value in (facts or {}).items() if value is not None},
        before=holder.chain_head,
    )
    event.digest = digest_of(event.address, event.seq, event.verb, event.who, event.at, event.facts, event.before)
    holder.chain_seq, holder.chain_head = event.seq, event.digest
    return event


def write(events: Iterable[Event]) -> None:
    """Saves events made by `entry`, in one statement."""
    Event.objects.bulk_create(events)


def begin(rows: Sequence[Chained], verb: str, *, by: Model | str, facts: Sequence[Facts]) -> None:
    """The first entry in the chain of each of these rows, which get their ids here and are saved right afterwards."""
    if not rows:
        return
    with connection.cursor() as cursor:
        next_ids = "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)"
        cursor.execute(next_ids, (rows[0]._meta.db_table, len(rows)))
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = pk
    at = clock.now()
    write([entry(row, verb, by=by, at=at, facts=said) for row, said in zip(rows, facts, strict=True)])


def actor_code(by: Model | str) -> str:
    """How the ledger names who did it: `person:17`, `clock`, `anonymous`, `connector:<name>`; all else is refused."""
    code = by if isinstance(by, str) else f"person:{by.pk}"
    if not _ACTOR.fullmatch(code):
        raise NotAFact("the actor must be a saved person, clock, anonymous or connector:<name>")
    return code


def plain(value: Any) -> Any:
    """The one spelling of a value in the ledger: ids for rows, strings for amounts and times. Refused: free text.

    A string must be one word of at most 80 printable ASCII characters, and no mobile phone, identity card or e-mail.
    """
    if isinstance(value, str):
        return _code(value, "a fact")
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, Model):
        return plain(value.pk)
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {_code(name, _NAME): plain(one) for name, one in value.items()}
    raise TypeError(f"the ledger does not know how to write {type(value).__name__}")


def _fact(name: str, value: Any) -> Any:
    try:
        return plain(value)
    except NotAFact as wrong:
        raise NotAFact(f"{name}: {wrong}") from None


def _code(value: Any, what: str) -> str:
    text = str(value)
    if not _CODE.fullmatch(text):
        raise NotAFact(f"{what} must be an id, a code, an amount, a digest or a time, not words")
    if _PERSONAL.fullmatch(text):
        raise NotAFact(f"{what} looks like a phone, an identity card or an e-mail")
    return text
