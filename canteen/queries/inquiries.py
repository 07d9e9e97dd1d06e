"""Questions about price inquiries: what was quoted where, how that compares, and which basket is the cheapest."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from canteen.models import Canteen, Ingredient, Inquiry, InquiryItem, Quote, Source
from portal import clock
from portal.orgs.models import Unit, User
from portal.templatetags.sunlit import full_day
from portal.wire.amounts import cents

from .prices import Reference, references

LEAST = 3  # sources an ingredient needs (docs/rules.md 2.5)
HUNDRED = Decimal(100)
PAGE = 25
MEDIAN = """
select i.name, i.measure, count(distinct i.school_id),
       (percentile_disc(0.5) within group (order by q.price) + percentile_disc(0.5) within group (order by q.price desc)) / 2
  from canteen_quote q
  join canteen_ingredient i on i.id = q.ingredient_id
  join canteen_inquiry n on n.case_ptr_id = q.inquiry_id
  join orgs_unit u on u.id = n.school_id
 where n.since = %s and u.path like %s and (i.name, i.measure) in (select name, measure from canteen_ingredient where id = any(%s))
 group by i.name, i.measure
"""


@dataclass(frozen=True)
class Middle:
    """The district's median price of the same ingredient (by name and measure) in one week, and at how many schools it was asked."""

    price: Decimal
    schools: int


@dataclass
class Line:
    """One ingredient of an inquiry: quotes by source, what it usually costs, what it costs in the district, what was chosen."""

    item: InquiryItem
    quotes: dict[int, Decimal]
    usual: Reference
    middle: Middle | None
    gap: Decimal

    @property
    def lowest(self) -> Decimal | None:
        """The lowest price quoted."""
        return min(self.quotes.values(), default=None)

    @property
    def cheapest(self) -> int | None:
        """The source of the lowest price; the first asked of several."""
        return min(self.quotes, key=lambda source: (self.quotes[source], source), default=None)

    @property
    def enough(self) -> bool:
        """Whether it was asked at three sources at least."""
        return len(self.quotes) >= LEAST

    def outlying(self, price: Decimal | None) -> str:
        """What is odd about a price, in words: far above (or below) the usual or the district's, by more than the canteen's gap."""
        if price is None:
            return ""
        for known, words in (
            (self.usual.price, "近四周均价"),
            (self.middle.price if self.middle else None, "全县中位价"),
        ):
            if known:
                off = (price - known) / known * HUNDRED
                if abs(off) > self.gap:
                    return f"比{words}{'高' if off > 0 else '低'} {abs(off):.1f}%"
        return ""

    def cells(self, sources: Iterable[Source]) -> list[tuple[Source, Decimal | None, bool, str]]:
        """A cell for each source: its price, whether it is the lowest, what is odd about it."""
        prices = ((one, self.quotes.get(one.pk)) for one in sources)
        return [(one, price, price is not None and price == self.lowest, self.outlying(price)) for one, price in prices]


@dataclass(frozen=True)
class Basket:
    """What the week's list would cost at one source (元), over the lines all sources quoted; or line by line at the lowest."""

    name: str
    total: Decimal
    source: Source | None = None
    cheapest: bool = False


@dataclass
class Comparison:
    """An inquiry laid out: its sources, its lines, the baskets, and lines with fewer than three sources."""

    sources: list[Source]
    lines: list[Line]
    baskets: list[Basket] = field(default_factory=list)

    @property
    def short(self) -> list[Line]:
        """Lines asked at fewer than three sources."""
        return [one for one in self.lines if not one.enough]

    @property
    def shared(self) -> int:
        """How many lines every source quoted: those the baskets are summed over."""
        return sum(len(one.quotes) == len(self.sources) for one in self.lines) if self.sources else 0

    @property
    def total(self) -> Decimal:
        """What the week costs as chosen, as far as something was chosen."""
        return sum((cents(one.item.price * one.item.quantity) for one in self.lines if one.item.price), Decimal(0))

    @property
    def outliers(self) -> list[tuple[Line, Source, Decimal, str]]:
        """Prices that are far off, each with its words."""
        known = {one.pk: one for one in self.sources}
        odd = [(line, known[key], price) for line in self.lines for key, price in line.quotes.items()]
        return [(line, source, price, words) for line, source, price in odd if (words := line.outlying(price))]


def compared(inquiry: Inquiry) -> Comparison:
    """The inquiry with everything it is compared to; six queries however long it is."""
    sources = list(inquiry.sources.order_by("pk"))
    items = list(
        inquiry.items.select_related("ingredient", "source").order_by("ingredient__category", "ingredient__name", "pk")
    )
    quotes: dict[int, dict[int, Decimal]] = {}
    for ingredient, source, price in inquiry.quotes.values_list("ingredient", "source", "price"):
        quotes.setdefault(ingredient, {})[source] = price
    usual = references([one.ingredient for one in items], inquiry.since - timedelta(days=1))
    middles = district_medians(inquiry, [one.ingredient for one in items])
    gap = gap_of(inquiry.school_id)
    lines = [
        Line(one, quotes.get(one.ingredient_id, {}), usual[one.ingredient_id],
             middles.get((one.ingredient.name, one.ingredient.measure)), gap)
        for one in items
    ]  # fmt: skip
    return Comparison(sources, lines, baskets_of(sources, lines))


def baskets_of(sources: list[Source], lines: list[Line]) -> list[Basket]:
    """What the lines every source quoted cost at each of them, and each at its lowest; none before two sources share a line."""
    shared = [one for one in lines if sources and len(one.quotes) == len(sources)]
    if not shared or len(sources) < 2:
        return []
    totals = {
        one.pk: sum((cents(line.quotes[one.pk] * line.item.quantity) for line in shared), Decimal(0)) for one in sources
    }
    least = min(totals.values())
    found = [Basket(one.name, totals[one.pk], one, totals[one.pk] == least) for one in sources]
    mixed = sum((cents((line.lowest or Decimal(0)) * line.item.quantity) for line in shared), Decimal(0))
    return [*found, Basket("每样选最低的", mixed)]


def district_medians(inquiry: Inquiry, ingredients: list[Ingredient]) -> dict[tuple[str, str], Middle]:
    """The district's median of each ingredient in the same week, by name and measure; one query. The school's own quotes count."""
    if not ingredients:
        return {}
    district = inquiry.unit_path[: Unit.steplen]
    with connection.cursor() as cursor:
        cursor.execute(MEDIAN, [inquiry.since, f"{district}%", [one.pk for one in ingredients]])
        return {(name, measure): Middle(cents(price), schools) for name, measure, schools, price in cursor.fetchall()}


def gap_of(school: int) -> Decimal:
    """By how much (%) a price may differ before it is named: the school's strictest canteen's."""
    found = (
        Canteen.objects.filter(school=school, closed_on=None).order_by("price_gap").values_list("price_gap", flat=True)
    )
    return found.first() or Decimal(10)


def last_items(school: Unit, before: date) -> list[tuple[int, Decimal]]:
    """What was asked for last time: ingredients still in use, with how much of each."""
    last = Inquiry.objects.filter(school=school, since__lt=before).order_by("-since").first()
    rows = InquiryItem.objects.filter(inquiry=last, ingredient__retired_on=None, ingredient__banned=False)
    return list(rows.order_by("pk").values_list("ingredient", "quantity")) if last else []


def last_prices(inquiry: Inquiry) -> dict[int, Decimal]:
    """The lowest price of each ingredient in the school's inquiry before this, for who types the new ones."""
    last = Inquiry.objects.filter(school=inquiry.school_id, since__lt=inquiry.since).order_by("-since").first()
    found: dict[int, Decimal] = {}
    for key, price in Quote.objects.filter(inquiry=last).values_list("ingredient", "price") if last else ():
        found[key] = min(price, found.get(key, price))
    return found


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def with_lines(rows: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
    """Inquiries with the count of their sources, in the question that finds them."""
    sources = Source.objects.filter(inquiry=OuterRef("pk")).order_by("pk")
    return rows.annotate(source_rows=ArraySubquery(sources.values(row=JSONObject(name="name", kind="kind"))))


def facts_of(case: Inquiry) -> list[tuple[str, str]]:
    """What the page says beside the comparison."""
    rows: list[dict[str, Any]] | None = getattr(case, "source_rows", None)
    names = [one["name"] for one in rows] if rows is not None else list(case.sources.values_list("name", flat=True))
    week = f"{full_day(case.since)}—{full_day(case.since + timedelta(days=6))}"
    return [("哪一周", week), ("问了几家", f"{len(names)} 家{'：' if names else ''}{'、'.join(names)}")]


def papers_of(case: Inquiry) -> list[tuple[str, str]]:
    """The prices side by side, on a page of their own."""
    return [("看比价：各家单价、近四周、全县中位价", f"/canteen/inquiries/{case.number}/prices/")]


def newest(by: User, *, before: int | None = None) -> list[Inquiry]:
    """Inquiries one may see, the newest first, one more than a page."""
    rows = cast(QuerySet[Inquiry], Inquiry.objects.visible_to(by))
    rows = with_lines(rows.filter(pk__lt=before) if before else rows)
    return list(rows.select_related("unit__school", "assignee", "opener").order_by("-pk")[: PAGE + 1])


def week_words() -> str:
    """This week, as titles say it."""
    monday = monday_of(clock.today())
    return f"{monday.month} 月 {monday.day} 日那一周"
