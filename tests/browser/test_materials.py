"""Materials as people live it: the repair clock stands, the materials' own runs, and the job goes on by itself."""

import pytest
from playwright.sync_api import expect

from portal.cases.flow import address_of
from repairs.models import Materials, StockItem, Ticket
from tests.browser.conftest import Meet
from tests.district import Cast, District
from tests.repairs.test_materials import at_work, in_store

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [390])
def test_a_job_waits_for_materials_and_goes_on(width: int, place: District, cast: Cast, meet: Meet) -> None:
    job = at_work(place, cast)
    in_store(place, cast)
    will, lin, wu = (meet(person, width) for person in (cast.will, cast.lin, cast.wu))
    where = address_of(job)
    will.go(f"{where}request_materials/")
    will.page.get_by_label("品名和规格").first.fill("LED 灯管 T8 18W")
    will.page.get_by_label("数量").first.fill("2")
    will.press("再加一样")
    expect(will.page.get_by_label("品名和规格")).to_have_count(2)
    expect(will.page.get_by_label("品名和规格").first).to_have_value("LED 灯管 T8 18W")
    will.page.get_by_label("为什么要").fill("灯管老化")
    will.look("request-materials")
    will.press("申请材料", exact=True)
    expect(will.page.locator("main")).to_contain_text("修复时钟已停")
    case = Materials.objects.get()
    lin.go(address_of(case))
    expect(lin.page.locator("main")).to_contain_text("审批 · 距超时")
    expect(lin.page.locator("main")).to_contain_text(job.number)
    lin.look("materials")
    lin.press("同意")
    lin.press("同意", exact=True)
    expect(lin.page.locator("main")).to_contain_text("待发料")
    wu.go(f"{address_of(case)}hand_out/")
    wu.look("hand-out")
    wu.press("发料", exact=True)
    expect(wu.page).to_have_url(f"{wu.base}{address_of(case)}")
    will.go(where)
    expect(will.page.locator("main")).to_contain_text("修复 · 距超时")
    expect(will.page.locator("main")).to_contain_text("25.00 元")
    assert (Ticket.objects.get(pk=job.pk).state, StockItem.objects.get().on_hand) == ("working", 8)
