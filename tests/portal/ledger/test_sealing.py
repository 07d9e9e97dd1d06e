"""The daily seal: which days, which heads, signed with what, and what two workers at once make of it."""

import base64
from datetime import date
from threading import Barrier, Thread
from typing import Any

import psycopg2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction

from portal import clock
from portal.ledger import keys
from portal.ledger.actions import CLOCK, entry
from portal.ledger.digests import root_of
from portal.ledger.models import Chained, Event, Seal, SealedHead
from portal.ledger.sealing import seal
from portal.ledger.verification import verify

from .life import holders, live, moment, record, seal_after


def days(seals: list[Seal]) -> list[str]:
    return [one.day.isoformat() for one in seals]


def test_a_seal_holds_the_end_of_every_chain_that_grew_that_day(rows: list[Chained]) -> None:
    sealed = Seal.objects.get(day="2026-11-03")
    grown = [row for number, row in enumerate(rows) if (number + 2) % 4]
    ends = {row.address: Event.objects.filter(address=row.address, at__lt=sealed.ends).latest("seq") for row in grown}
    heads = sorted((end.address, end.seq, end.digest) for end in ends.values())
    assert (
        list(SealedHead.objects.filter(seal=sealed).order_by("address").values_list("address", "seq", "digest"))
        == heads
    )
    assert (sealed.count, sealed.events, sealed.root) == (len(grown), 2 * len(grown), root_of(heads))


def test_each_seal_names_the_one_before_and_is_signed_so_that_anybody_can_check(rows: list[Chained]) -> None:
    seals = list(Seal.objects.order_by("day"))
    assert days(seals) == ["2026-11-02", "2026-11-03", "2026-11-04"]
    assert [one.before for one in seals] == ["", seals[0].digest, seals[1].digest]
    for one in seals:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(one.public_key))
        key.verify(base64.b64decode(one.signature), one.body)


def test_days_without_events_are_sealed_too_and_nothing_before_the_first_event(db: None) -> None:
    (row, *_) = holders(3)
    record(row, "moved", moment(1))
    record(row, "moved", moment(4))
    with clock.at(moment(6, 12)):
        made = seal()
        assert days(made) == ["2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06"]
        assert [(one.count, one.events) for one in made] == [(1, 1), (0, 0), (0, 0), (1, 1), (0, 0)]
        assert verify().sound


def test_an_empty_ledger_has_nothing_to_seal(db: None) -> None:
    with clock.at(moment(6, 12)):
        assert seal() == []


@pytest.mark.parametrize(
    ("now", "sealed"),
    [
        (moment(1, 23, 59), []),
        (moment(2, 0, 4), []),
        (moment(2, 0, 5), ["2026-11-02"]),
        (moment(2, 23, 59), ["2026-11-02"]),
        (moment(3, 0, 5), ["2026-11-02", "2026-11-03"]),
    ],
)
def test_a_day_is_complete_five_minutes_after_its_midnight_in_china(db: None, now: Any, sealed: list[str]) -> None:
    record(holders(3)[0], "moved", moment(1))
    with clock.at(now):
        assert days(seal()) == sealed
        assert days(seal()) == []


def test_sealing_up_to_a_day_stops_there_and_never_reaches_an_unfinished_one(db: None) -> None:
    record(holders(3)[0], "moved", moment(1))
    with clock.at(moment(3, 12)):
        assert days(seal(date(2026, 11, 2))) == ["2026-11-02"]
        assert days(seal(date(2026, 12, 31))) == ["2026-11-03"]


def test_midnight_belongs_to_the_day_it_begins(db: None) -> None:
    row, other, *_ = holders(3)
    record(row, "moved", moment(1, 23, 59))
    record(other, "moved", moment(2, 0, 0))
    first, second = seal_after(1) + seal_after(2)
    assert [one.address for one in first.heads.all()] == [row.address]
    assert [one.address for one in second.heads.all()] == [other.address]


def test_without_a_key_no_day_is_sealed(rows: list[Chained], settings: Any) -> None:
    settings.SEAL_KEY = ""
    with (
        clock.at(moment(5, 12)),
        pytest.raises(ImproperlyConfigured, match="SEAL_KEY is not set"),
        transaction.atomic(),
    ):
        seal()
    assert Seal.objects.count() == 3


def test_a_changed_key_seals_on_and_the_old_ones_public_half_keeps_its_seals_good(
    rows: list[Chained], settings: Any
) -> None:
    old = keys.own()
    settings.SEAL_KEY = keys.generate()
    with clock.at(moment(5, 12)):
        assert days(seal()) == ["2026-11-05"]
        assert str(verify().flaw) == f"seal:2026-11-02：2026-11-02 的封存是用我们不认识的密钥（{old[:12]}）签的。"
        settings.SEAL_PUBLIC_KEYS = [old]
        assert verify().sound


def test_an_event_dated_into_a_sealed_day_is_refused_by_the_database(rows: list[Chained]) -> None:
    with pytest.raises(IntegrityError, match="sealed up to a later day"), transaction.atomic():
        record(rows[0], "moved", moment(3, 22, 59))
    with transaction.atomic():
        record(rows[1], "moved", moment(3, 23, 0))


@pytest.mark.django_db(transaction=True)
def test_what_was_under_way_at_midnight_goes_into_the_next_seal() -> None:
    rows = holders(9)
    live(rows, days=1)
    late = rows[0]
    other = psycopg2.connect(**connection.get_connection_params())
    try:
        event = record_elsewhere(other, late, moment(2, 23, 59))
        record(rows[1], "moved", moment(2, 23, 59))
        assert Event.objects.get(address=rows[1].address, seq=rows[1].chain_seq).pk > event
        (second,) = seal_after(2)
        other.commit()
    finally:
        other.close()
    assert not second.heads.filter(address=late.address, seq=late.chain_seq).exists()
    with clock.at(moment(3, 0, 11)):
        assert verify().sound
    (third,) = seal_after(3)
    assert [(one.address, one.seq) for one in third.heads.all()] == [(late.address, late.chain_seq)]
    with clock.at(moment(4, 0, 11)):
        assert verify().sound


def record_elsewhere(other: Any, row: Chained, at: Any) -> int:
    """Another worker's transaction appends to the row and has not committed yet; returns the id it was given."""
    event = entry(row, "moved", by=CLOCK, at=at)
    with other.cursor() as cursor:
        cursor.execute(
            "insert into ledger_event (address, seq, verb, who, at, facts, before, digest) "
            "values (%s, %s, %s, %s, %s, '{}', %s, %s) returning id",
            [event.address, event.seq, event.verb, event.who, event.at, event.before, event.digest],
        )
        (pk,) = cursor.fetchone()
        cursor.execute(
            f"update {row._meta.db_table} set chain_seq = %s, chain_head = %s where id = %s",
            [row.chain_seq, row.chain_head, row.pk],
        )
    return int(pk)


@pytest.mark.django_db(transaction=True)
def test_two_workers_sealing_at_once_make_one_seal_a_day() -> None:
    rows = holders(9)
    for day in range(1, 8):
        for row in rows:
            record(row, "moved", moment(day))
    made: list[list[str]] = []
    ready = Barrier(3)

    def work() -> None:
        try:
            ready.wait()
            with clock.at(moment(8, 0, 10)):
                made.append(days(seal()))
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    week = [f"2026-11-0{day}" for day in range(2, 9)]
    assert sorted(day for some in made for day in some) == week
    assert days(list(Seal.objects.order_by("day"))) == week
    with clock.at(moment(8, 0, 11)):
        assert verify().sound
