"""The repair loop as people live it, on a phone and on a desk: report, accept, dispatch, repair, sign off; and lateness."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal import clock
from portal.cases.sweep import sweep
from repairs.models import Ticket
from tests.browser.conftest import Meet
from tests.conftest import jpeg
from tests.district import Cast, District

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    found = []
    for colour in ("teal", "orange", "olive"):
        path = tmp_path / f"{colour}.jpg"
        path.write_bytes(jpeg(colour, (1200, 900)))
        found.append(path)
    return found


@pytest.mark.parametrize("width", [390, 1440])
def test_a_fault_is_reported_repaired_and_signed_off(
    width: int, place: District, cast: Cast, meet: Meet, photos: list[Path]
) -> None:
    rita, dora, will = meet(cast.rita, width), meet(cast.dora, width), meet(cast.will, width)
    rita.go("/repairs/report/")
    rita.press("教学楼")
    rita.press("203 教室")
    rita.page.get_by_label("电灯电路").check()
    rita.page.locator("input[type=file]").set_input_files(photos[:2])
    expect(rita.page.locator("[data-evidence] img")).to_have_count(2)
    rita.page.get_by_label("说一句").fill("顶灯不亮 😀")
    rita.look("report")
    rita.press("提交报修")
    expect(rita.page.get_by_role("heading", level=1)).to_contain_text("203 教室 顶灯不亮")
    url = f"/repairs/tickets/{Ticket.objects.get().number}/"
    dora.go("/desk/")
    dora.look("desk")
    dora.press("203 教室 顶灯不亮")
    dora.press("受理")
    dora.page.get_by_label("答复报修人").fill("马上来")
    dora.look("accept")
    dora.press("受理", exact=True)
    dora.press("派工")
    dora.page.get_by_label("派给").select_option(label="王建平")
    dora.press("派工", exact=True)
    expect(dora.page.locator("body")).to_contain_text("派给王建平")
    will.go("/")
    will.look("home-technician")
    will.go(url)
    will.press("到场")
    will.press("到场", exact=True)
    will.press("完工")
    will.page.locator("input[type=file]").set_input_files(photos[2:])
    expect(will.page.locator("[data-evidence] img")).to_have_count(1)
    will.look("finish")
    will.press("完工，拍照提交")
    expect(will.page.locator("body")).to_contain_text("待验收")
    rita.go(url)
    rita.look("case-finished")
    rita.press("验收通过")
    rita.page.get_by_role("radio", name="5 很好").first.check()
    rita.page.get_by_role("radio", name="4 好").last.check()
    rita.look("confirm")
    rita.press("验收通过", exact=True)
    expect(rita.page.locator("body")).to_contain_text("已办结")
    rita.look("case-closed")
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.speed, ticket.quality) == ("closed", 5, 4)


@pytest.mark.parametrize("width", [390, 1440])
def test_a_ticket_nobody_takes_reaches_the_vice_principal(width: int, place: District, cast: Cast, meet: Meet) -> None:
    rita = meet(cast.rita, width)
    rita.go(f"/repairs/report/?at={place.room.pk}")
    rita.page.get_by_label("电灯电路").check()
    rita.page.get_by_label("说一句").fill("走廊灯不亮")
    rita.press("提交报修")
    expect(rita.page.get_by_role("heading", level=1)).to_contain_text("走廊灯不亮")
    for hours in (1.7, 2.1, 6.1):
        with clock.at(clock.now() + timedelta(hours=hours)):
            sweep()
    vera = meet(cast.vera, width)
    vera.go("/")
    expect(vera.page.locator("body")).to_contain_text("升到我这里的")
    vera.look("home-vice-principal")
    vera.press("203 教室 走廊灯不亮")
    expect(vera.page.locator(".rung.hit")).to_have_count(3)
    vera.look("case-late")
    vera.press("知悉", exact=True)  # it asks nothing, so it is one press
    expect(vera.page.locator("body")).to_contain_text("已知悉上报")


@pytest.mark.parametrize("width", [390])
def test_signing_in_with_the_keyboard_alone(width: int, place: District, cast: Cast, meet: Meet) -> None:
    stranger = meet(None, width)
    stranger.go("/desk/")
    stranger.look("sign-in")
    stranger.page.get_by_label("工号").focus()
    stranger.page.keyboard.type("rita")
    stranger.page.keyboard.press("Tab")
    stranger.page.keyboard.type("sunlit-test")
    stranger.page.keyboard.press("Enter")
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("待办")
