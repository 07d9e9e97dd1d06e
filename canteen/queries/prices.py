"""Questions about prices: what an ingredient usually costs a school, and what the same costs elsewhere in the district."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Avg, Count

from canteen.models import Ingredient, InquiryItem, Quote
from portal.wire.amounts import cents

WEEKS = timedelta(weeks=4)
FOUR_WEEKS, MARKET, NONE = "four_weeks", "market", ""


@dataclass(frozen=True)
class Reference:
    """What one measure of an ingredient should cost (元), and why: the mean of `number` chosen prices, or of quotes asked."""

    price: Decimal | None
    basis: str = NONE
    number: int = 0

    @property
    def words(self) -> str:
        """Where the price comes from."""
        if self.basis == FOUR_WEEKS:
            return f"近四周 {self.number} 次选定价的均价"
        return f"近四周 {self.number} 个询价的均价" if self.basis == MARKET else "近四周没有询价"


def reference(ingredient: Ingredient, day: date) -> Reference:
    """The mean of the prices chosen in the four weeks before that day; of all quotes where none was chosen; else none."""
    return references([ingredient], day)[ingredient.pk]


def references(ingredients: list[Ingredient], day: date) -> dict[int, Reference]:
    """The same for several ingredients, by their ids; two queries for any number."""
    keys = [one.pk for one in ingredients]
    lately = {"inquiry__since__gt": day - WEEKS, "inquiry__since__lte": day, "ingredient__in": keys}
    found: dict[int, Reference] = dict.fromkeys(keys, Reference(None))
    means = (Avg("price"), Count("pk"))
    quoted = Quote.objects.filter(**lately).order_by().values_list("ingredient").annotate(*means)
    chosen = InquiryItem.objects.filter(**lately, price__isnull=False).order_by()
    for rows, basis in ((quoted, MARKET), (chosen.values_list("ingredient").annotate(*means), FOUR_WEEKS)):
        for key, mean, number in rows:
            found[key] = Reference(cents(mean), basis, number)
    return found
