"""What the keeper does by hand: issue to a meal, count, write off, book in what came without a delivery."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction

from canteen.models import Canteen, FoodMove, Ingredient, Lot, Shelf
from canteen.rules import stock as rules
from portal import clock
from portal.errors import BadInput
from portal.ledger.actions import append
from portal.orgs.models import User

from . import stock

Row = TypeVar("Row", bound=tuple[Any, ...])


@transaction.atomic
def issue_to_meal(
    canteen: Canteen, *, meal: str, lines: Iterable[tuple[int, Decimal]], by: User | str, why: str = ""
) -> list[FoodMove]:
    """领用 for one of today's meals, all of it or nothing, first-expiring first: `lines` are shelves with how much.

    Refused: people who do not keep this store, a meal it does not cook, more than may still be eaten.
    """
    rules.keeps_the_store(by, canteen)
    if meal not in canteen.meals:
        raise BadInput("本食堂不供这一餐。", errors={"meal": ["本食堂不供这一餐。"]})
    rows = sorted(_of(canteen, lines))
    return [move for pk, quantity in rows for move in stock.issue(pk, quantity, by=by, meal=meal, why=why)]


@transaction.atomic
def count_shelves(
    canteen: Canteen, *, lines: Iterable[tuple[int, Decimal, Decimal | None, str]], by: User | str
) -> list[FoodMove]:
    """盘点: what was counted, all of it or nothing; `lines` are shelves with the number counted, the one seen, and why.

    Refused: people who do not keep this store, a difference without its reason, books that have moved on since.
    """
    rules.keeps_the_store(by, canteen)
    moves = []
    for pk, counted, seen, why in sorted(_of(canteen, lines), key=lambda one: one[0]):
        moves += stock.correct_count(pk, counted, by=by, why=why, seen=seen)
    return moves


@transaction.atomic
def write_off_lot(lot: Lot, *, quantity: Decimal, why: str, by: User | str) -> FoodMove:
    """报损, with its reason. Refused: people who do not keep this store, more than is left of the lot."""
    rules.keeps_the_store(by, lot.shelf.canteen)
    return stock.write_off(lot.pk, quantity, by=by, why=why)


@transaction.atomic
def book_in(
    canteen: Canteen,
    *,
    ingredient: Ingredient,
    quantity: Decimal,
    price: Decimal,
    why: str,
    by: User | str,
    batch: str = "",
    keeps_until: date | None = None,
) -> Lot:
    """登记入库 of what came without a delivery: what was there at the beginning, a donation. Refused as `receive`, and for others."""
    rules.keeps_the_store(by, canteen)
    return stock.receive(canteen, ingredient, quantity, price, by=by, why=why, batch=batch, keeps_until=keeps_until)


@transaction.atomic
def set_minimum(shelf: Shelf, *, minimum: Decimal, by: User | str) -> Shelf:
    """最低库存: below it the shelf counts as low. Refused: people who do not keep this store."""
    rules.keeps_the_store(by, shelf.canteen)
    row = stock.locked(shelf.pk)
    if row.minimum != minimum:
        was, row.minimum = row.minimum, minimum
        Shelf.objects.filter(pk=row.pk).update(minimum=minimum)
        append(row, "minimum", by=by, at=clock.now(), facts={"was": was, "is": minimum})
    return row


def _of(canteen: Canteen, lines: Iterable[Row]) -> list[Row]:
    """The lines, if every one of them is of a shelf of this canteen."""
    rows = list(lines)
    if Shelf.objects.filter(canteen=canteen, pk__in=[one[0] for one in rows]).count() != len({one[0] for one in rows}):
        raise BadInput("有的食材不在本食堂的库里。", errors={"lines": ["有的食材不在本食堂的库里，请刷新后再填。"]})
    return rows
