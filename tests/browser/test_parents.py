"""A parent and the canteen on a phone: reads the week's account, verifies it, rates the dishes, asks with a photo, sees the answer."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from canteen.actions.ratings import ask_diners
from canteen.models import Dish, Occasion, Question
from canteen.queries.ratings import questions_on
from portal.surveys.models import Voter
from tests.browser.conftest import Meet, Visitor
from tests.browser.test_hazards import photographed
from tests.canteen.cast import canteen_of, kitchen_of
from tests.canteen.test_questions import answered, mother_of
from tests.canteen.test_school import a_public_week
from tests.district import District

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


MOVED = """() => {
    const seen = new PerformanceObserver(() => {});
    seen.observe({type: "layout-shift", buffered: true});
    return seen.takeRecords().reduce((sum, one) => sum + one.value, 0);
}"""


def fits_and_stands_still(mother: Visitor, path: str) -> None:
    """Nothing on a public page moves while it comes, and nothing is wider than the narrowest phone or another site's frame."""
    page = mother.go(path)
    assert page.evaluate(MOVED) < 0.01
    for width in (300, 320, 360):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") == width, (path, width)
    mother.widen(390)


def test_a_parent_reads_verifies_rates_asks_and_is_answered_each_a_tap_or_two_from_home(
    place: District, meet: Meet, tmp_path: Path
) -> None:
    kitchen, canteen = kitchen_of(place), canteen_of(place)
    a_public_week(place, kitchen, canteen)
    ask_diners(canteen, Occasion.MONTH, "11 月菜品", questions_on(list(Dish.objects.order_by("pk"))))
    mother = meet(mother_of(place), 390)
    page = mother.page
    mother.go("/")
    mother.look("parent-home")
    mother.press("2026 年第 46 周食堂周账")
    expect(page.locator("body")).to_contain_text("23 310.00".replace(" ", "\u202f"))
    expect(page.get_by_role("region", name="家长学生打分")).to_contain_text("90.0")
    mother.look("parent-account")
    page.locator("#proof ~ p code").click()
    expect(page.get_by_role("heading", name="与公示的一致")).to_be_visible()
    mother.look("parent-verified")
    week = "/p/LX01/canteen.weeklyaccount/"
    for public in (page.url.removeprefix(mother.base), f"{week}2026-W46/", f"{week}embed/", "/p/LX01/"):
        fits_and_stands_still(mother, public)

    mother.go("/")
    mother.press("去答：第一食堂：11 月菜品")
    for dish, stars in (("红烧鱼", "4"), ("牛肉面", "5")):
        page.get_by_role("group", name=dish).get_by_label(re.compile(stars)).check(force=True)
    mother.look("parent-ballot")
    mother.press("交答卷")
    expect(page.locator("body")).to_contain_text("答卷已收下")
    assert Voter.objects.count() == 6  # five of the month before, and hers

    mother.go("/")
    mother.press("问食堂")
    page.get_by_label("想问什么").fill("今天的豆腐是早上做的吗？")
    photographed(mother, tmp_path, "olive")
    mother.look("parent-asks")
    mother.press("提交问题")
    expect(page.get_by_role("heading", level=1)).to_contain_text("今天的豆腐是早上做的吗")
    answered(Question.objects.get(), kitchen.jiang)

    mother.go("/")
    mother.press("今天的豆腐是早上做的吗？")
    expect(page.locator("body")).to_contain_text("每天早上现做。")
    mother.look("parent-answered")
    mother.go("/")
    mother.press("本校食堂")
    expect(page.get_by_role("heading", level=1)).to_contain_text("食堂")
    mother.look("parent-canteen")
    mother.press("看问答")
    expect(page.locator("body")).to_contain_text("每天早上现做。")
    mother.look("parent-answers")
