"""Somebody without an account scans a sticker, reports with a photo, and follows it by the receipt's code."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal.cases import visiting
from portal.stickers.actions import welcome
from repairs.models import Ticket
from tests.browser.conftest import Meet
from tests.conftest import jpeg
from tests.district import Cast, District
from tests.repairs.strangers import sticker_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [390, 1440])
def test_a_scan_without_login_becomes_a_repair_and_is_followed_by_receipt(
    width: int, place: District, cast: Cast, meet: Meet, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(jpeg("olive", (1200, 900)))
    sticker = sticker_of(place.room, cast.lin)
    welcome(place.school, is_on=True, by=cast.ada)
    lin = meet(cast.lin, width)
    lin.go(f"/stickers/?in={place.room.pk}")
    lin.look("stickers")
    lin.go(f"/stickers/sheet/?in={place.school.pk}")
    lin.look("stickers-sheet")

    stranger = meet(None, width)
    stranger.go(f"/t/{sticker.code}/")
    stranger.look("scan")
    stranger.press("不登录，报修")
    stranger.page.get_by_label("桌椅家具").check()
    stranger.page.locator("input[type=file]").set_input_files(photo)
    stranger.page.get_by_label("说一句").fill("桌腿断了")
    stranger.look("visit")
    stranger.page.wait_for_timeout(visiting.SOONEST.total_seconds() * 1000 + 100)
    stranger.press("提交报修")
    expect(stranger.page.get_by_role("heading", level=1)).to_contain_text("已收到，等学校核实")
    stranger.look("visited")
    code = stranger.page.locator("code").inner_text()

    ticket = Ticket.objects.get()
    dora = meet(cast.dora, width)
    dora.go("/desk/")
    dora.press(ticket.title)
    expect(dora.page.locator("body")).to_contain_text("待核实")
    dora.look("unconfirmed")
    dora.press("核实收下")
    dora.look("vouch")
    dora.press("核实收下", exact=True)
    expect(dora.page.locator("body")).to_contain_text("待受理")

    later = meet(None, width)  # another phone, another day
    later.go("/receipt/")
    later.page.get_by_label("回执码").fill(code.lower())
    later.press("查进度")
    expect(later.page.locator("body")).to_contain_text("核实后收下")
    later.look("followed")
