"""What was bought in some days, thing by thing, as the stores took it in: for accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from canteen.models import Canteen, FoodMove, Ingredient
from portal.wire.amounts import cents


@dataclass(frozen=True)
class CameIn:
    """One thing of some days: how much in its measure, what it cost in 元, from whom."""

    food: Ingredient
    quantity: Decimal
    amount: Decimal
    supplier: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """By which it is the same thing as last week's, whichever canteen of the school bought it."""
        return self.food.name, self.food.spec, self.food.measure

    def with_more(self, other: "CameIn") -> "CameIn":
        """Both together; every supplier is named once."""
        names = dict.fromkeys(name for name in (*self.supplier.split("、"), other.supplier) if name)
        return CameIn(self.food, self.quantity + other.quantity, self.amount + other.amount, "、".join(names))

    @property
    def price(self) -> Decimal:
        """What one cost on average."""
        return cents(self.amount / self.quantity)


def came_in(canteens: Sequence[Canteen], since: date, until: date) -> list[CameIn]:
    """What came into the stores less what went back, by thing; what all went back is left out. One question."""
    rows = FoodMove.objects.filter(
        shelf__canteen__in=list(canteens), kind__in=(FoodMove.IN, FoodMove.BACK), on__range=(since, until)
    ).select_related("shelf__ingredient", "lot__line__case__supplier")
    found: dict[tuple[str, str, str], CameIn] = {}
    for move in rows.order_by("on", "pk"):
        line = getattr(move.lot, "line", None)  # stock taken up by counting has none
        one = CameIn(move.shelf.ingredient, move.quantity, move.amount, line.case.supplier.name if line else "")
        found[one.key] = found[one.key].with_more(one) if one.key in found else one
    return [one for one in found.values() if one.quantity > 0]
