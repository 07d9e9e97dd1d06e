"""Samples as the kitchen keeps them on its phone: weighed dish by dish, labelled, thrown away by the label after 48 hours."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from canteen.models import Sample, Sampling
from portal import clock
from portal.cases.flow import address_of
from tests.browser.conftest import Meet
from tests.canteen.cast import kitchen_of
from tests.chaos.test_fifty_kitchen import stand
from tests.district import Cast, District

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [390])
def test_a_sample_is_weighed_labelled_and_thrown_away_by_its_label(
    width: int, place: District, cast: Cast, meet: Meet
) -> None:
    case: Any = stand("留样待留样", place, cast)
    chu = meet(kitchen_of(place).chu, width)
    where = address_of(case)
    chu.go(f"{where}keep_samples/")
    grams = chu.page.get_by_label("克数")
    grams.fill("120")
    chu.look("samples")
    chu.press("留样", exact=True)
    expect(chu.page.locator("main")).to_contain_text("不少于 125 克")
    chu.complaints.clear()  # the refusal is a 422, which the browser reports
    grams.fill("130")
    chu.press("留样", exact=True)
    expect(chu.page.locator("main")).to_contain_text("130 克")
    sample = Sample.objects.get()
    chu.page.get_by_role("link", name="打印留样标签").click()
    expect(chu.page.locator(".sample-label")).to_contain_text("130 克")
    expect(chu.page.locator(".sample-label svg").first).to_be_visible()
    chu.look("labels")
    chu.go(f"/canteen/samples/{sample.code}/")
    expect(chu.page.get_by_label("标签编码")).to_have_value(sample.code)
    chu.press("销毁留样", exact=True)
    expect(chu.page.locator("main")).to_contain_text("还要再留约 48 小时")
    chu.complaints.clear()
    Sample.objects.update(until=clock.now() - timedelta(minutes=1))
    chu.press("销毁留样", exact=True)
    expect(chu.page.locator("main")).to_contain_text("已销毁")
    assert (Sampling.objects.get().state, Sample.objects.get().discarded_by) == ("discarded", kitchen_of(place).chu)
