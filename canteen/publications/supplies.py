"""CP-05 供应商和询价: each month who may deliver and under which contract, what was asked, what was chosen, and what was paid."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from canteen.apps import KEEPERS
from canteen.flow.disclosed import SUPPLIES as FLOW
from canteen.queries.inquiries import LEAST
from canteen.queries.places import canteens_in
from canteen.queries.purchases import came_in
from canteen.queries.suppliers import ENDED, FINE, SOON
from canteen.queries.supplying import Asked, Dealt, asked_in, by_food, dealt_with, mean
from portal.orgs.models import Unit
from portal.publications.content import Column, Content, Figure, Table
from portal.publications.kinds import Audience, Kind
from portal.publications.periods import Every, Period

from .bought import change_of

SUPPLIERS = (
    Column("name", "供应商"), Column("goods", "供什么"), Column("contract", "合同期"), Column("papers", "证件"),
    Column("marks", "评分（5 分）"), Column("amount", "本月金额（元）", "money"),
)  # fmt: skip
WEEKS = (
    Column("week", "哪一周"), Column("sources", "问了哪几家"), Column("chosen", "选定合计（元）", "money"),
    Column("least", "都选最低（元）", "money"), Column("by", "谁选定"),
)  # fmt: skip
PRICES = (
    Column("food", "食材"), Column("sources", "至少问", "count"), Column("lowest", "最低报价", "money"), Column("chosen", "选定价", "money"),
    Column("middle", "全县中位", "money"), Column("paid", "实际进价", "money"), Column("gap", "比选定", "change"),
)  # fmt: skip
WHY = (
    Column("food", "食材"), Column("week", "哪一周"), Column("source", "选了哪家"), Column("price", "选定价", "money"),
    Column("lowest", "最低报价", "money"), Column("why", "为什么"),
)  # fmt: skip


def build(school: Unit, period: Period) -> Content:
    """One school's month, out of its list of suppliers, its inquiries and its stores. A month without an inquiry says so."""
    dealt, asked = dealt_with(school, period.since, period.until), asked_in(school, period.since, period.until)
    paid = {one.key: one.price for one in came_in(canteens_in(school, period.since), period.since, period.until)}
    chosen, least = (
        sum((one.found.total for one in asked), Decimal("0.00")),
        sum((one.least for one in asked), Decimal("0.00")),
    )
    figures = (
        Figure("suppliers", "可以供货", sum(one.state in (FINE, SOON) for one in dealt), unit="家"),
        Figure("inquiries", "询价", len(asked), unit="次"),
        Figure("chosen", "选定合计", chosen, "money", "元"),
        Figure("dearer", "比都选最低多", chosen - least, "money", "元", against="none"),
    )
    tables = [_suppliers(dealt), _weeks(asked), _prices(asked, paid), _why(asked)]
    shown = [one for one in tables if one.rows]
    summary = f"供应商 {len(dealt)} 家，询价 {len(asked)} 次，选定 {chosen:.2f} 元"
    return Content(figures, shown, _words(dealt, asked), summary)


def _suppliers(dealt: Sequence[Dealt]) -> Table:
    rows = [
        [one.supplier.name, one.supplier.goods or "—", one.term, one.papers,
         f"{one.marks.mean}（{one.marks.number} 人）" if one.marks else "—", one.amount]
        for one in dealt
    ]  # fmt: skip
    total = ["合计", "", "", "", "", sum((one.amount for one in dealt), Decimal("0.00"))]
    return Table("suppliers", "供应商", SUPPLIERS, rows, total, said="证件按月末那天算；金额是实收的减去退货的。")


def _weeks(asked: Sequence[Asked]) -> Table:
    rows = [
        [week(one.case.since), "、".join(source.name for source in one.found.sources), one.found.total, one.least,
         one.post or "还没有选定"]
        for one in asked
    ]  # fmt: skip
    said = f"每样至少问 {LEAST} 家；问价的人不选定。"
    return Table("weeks", "每周询价", WEEKS, rows, said=said)


def _prices(asked: Sequence[Asked], paid: dict[tuple[str, str, str], Decimal]) -> Table:
    rows: list[list[Any]] = []
    for one in by_food(asked):
        price, chosen = paid.get(one.key), mean(one.chosen)
        gap = change_of(price, chosen) if price is not None else None
        name = f"{one.name}（{one.measure}）"
        rows.append([name, one.sources, mean(one.lowest), chosen, mean(one.middle), price, gap])
    said = "各列是本月的均价，元；全县中位价是同一周全县各校问到的同名食材报价的中间数。"
    return Table("prices", "价格比对", PRICES, rows, said=said)


def _why(asked: Sequence[Asked]) -> Table:
    rows = [
        [line.item.ingredient.label, week(one.case.since), line.item.source.name if line.item.source else "—",
         line.item.price, line.lowest, line.item.why or "—"]
        for one in asked
        for line in one.dearer
    ]  # fmt: skip
    return Table("why", "没有选最低价的", WHY, rows)


def _words(dealt: Sequence[Dealt], asked: Sequence[Asked]) -> list[str]:
    """What a reader should know at once: no inquiry, suppliers that may not deliver, deliveries without a contract."""
    words = [] if asked else ["这个月没有询价。"]
    ended = [one.supplier.name for one in dealt if one.state == ENDED]
    if ended:
        words.append(f"证件不全或过期、不能供货：{'、'.join(ended)}。")
    bare = [one.supplier.name for one in dealt if one.amount and one.contract is None]
    if bare:
        words.append(f"本月供了货、没有在期合同：{'、'.join(bare)}。")
    return words


def week(monday: date) -> str:
    """A week by its Monday."""
    return f"{monday.month}月{monday.day}日起"


MONTHLY = Kind(
    FLOW.kind,
    title="供应商和询价",
    about="谁在供货、合同和证件到哪天，每周问了哪几家、选了谁、为什么、实际付了多少",
    icon="tags",
    audience=Audience.PUBLIC,
    every=Every.MONTH,
    posts=KEEPERS,
    build=build,
)
