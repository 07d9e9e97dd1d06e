"""A stock-take on a phone: begun, counted code after code, compared, settled, and signed by somebody who has not counted."""

import pytest
from playwright.sync_api import Page, expect

from portal.stickers.models import Sticker
from repairs.actions.assets import enter_asset
from repairs.models import Asset, StockTake
from tests.browser.conftest import Meet
from tests.district import Cast, District
from tests.repairs.strangers import sticker_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def scan(page: Page, typed: str, said: str) -> None:
    """A scanner types the code and Enter; the field is empty and ready for the next one."""
    page.get_by_label("贴纸编码").fill(typed)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text(said)
    expect(page.get_by_label("贴纸编码")).to_have_value("")


def test_a_stock_take_on_a_phone(place: District, cast: Cast, meet: Meet) -> None:
    for n in range(1, 4):
        enter_asset(unit=place.room, by=cast.wu, code=f"ZC-{n:03d}", name=f"课桌 {n}", kind="6")
    codes = [Sticker.objects.get(about=one.address).code for one in Asset.objects.order_by("pk")]
    room = sticker_of(place.other_room, cast.lin).code
    wu, lin = meet(cast.wu, 390), meet(cast.lin, 390)
    wu.go(f"/repairs/stocktakes/new/?at={place.building.pk}")
    wu.look("stocktake-begin")
    wu.press("开始盘点", exact=True)
    wu.press("逐件盘点")
    requests: list[str] = []
    scan(wu.page, codes[0], "盘到了：课桌 1（ZC-001）")
    wu.page.on("request", lambda one: requests.append(f"{one.method} {one.resource_type}"))
    scan(wu.page, codes[0].lower(), "盘到了：课桌 1（ZC-001）")
    assert requests == ["POST xhr"]
    scan(wu.page, room, "现在盘教学楼 204 教室")
    scan(wu.page, f"{wu.base}/t/{codes[1]}/", "位置和卡片不同，已记下")
    scan(wu.page, "ZZZZZZZ", "没有这个编码")
    expect(wu.page.get_by_role("heading", level=1)).to_have_text("2 / 3 件盘到")
    wu.look("stocktake-count")
    take = StockTake.objects.get()
    wu.go(f"/repairs/stocktakes/{take.number}/")
    wu.press("盘点结束")
    wu.press("盘点结束", exact=True)
    wu.press("差异表")
    for code, outcome in (("ZC-002", "按盘到的地点改卡片"), ("ZC-003", "改为待报废")):
        wu.press(f"处理{code}")
        wu.page.get_by_label(outcome, exact=True).check()
        wu.page.get_by_label("原因").fill("查过了")
        wu.press("保存")
    expect(wu.page.locator("main")).to_contain_text("差异都处理了")
    wu.look("stocktake-differences")
    lin.go(f"/repairs/stocktakes/{take.number}/")
    lin.press("签字确认")
    lin.press("签字确认", exact=True)
    expect(lin.page.locator("main")).to_contain_text("已签字")
    lin.look("stocktake-signed")
    assert {one.code: (one.unit, one.state) for one in Asset.objects.all()} == {
        "ZC-001": (place.room, "in_use"), "ZC-002": (place.other_room, "in_use"), "ZC-003": (place.room, "to_scrap"),
    }  # fmt: skip
