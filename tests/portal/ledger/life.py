"""A small ledger that lives day by day, and the superuser who tampers with it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from portal import clock
from portal.ledger.actions import CLOCK, entry, write
from portal.ledger.models import Chained, Event, Seal
from portal.ledger.protection import TABLES
from portal.ledger.sealing import seal
from portal.orgs.models import Absence, Appointment, Unit, User

FIRST_DAY = date(2026, 11, 2)
TRIGGERS = [(table, f"{table}_no_change") for table in TABLES] + [("ledger_event", "ledger_event_not_backdated")]


def moment(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A time on the first, second, … day of the ledger's life, in China."""
    return datetime(2026, 11, 1, hour, minute, tzinfo=clock.SCHOOL_TIME) + timedelta(days=day)


def holders(count: int) -> list[Chained]:
    """Rows of two kinds, with nothing recorded yet."""
    person = User.objects.create(username="rita", name="林晓芸")
    other = User.objects.create(username="dora", name="周敏")
    unit = Unit.objects.add_root(instance=Unit(name="柳溪镇中心小学", kind="school"))
    days = {"since": FIRST_DAY, "until": FIRST_DAY}
    made: list[Chained] = [Absence.objects.create(person=person, substitute=other, **days) for _ in range(count // 3)]
    made += [
        Appointment.objects.create(person=person, role="teacher", unit=unit, **days) for _ in range(count - len(made))
    ]
    return made


def record(holder: Chained, verb: str, at: datetime, by: Any = CLOCK, facts: dict[str, Any] | None = None) -> Event:
    """Appends to a holder's chain as every writer does, two statements for speed."""
    event = entry(holder, verb, by=by, at=at, facts=facts)
    write([event])
    save_head(holder)
    return event


def save_head(holder: Chained) -> None:
    """Moves the holder's head to where its chain ends in memory."""
    columns = {"chain_seq": holder.chain_seq, "chain_head": holder.chain_head}
    type(holder)._base_manager.filter(pk=holder.pk).update(**columns)


def seal_after(day: int) -> list[Seal]:
    """Ten minutes past the midnight after this day."""
    with clock.at(moment(day + 1, 0, 10)):
        return seal()


def live(rows: Sequence[Chained], days: int = 3) -> None:
    """Each day something happens to most of the rows, and the day is sealed; then the morning of one more day."""
    for day in range(1, days + 2):
        for number, row in enumerate(rows):
            if (number + day) % 4:
                record(
                    row,
                    "moved",
                    moment(day, 9) + timedelta(minutes=number),
                    f"person:{number}",
                    {"step": day, "amount": "12.50"},
                )
                record(
                    row,
                    "checked",
                    moment(day, 15) + timedelta(minutes=number),
                    facts={"to": "accepted", "unit": number},
                )
        if day <= days:
            seal_after(day)


@contextmanager
def superuser() -> Iterator[None]:
    """The tables' owner switches every protection of rows off, and on again."""
    with connection.cursor() as cursor:
        for table, trigger in TRIGGERS:
            cursor.execute(f"alter table {table} disable trigger {trigger}")
        yield
        for table, trigger in TRIGGERS:
            cursor.execute(f"alter table {table} enable always trigger {trigger}")


def rechain(holder: Chained) -> None:
    """Recomputes every digest and link of a chain as it now stands, and the holder's head, as a careful forger does."""
    before = ""
    for seq, event in enumerate(Event.objects.filter(address=holder.address).order_by("seq"), 1):
        Event.objects.filter(pk=event.pk).update(seq=seq, before=before)
        event.seq, event.before = seq, before
        before = event.expected()
        Event.objects.filter(pk=event.pk).update(digest=before)
        holder.chain_seq = seq
    holder.chain_head = before
    save_head(holder)
