"""Posters are one sheet, A4 or A3, whatever hangs on them."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Browser

from portal.orgs.models import Unit
from portal.publications.actions import publish
from portal.publications.content import Column, Content, Figure, Table
from portal.publications.kinds import KINDS, Audience, Kind
from portal.publications.periods import Every, Period, period_of
from tests.district import District

SIZES = {"a4": (595, 842), "a3": (842, 1191)}
ROWS = {"2026-W45": 6, "2026-W44": 24, "2026-W43": 60}


def account(unit: Unit, period: Period) -> Content:
    """As many rows as the week is to have, and lines for the wall."""
    rows = [[f"第 {n} 项支出", Decimal(n)] for n in range(1, ROWS[period.code] + 1)]
    table = Table(
        "spent", "钱花在哪", (Column("what", "项目"), Column("sum", "金额", "money")), rows, bars="sum", drawn=True
    )
    wall = [("价格比对", "大米 5.60 元（询价 5.54），" * 6)]
    figures = [Figure(f"f{n}", f"第 {n} 个数", Decimal(100 * n), "money", "元") for n in range(4)]
    return Content(figures, (table,), words=["共同的支出按就餐人数分摊。"], wall=wall)


@pytest.fixture
def weekly() -> Iterator[Kind]:
    kind = Kind(
        "canteen.poster_test",
        "食堂周账",
        "收支",
        "utensils",
        Audience.PUBLIC,
        Every.WEEK,
        ("principal",),
        build=account,
    )
    yield kind
    del KINDS[kind.code]


def test_a_poster_is_exactly_one_sheet(place: District, weekly: Kind, chromium: Browser, live_server: object) -> None:
    for week in ROWS:
        publish(weekly, unit=place.school, period=period_of(Every.WEEK, week), by="clock")
    page = chromium.new_context(locale="zh-CN").new_page()
    base, found = str(live_server), {}
    for week in ROWS:
        for size in SIZES:
            page.goto(f"{base}/p/LX01/{weekly.code}/{week}/1/poster/?size={size}")
            sheet = page.pdf(prefer_css_page_size=True)
            boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", sheet)
            found[week, size] = [(round(float(width)), round(float(height))) for width, height in boxes]
    page.context.close()
    assert found == {(week, size): [SIZES[size]] for week in ROWS for size in SIZES}
