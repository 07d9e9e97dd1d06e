"""What the safety grid publishes: each month, to the staff of each school, what was found, put right and walked round."""

from decimal import Decimal

from portal.orgs.models import Unit
from portal.orgs.roles import HEADS
from portal.publications.content import Column, Content, Figure, Table
from portal.publications.kinds import Audience, Kind
from portal.publications.periods import Every, Period
from portal.wire.amounts import rounded
from safety_grid.flow import MONTHS as FLOW
from safety_grid.queries.months import MonthOf, month_of, rounds_of

COLUMNS = (
    Column("kind", "类别"),
    Column("found", "发现", "count"),
    Column("major", "其中重大", "count"),
    Column("closed", "销号", "count"),
    Column("still", "月末未销号", "count"),
    Column("late", "其中超期", "count"),
    Column("again", "复发", "count"),
)
COUNTED = "不属实、重复和撤回的不算；超期指整改时限已过、月末还没有销号；复发指同一地点同类隐患 90 天内再次出现；免巡的不算应巡查。"


def build(school: Unit, period: Period) -> Content:
    """One school's month: hazards by kind, rounds due and done. Nobody is named, and nothing of a closed circle is counted."""
    kinds, total = month_of(school, period.starts, period.ends)
    due, done = rounds_of(school, period.starts, period.ends)
    walked = rounded(Decimal(done) / due, Decimal("0.001")) if due else None
    figures = (
        Figure("found", "发现隐患", total.found, unit="件"),
        Figure("major", "其中重大", total.major, unit="件"),
        Figure("closed", "销号", total.closed, unit="件"),
        Figure("still", "月末未销号", total.still, unit="件"),
        Figure("late", "其中超期", total.late, unit="件"),
        Figure("rounds", "应巡查", due, unit="次"),
        Figure("walked", "巡查完成", walked, "share"),
    )
    table = Table("kinds", "按类别", COLUMNS, [_row(one) for one in kinds], _row(total), "found", COUNTED)
    summary = (
        f"发现隐患 {total.found} 件，其中重大 {total.major} 件，销号 {total.closed} 件，月末未销号 {total.still} 件"
    )
    posts = (("制表", "系统"), ("核对", "安全办主任"), ("公示", "学校负责人"))
    return Content(figures, (table,), (), summary, posts=posts)


def _row(one: MonthOf) -> list[str | int | Decimal | None]:
    return [one.name, one.found, one.major, one.closed, one.still, one.late, one.again]


MONTHLY = Kind(
    FLOW.kind,
    title="安全月报",
    about="每月发现多少隐患、销号多少、超期多少，按类别列出；巡查完成了多少",
    icon="shield-check",
    audience=Audience.STAFF,
    every=Every.MONTH,
    posts=HEADS,
    build=build,
)
