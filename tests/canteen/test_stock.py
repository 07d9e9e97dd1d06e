"""The food store: what is on hand is the sum of its moves, first-expiring first; never below zero, whoever comes at once."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from canteen.actions import add_ingredient
from canteen.actions.stock import correct_count, issue, receive, send_back, write_off
from canteen.models import Canteen, FoodMove, Ingredient, Lot, Shelf
from canteen.queries.stock import Stood, days_of, week_of
from portal import clock
from portal.errors import BadInput, Refused
from portal.ledger.queries import chain_of
from portal.orgs.models import Unit
from tests.canteen.cast import Kitchen
from tests.district import MONDAY, District

QUANTITIES = st.decimals(min_value="0.001", max_value="50", places=3)
DAYS = st.one_of(st.none(), st.integers(0, 9))
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["in", "issue", "back", "count", "write_off", "sleep"]),
        QUANTITIES,
        st.decimals("0", "99", places=2),
        DAYS,
    ),
    max_size=14,
)
D = Decimal


def food(school: Unit, name: str = "土豆", category: str = "CE-07", measure: str = "斤") -> Ingredient:
    return add_ingredient(school=school, name=name, category=category, measure=measure, by="clock")


def came(canteen: Canteen, one: Ingredient, quantity: str, price: str = "2", until: int | None = None) -> Lot:
    keeps = None if until is None else clock.today() + timedelta(days=until)
    return receive(canteen, one, D(quantity), D(price), by="clock", keeps_until=keeps)


def shelf_of(canteen: Canteen) -> Shelf:
    return Shelf.objects.get(canteen=canteen)


def act(shelf: Shelf, one: Ingredient, kind: str, quantity: Decimal, price: Decimal, days: int | None) -> None:
    """One move; what the store must refuse is refused."""
    lots = list(shelf.lots.filter(on_hand__gt=0).order_by("-pk"))
    if kind == "in":
        came(shelf.canteen, one, str(quantity), str(price), days)
    elif kind == "count":
        correct_count(shelf.pk, quantity, by="clock", why="盘点")
    elif kind == "issue":
        fresh = sum((lot.on_hand for lot in lots if lot.keeps_until is None or lot.keeps_until >= clock.today()), D(0))
        if quantity > fresh:
            with pytest.raises(Refused):
                issue(shelf.pk, quantity, by="clock", meal="lunch")
        else:
            issue(shelf.pk, quantity, by="clock", meal="lunch")
    elif lots:
        verb = write_off if kind == "write_off" else send_back
        if quantity > lots[0].on_hand:
            with pytest.raises(Refused):
                verb(lots[0].pk, quantity, by="clock", why="坏了")
        verb(lots[0].pk, min(quantity, lots[0].on_hand), by="clock", why="坏了")


@settings(max_examples=30)
@given(moves=MOVES)
def test_the_balance_is_the_sum_of_the_moves_and_opening_and_in_less_closing_is_what_was_used(
    place: District, canteen: Canteen, moves: list[tuple[str, Decimal, Decimal, int | None]]
) -> None:
    day, days = MONDAY, [MONDAY.date()]
    with transaction.atomic():
        one = food(place.school)
        shelf = Shelf.objects.create(canteen=canteen, ingredient=one)
        for kind, quantity, price, until in moves:
            day += timedelta(days=kind == "sleep")
            with clock.at(day):
                days.append(clock.today())
                if kind != "sleep":
                    act(shelf, one, kind, quantity, price, until)
        now, rows = shelf_of(canteen), FoodMove.objects.filter(shelf=shelf)
        sums = rows.aggregate(quantity=Sum("quantity"), worth=Sum("amount"))
        lots = shelf.lots.aggregate(quantity=Sum("on_hand"), worth=Sum("worth"))
        assert (now.on_hand, now.worth) == (sums["quantity"] or 0, sums["worth"] or 0)
        assert (now.on_hand, now.worth) == (lots["quantity"] or 0, lots["worth"] or 0)
        assert not shelf.lots.filter(on_hand=0).exclude(worth=0).exists()  # the last fen leaves with the last piece
        verbs = [event.verb for event in chain_of(shelf.address)]
        assert verbs == list(rows.order_by("pk").values_list("kind", flat=True))
        for since in days:  # whichever weeks are cut: each one's closing is the next one's opening
            week, rest = week_of(canteen, days[0], since), week_of(canteen, since + timedelta(days=1), days[-1])
            closing = week["CE-07"].closing if week else D(0)
            assert closing == (rest["CE-07"].opening if rest else now.worth)
            used = [-row.amount for row in rows.filter(on__lte=since).exclude(kind__in=["in", "back"])]
            assert sum(used, D(0)) == (week["CE-07"].used if week else 0)
        transaction.set_rollback(True)


def test_what_expires_first_is_used_first_and_what_has_expired_is_only_thrown_away(
    place: District, kitchen: Kitchen, canteen: Canteen, monday: None
) -> None:
    one = food(place.school)
    never, late, soon = came(canteen, one, "5"), came(canteen, one, "5", "3", 9), came(canteen, one, "5", "4", 2)
    shelf = shelf_of(canteen)
    moves = issue(shelf.pk, D(12), by=kitchen.bo, meal="lunch")
    assert [(move.lot, move.quantity, move.amount, move.left, move.meal) for move in moves] == [
        (soon, -5, -20, 10, "lunch"), (late, -5, -15, 5, "lunch"), (never, -2, -4, 3, "lunch"),
    ]  # fmt: skip
    stale = came(canteen, one, "4", "1", 1)
    with clock.at(MONDAY + timedelta(days=2)):
        with pytest.raises(Refused, match="能用的只有 3 斤，另有 4 斤 已经过期"):
            issue(shelf.pk, D(5), by=kitchen.bo)
        assert [move.lot for move in issue(shelf.pk, D(3), by=kitchen.bo)] == [never]
        assert write_off(stale.pk, D(4), by=kitchen.bo, why="过期").amount == -4
        with pytest.raises(Refused, match="库存 0 斤，不够 1 斤"):
            issue(shelf.pk, D(1), by=kitchen.bo)
        with pytest.raises(BadInput, match="已经过期，不能收"):
            receive(canteen, one, D(1), D(1), by=kitchen.bo, keeps_until=MONDAY.date())


def test_a_count_corrects_with_a_reason_and_not_over_what_changed_meanwhile(
    place: District, kitchen: Kitchen, canteen: Canteen, monday: None
) -> None:
    one = food(place.school)
    came(canteen, one, "10", "2", 1)
    came(canteen, one, "10", "3", 5)
    shelf = shelf_of(canteen)
    missing = correct_count(shelf.pk, D(9), by=kitchen.bo, why="少了一袋", seen=D(20))
    assert [(move.kind, move.quantity, move.amount, move.why) for move in missing] == [
        ("count", -10, -20, "少了一袋"), ("count", -1, -3, "少了一袋"),
    ]  # fmt: skip
    with pytest.raises(Refused, match="库存已变为 9 斤"):
        correct_count(shelf.pk, D(8), by=kitchen.bo, why="再盘", seen=D(20))
    assert correct_count(shelf.pk, D(9), by=kitchen.bo, why="再盘") == []
    assert [move.amount for move in correct_count(shelf.pk, D(11), by=kitchen.bo, why="找到了")] == [6]


def test_a_week_in_money_and_in_quantities(place: District, canteen: Canteen, kitchen: Kitchen) -> None:
    potato = pork = Ingredient()
    with clock.at(MONDAY - timedelta(days=3)):
        potato, pork = food(place.school), food(place.school, "猪肉", "CE-03")
        came(canteen, potato, "10", "2")
    with clock.at(MONDAY):
        came(canteen, potato, "20", "2.5")
        lot = came(canteen, pork, "8", "15")
        send_back(lot.pk, D(1), by="clock", why="不新鲜")
        issue(Shelf.objects.get(ingredient=potato).pk, D(12), by="clock", meal="lunch")
        issue(Shelf.objects.get(ingredient=pork).pk, D(5), by="clock", meal="lunch")
        write_off(lot.pk, D(1), by="clock", why="变质")
    with clock.at(MONDAY + timedelta(days=7)):
        issue(Shelf.objects.get(ingredient=potato).pk, D(3), by="clock", meal="lunch")
    week = (MONDAY.date(), MONDAY.date() + timedelta(days=6))
    assert week_of(canteen, *week) == {
        "CE-03": Stood("CE-03", came_in=D(105), closing=D(15), lost=D(15)),
        "CE-07": Stood("CE-07", opening=D(20), came_in=D(50), closing=D(45)),
    }
    assert [one.used for one in days_of(canteen, *week)] == [90, 25]
    assert days_of(canteen, *week)[1] == Stood("CE-07", "土豆", "斤", D(20), D(50), D(45), D(0), D(10), D(20), D(18))
    assert week_of(canteen, date(2026, 9, 1), date(2026, 9, 7)) == {}


@pytest.mark.django_db(transaction=True)
def test_of_sixteen_who_take_one_of_the_last_ten_ten_get_it(place: District, canteen: Canteen) -> None:
    one, got, refused = food(place.school), [], []
    came(canteen, one, "4", "1", 3)
    came(canteen, one, "6", "2", 5)
    shelf, together = shelf_of(canteen), threading.Barrier(16)

    def take() -> None:
        together.wait()
        try:
            got.extend(issue(shelf.pk, D(1), by="clock", meal="lunch"))
        except Refused as no:
            refused.append(no.sentence)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(got), refused) == (10, ["土豆 库存 0 斤，不够 1 斤。"] * 6)
    assert (shelf_of(canteen).on_hand, shelf_of(canteen).worth) == (0, 0)
    assert sorted(move.left for move in got) == list(range(10))
    assert sorted(move.amount for move in got) == [-2] * 6 + [-1] * 4


def test_the_database_itself_refuses_to_go_below_zero_or_to_forget_a_move(place: District, canteen: Canteen) -> None:
    came(canteen, food(place.school), "1")
    for model in (Shelf, Lot):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(on_hand=-1)
    for change in (lambda: FoodMove.objects.update(quantity=5), lambda: FoodMove.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_a_canteen_keeps_its_own_schools_food(place: District, canteen: Canteen) -> None:
    with pytest.raises(BadInput, match="不在本校的食材表里"):
        came(canteen, food(place.far_school), "1")
