"""A delivery as the kitchen lives it on its phones: the keeper weighs in with photos, two sign, it is in stock and issued."""

import pytest
from playwright.sync_api import expect

from canteen.models import DeliveryLine, Shelf
from portal.cases.flow import address_of
from tests.browser.conftest import Meet
from tests.canteen.cast import canteen_of, kitchen_of
from tests.canteen.orders import fresh, ordered
from tests.conftest import jpeg
from tests.district import Cast, District

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHOTO = {"name": "scale.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}


@pytest.mark.parametrize("width", [390])
def test_the_keeper_weighs_in_with_photos_and_two_sign(width: int, place: District, cast: Cast, meet: Meet) -> None:
    who, canteen = kitchen_of(place), canteen_of(place)
    case = ordered(place, canteen, who.cai)
    bo, yan = meet(who.bo, width), meet(who.yan, width)
    where = address_of(case)
    bo.go(f"{where}weigh_in/")
    choosers = bo.page.locator("main input[type=file]")
    choosers.nth(0).set_input_files([PHOTO])
    bo.page.get_by_label("实收").nth(1).fill("50")
    for at in (1, 2):  # the meat's certificate and the greens'
        choosers.nth(at).set_input_files([PHOTO])
    bo.look("weigh-in")
    bo.press("过秤登记", exact=True)
    expect(bo.page.locator("main")).to_contain_text("青菜比订的少 16.7%，请写原因")
    bo.complaints.clear()  # the refusal is a 422, which the browser reports
    bo.page.get_by_label("差异或拒收原因").nth(1).fill("只送来这些")
    bo.press("过秤登记", exact=True)
    expect(bo.page).to_have_url(f"{bo.base}{where}")
    expect(bo.page.locator("main")).to_contain_text("比订的少 16.7%")
    yan.go(where)
    yan.look("delivery")
    yan.press("签字验收")
    yan.press("签字验收", exact=True)
    expect(yan.page.locator("main")).to_contain_text("待保管员签字")
    bo.go(where)
    bo.press("签字并入库")
    bo.press("签字并入库", exact=True)
    expect(bo.page.locator("main")).to_contain_text("已入库")
    assert (fresh(case).state, fresh(case).first, fresh(case).second) == ("stocked", who.yan, who.bo)
    assert DeliveryLine.objects.filter(case=case, papers=1).count() == 2
    bo.go("/canteen/stock/issue/")
    bo.page.get_by_label("领多少").nth(0).fill("20")
    bo.look("issue")
    bo.press("领用", exact=True)
    expect(bo.page.locator("main")).to_contain_text("80 斤")
    assert Shelf.objects.get(ingredient__name="大米").on_hand == 80
