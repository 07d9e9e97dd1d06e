"""Questions about the store: whose it is, what is in it, what is low, and what moved."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from portal.errors import NotThere
from portal.orgs.access import scope
from portal.orgs.models import Unit, User
from portal.wire.paging import Keyset, Page, page_of
from repairs.models import CATEGORIES, StockItem, StockMove

KEEPERS = ("asset_manager", "logistics_head")  # who writes to the store
READERS = (
    "asset_manager",
    "logistics_head",
    "dispatcher",
    "technician",
    "vice_principal",
    "principal",
    "repairs_officer",
    "director",
)
BY_NAME: Keyset[StockItem] = Keyset(("name", "spec", "pk"), (str, str, int), lambda one: (one.name, one.spec, one.pk))
NEWEST: Keyset[StockMove] = Keyset(("pk",), (int,), lambda one: (one.pk,), falling=True)
OFFERED = 500  # items offered while typing


def amount(value: Decimal) -> str:
    """A quantity without needless zeros: 2.5, 10."""
    return f"{value.normalize():f}"


def readable(user: User) -> QuerySet[StockItem]:
    """What the person may look at: the stores below their posts."""
    return StockItem.objects.filter(_below(scope(user, *READERS)))


def kept(user: User) -> QuerySet[StockItem]:
    """What the person keeps."""
    return StockItem.objects.filter(_below(scope(user, *KEEPERS)))


def stores(user: User, *codes: str) -> QuerySet[Unit]:
    """Schools whose store the person reads (or, with `codes`, holds one of these posts for)."""
    tree = Q(pk__in=[])
    for path in scope(user, *(codes or READERS)):
        tree |= Q(path__startswith=path)
    return Unit.objects.open().filter(tree, kind="school").order_by("path")


def narrowed(rows: QuerySet[StockItem], *, q: str = "", low: bool = False, category: str = "") -> QuerySet[StockItem]:
    """What a list of items is narrowed to."""
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(spec__icontains=q) | Q(supplier__icontains=q))
    if category:
        rows = rows.filter(category=category)
    return rows.filter(on_hand__lt=F("minimum")) if low else rows


def moves_of(item: StockItem) -> QuerySet[StockMove]:
    """Its moves, the newest first."""
    return item.moves.select_related("by", "case").order_by("-pk")


def offered(school: Unit | None) -> list[str]:
    """Labels of a school's items, for typing."""
    if school is None:
        return []
    rows = StockItem.objects.filter(school=school).order_by("name", "spec")[:OFFERED]
    return [f"{name} {spec}".strip() for name, spec in rows.values_list("name", "spec")]


def labelled(school: Unit, labels: list[str]) -> dict[str, StockItem]:
    """A school's items that are called so, by label."""
    first = {label.split(" ")[0] for label in labels} | set(labels)
    starts = Q(pk__in=[])
    for word in first:
        starts |= Q(name__startswith=word)
    return {item.label: item for item in StockItem.objects.filter(starts, school=school) if item.label in labels}


def listed(by: User, asked: dict[str, Any]) -> Page[StockItem]:
    """A page of what the person may look at, narrowed as asked."""
    rows = narrowed(readable(by), q=asked["q"], low=asked["low"], category=asked["category"])
    if asked["school"]:
        rows = rows.filter(school=asked["school"])

    def ask(bounds: Q, back: bool, n: int) -> list[StockItem]:
        order = ("-name", "-spec", "-pk") if back else ("name", "spec", "pk")
        return list(rows.filter(bounds).select_related("school").order_by(*order)[:n])

    return page_of(ask, BY_NAME, cursor=asked["cursor"], limit=asked["limit"])


def low_by_category(school: Unit) -> list[tuple[str, str, int]]:
    """Kinds of which something is low at a school, with how many things: the most first."""
    rows = narrowed(StockItem.objects.filter(school=school), low=True).order_by()
    counts = rows.values_list("category").annotate(n=Count("pk")).order_by("-n", "category")
    return [(code, dict(CATEGORIES)[code], n) for code, n in counts]


def to_fill_up(school: Unit, category: str, *, most: int) -> list[dict[str, Any]]:
    """What is low of one kind, as lines of a request: as much as is lacking to the minimum, at what one is worth."""
    rows = narrowed(StockItem.objects.filter(school=school), low=True, category=category).order_by("name", "spec")
    return [
        {
            "item": one.label,
            "quantity": amount(one.minimum - one.on_hand),
            "measure": one.measure,
            "price": one.unit_price,
        }
        for one in rows[:most]
    ]


def moves_page(one: StockItem, asked: dict[str, Any]) -> Page[StockMove]:
    """A page of an item's moves."""

    def ask(bounds: Q, back: bool, n: int) -> list[StockMove]:
        return list(moves_of(one).filter(bounds).order_by("pk" if back else "-pk")[:n])

    return page_of(ask, NEWEST, cursor=asked["cursor"], limit=asked["limit"])


def item_for(by: User, pk: int) -> StockItem:
    """The item, or not there for those who may not look at it."""
    one = readable(by).select_related("school").filter(pk=pk).first()
    if one is None:
        raise NotThere
    return one


def _below(paths: list[str]) -> Q:
    tree = Q(pk__in=[])
    for path in paths:
        tree |= Q(school__path__startswith=path)
    return tree
