"""The daily comparison: it is silent when both sides agree, and names every difference when they do not."""

from datetime import timedelta

import pytest

from portal import clock
from portal.outbound.delivery import deliver
from portal.outbound.models import Finding, Line, Reconciliation, Report, System
from portal.outbound.reconciling import reconcile
from tests.district import Cast, District, later

from . import receiver
from .conftest import accepted
from .receiver import Receiver

pytestmark = pytest.mark.usefixtures("monday")


def differences() -> list[tuple[str, str, str, str]]:
    return list(Finding.objects.order_by("kind", "number").values_list("kind", "number", "ours", "theirs"))


def test_it_names_what_is_missing_there_unknown_here_and_differing(
    place: District, cast: Cast, system: System, other: Receiver
) -> None:
    numbers = [accepted(place, cast).number for _ in range(9)]  # more than the other side's page
    assert deliver() == 9
    accepted(place, cast)  # waits, so nobody misses it
    del other.books.records[numbers[0]]
    other.books.records[numbers[1]]["receipt"] = "YJ-9999"
    other.books.records[numbers[2]]["seqs"] = [0]
    other.books.records["AQ-1"] = {"receipt": "YJ-0000", "seqs": [1]}
    with clock.at(later(hours=1)):
        assert reconcile() == 1
    assert differences() == [
        ("differing", numbers[1], "第 1 报 · 回执号 YJ-0002", "第 1 报 · 回执号 YJ-9999"),
        ("differing", numbers[2], "第 1 报 · 回执号 YJ-0003", "第 0 报 · 回执号 YJ-0003"),
        ("missing", numbers[0], "第 1 报 · 回执号 YJ-0001", ""),
        ("unknown", "AQ-1", "", "第 1 报 · 回执号 YJ-0000"),
    ]
    assert Reconciliation.objects.values_list("state", "ours", "theirs").get() == ("sent", 9, 9)
    assert other.books.forged == 0


def test_a_receipt_number_that_comes_late_is_entered(
    place: District, cast: Cast, system: System, other: Receiver
) -> None:
    accepted(place, cast)
    other.books.behave = receiver.later
    assert deliver() == 1
    assert Line.objects.values_list("state", "receipt").get() == ("sent", "")
    with clock.at(later(hours=1)):
        reconcile()
    assert Line.objects.values_list("state", "receipt").get() == ("accepted", "YJ-0001")
    assert differences() == []


def test_it_asks_once_a_day_and_again_until_it_is_answered(
    place: District, cast: Cast, system: System, other: Receiver
) -> None:
    other.books.behave = receiver.down
    with clock.at(later(hours=-4)):  # five in the morning
        assert (reconcile(), Reconciliation.objects.count()) == (0, 0)
    with clock.at(later(hours=-2)):
        assert (reconcile(), reconcile()) == (0, 0)
    assert Reconciliation.objects.values_list("state", "attempts").get() == ("waiting", 1)
    other.books.behave = lambda handler: handler.take()  # type: ignore[assignment]
    assert (reconcile(), reconcile()) == (1, 0)
    with clock.at(later(days=1)):
        assert reconcile() == 1
    assert Reconciliation.objects.count() == 2


def test_down_for_a_day_nothing_is_lost_or_doubled_and_the_comparison_says_so(
    place: District, cast: Cast, system: System, other: Receiver
) -> None:
    other.books.behave = receiver.down
    numbers = []
    for hour in range(0, 24, 3):
        with clock.at(later(hours=hour)):
            numbers.append(accepted(place, cast).number)
            deliver()
    assert (other.books.records, set(Line.objects.values_list("state", flat=True))) == ({}, {"waiting"})
    moment, ways = later(days=1), [receiver.twice, receiver.lost_answer, receiver.broken, receiver.slow]
    other.books.behave = lambda handler: ways[other.books.asked.total() % 4](handler)  # type: ignore[assignment]
    while Report.objects.filter(state="waiting").exists():
        moment += timedelta(minutes=10)
        with clock.at(moment):
            deliver()
        assert moment < later(days=2)
    assert sorted(other.books.records) == numbers
    assert [record["seqs"] for record in other.books.records.values()] == [[1]] * 8
    receipts = dict(Line.objects.values_list("case__number", "receipt"))
    assert receipts == {number: record["receipt"] for number, record in other.books.records.items()}
    with clock.at(later(days=2)):
        assert reconcile() == 1
    assert (differences(), Reconciliation.objects.values_list("ours", "theirs").get()) == ([], (8, 8))
