"""The only writers of the food store: every change is a move, an entry in the shelf's chain, and new numbers on hand.

What leaves goes first-expiring first; what has expired leaves only by being written off. The shelf's row is the lock.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from canteen.models import Canteen, FoodMove, Ingredient, Lot, Shelf
from canteen.rules import stock as rules
from portal import clock
from portal.cases.models import Case
from portal.ledger.actions import append
from portal.orgs.models import User
from portal.wire.amounts import cents, share

By = User | str


@transaction.atomic
def receive(
    canteen: Canteen,
    ingredient: Ingredient,
    quantity: Decimal,
    price: Decimal,
    *,
    by: By,
    why: str = "",
    case: Case | None = None,
    amount: Decimal | None = None,
    **printed: Any,
) -> Lot:
    """入库: a new lot of so many at this unit price (元). `printed` is what stands on it: batch, made_on, keeps_until.

    Refused: another school's ingredient, nothing or too much, what has expired.
    """
    rules.of_this_school(ingredient.school_id, canteen)
    rules.may_be_eaten(printed.get("keeps_until"), printed.get("made_on"), clock.today())
    shelf = locked(shelf_for(canteen, ingredient).pk)
    lot = Lot.objects.create(shelf=shelf, came_on=clock.today(), price=price, **printed)
    shelf.price = price
    worth = cents(quantity * price) if amount is None else amount
    _move(shelf, lot, FoodMove.IN, quantity, worth, by=by, why=why, case=case)
    return lot


@transaction.atomic
def issue(
    shelf: int, quantity: Decimal, *, by: By, meal: str = "", why: str = "", case: Case | None = None
) -> list[FoodMove]:
    """领用: so many leave the store, first-expiring first, a move for each lot. Refused where fewer may still be eaten."""
    row, today = locked(shelf), clock.today()
    lots = [one for one in _there(row) if one.keeps_until is None or one.keeps_until >= today]
    rules.is_a_quantity(-quantity, row.on_hand)
    rules.enough_is_there(row, quantity, sum((one.on_hand for one in lots), Decimal(0)))
    return _take(row, lots, FoodMove.ISSUE, quantity, by=by, meal=meal, why=why, case=case)


@transaction.atomic
def write_off(lot: int, quantity: Decimal, *, by: By, why: str) -> FoodMove:
    """报损: so many of one lot are thrown away. Refused where fewer are left of it."""
    return _out_of(lot, FoodMove.WRITE_OFF, quantity, by=by, why=why)


@transaction.atomic
def send_back(lot: int, quantity: Decimal, *, by: By, why: str, case: Case | None = None) -> FoodMove:
    """退货: so many of one lot go back to who brought them, at what they had cost. Refused where fewer are left of it."""
    return _out_of(lot, FoodMove.BACK, quantity, by=by, why=why, case=case)


@transaction.atomic
def correct_count(shelf: int, counted: Decimal, *, by: By, why: str, seen: Decimal | None = None) -> list[FoodMove]:
    """盘点更正: so many were counted, whatever the books say. Nothing is written where they agree.

    What is missing leaves the lots as if it had been used; what is too many joins the newest one, at its price.
    Refused where the books no longer say what the counter `seen`.
    """
    row = locked(shelf)
    rules.still_counts_so(row, seen)
    change = counted - row.on_hand
    if change < 0:
        return _take(row, _there(row), FoodMove.COUNT, -change, by=by, why=why)
    if not change:
        return []
    lot = row.lots.order_by("-pk").first() or Lot.objects.create(shelf=row, came_on=clock.today(), price=row.price)
    return [_move(row, lot, FoodMove.COUNT, change, cents(change * lot.price), by=by, why=why)]


def shelf_for(canteen: Canteen, ingredient: Ingredient) -> Shelf:
    """The canteen's shelf of an ingredient; an empty new one where it has none yet."""
    return Shelf.objects.get_or_create(canteen=canteen, ingredient=ingredient)[0]


def locked(shelf: int) -> Shelf:
    """The shelf as it is now, locked until the transaction ends; several are locked in the order of their ids."""
    rows = Shelf.objects.select_for_update(of=("self",)).select_related(
        "ingredient", "canteen__school", "canteen__place"
    )
    return rows.get(pk=shelf)


def _there(shelf: Shelf) -> list[Lot]:
    """What is left, first-expiring first; what says nothing of it after the rest, as it came in."""
    return list(shelf.lots.filter(on_hand__gt=0).order_by(F("keeps_until").asc(nulls_last=True), "pk"))


def _take(shelf: Shelf, lots: Iterable[Lot], kind: str, quantity: Decimal, **more: Any) -> list[FoodMove]:
    """So many out of these lots in their order."""
    moves = []
    for lot in lots:
        part = min(quantity, lot.on_hand)
        if part:
            moves.append(_move(shelf, lot, kind, -part, -share(lot.worth, part, lot.on_hand), **more))
        quantity -= part
    return moves


def _out_of(lot: int, kind: str, quantity: Decimal, **more: Any) -> FoodMove:
    shelf = locked(Lot.objects.values_list("shelf", flat=True).get(pk=lot))
    row = Lot.objects.select_related("shelf__ingredient").get(pk=lot)
    rules.is_a_quantity(-quantity, shelf.on_hand)
    rules.is_in_the_lot(row, quantity)
    return _move(shelf, row, kind, -quantity, -share(row.worth, quantity, row.on_hand), **more)


def _move(
    shelf: Shelf,
    lot: Lot,
    kind: str,
    quantity: Decimal,
    worth: Decimal,
    *,
    by: By,
    why: str = "",
    meal: str = "",
    case: Case | None = None,
) -> FoodMove:
    """Writes one move of a lot on a locked shelf: the row, both numbers on hand, the shelf's chain."""
    rules.is_a_quantity(quantity, shelf.on_hand)
    at = clock.now()
    lot.on_hand, lot.worth = lot.on_hand + quantity, lot.worth + worth
    shelf.on_hand, shelf.worth = shelf.on_hand + quantity, shelf.worth + worth
    move = FoodMove.objects.create(
        shelf=shelf, lot=lot, kind=kind, quantity=quantity, amount=worth, left=shelf.on_hand, at=at, on=clock.today(),
        by=by if isinstance(by, User) else None, meal=meal, why=why[:200], case=case,
    )  # fmt: skip
    Lot.objects.filter(pk=lot.pk).update(on_hand=lot.on_hand, worth=lot.worth)
    Shelf.objects.filter(pk=shelf.pk).update(on_hand=shelf.on_hand, worth=shelf.worth, price=shelf.price)
    facts = {"move": move, "lot": lot.pk, "quantity": quantity, "amount": worth, "left": shelf.on_hand, "case": case}
    append(shelf, kind, by=by, at=at, facts=facts)
    return move
