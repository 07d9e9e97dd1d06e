"""A hazard as people live it on a phone: scanned, reported, registered, planned, put right, checked off by somebody else."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal import clock
from portal.cases.actions import move
from portal.cases.flow import address_of
from portal.evidence.models import Piece
from portal.stickers.actions import make
from portal.stickers.models import Sticker
from safety_grid.models import Hazard
from tests.browser.conftest import Meet, Visitor
from tests.browser.test_offline import PHONE, back, cut, laid_in
from tests.conftest import jpeg
from tests.district import Cast, District
from tests.safety_grid.cast import grid_of
from tests.safety_grid.hazards import five, registered

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def photographed(visitor: Visitor, tmp_path: Path, colour: str) -> None:
    """Takes a photo with the form's first chooser, and waits until it has arrived."""
    path = tmp_path / f"{colour}.jpg"
    path.write_bytes(jpeg(colour, (1200, 900)))
    visitor.page.locator("input[type=file]").first.set_input_files([path])
    expect(visitor.page.locator("[data-evidence] img")).to_have_count(1)


def test_a_hazard_is_scanned_reported_put_right_and_closed(
    place: District, cast: Cast, meet: Meet, tmp_path: Path
) -> None:
    grid = grid_of(place)
    make(place.room, by=cast.lin)
    rita, an, gao = (meet(who, 390) for who in (cast.rita, grid.an, grid.gao))
    rita.go(f"/t/{Sticker.objects.get().code}/")
    rita.press("报隐患")
    rita.page.get_by_label("设施", exact=True).check()
    photographed(rita, tmp_path, "teal")
    rita.page.get_by_label("说一句").fill("窗扇松动")
    rita.look("hazard-report")
    rita.press("提交隐患")
    expect(rita.page.get_by_role("heading", level=1)).to_contain_text("203 教室 窗扇松动")
    an.go("/desk/")
    an.press("203 教室 窗扇松动")
    an.look("hazard-new")
    an.press("核实登记")
    an.page.get_by_label("整改责任人").select_option(label="高勤")
    an.look("hazard-register")
    an.press("核实登记", exact=True)
    expect(an.page.locator("body")).to_contain_text("定为一般隐患，由高勤整改")
    gao.go("/desk/")
    gao.press("203 教室 窗扇松动")
    gao.page.locator("summary", has_text="更多").click()  # at once is offered first
    gao.press("定整改方案")
    gao.page.get_by_label("整改措施").fill("更换合页")
    gao.page.get_by_label("整改资金").fill("320")
    gao.page.get_by_label("整改时限").fill((clock.today() + timedelta(days=5)).isoformat())
    gao.page.get_by_label("临时防范措施").fill("窗下警戒，不开窗")
    gao.look("hazard-plan")
    gao.press("定整改方案", exact=True)
    gao.press("开始整改", exact=True)
    gao.press("已整改，拍照提交")
    photographed(gao, tmp_path, "orange")
    gao.press("已整改，拍照提交", exact=True)
    expect(gao.page.locator("body")).to_contain_text("待验收")
    an.go(address_of(Hazard.objects.get()))
    an.look("hazard-to-check")
    an.press("验收销号")
    an.press("验收销号", exact=True)
    expect(an.page.locator("body")).to_contain_text("已销号")
    an.look("hazard-closed")
    assert Hazard.objects.get().state == "closed_out"


def test_a_hazard_found_without_network_waits_on_the_phone_and_arrives_once(
    place: District, cast: Cast, meet: Meet, tmp_path: Path
) -> None:
    grid = grid_of(place)
    photo = tmp_path / "teal.jpg"
    photo.write_bytes(jpeg("teal", (1200, 900)))
    rita = meet(cast.rita, PHONE)
    url = f"/safety_grid/report/?at={place.room.pk}"
    rita.go(url)
    laid_in(rita, "/", "/unsent/", url)
    context, page = cut(rita), rita.page
    page.goto(f"{rita.base}{url}")
    page.get_by_label("设施", exact=True).check()
    page.get_by_label("说一句").fill("窗扇松动")
    page.locator("input[type=file]").first.set_input_files([photo])
    expect(page.locator("[data-held] img")).to_have_count(1)
    rita.look("hazard-offline")
    rita.press("提交隐患")
    expect(page.get_by_role("heading", level=1)).to_have_text("待发送 1 条")
    waiting = page.locator(".rows-unsent")
    for words in ("窗扇松动", "照片 1 张", "等网络"):
        expect(waiting).to_contain_text(words)
    rita.look("hazard-unsent")
    page.goto(f"{rita.base}/")
    expect(page.locator(".phonebar [data-unsent-badge]")).to_have_text("1")
    assert Hazard.objects.count() == 0
    back(context, rita)
    expect(page.locator(".phonebar [data-unsent-badge]")).to_be_hidden()
    hazard = Hazard.objects.get()
    assert (hazard.title, hazard.unit, hazard.opener) == ("203 教室 窗扇松动", place.room, cast.rita)
    assert Piece.objects.get().address == hazard.address
    an = meet(grid.an, PHONE)
    an.go("/desk/")
    an.press("203 教室 窗扇松动")
    expect(an.page.locator("body")).to_contain_text("核实登记")
    rita.complaints.clear()


def test_the_board_shows_what_is_supervised(place: District, cast: Cast, meet: Meet) -> None:
    grid = grid_of(place)
    hazard = registered(place, grid, cast.rita, grade="major", topic="HZ-01", words="东侧安全出口被锁死")
    move(hazard, "plan", by=grid.gao, data=five(grid.gao))
    hu = meet(cast.hu, 390)
    hu.go("/safety_grid/supervised/")
    expect(hu.page.locator("body")).to_contain_text("东侧安全出口被锁死")
    hu.look("board")
    hu.press("203 教室 东侧安全出口被锁死")
    hu.look("hazard-supervised")
    hu.widen(1440)
    hu.look("hazard-supervised-wide")
    hu.go("/safety_grid/hazards/")
    hu.look("hazards-wide")
