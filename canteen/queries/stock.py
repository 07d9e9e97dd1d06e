"""Questions about the food store: what is there, what is low, what expires, and what a week used."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from canteen.models import Canteen, DishPart, FoodMove, Ingredient, Lot, Shelf, categories
from portal import clock
from portal.errors import NotThere
from portal.orgs.models import User
from portal.sheets.out import Column, Kind, Sheet
from portal.wire.paging import Keyset, Page, page_of

from .places import canteens_for

SOON = timedelta(days=3)  # before the last day it may be eaten
BY_NAME: Keyset[Shelf] = Keyset(
    ("ingredient__category", "ingredient__name", "ingredient__spec", "pk"), (str, str, str, int),
    lambda one: (one.ingredient.category, one.ingredient.name, one.ingredient.spec, one.pk),
)  # fmt: skip
NEWEST: Keyset[FoodMove] = Keyset(("pk",), (int,), lambda one: (one.pk,), falling=True)
NONE = Decimal(0)
COLUMNS = (
    Column("学校"), Column("食堂"), Column("类别"), Column("食材"), Column("规格"), Column("单位", width=8), Column("批号"),
    Column("入库日期", Kind.DATE), Column("保质期至", Kind.DATE), Column("库存", Kind.NUMBER), Column("单价（元）", Kind.MONEY),
    Column("金额（元）", Kind.MONEY),
)  # fmt: skip


def plain(value: Decimal) -> str:
    """A quantity as it is typed: 2.5, 10."""
    return f"{value.normalize():f}"


def shelves_for(user: User, *codes: str) -> QuerySet[Shelf]:
    """Shelves of the canteens the person reads of (or, with `codes`, holds one of these posts at)."""
    return Shelf.objects.filter(canteen__in=canteens_for(user, *codes).order_by())


def listed(by: User, asked: dict[str, Any]) -> Page[Shelf]:
    """A page of what the person may look at by category and name, narrowed as asked, with the next day something expires."""
    rows = narrowed(shelves_for(by), asked).annotate(next_until=_next_until())

    def ask(bounds: Q, back: bool, n: int) -> list[Shelf]:
        order = [f"-{name}" for name in BY_NAME.names] if back else list(BY_NAME.names)
        return list(rows.filter(bounds).select_related("ingredient", "canteen__school").order_by(*order)[:n])

    return page_of(ask, BY_NAME, cursor=asked["cursor"], limit=asked["limit"])


def narrowed(rows: QuerySet[Shelf], asked: dict[str, Any]) -> QuerySet[Shelf]:
    """What a list of shelves is narrowed to: canteen, category, words, and low, soon or expired ones."""
    if asked.get("canteen"):
        rows = rows.filter(canteen=asked["canteen"])
    if asked.get("category"):
        rows = rows.filter(ingredient__category=asked["category"])
    if asked.get("q"):
        rows = rows.filter(Q(ingredient__name__icontains=asked["q"]) | Q(ingredient__spec__icontains=asked["q"]))
    only = {"low": Q(on_hand__lt=F("minimum")), "soon": Exists(_soon()), "expired": Exists(_expired())}
    return rows.filter(only[asked["only"]]) if asked.get("only") else rows


def counts(by: User, canteen: int | None = None) -> dict[str, int]:
    """How many shelves are low, hold something that expires within three days, hold something expired: one question."""
    rows = narrowed(shelves_for(by), {"canteen": canteen})
    marks = rows.values_list("on_hand", "minimum", Exists(_soon()), Exists(_expired()))
    found = {"low": 0, "soon": 0, "expired": 0}
    for on_hand, minimum, soon, expired in marks:
        found["low"] += on_hand < minimum
        found["soon"] += soon
        found["expired"] += expired
    return found


def shelf_here(by: User, pk: int, *codes: str) -> Shelf:
    """The shelf; not there for those who may not look at it."""
    rows = shelves_for(by, *codes).select_related("ingredient", "canteen__school", "canteen__place")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotThere
    return found


def lots_of(shelf: Shelf) -> list[Lot]:
    """What is left of it, first-expiring first."""
    return list(shelf.lots.filter(on_hand__gt=0).order_by(F("keeps_until").asc(nulls_last=True), "pk"))


def lot_here(by: User, pk: int, *codes: str) -> Lot:
    """One lot; not there for those who may not look at it."""
    found = Lot.objects.filter(pk=pk, shelf__in=shelves_for(by, *codes).order_by())
    one = found.select_related("shelf__ingredient", "shelf__canteen__school", "shelf__canteen__place").first()
    if one is None:
        raise NotThere
    return one


def moves_page(shelf: Shelf, asked: dict[str, Any]) -> Page[FoodMove]:
    """A page of a shelf's moves, the newest first."""
    rows = shelf.moves.select_related("by", "case", "lot")

    def ask(bounds: Q, back: bool, n: int) -> list[FoodMove]:
        return list(rows.filter(bounds).order_by("pk" if back else "-pk")[:n])

    return page_of(ask, NEWEST, cursor=asked["cursor"], limit=asked["limit"])


def shelves_of(canteen: Canteen) -> list[Shelf]:
    """Every shelf of a canteen, by category and name, with the next day something on it expires."""
    rows = Shelf.objects.filter(canteen=canteen).select_related("ingredient").annotate(next_until=_next_until())
    return list(rows.order_by(*BY_NAME.names))


def in_store(canteen: Canteen) -> list[Shelf]:
    """Those that hold something."""
    return [one for one in shelves_of(canteen) if one.on_hand]


def for_today(canteen: Canteen) -> list[Shelf]:
    """Those that hold something, what today's menu cooks with first. Two questions."""
    cooked = DishPart.objects.filter(dish__servings__canteen=canteen, dish__servings__day=clock.today())
    wanted = set(cooked.values_list("ingredient", flat=True))
    return sorted(in_store(canteen), key=lambda one: one.ingredient_id not in wanted)


def sheet_of(by: User) -> Sheet:
    """Every lot the person may look at, for Excel."""
    rows = Lot.objects.filter(on_hand__gt=0, shelf__in=shelves_for(by).order_by()).select_related(
        "shelf__ingredient", "shelf__canteen__school"
    )
    order = (
        "shelf__canteen__school__path",
        "shelf__canteen",
        "shelf__ingredient__category",
        "shelf__ingredient__name",
        "pk",
    )
    return Sheet("库存", COLUMNS, (_cells(lot) for lot in rows.order_by(*order).iterator(chunk_size=2000)))


def _cells(lot: Lot) -> list[Any]:
    food, canteen = lot.shelf.ingredient, lot.shelf.canteen
    kept = [
        categories()[food.category].name,
        food.name,
        food.spec,
        food.measure,
        lot.batch,
        lot.came_on,
        lot.keeps_until,
    ]
    return [canteen.school.name, canteen.name, *kept, lot.on_hand, lot.price, lot.worth]


def called(rows: Iterable[Ingredient]) -> dict[str, Ingredient]:
    """Ingredients by what people call them: name and specification, or the name alone where only one is called so."""
    named: dict[str, list[Ingredient]] = {}
    for one in rows:
        for words in {one.name, one.label}:
            named.setdefault(words, []).append(one)
    return {words: found[0] for words, found in named.items() if len(found) == 1}


@dataclass(frozen=True)
class Stood:
    """How one ingredient stood over some days, in 元 and in its measure: opening + in − closing = used.

    `came_in` is less what went back to suppliers; `lost` is the part of `used` written off or missing in counts.
    """

    category: str
    ingredient: str = ""
    measure: str = ""
    opening: Decimal = NONE
    came_in: Decimal = NONE
    closing: Decimal = NONE
    lost: Decimal = NONE
    opening_quantity: Decimal = NONE
    in_quantity: Decimal = NONE
    closing_quantity: Decimal = NONE

    @property
    def used(self) -> Decimal:
        """实耗, 元."""
        return self.opening + self.came_in - self.closing


def days_of(canteen: Canteen, since: date, until: date) -> list[Stood]:
    """How every ingredient that moved or was there stood from `since` to `until` (days in China, both included)."""
    before, within = Q(on__lt=since), Q(on__gte=since)
    came, lost = Q(kind__in=(FoodMove.IN, FoodMove.BACK)), Q(kind__in=(FoodMove.COUNT, FoodMove.WRITE_OFF))
    sums = {
        "opening": _sum("amount", before), "came_in": _sum("amount", within & came), "closing": _sum("amount"),
        "loss": _sum("amount", within & lost), "opening_quantity": _sum("quantity", before),
        "in_quantity": _sum("quantity", within & came), "closing_quantity": _sum("quantity"),
    }  # fmt: skip
    names = (
        "shelf__ingredient__category",
        "shelf__ingredient__name",
        "shelf__ingredient__spec",
        "shelf__ingredient__measure",
    )
    rows = FoodMove.objects.filter(shelf__canteen=canteen, on__lte=until).values(*names, "shelf").annotate(**sums)
    found = []
    for row in rows.order_by(*names, "shelf"):
        category, name, spec, measure = (row[one] for one in names)
        numbers = {one: row[one] for one in sums if one != "loss"}
        found.append(Stood(category, f"{name} {spec}".strip(), measure, lost=-row["loss"], **numbers))
    return [one for one in found if one.opening_quantity or one.in_quantity or one.closing_quantity or one.used]


def week_of(canteen: Canteen, since: date, until: date) -> dict[str, Stood]:
    """Per category (CE-01 to CE-12) what was there, came in, was used and is left, in 元, on these days, both included.

    Quantities are of several measures and not added up; see `days_of` for each ingredient's.
    """
    found: dict[str, Stood] = {}
    for one in days_of(canteen, since, until):
        sum_ = found.get(one.category, Stood(one.category))
        found[one.category] = Stood(
            one.category, opening=sum_.opening + one.opening, came_in=sum_.came_in + one.came_in,
            closing=sum_.closing + one.closing, lost=sum_.lost + one.lost,
        )  # fmt: skip
    return dict(sorted(found.items()))


def worth_on(canteen: Canteen, day: date) -> dict[str, Decimal]:
    """By category of food the store has ever kept: what was left of it at the end of a day, in 元. One question."""
    rows = FoodMove.objects.filter(shelf__canteen=canteen, on__lte=day).order_by()
    return dict(rows.values_list("shelf__ingredient__category").annotate(worth=Sum("amount")))


def _sum(column: str, which: Q | None = None) -> Coalesce:
    return Coalesce(Sum(column, filter=which), NONE)


def _next_until() -> Subquery:
    return Subquery(_there().values("shelf").annotate(day=Min("keeps_until")).values("day"))


def _there() -> QuerySet[Lot]:
    return Lot.objects.filter(shelf=OuterRef("pk"), on_hand__gt=0).order_by()


def _soon() -> QuerySet[Lot]:
    return _there().filter(keeps_until__gte=clock.today(), keeps_until__lte=clock.today() + SOON)


def _expired() -> QuerySet[Lot]:
    return _there().filter(keeps_until__lt=clock.today())
