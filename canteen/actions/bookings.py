"""到货入账: the books follow what two people have signed for, by themselves; each entry still waits for its seal."""

from collections.abc import Mapping
from decimal import Decimal

from canteen.models import Delivery, Diners, Entry, FoodMove
from canteen.queries.books import counts_on
from portal import clock
from portal.orgs.models import User

from .books import enter, locked


def book_delivery(case: Delivery, *, by: User | str) -> list[Entry]:
    """What was accepted, one entry for each category of food, in the transaction of the second signature.

    Called once for each delivery; the database refuses a second entry of the same category.
    """
    bought: dict[str, Decimal] = {}
    for move in FoodMove.objects.filter(case=case.pk, kind=FoodMove.IN).select_related("shelf__ingredient"):
        category = move.shelf.ingredient.category
        bought[category] = bought.get(category, Decimal(0)) + move.amount
    return _write(case, bought, f"到货：{case.supplier.name}", by=by)


def take_off_return(case: Delivery, back: Mapping[str, Decimal], *, by: User | str) -> list[Entry]:
    """What went back to the supplier, in 元 by category, below zero, counted where the books are open."""
    return _write(case, {code: -amount for code, amount in back.items()}, f"退货：{case.supplier.name}", by=by)


def _write(case: Delivery, amounts: Mapping[str, Decimal], words: str, *, by: User | str) -> list[Entry]:
    canteen, today = locked(case.canteen), clock.today()
    day = counts_on(canteen, today)
    rows = [
        Entry(
            canteen=canteen, dated=today, day=day, category=category, amount=amount, words=words[:100],
            diners=Diners.SHARED, voucher=case.number, case=case, at=clock.now(),
        )
        for category, amount in sorted(amounts.items())
        if amount
    ]  # fmt: skip
    return enter(rows, "booked", by=by)
