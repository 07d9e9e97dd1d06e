"""Ways the tests bring publications about: a month of repairs opened, checked and published; a small kind of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.flow import FLOWS, Flow
from portal.orgs.models import Unit, User
from portal.publications.content import Column, Content, Figure, Table
from portal.publications.duties import Part, checks, duty_flow, open_duty
from portal.publications.kinds import KINDS, MOMENTS, UNSIGNED, Build
from portal.publications.models import Publication
from portal.publications.periods import Every, Period, period_of
from portal.publications.signing import PARTS
from portal.worktime.spans import Measure, Span
from repairs.flow import MONTHLY
from repairs.flow.monthly import LADDER
from repairs.models import Monthly
from tests.district import Cast, District
from tests.repairs.test_loop import reported, to_finished

OCTOBER = period_of(Every.MONTH, "2026-10")
FIRST = datetime(2026, 11, 1, 0, 5, tzinfo=clock.SCHOOL_TIME)  # a Sunday

BY_THREE = (
    Part("prepare", "due", ("logistics_head",), "制表", "待制表", "制表"),
    checks("vice_principal", state="prepared"),
    Part("sign", "checked", ("principal", "vice_principal"), "签字", "待签字", "签字"),
)


def october(hour: int = 9, day: int = 12) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=clock.SCHOOL_TIME)


def a_month_of_repairs(place: District, cast: Cast) -> None:
    """Two repaired in October, one of them late; one reported and left lying."""
    with clock.at(october()):
        quick, slow = to_finished(place, cast), reported(place, cast.rita)
        reported(place, cast.rita, topic="RP-05")
    with clock.at(october(hour=11)):
        move(quick, "confirm", by=cast.rita, data={"speed": 5, "quality": 5})
    with clock.at(october(day=20)):
        move(slow, "accept", by=cast.dora, data={"reply": "马上来"})
        move(slow, "assign", by=cast.dora, data={"assignee": cast.will.pk})
        move(slow, "enter_sheet", by=cast.dora, data={"sheet": [_photo(cast)], "done": "换灯"})
        move(slow, "confirm", by=cast.rita, data={"speed": 3, "quality": 3})


def _photo(cast: Cast) -> object:
    from tests.conftest import photo_of

    return photo_of(cast.dora).pk


def opened(school: Unit, *, by: User | str = "clock", period: str = "2026-10") -> Monthly:
    """The case of a month by its law (which `by_the_clock` replaces), opened on the first of the next one."""
    flow = FLOWS[MONTHLY.kind]
    form = filled(flow, flow.opening, case=None, by=by, data={"unit": school.pk, "period": period})
    return Monthly.objects.get(pk=open_duty(flow, form, by=by).pk)


def published(place: District, cast: Cast, *, days: int = 3) -> Publication:
    """October, opened on the first, checked and published so many days later."""
    with clock.at(FIRST):
        case = opened(place.school)
    with clock.at(FIRST + timedelta(days=days, hours=9)):
        move(case, "check", by=cast.lin)
        move(case, "publish", by=cast.hu)
    return Publication.objects.get(issue__case=case, version=1)


@contextmanager
def by_the_clock(
    moment: datetime,
    parts: tuple[Part, ...] = BY_THREE,
    *,
    build: Build | None = None,
    later: timedelta = timedelta(0),
    of: Period = OCTOBER,
) -> Iterator[Flow]:
    """The month of repairs by another law: signed in these parts (none: by nobody), published by the clock then and due so
    much `later`, in other months as far from their end as it is from that of the month it is told `of`; its content made
    by `build`."""
    kind = MONTHLY.kind
    was, signed, about = FLOWS[kind], PARTS[kind], KINDS.pop(kind)
    replace(about, build=build or about.build)

    def out(period: Period) -> datetime:
        return moment + (period.until - of.until)

    try:
        yield duty_flow(
            Monthly, title="维修月报", plural="monthlies", icon="file-chart-column", parts=parts, posts=("logistics_head",),
            within=Span(Decimal(10), Measure.DAYS), late=LADDER, moment=out, due=lambda period: out(period) + later,
        )  # fmt: skip
    finally:
        FLOWS[kind], PARTS[kind], KINDS[kind] = was, signed, about
        MOMENTS.pop(kind, None)
        UNSIGNED.discard(kind)


def signed_by_three(case: Monthly, cast: Cast) -> Monthly:
    """Prepared, checked and signed."""
    move(case, "prepare", by=cast.lin)
    move(case, "check", by=cast.vera)
    move(case, "sign", by=cast.hu)
    return Monthly.objects.get(pk=case.pk)


def account(unit: Unit, period: Period) -> Content:
    """A small account that adds up."""
    rows = [["粮食", Decimal("2760.00")], ["蔬菜", Decimal("3214.50")]]
    table = Table("spent", "钱花在哪", (Column("what", "项目"), Column("sum", "金额（元）", "money")), rows,
                  ["合计", Decimal("5974.50")], bars="sum")  # fmt: skip
    return Content((Figure("spent", "支出", Decimal("5974.50"), "money", "元"),), (table,), summary="支出 5974.50 元")
