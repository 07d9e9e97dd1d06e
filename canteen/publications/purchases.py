"""CP-02 食材采购明细: what was bought in a week, from whom, at which price, and who signed for it."""

from decimal import Decimal
from typing import Any

from canteen.apps import KEEPERS, PURCHASERS, SIGNERS
from canteen.flow.purchases import PURCHASES as FLOW
from canteen.models import categories
from canteen.queries.accounts import share
from canteen.queries.deliveries import Bought, bought, spent
from canteen.queries.places import canteens_in
from canteen.queries.posts import Held, held
from portal.orgs.models import Unit
from portal.publications.content import Column, Content, Figure, Table
from portal.publications.kinds import Audience, Kind
from portal.publications.periods import Every, Period

BY_CATEGORY = (Column("category", "类别"), Column("amount", "金额（元）", "money"), Column("share", "占比", "share"))
LINES = (
    Column("food", "食材"), Column("day", "日期"), Column("quantity", "数量"), Column("price", "单价（元）", "money"),
    Column("amount", "金额（元）", "money"), Column("supplier", "供应商"), Column("buyer", "采购"), Column("signers", "验收"),
)  # fmt: skip
BUYERS = ("canteen_buyer", *(one for one in PURCHASERS if one != "canteen_buyer"))
WALL = 40  # lines a poster holds; of more the page shows so many at once, and the poster the sums, with sheets for each supplier
SAID = "金额按实收数量和单价算；退给供应商的列为负数，记在退货那天。验收由两个不参加采购的人签字。"


def build(school: Unit, period: Period) -> Content:
    """One school's week, out of the store's own moves; a school with two canteens shows each apart."""
    canteens = canteens_in(school, period.since)
    each = [(one, bought(one, period.since, period.until)) for one in canteens]
    rows = [row for _, many in each for row in many]
    total = sum((one.amount for one in rows), Decimal(0))
    figures = (
        Figure("total", "采购金额", total, "money", "元"),
        Figure("lines", "进货", sum(one.quantity > 0 for one in rows), unit="笔"),
        Figure("suppliers", "供应商", len({one.supplier for one in rows}), unit="家"),
    )
    tables = [_categories(rows, total)] if rows else []
    buyers = held({row.buyer for row in rows}, BUYERS, school)
    signers = held({key for row in rows for key in row.signers}, SIGNERS, school)
    tables += [_lines(one.name, one.pk, [_line(row, buyers, signers) for row in many]) for one, many in each if many]
    words = () if rows else ("这一周没有采购食材。",)
    posts = (("制表", "系统"), ("核对", "食堂会计"), ("公示", "食堂管理员"))
    return Content(figures, tables, words, f"采购食材 {total:.2f} 元，{len(rows)} 笔", posts=posts)


def _categories(rows: list[Bought], total: Decimal) -> Table:
    sums = [(categories()[code].name, amount, share(amount, total)) for code, amount in spent(rows).items()]
    return Table("categories", "按类别", BY_CATEGORY, sums, ["合计", total, share(total, total)], "amount")


def _lines(name: str, pk: int, rows: list[list[Any]]) -> Table:
    total: list[Any] = ["合计", "", "", "", sum((row[4] for row in rows), Decimal(0)), "", "", ""]
    first = WALL if len(rows) > WALL else 0
    return Table(
        f"lines_{pk}", f"{name}逐笔", LINES, rows, total, said=SAID, first=first, apart="supplier" if first else ""
    )


def _line(one: Bought, buyers: Held, signers: Held) -> list[Any]:
    """One thing; who bought it and who signed for it by their posts that day."""
    food, day = f"{one.name} {one.spec}".strip(), f"{one.day.month}月{one.day.day}日"
    quantity = f"{one.quantity.normalize():f} {one.measure}"
    signed = "、".join(signers.on(key, one.day) for key in one.signers)
    return [
        food,
        day,
        quantity,
        one.price,
        one.amount,
        one.supplier,
        buyers.on(one.buyer, one.day) or "—",
        signed or "—",
    ]


WEEKLY = Kind(
    FLOW.kind,
    title="食材采购明细",
    about="一周里买了什么、多少、单价、向谁买的、谁验收的",
    icon="shopping-basket",
    audience=Audience.PUBLIC,
    every=Every.WEEK,
    posts=KEEPERS,
    build=build,
)
