"""Questions about deliveries: what one page shows, which papers are due, what was bought, and what it usually cost."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Avg, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from canteen.models import Canteen, Delivery, DeliveryLine, FoodMove, Ingredient
from portal import clock
from portal.templatetags.sunlit import full_day, money, plain
from portal.wire.amounts import cents

from .prices import references

WEEKS = timedelta(weeks=4)
NUMBERS = ("ordered", "agreed", "accepted", "price", "amount", "degrees", "reference", "over", "short")


@cache
def _papers() -> dict[str, Any]:
    rows: dict[str, Any] = json.loads((Path(__file__).parent.parent / "data" / "papers.json").read_text("utf-8"))
    return rows


def paper_of(category: str) -> str:
    """Which certificate must come with food of this category; blank: none."""
    return str(_papers()["papers"].get(category, ""))


def is_chilled(category: str) -> bool:
    """Whether food of this category comes cold, so that its temperature may be noted."""
    return category in _papers()["chilled"]


def usual_prices(canteen: Canteen, foods: list[Ingredient], day: date) -> dict[int, Decimal]:
    """What each usually costs (元): by the price inquiries, else the mean of what this canteen paid within four weeks."""
    asked = {key: one.price for key, one in references(foods, day).items() if one.price is not None}
    rest = [one.pk for one in foods if one.pk not in asked]
    bought = DeliveryLine.objects.filter(
        case__canteen=canteen, case__state="stocked", ingredient__in=rest, accepted__gt=0,
        case__weighed_at__date__gt=day - WEEKS,
    )  # fmt: skip
    means = bought.order_by().values_list("ingredient").annotate(mean=Avg("price"))
    return {key: cents(mean) for key, mean in means} | asked


@dataclass(frozen=True)
class ShownLine:
    """One line as pages show it."""

    pk: int
    name: str
    measure: str
    category: str
    ordered: Decimal
    agreed: Decimal
    accepted: Decimal | None
    price: Decimal | None
    amount: Decimal
    batch: str
    made_on: str | None
    keeps_until: str | None
    degrees: Decimal | None
    reason: str
    papers: int
    reference: Decimal | None
    over: Decimal | None
    short: Decimal | None

    @property
    def alerts(self) -> list[str]:
        """What is named beside it, in words."""
        found = [f"比参考价 {money(self.reference)} 元高 {plain(self.over)}%"] if self.over else []
        return found + ([f"比订的少 {plain(self.short)}%"] if self.short else [])

    @property
    def printed(self) -> str:
        """What stands on it: batch, dates, temperature, certificate."""
        dates = [("生产", self.made_on), ("保质期至", self.keeps_until)]
        words = [f"批号 {self.batch}"] if self.batch else []
        words += [f"{label} {full_day(date.fromisoformat(day))}" for label, day in dates if day]
        words += [f"{plain(self.degrees)} ℃"] if self.degrees is not None else []
        return " · ".join(words + ([f"{paper_of(self.category) or '证明'} {self.papers} 张"] if self.papers else []))

    @property
    def is_refused(self) -> bool:
        """Whether nothing of it was taken."""
        return self.accepted is not None and not self.accepted


def with_lines(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Deliveries with their lines and people, in the question that finds them."""
    lines = DeliveryLine.objects.filter(case=OuterRef("pk")).order_by("pk")
    names = {one: one for one in ShownLine.__dataclass_fields__ if one not in ("name", "measure", "category")}
    food = {"name": "ingredient__name", "spec": "ingredient__spec"}
    food |= {"measure": "ingredient__measure", "category": "ingredient__category"}
    shown = lines.values(row=JSONObject(**names | food))
    people = ("supplier", "canteen", "weighed_by", "first", "second")
    return rows.select_related(*people).annotate(line_rows=ArraySubquery(shown))


def lines_of(case: Delivery) -> list[ShownLine]:
    """Its lines in order, as brought along or asked now."""
    rows = getattr(case, "line_rows", None)
    if rows is None:
        rows = with_lines(Delivery._base_manager.filter(pk=case.pk)).values_list("line_rows", flat=True).get()
    return [_shown(row) for row in rows]


def _shown(row: dict[str, Any]) -> ShownLine:
    numbers = {name: None if row[name] is None else Decimal(str(row[name])) for name in NUMBERS}
    name = f"{row['name']} {row['spec']}".strip()
    return ShownLine(**{key: value for key, value in row.items() if key != "spec"} | numbers | {"name": name})


def facts_of(case: Delivery) -> list[tuple[str, str]]:
    """What the page says of a delivery beside its lines: from whom, when, who weighed and signed, and what was named."""
    case.shown_lines = lines_of(case)  # type: ignore[attr-defined]  # the page's own table of them
    facts = [("供应商", case.supplier.name), ("食堂", case.canteen.name), ("要货日期", full_day(case.needed_on))]
    if case.weighed_by is not None:
        facts.append(("过秤", case.weighed_by.name))
        facts.append(("实收金额", f"{money(case.amount)} 元"))
    if case.first is not None:
        facts.append(("签字", "、".join(one.name for one in (case.first, case.second) if one is not None)))
    named = [f"{line.name}：{'，'.join(line.alerts)}" for line in case.shown_lines if line.alerts]  # type: ignore[attr-defined]
    if case.run >= case.canteen.same_signers:
        named.append(f"同两个人已连续签收 {case.run} 次")
    if case.without_contract:
        named.append(f"{case.supplier.name}到货时没有在期的合同")
    return [("提醒", "\n".join(named)), *facts] if named else facts


def run_of(case: Delivery, pair: set[int | None]) -> int:
    """For how many deliveries running of this canteen the same two people have signed, this one among them."""
    signed = Delivery._base_manager.filter(canteen=case.canteen_id, second__isnull=False).exclude(pk=case.pk)
    last = signed.order_by("-weighed_at", "-pk").only("first_id", "second_id", "run").first()
    return last.run + 1 if last is not None and {last.first_id, last.second_id} == pair else 1


def named_lately() -> Q:
    """Deliveries of the last seven days beside which something was named."""
    return Q(delivery__alerts__gt=0, delivery__weighed_at__gt=clock.now() - timedelta(days=7))


@dataclass(frozen=True)
class Bought:
    """One thing bought, on the day it came into stock; what went back to the supplier is below zero, on that day.

    `buyer` and `signers` are people's ids: what is published names their posts.
    """

    day: date
    category: str
    name: str
    spec: str
    measure: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    supplier: str
    buyer: int | None
    signers: tuple[int, ...]
    number: str


def bought(canteen: Canteen, since: date, until: date) -> list[Bought]:
    """What a canteen bought on these days (in China, both included), line by line, oldest first; one question."""
    rows = FoodMove.objects.filter(
        shelf__canteen=canteen, kind__in=(FoodMove.IN, FoodMove.BACK), lot__line__isnull=False, on__range=(since, until)
    ).select_related("shelf__ingredient", "lot__line__case__supplier")
    return [_bought(move) for move in rows.order_by("on", "pk")]


def _bought(move: FoodMove) -> Bought:
    food, case = move.shelf.ingredient, move.lot.line.case
    signers = tuple(one for one in (case.first_id, case.second_id) if one is not None)
    return Bought(
        move.on, food.category, food.name, food.spec, food.measure, move.quantity, move.lot.price, move.amount,
        case.supplier.name, case.opener_id, signers, case.number,
    )  # fmt: skip


def spent(rows: Iterable[Bought]) -> dict[str, Decimal]:
    """What was spent per category, 元."""
    found: dict[str, Decimal] = {}
    for one in rows:
        found[one.category] = found.get(one.category, Decimal(0)) + one.amount
    return dict(sorted(found.items()))
