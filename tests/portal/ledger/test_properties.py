"""Whatever happens in whatever order, an untouched ledger verifies; whatever one value is changed in it, it does not."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import clock
from portal.ledger.feeds import lines
from portal.ledger.models import Chained, Event
from portal.ledger.sealing import seal
from portal.ledger.verification import verify

from .life import holders, moment, record, superuser

pytestmark = pytest.mark.django_db
CHAINS = 9

codes = st.from_regex(r"[!-?A-~]{0,9}", fullmatch=True)  # too short for a phone
scalars = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**30), max_value=10**30)
    | st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9)
    | st.dates()
    | st.datetimes(timezones=st.just(clock.SCHOOL_TIME))
    | st.uuids()
    | codes
)
values = st.recursive(
    scalars, lambda one: st.lists(one, max_size=3) | st.dictionaries(codes, one, max_size=3), max_leaves=6
)
facts = st.dictionaries(st.from_regex(r"[a-z_]{1,12}", fullmatch=True), values, max_size=3)
happenings = st.tuples(
    st.integers(0, CHAINS - 1), st.timedeltas(timedelta(0), timedelta(hours=23, minutes=59, seconds=59)), facts
)
# Each day: what happened in this order, what committed only after its seal, and whether a sealer ran the next morning.
lives = st.lists(
    st.tuples(st.lists(happenings, max_size=6), st.lists(happenings, max_size=2), st.booleans()), max_size=5
)

ledgers = settings(max_examples=50)


@pytest.fixture
def bare(db: None) -> list[Chained]:
    """Rows with nothing recorded."""
    return holders(CHAINS)


def live(rows: list[Chained], life: Any) -> None:
    """Days as they come; a late arrival is of the last hour of its day."""
    for day, (happened, late, sealed) in enumerate(life, 1):
        for chain, since_midnight, said in happened:
            record(rows[chain], "moved", moment(day, 0) + since_midnight, "person:7", said)
        if sealed:
            with clock.at(moment(day + 1, 0, 10)):
                seal()
        for chain, since_midnight, said in late:
            record(rows[chain], "moved", moment(day, 23) + since_midnight / 24, "anonymous", said)


def fresh(rows: list[Chained]) -> list[Chained]:
    return [type(row)._base_manager.get(pk=row.pk) for row in rows]


@ledgers
@given(life=lives)
def test_an_untouched_ledger_of_any_shape_verifies_against_any_earlier_copy(bare: list[Chained], life: Any) -> None:
    with transaction.atomic():
        live(fresh(bare), life)
        saved = list(lines())
        with clock.at(moment(len(life) + 3, 12)):
            early = verify(overdue=False)
            seal()
            proof = verify(saved=saved or None)
        counts = (early.flaw, proof.flaw, early.events, proof.events)
        there = Event.objects.count()
        transaction.set_rollback(True)
    assert counts == (None, None, there, there)


changes = st.sampled_from(
    [
        {"address": "appointment:0"},
        {"seq": 0},
        {"verb": "forged"},
        {"who": "person:8"},
        {"at": moment(30)},
        {"facts": {"forged": 1}},
        {"before": "0" * 64},
        {"digest": "0" * 64},
    ]
)


@ledgers
@given(life=lives.filter(lambda life: any(day[0] for day in life)), change=changes, data=st.data())
def test_any_value_changed_in_any_event_is_found(
    bare: list[Chained], life: Any, change: dict[str, Any], data: Any
) -> None:
    with transaction.atomic():
        live(fresh(bare), life)
        victim = data.draw(st.sampled_from(list(Event.objects.order_by("pk"))))
        with superuser():
            Event.objects.filter(pk=victim.pk).update(**change)
        proof = verify(overdue=False)
        transaction.set_rollback(True)
    assert proof.flaw is not None


def test_amounts_are_spelled_in_one_way_whatever_the_database_does_to_numbers(bare: list[Chained]) -> None:
    said = {"b": Decimal("1.10"), "a": 10**40, "nested": {"z": [Decimal("0.00"), -0], "aa": True}, "k": "1e5"}
    event = record(bare[0], "moved", moment(1), facts=said)
    assert Event.objects.get(pk=event.pk).expected() == event.digest
    assert verify(overdue=False).sound
