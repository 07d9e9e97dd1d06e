"""The editor of announcements: written by hand with buttons, sent as marks, the same with the script gone."""

import json

import pytest

from portal.publications import announcing
from portal.publications.models import Announcement, Publication
from tests.browser.conftest import Meet, Visitor
from tests.conftest import jpeg
from tests.district import Cast, District

HTML = (
    "<h2>安排</h2><p>三点<strong>准时</strong>，5*3 带教案</p><ul><li>语文组</li><li>数学组</li></ul>"
    '<p>见<a href="https://a.cn/x" rel="noopener noreferrer nofollow">通知</a></p>'
    "<table><thead><tr><th>项目</th><th>内容</th></tr></thead><tbody><tr><td>教室|楼</td><td></td></tr><tr><td></td><td></td></tr></tbody></table>"
)

FIGURE = '<figure><img src="picture:{}" alt="阶梯教室"><figcaption>阶梯教室</figcaption></figure>'

SIZE = "one => one.decode().then(() => [one.naturalWidth, one.naturalHeight])"


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
    with page.expect_file_chooser() as chosen:  # after the block the cursor stands in, the table
        press(visitor, "图片")
    chosen.value.set_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg(size=(900, 600))})
    page.get_by_role("textbox", name="图上是什么").fill("阶梯教室")


@pytest.mark.parametrize("width", [390, 1440])
def test_what_is_written_with_the_buttons_is_published_as_it_looked(
    place: District, cast: Cast, meet: Meet, width: int
) -> None:
    hu = meet(cast.hu, width)
    page = hu.go("/publishing/add/")
    page.locator("[name=title]").fill("周五教研")
    typed(hu)
    assert page.locator(".rich-paper img").evaluate(SIZE) == [900, 600]
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
    said = json.loads(Publication.objects.get().payload)["content"]
    assert said["html"] == HTML + FIGURE.format(said["pictures"][0]["id"])
    one = Announcement.objects.get()
    page = hu.go(f"/publishing/{one.pk}/edit/")  # shown and read again, the marks are the same
    page.locator(".rich-paper").click()
    page.locator(".rich-paper").blur()
    assert page.locator("textarea[name=text]").input_value() == one.text.replace("\r\n", "\n")
    hu.press("去掉这张图")
    page.locator("[name=reason]").fill("换一张")
    assert page.locator("textarea[name=text]").input_value() == one.text.replace("\r\n", "\n").partition("\n\n![")[0]
    hu.press("公示更正的一版")
    page.wait_for_url(f"**/publishing/{one.pk}/")
    page = hu.go(announcing.page_of(one))
    assert (page.locator(".pub-text img").count(), hu.complaints) == (0, [])
    page = hu.go(f"{announcing.page_of(one)}1/")
    page.locator(".pub-text img").scroll_into_view_if_needed()
    assert page.locator(".pub-text img").evaluate(SIZE) == [900, 600]
    hu.look("published")
