"""The store: what is on hand is the sum of its moves, in numbers and in money; never below zero, whoever comes at once."""

import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.errors import BadInput, Refused
from portal.ledger.queries import chain_of
from portal.orgs.models import User
from repairs.actions.stock import add_item, change_item, correct_count, issue, receive, take_in_return, write_off
from repairs.models import StockItem, StockMove
from tests.district import Cast, District

QUANTITIES = st.decimals(min_value="0.001", max_value="500", places=3)
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["in", "issue", "return", "count", "write_off"]), QUANTITIES, st.decimals("0", "99", places=2)
    ),
    max_size=12,
)


def item_of(place: District, by: User | str = "clock", quantity: str = "0", price: str = "1") -> StockItem:
    item = add_item(school=place.school, name="螺丝", spec="M6", measure="颗", by=by)
    if Decimal(quantity):
        receive(item.pk, Decimal(quantity), Decimal(price), by=by)
    return StockItem.objects.get(pk=item.pk)


def act(item: StockItem, kind: str, quantity: Decimal, price: Decimal) -> None:
    """One move; what the store must refuse is refused."""
    if kind == "in":
        receive(item.pk, quantity, price, by="clock")
    elif kind == "return":
        take_in_return(item.pk, quantity, quantity * price, by="clock")
    elif kind == "count":
        correct_count(item.pk, quantity, by="clock", why="盘点")
    else:
        verb = issue if kind == "issue" else write_off
        there = StockItem.objects.get(pk=item.pk).on_hand
        if quantity > there:
            with pytest.raises(Refused):
                verb(item.pk, quantity, by="clock", why="用")
        else:
            verb(item.pk, quantity, by="clock", why="用")


@settings(max_examples=25)
@given(moves=MOVES)
def test_the_balance_is_the_sum_of_the_moves_and_never_below_zero(
    place: District, moves: list[tuple[str, Decimal, Decimal]]
) -> None:
    with transaction.atomic():
        item = item_of(place)
        for kind, quantity, price in moves:
            act(item, kind, quantity, price)
        now = StockItem.objects.get(pk=item.pk)
        rows = StockMove.objects.filter(item=item)
        sums = rows.aggregate(quantity=Sum("quantity"), worth=Sum("amount"))
        assert (now.on_hand, now.worth) == (sums["quantity"] or 0, sums["worth"] or 0)
        assert now.on_hand >= 0 and now.worth >= 0
        assert now.on_hand or not now.worth  # the last cent leaves with the last piece
        assert [event.verb for event in chain_of(item.address)] == [
            "added",
            *rows.order_by("pk").values_list("kind", flat=True),
        ]
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_of_sixteen_who_take_one_of_the_last_ten_ten_get_it(place: District, cast: Cast) -> None:
    item, got, refused = item_of(place, quantity="10"), [], []
    together = threading.Barrier(16)

    def take() -> None:
        together.wait()
        try:
            got.append(issue(item.pk, Decimal(1), by=cast.wu).pk)
        except Refused as no:
            refused.append(no.sentence)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(16)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (len(got), refused) == (10, ["螺丝 M6 库存 0 颗，不够 1 颗。"] * 6)
    assert StockItem.objects.get(pk=item.pk).on_hand == 0
    assert sorted(StockMove.objects.filter(kind="issue").values_list("left", flat=True)) == [
        Decimal(n) for n in range(10)
    ]


def test_the_database_itself_refuses_to_go_below_zero(place: District) -> None:
    item = item_of(place, quantity="1")
    with pytest.raises(DatabaseError), transaction.atomic():
        StockItem.objects.filter(pk=item.pk).update(on_hand=-1)


def test_moves_can_neither_be_changed_nor_deleted(place: District) -> None:
    item_of(place, quantity="1")
    for change in (lambda: StockMove.objects.update(quantity=5), lambda: StockMove.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_a_count_corrects_with_a_reason_and_not_over_what_changed_meanwhile(place: District, cast: Cast) -> None:
    item = item_of(place, quantity="10", price="2")
    move = correct_count(item.pk, Decimal(8), by=cast.wu, why="盘点少两颗", seen=Decimal(10))
    assert move is not None
    assert (move.kind, move.quantity, move.amount, move.why, move.by) == ("count", -2, -4, "盘点少两颗", cast.wu)
    with pytest.raises(Refused, match="库存已变为 8 颗"):
        correct_count(item.pk, Decimal(9), by=cast.wu, why="再盘", seen=Decimal(10))
    assert correct_count(item.pk, Decimal(8), by=cast.wu, why="再盘") is None
    assert correct_count(item.pk, Decimal(9), by=cast.wu, why="找到一颗").amount == 2  # type: ignore[union-attr]


def test_what_comes_in_is_priced_at_the_mean(place: District, cast: Cast) -> None:
    item = item_of(place, quantity="1", price="10")
    receive(item.pk, Decimal(2), Decimal(13), by=cast.wu)
    assert issue(item.pk, Decimal(1), by=cast.wu).amount == Decimal(-12)
    assert StockItem.objects.get(pk=item.pk).price == 13


def test_an_item_is_there_once_and_keeps_its_number_when_renamed(place: District, cast: Cast) -> None:
    item = item_of(place, quantity="3")
    other = add_item(school=place.school, name="螺丝", spec="M8", measure="颗", by=cast.wu)
    with pytest.raises(BadInput, match="已有同名同规格"):
        add_item(school=place.school, name="螺丝", spec="M6", by=cast.wu)
    with pytest.raises(BadInput, match="已有同名同规格"):
        change_item(other, {"spec": "M6"}, by=cast.wu)
    assert add_item(school=place.far_school, name="螺丝", spec="M6", by=cast.wu).on_hand == 0
    changed = change_item(item, {"spec": "M6 镀锌", "minimum": Decimal(5)}, by=cast.wu)
    assert (changed.label, changed.on_hand, changed.is_low) == ("螺丝 M6 镀锌", 3, True)
