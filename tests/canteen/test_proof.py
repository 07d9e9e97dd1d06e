"""What somebody changes in the books or the store by SQL is named by `manage.py verify`, row by row."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from canteen.actions.books import close_month, reverse, seal
from canteen.actions.meals import count_meal, refund
from canteen.actions.stock import issue
from canteen.models import Canteen
from canteen.queries.proof import check_books, check_store
from portal import clock
from portal.ledger.verification import verify
from tests.canteen.booking import TODAY, booked, on, pupil
from tests.canteen.cast import Kitchen
from tests.canteen.test_meals import MONDAY_PAID, brought
from tests.canteen.test_stock import came, food, shelf_of
from tests.district import Cast, District

pytestmark = pytest.mark.usefixtures("monday")
TABLES = ("entry", "entryseal", "foodmove", "closedstock", "mealmoney")
TAMPERED = [
    ("update canteen_entry set amount = amount + 1 where amount > 0", "一笔账不见了，或被改动过"),
    ("update canteen_entry set day = day - 7", "一笔账不见了，或被改动过"),
    ("update canteen_entry set category = 'CE-02' where category = 'CE-01'", "一笔账不见了，或被改动过"),
    ("delete from canteen_entryseal", "一次复核不见了"),
    ("update canteen_entryseal set by_id = (select by_id from canteen_entry where by_id is not null limit 1)", "一次复核不见了"),
    ("update canteen_closedstock set closing = closing + 5", "期末库存不见了，或被改动过"),
    ("delete from canteen_mealmoney where kind = 'refunded'", "餐费不见了，或被改动过"),
    ("insert into canteen_mealmoney (canteen_id, student_id, day, kind, amount, serial, why, by_id, at) select canteen_id, "
     "student_id, day, 'paid', 9, 'x', '', by_id, at + interval '1 hour' from canteen_mealmoney limit 1", "有餐费不在记录里"),
    ("update canteen_mealcount set students = 9999", "就餐人数不见了，或被改动过"),
    ("update canteen_foodmove set quantity = quantity - 1 where kind = 'issue'", "一次出入库不见了，或被改动过"),
    ("update canteen_foodmove set amount = 1 where kind = 'in'", "一次出入库不见了，或被改动过"),
    ("update canteen_shelf set on_hand = on_hand + 1", "库存和它的出入库对不上"),
]  # fmt: skip


def a_life(place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast) -> None:
    """Something of everything: an amount that was reversed, a closed month, food in and out, a family's money, a meal."""
    booked(canteen, kitchen, "CE-01", "300.00", date(2026, 10, 12))
    close_month(canteen, "2026-10", counted={"CE-01": Decimal(20)}, by=kitchen.kuai)
    seal(reverse(booked(canteen, kitchen, "CE-03", "80.00"), why="错了", by=kitchen.kuai), by=kitchen.jiang)
    came(canteen, food(place.school), "4")
    issue(shelf_of(canteen).pk, Decimal(1), by=kitchen.bo, meal="lunch")
    child = pupil(place, "20260101", "陈一诺", cast.ping)
    brought(canteen, kitchen, MONDAY_PAID)
    refund(canteen, child, amount=Decimal(50), why="转学", by=kitchen.na)
    count_meal(canteen, day=TODAY, meal="lunch", students=500, staff=20, by=kitchen.chu)
    with clock.at(on(TODAY, 15)):
        count_meal(canteen, day=TODAY, meal="lunch", students=498, staff=20, by=kitchen.chu)


def test_books_and_store_hold_and_each_change_made_by_sql_is_named(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    a_life(place, kitchen, canteen, cast)
    proof = verify(overdue=False)
    assert (proof.flaw, proof.others["账与餐费"], proof.others["食材出入库"]) == (None, 5, 2)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for table in TABLES:
            cursor.execute(f"alter table canteen_{table} disable trigger canteen_{table}_no_change")
    for change, sentence in TAMPERED:
        with connection.cursor() as cursor:
            cursor.execute("savepoint untouched")
            cursor.execute(change)
            flaw = check_books().flaw or check_store().flaw
            cursor.execute("rollback to savepoint untouched")
        assert flaw is not None and sentence in flaw.sentence, change
    assert (check_books().flaw, check_store().flaw) == (None, None)
