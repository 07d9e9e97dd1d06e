"""The editor of announcements: written by hand with buttons, sent as marks, the same with the script gone."""

import json

import pytest

from portal.publications.models import Announcement, Publication
from tests.browser.conftest import Meet, Visitor
from tests.district import Cast, District

HTML = (
    "<h2>安排</h2><p>三点<strong>准时</strong>，5*3 带教案</p><ul><li>语文组</li><li>数学组</li></ul>"
    '<p>见<a href="https://a.cn/x" rel="noopener noreferrer nofollow">通知</a></p>'
    "<table><thead><tr><th>项目</th><th>内容</th></tr></thead><tbody><tr><td>教室|楼</td><td></td></tr><tr><td></td><td></td></tr></tbody></table>"
)


def press(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("group", name="排版").get_by_role("button", name=name, exact=True).click()


def typed(visitor: Visitor) -> None:
    """Everything the buttons do."""
    page = visitor.page
    page.get_by_role("textbox", name="正文").click()
    press(visitor, "标题")
    page.keyboard.type("安排")
    page.keyboard.press("Enter")
    page.keyboard.type("三点")
    press(visitor, "加粗")
    page.keyboard.type("准时")
    press(visitor, "加粗")
    page.keyboard.type("，5*3 带教案")
    page.keyboard.press("Enter")
    press(visitor, "列表")
    page.keyboard.type("语文组")
    page.keyboard.press("Enter")
    page.keyboard.type("数学组")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.type("见通知")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    press(visitor, "链接")
    page.get_by_role("textbox", name="链接的网址").fill("a.cn/x")
    press(visitor, "加上")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    press(visitor, "表格")
    page.locator(".rich-paper td").first.click()
    page.keyboard.type("教室|楼")


@pytest.mark.parametrize("width", [390, 1440])
def test_what_is_written_with_the_buttons_is_published_as_it_looked(
    place: District, cast: Cast, meet: Meet, width: int
) -> None:
    hu = meet(cast.hu, width)
    page = hu.go("/publishing/add/")
    page.locator("[name=title]").fill("周五教研")
    typed(hu)
    hu.look("editor")
    hu.press("预览")  # nothing is lost on the way, and the editor shows it again
    page.wait_for_load_state()
    assert page.locator(".rich-paper h2").inner_text() == "安排"
    hu.press("保存草稿")
    page.wait_for_url("**/publishing/*/")
    hu.press("发布", exact=True)
    page.wait_for_url("**/issue/")
    hu.press("发布", exact=True)
    page.wait_for_url("**/publishing/*/")
    assert json.loads(Publication.objects.get().payload)["content"]["html"] == HTML
    one = Announcement.objects.get()
    page = hu.go(f"/publishing/{one.pk}/edit/")  # shown and read again, the marks are the same
    page.locator(".rich-paper").click()
    page.locator(".rich-paper").blur()
    assert page.locator("textarea[name=text]").input_value() == one.text.replace("\r\n", "\n")
