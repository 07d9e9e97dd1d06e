"""A round walked with the network cut: two places checked, one of them with a problem, sent exactly once on return."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from portal import clock
from portal.cases.models import Schedule
from portal.cases.schedules import open_due
from portal.evidence.models import Piece
from portal.ledger.models import Event
from safety_grid.actions import hold, mark_out
from safety_grid.actions.plans import set_plan
from safety_grid.models import Hazard, Round, RoundSpot
from tests.browser.conftest import Meet
from tests.browser.test_offline import PHONE, back, cut, laid_in
from tests.conftest import jpeg
from tests.district import Cast, District, hire
from tests.repairs.strangers import sticker_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ITEMS = [
    {"code": "HZ-01-2", "title": "疏散通道畅通", "category": "HZ-01"},
    {"code": "HZ-04-1", "title": "电线没有破损", "category": "HZ-04"},
]


@pytest.fixture
def case(place: District, cast: Cast) -> Round:
    """Rita's round of two rooms, open now."""
    qin = hire("qin", "秦海", place.school, ("safety_head", place.school))
    for unit in (place.room, place.other_room):
        hold(cell=mark_out(unit=unit, by=qin), person=cast.rita, by=qin)
    rule = {"every": "day", "time": "10:00"}
    set_plan(
        None, unit=place.school, title="日查", who="", rule=rule, hours=Decimal(10), places=[], items=ITEMS, by=qin
    )
    Schedule.objects.filter(kind="safety_grid.round").update(next_at=clock.now() - timedelta(minutes=1))
    open_due()
    return Round.objects.get()


def test_a_round_is_walked_without_network_and_arrives_once(
    place: District, cast: Cast, case: Round, meet: Meet, tmp_path: Path
) -> None:
    photo = tmp_path / "teal.jpg"
    photo.write_bytes(jpeg("teal", (1200, 900)))
    code = sticker_of(place.room, cast.lin).code
    first, second = case.spots.order_by("unit__path")
    url = f"/safety_grid/rounds/{case.number}/"
    forms = [f"{url}check_spot/?spot={one.pk}" for one in (first, second)]
    rita = meet(cast.rita, PHONE)
    rita.go("/safety_grid/rounds/")
    rita.look("rounds")
    laid_in(rita, "/unsent/", url, *forms)
    context, page = cut(rita), rita.page
    page.goto(f"{rita.base}/safety_grid/rounds/")
    page.get_by_role("link", name="203 教室").click()
    page.get_by_label("贴纸编码").fill(code)
    lines = page.locator(".line")
    expect(lines.nth(1).get_by_label("什么问题")).to_be_hidden()
    lines.nth(0).get_by_label("正常").check()
    lines.nth(1).get_by_label("有问题").check()
    lines.nth(1).get_by_label("什么问题").fill("插座冒火星")
    lines.nth(1).locator("input[type=file]").set_input_files([photo])
    expect(page.locator("[data-held] img")).to_have_count(1)
    rita.look("round-place")
    rita.press("巡查一个点位")
    expect(page.get_by_role("heading", level=1)).to_have_text("待发送 1 条")
    page.goto(f"{rita.base}{forms[1]}")
    page.get_by_label("没有编码的原因").fill("贴纸掉了")
    for line in lines.all():
        line.get_by_label("正常").check()
    rita.press("巡查一个点位")
    expect(page.get_by_role("heading", level=1)).to_have_text("待发送 2 条")
    assert (RoundSpot.objects.filter(done_at=None).count(), Hazard.objects.count()) == (2, 0)
    back(context, rita)
    expect(page.get_by_text("没有待发送的")).to_be_visible()
    assert [(one.proof, one.problems) for one in RoundSpot.objects.order_by("unit__path")] == [("code", 1), ("none", 0)]
    assert (Round.objects.get().state, Hazard.objects.get().title) == ("done", "203 教室 插座冒火星")
    assert Piece.objects.get().address == Hazard.objects.get().address
    assert Event.objects.filter(address=case.address, verb="check_spot").count() == 2
    rita.complaints.clear()
