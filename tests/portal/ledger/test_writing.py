"""What the ledger writes down, and the words, names and phones it refuses to."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from portal import clock
from portal.ledger.actions import ANONYMOUS, CLOCK, NotAFact, actor_code, append, entry, plain, write
from portal.ledger.models import Chained, Event
from portal.orgs.models import Appointment, User

from .life import holders, moment

NOON = moment(1, 12)


@pytest.fixture
def row(db: None) -> Chained:
    return holders(3)[2]


def test_appending_links_events_and_moves_the_holders_head(row: Chained) -> None:
    rita = User.objects.get(username="rita")
    first = append(row, "opened", by=rita, at=NOON, facts={"unit": rita, "amount": Decimal("12.50"), "until": None})
    second = append(row, "closed", by=CLOCK, at=NOON)
    stored = list(Event.objects.filter(address=f"appointment:{row.pk}").order_by("seq"))
    assert stored == [first, second]
    assert [(one.seq, one.verb, one.who, one.at, one.facts, one.before) for one in stored] == [
        (1, "opened", f"person:{rita.pk}", NOON, {"unit": rita.pk, "amount": "12.50"}, ""),
        (2, "closed", "clock", NOON, {}, first.digest),
    ]
    assert [one.digest for one in stored] == [one.expected() for one in stored]
    fresh = Appointment.objects.get(pk=row.pk)
    assert (fresh.chain_seq, fresh.chain_head) == (row.chain_seq, row.chain_head) == (2, second.digest)


def test_appending_takes_two_statements(row: Chained, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2), transaction.atomic(savepoint=False):
        append(row, "opened", by=CLOCK, at=NOON)


def test_many_entries_are_written_in_one_statement(row: Chained, django_assert_num_queries: Any) -> None:
    events = [entry(row, "moved", by=CLOCK, at=NOON) for _ in range(50)]
    with django_assert_num_queries(1):
        write(events)
    assert [one.seq for one in Event.objects.order_by("seq")] == list(range(1, 51))


def test_two_writers_from_the_same_state_cannot_both_append(row: Chained) -> None:
    same = Appointment.objects.get(pk=row.pk)
    append(row, "moved", by=CLOCK, at=NOON)
    with pytest.raises(IntegrityError, match="event_no_forks"), transaction.atomic():
        append(same, "moved", by=CLOCK, at=NOON)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (17, 17),
        (True, True),
        ("logistics_head", "logistics_head"),
        ("BX-LX01-2026-00017", "BX-LX01-2026-00017"),
        ("", ""),
        ("f" * 64, "f" * 64),
        ("x" * 80, "x" * 80),
        (Decimal("12345678901.50"), "12345678901.50"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (date(2026, 11, 2), "2026-11-02"),
        (datetime(2026, 11, 2, 9, tzinfo=clock.SCHOOL_TIME), "2026-11-02T09:00:00+08:00"),
        ([1, "a", Decimal("1.0")], [1, "a", "1.0"]),
        ({"reply": "0" * 64, 3: (1, 2)}, {"reply": "0" * 64, "3": [1, 2]}),
    ],
)
def test_ids_codes_amounts_digests_and_times_are_facts(value: Any, written: Any) -> None:
    assert plain(value) == written


WORDS = [
    "灯坏了",
    "Lin灯",
    "the lamp is broken",
    "two words",
    "line\nbreak",
    "tab\there",
    "x" * 81,
    "naïve",
    "ｆｕｌｌ",
    "🔧",
    "\x00",
    "13800138000",
    "+8613800138000",
    "86-13800138000",
    "330106199003072345",
    "33010619900307234X",
    "rita@example.org",
]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize(
    "facts",
    [lambda it: {"note": it}, lambda it: {"notes": [1, it]}, lambda it: {"notes": {"a": it}}, lambda it: {it: 1}],
)
def test_words_names_phones_and_addresses_of_people_are_refused_wherever_they_hide(
    row: Chained, words: str, facts: Any
) -> None:
    with pytest.raises(NotAFact) as refused:
        entry(row, "opened", by=CLOCK, at=NOON, facts=facts(words))
    assert words not in str(refused.value)
    assert (row.chain_seq, row.chain_head) == (0, "")


@pytest.mark.parametrize("value", [1.5, {1, 2}, b"bytes", object()])
def test_what_has_no_single_spelling_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="does not know how to write"):
        plain(value)


def test_the_four_kinds_of_actor(row: Chained) -> None:
    rita = User.objects.get(username="rita")
    assert [actor_code(one) for one in (rita, CLOCK, ANONYMOUS, "connector:yingji")] == [
        f"person:{rita.pk}",
        "clock",
        "anonymous",
        "connector:yingji",
    ]


@pytest.mark.parametrize("actor", ["林晓芸", "system", "person:rita", "connector:", "", "clock ", User(username="new")])
def test_nobody_else_acts(actor: Any) -> None:
    with pytest.raises(NotAFact):
        actor_code(actor)


def test_an_unsaved_holder_a_naive_moment_and_a_wordy_verb_are_refused(row: Chained) -> None:
    with pytest.raises(ValueError, match="must be saved"):
        entry(Appointment(), "opened", by=CLOCK, at=NOON)
    with pytest.raises(ValueError, match="time zone"):
        entry(row, "opened", by=CLOCK, at=NOON.replace(tzinfo=None))
    with pytest.raises(NotAFact):
        entry(row, "was opened", by=CLOCK, at=NOON)
