"""What repairs publish: each month, to the staff of each school, what was reported, done and late, by kind (DS-06)."""

from decimal import Decimal

from portal.orgs.models import Unit
from portal.orgs.roles import HEADS
from portal.publications.content import Column, Content, Figure, Table
from portal.publications.kinds import Audience, Kind
from portal.publications.periods import Every, Period
from portal.wire.amounts import rounded
from repairs.flow import MONTHLY as FLOW
from repairs.queries import MonthOf, month_of

COLUMNS = (
    Column("kind", "类别"),
    Column("reported", "报修", "count"),
    Column("done", "修好", "count"),
    Column("late", "其中超时", "count"),
    Column("still", "未办结", "count"),
    Column("hours", "平均用时（时）", "hours"),
    Column("cost", "材料费（元）", "money"),
)
COUNTED = "材料费按台账领用减退回、进价计；修好指验收通过或到期办结；超时指修复时限到了还没完工；用时从报修算到办结，昼夜都算。"
NO_COSTS = "本月没有从材料台账领用材料的记录。"


def build(school: Unit, period: Period) -> Content:
    """One school's month; money comes from the books of materials, and where there is none the page says so."""
    kinds, total = month_of(school, period.starts, period.ends)
    in_time = Decimal(total.done - total.late) / total.done if total.done else None
    figures = (
        Figure("reported", "报修", total.reported, unit="件"),
        Figure("done", "修好", total.done, unit="件"),
        Figure("late", "其中超时", total.late, unit="件"),
        Figure("in_time", "按时修好", rounded(in_time, Decimal("0.001")) if in_time is not None else None, "share"),
        Figure("still", "月末未办结", total.still, unit="件"),
        Figure("cost", "材料费", total.cost, "money", "元"),
    )
    table = Table("kinds", "按类别", COLUMNS, [_row(one) for one in kinds], _row(total), "reported", COUNTED)
    summary = f"报修 {total.reported} 件，修好 {total.done} 件，其中超时 {total.late} 件，材料费 {total.cost:.2f} 元"
    return Content(
        figures,
        (table,),
        () if total.cost else (NO_COSTS,),
        summary,
        posts=(("制表", "系统"), ("核对", "总务主任"), ("公示", "学校负责人")),
    )


def _row(one: MonthOf) -> list[str | int | Decimal | None]:
    return [one.name, one.reported, one.done, one.late, one.still, one.hours, one.cost]


MONTHLY = Kind(
    FLOW.kind,
    title="维修月报",
    about="每月报了多少、修好多少、超时多少，按类别列出",
    icon="wrench",
    audience=Audience.STAFF,
    every=Every.MONTH,
    posts=HEADS,
    build=build,
)
