"""买了什么: each thing bought in some days with its price, last week's, and what was asked of the market."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from canteen.models import Canteen
from canteen.queries.accounts import share
from canteen.queries.prices import references
from canteen.queries.purchases import came_in
from canteen.queries.stock import plain
from portal.publications.content import Column, Table

COLUMNS = (
    Column("item", "品名"), Column("supplier", "供应商"), Column("quantity", "数量"), Column("price", "单价", "money"),
    Column("before", "比上周", "change"), Column("market", "询价", "money"), Column("gap", "比询价", "change"),
    Column("amount", "金额（元）", "money"),
)  # fmt: skip
FIRST = 8
WEEK = timedelta(days=7)


def bought(canteens: Sequence[Canteen], since: date, until: date) -> Table:
    """What came into the stores in these days, the dearest first."""
    rows = _rows(canteens, since, until)
    total = sum((row[-1] for row in rows), Decimal("0.00"))
    last = [f"食材合计（{len(rows)} 项）", "", None, None, None, None, None, total]
    return Table("bought", "买了什么", COLUMNS, rows, last if rows else (), first=FIRST, under=True)


def prices_in_words(canteens: Sequence[Canteen], since: date, until: date) -> list[tuple[str, str]]:
    """The dearest things with their prices in one line, for the wall."""
    rows = [row for row in _rows(canteens, since, until) if row[5] is not None][:4]
    return (
        [("价格比对", "，".join(f"{row[0]} {row[3]:.2f} 元（询价 {row[5]:.2f}）" for row in rows) + "。")]
        if rows
        else []
    )


def _rows(canteens: Sequence[Canteen], since: date, until: date) -> list[list[Any]]:
    """Columns of one thing each: name, from whom, how much, at what price, against last week's and what was asked."""
    now, then = came_in(canteens, since, until), came_in(canteens, since - WEEK, until - WEEK)
    asked = references([one.food for one in now], until)
    before = {one.key: one.price for one in then}
    rows = []
    for one in now:
        market = asked[one.food.pk].price
        gaps = [change_of(one.price, before.get(one.key)), change_of(one.price, market)]
        quantity = f"{plain(one.quantity)} {one.food.measure}"
        rows.append([one.food.label, one.supplier, quantity, one.price, gaps[0], market, gaps[1], one.amount])
    return sorted(rows, key=lambda row: (-row[-1], row[0]))


def change_of(now: Decimal, then: Decimal | None) -> Decimal | None:
    """How far a price lies from another, as a share of that; none without one."""
    return share(now - then, then) if then else None
