"""The daily seal: what had happened by the end of a day in China, hashed, signed, and naming the seal before it."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from portal import clock

from . import keys
from .digests import Head, root_of
from .models import Event, Seal

AFTER_MIDNIGHT = timedelta(minutes=5)  # so that transactions under way at midnight are in; later ones go into the next seal
_ONE_AT_A_TIME = 0x5EA1  # the advisory lock two sealers contend for

# Every chain that has grown: where it ends now against where the last seal saw it. Both sides come from their unique
# indexes in order, so this asks nothing of ids (not in commit order) and finds a late arrival however late it comes.
_SEAL_HEADS = """
with grown as (
    select e.address, coalesce(h.seq, 0) as sealed
    from (select address, max(seq) as seq from ledger_event group by address) e
    left join (select address, max(seq) as seq from ledger_sealedhead group by address) h using (address)
    where h.seq is null or h.seq < e.seq
), heads as materialized (
    select g.address, g.sealed, e.seq, e.digest
    from grown g cross join lateral (
        select seq, digest from ledger_event
        where address = g.address and seq > g.sealed and at < %(ends)s order by seq desc limit 1
    ) e
), written as (
    insert into ledger_sealedhead (seal_id, address, seq, digest)
    select %(seal)s, address, seq, digest from heads order by address
)
select address, seq, digest, seq - sealed from heads order by address
"""


def seal(up_to_day: date | None = None) -> list[Seal]:
    """Seals every complete day (in China) not sealed yet, up to and with `up_to_day`; days on which nothing happened too.

    A day is complete five minutes after its midnight. Safe to run again, and by two workers at once. Refused without a
    `SEAL_KEY`. Returns the seals made.
    """
    last = last_complete_day()
    if up_to_day is not None:
        last = min(last, up_to_day)
    made = []
    while (sealed := _seal_next(last)) is not None:
        made.append(sealed)
    return made


def last_complete_day() -> date:
    """The latest day that may be sealed: yesterday in China, from five minutes after midnight on."""
    return (clock.now() - AFTER_MIDNIGHT).astimezone(clock.SCHOOL_TIME).date() - timedelta(days=1)


def _seal_next(last: date) -> Seal | None:
    """Seals the next day due, in a transaction of its own, so that a long backlog is never lost; None when nothing is."""
    if _next_day(Seal.objects.order_by("-day").first(), last) is None:
        return None
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        before = Seal.objects.order_by("-day").first()
        day = _next_day(before, last)
        return _seal_day(day, before) if day is not None else None


def _next_day(before: Seal | None, last: date) -> date | None:
    if before is None:
        first: datetime | None = Event.objects.order_by("at").values_list("at", flat=True).first()
        day = first.astimezone(clock.SCHOOL_TIME).date() if first else None
    else:
        day = before.day + timedelta(days=1)
    return day if day is not None and day <= last else None


def _seal_day(day: date, before: Seal | None) -> Seal:
    made = Seal(day=day, before=before.digest if before else "", made_at=clock.now(), public_key=keys.own())
    heads: list[Head] = []
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('ledger_seal', 'id'))")
        (made.pk,) = cursor.fetchone()
        cursor.execute(_SEAL_HEADS, {"seal": made.pk, "ends": made.ends})
        for address, seq, digest, grown in cursor.fetchall():
            heads.append((address, seq, digest))
            made.events = made.events + grown
    made.count, made.root = len(heads), root_of(heads)
    made.digest, made.signature = made.expected(), keys.sign(made.body)
    made.save(force_insert=True)
    return made
