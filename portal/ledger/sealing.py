"""The daily seal: what had happened by the end of a day in China, hashed, signed, and naming the seal before it."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from portal import clock

from . import keys
from .digests import Head, root_of
from .models import Event, Seal

AFTER_MIDNIGHT = timedelta(
    minutes=5
)  # so that transactions under way at midnight are in; later ones go into the next seal
_ONE_AT_A_TIME = 0x5EA1  # the advisory lock two sealers contend for

# Every chain that has grown. Ids are not in commit order, so this goes by the date, back to an hour before the day:
# what was under way then and missed its own day's seal is in this one. (Later still, the database refuses it.)
_SEAL_HEADS = """
with heads as materialized (
    select e.address, e.seq, e.digest, coalesce(h.seq, 0) as sealed
    from (
        select distinct on (address) address, seq, digest from ledger_event
        where at >= %(floor)s and at < %(ends)s order by address, seq desc
    ) e
    left join lateral (
        select seq from ledger_sealedhead where address = e.address order by seq desc limit 1
    ) h on true
    where e.seq > coalesce(h.seq, 0)
), written as (
    insert into ledger_sealedhead (seal_id, address, seq, digest) select %(seal)s, address, seq, digest from heads
)
select address, seq, digest, seq - sealed from heads order by address
"""


def seal(up_to_day: date | None = None) -> list[Seal]:
    """Seals every complete day (in China) not sealed yet, up to and with `up_to_day`; days without events too.

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
    """Seals the next day due, in a transaction of its own so that no backlog is lost half done; None: none is due."""
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
        cursor.execute(_SEAL_HEADS, {"seal": made.pk, "floor": made.floor, "ends": made.ends})
        for address, seq, digest, grown in cursor.fetchall():
            heads.append((address, seq, digest))
            made.events += grown
    made.count, made.root = len(heads), root_of(heads)
    made.digest, made.signature = made.expected(), keys.sign(made.body)
    made.save(force_insert=True)
    return made
