"""The network really cut on a phone: what is filled in waits there, goes out by itself once, and is nobody else's."""

from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from portal.cases.actions import move
from portal.evidence.models import Piece
from portal.orgs.models import User
from repairs.models import Ticket
from tests.browser.conftest import Meet, Visitor
from tests.chromium import PATIENCE
from tests.conftest import jpeg
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 390
LAID_IN = """async (paths) => {
  const worker = navigator.serviceWorker.controller;
  if (!worker || worker.state !== "activated") return false;
  const names = (await caches.keys()).filter((name) => name.startsWith("pages-"));
  const kept = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((one) => {
    const url = new URL(one.url); return url.pathname + url.search; })));
  return paths.every((path) => kept.flat().includes(path)); }"""

KEPT_BY = """async (names) => JSON.stringify((await caches.keys()).filter((name) => name.startsWith("pages-"))) === JSON.stringify(names)"""


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    found = []
    for colour in ("teal", "orange"):
        path = tmp_path / f"{colour}.jpg"
        path.write_bytes(jpeg(colour, (1200, 900)))
        found.append(path)
    return found


def laid_in(visitor: Visitor, *paths: str) -> None:
    """Waits until the phone keeps these pages."""
    until(visitor.page, LAID_IN, list(paths))


def kept_by(page: Page, names: list[str]) -> None:
    """Waits until the phone keeps pages under these names alone: the worker sorts them after it has handed on the page."""
    until(page, KEPT_BY, names)


def until(page: Page, asked: str, about: list[str]) -> None:
    """Waits until a script that takes its time says yes; Playwright's own waiting takes its promise for a yes."""
    for _ in range(PATIENCE // 100):
        if page.evaluate(asked, about):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never so for {about}")


def cut(visitor: Visitor) -> BrowserContext:
    context, visitor.was_cut = visitor.page.context, True
    context.set_offline(True)
    return context


def back(context: BrowserContext, visitor: Visitor) -> None:
    """The network returns; what the browser itself said of its absence is no complaint of ours."""
    context.set_offline(False)
    visitor.complaints.clear()


def fill_in(page: Page, words: str, photos: list[Path] | None = None) -> None:
    page.get_by_label("电灯电路").check()
    if photos:
        page.locator("input[type=file]").set_input_files(photos)
        expect(page.locator("[data-held] img")).to_have_count(len(photos))
    page.get_by_label("说一句").fill(words)
    page.get_by_role("button", name="提交报修").click()


def as_another(context: BrowserContext, person: User, base: str) -> None:
    """Signs somebody else in on the same phone."""
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": as_(person).cookies[name].value, "url": base}])


def test_a_report_with_two_photos_waits_through_a_closed_tab_and_arrives_once(
    place: District, cast: Cast, meet: Meet, photos: list[Path]
) -> None:
    rita = meet(cast.rita, PHONE)
    rita.go("/")
    laid_in(rita, "/unsent/", "/repairs/report/?anywhere")
    context = cut(rita)
    rita.page.goto(f"{rita.base}/repairs/report/")
    rita.page.get_by_label("写下地点").fill("203 教室")
    fill_in(rita.page, "顶灯不亮", photos)
    expect(rita.page.get_by_role("heading", level=1)).to_have_text("待发送 1 条")
    expect(rita.page.locator(".rows-unsent")).to_contain_text("报修：顶灯不亮")
    expect(rita.page.locator(".rows-unsent")).to_contain_text("203 教室")
    expect(rita.page.locator(".rows-unsent")).to_contain_text("照片 2 张")
    expect(rita.page.locator(".rows-unsent")).to_contain_text("等网络")
    rita.look("unsent")
    rita.page.goto(f"{rita.base}/")
    expect(rita.page.locator(".phonebar [data-unsent-badge]")).to_have_text("1")
    rita.page.close()
    assert Ticket.objects.count() == 0
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"{rita.base}/")
    expect(page.locator("[data-live]")).to_have_text("已发出：报修 顶灯不亮")
    expect(page.locator(".phonebar [data-unsent-badge]")).to_be_hidden()
    ticket = Ticket.objects.get()
    assert (ticket.unit, ticket.opener) == (place.room, cast.rita)
    assert Piece.objects.filter(address=ticket.address).count() == 2
    rita.complaints.clear()


def test_an_answer_lost_on_the_way_and_a_page_killed_meanwhile_make_one_ticket(
    place: District, cast: Cast, meet: Meet, photos: list[Path]
) -> None:
    rita = meet(cast.rita, PHONE)
    rita.go(f"/repairs/report/?at={place.room.pk}")
    laid_in(rita, "/unsent/")
    context = rita.page.context
    heard: list[str] = []

    def lose_the_answer(route: Any) -> None:
        if route.request.method != "POST":
            return route.fallback()
        heard.append(route.fetch().text())  # the server took it, the phone never hears so
        return route.abort()

    context.route("**/repairs/report/**", lose_the_answer)
    rita.page.get_by_label("电灯电路").check()
    rita.page.get_by_label("说一句").fill("顶灯不亮")
    rita.page.locator("input[type=file]").set_input_files(photos[:1])
    expect(rita.page.locator("[data-evidence] .keep")).to_have_count(1)
    rita.page.get_by_role("button", name="提交报修").click()
    expect(rita.page.get_by_role("heading", level=1)).to_have_text("待发送 1 条")
    assert (len(heard) >= 1, Ticket.objects.count()) == (True, 1)
    rita.page.close()
    context.unroute("**/repairs/report/**")
    page = context.new_page()
    page.goto(f"{rita.base}/unsent/")
    expect(page.get_by_text("没有待发送的")).to_be_visible()
    assert (Ticket.objects.count(), Piece.objects.exclude(address="").count()) == (1, 1)
    rita.complaints.clear()


def test_another_person_on_the_same_phone_sees_nothing_sends_nothing_and_reads_nothing(
    place: District, cast: Cast, meet: Meet
) -> None:
    rita = meet(cast.rita, PHONE)
    rita.go("/")
    laid_in(rita, "/unsent/", "/repairs/report/?anywhere")
    context = cut(rita)
    rita.page.goto(f"{rita.base}/repairs/report/")
    rita.page.get_by_label("写下地点").fill("203 教室")
    fill_in(rita.page, "顶灯不亮")
    expect(rita.page.get_by_role("heading", level=1)).to_have_text("待发送 1 条")
    rita.page.goto("about:blank")
    context.clear_cookies()
    as_another(context, cast.sam, rita.base)
    back(context, rita)
    rita.page.goto(f"{rita.base}/unsent/")
    expect(rita.page.get_by_text("没有待发送的")).to_be_visible()
    expect(rita.page.locator(".phonebar [data-unsent-badge]")).to_be_hidden()
    kept_by(rita.page, [f"pages-{cast.sam.pk}"])
    rita.page.wait_for_timeout(500)
    assert Ticket.objects.count() == 0
    context.clear_cookies()
    rita.page.goto(f"{rita.base}/")  # nobody is signed in
    expect(rita.page.get_by_role("heading", name="登录")).to_be_visible()
    kept_by(rita.page, [])
    assert Ticket.objects.count() == 0
    as_another(context, cast.rita, rita.base)
    rita.page.goto(f"{rita.base}/")
    expect(rita.page.locator("[data-live]")).to_have_text("已发出：报修 顶灯不亮")
    assert [(one.opener, one.unit) for one in Ticket.objects.all()] == [(cast.rita, place.room)]
    rita.complaints.clear()


def test_a_page_on_its_way_while_one_signs_out_is_not_kept(
    place: District, cast: Cast, meet: Meet, live_server: Any
) -> None:
    rita, server = meet(cast.rita, PHONE), live_server.thread.httpd
    rita.go("/")
    laid_in(rita, "/unsent/")
    answered, signed_out, app = Flag(), Flag(), server.get_app()

    def late(environ: Any, start: Any) -> Any:
        answer = app(environ, start)
        if environ["QUERY_STRING"] == "tab=opened":
            answered.set()
            signed_out.wait(PATIENCE / 1000)
        return answer

    server.set_app(late)
    try:
        worker = rita.page.context.service_workers[0]
        worker.evaluate("() => { self.ahead = laidIn(new URL('/desk/?tab=opened', location.origin)); }")
        assert answered.wait(PATIENCE / 1000)
        rita.page.context.clear_cookies()
        rita.go("/")
        kept_by(rita.page, [])
        signed_out.set()
        assert "待办" in worker.evaluate("() => self.ahead")  # it came
        kept_by(rita.page, [])
    finally:
        signed_out.set()


def test_a_technician_arrives_and_finishes_without_network_and_both_are_taken_in_order(
    place: District, cast: Cast, meet: Meet, photos: list[Path]
) -> None:
    ticket = assigned(place, cast)
    url = f"/repairs/tickets/{ticket.number}/"
    will = meet(cast.will, PHONE)
    will.go("/repairs/today/")
    laid_in(will, url, f"{url}arrive/", f"{url}finish/", f"{url}comment/")
    context = cut(will)
    will.page.goto(f"{will.base}/repairs/today/")
    expect(will.page.locator("[data-offline]")).to_contain_text("没有网络")
    will.page.get_by_role("link", name="203 教室 顶灯不亮").click()
    will.press("到场")
    will.page.get_by_label("现场情况").fill("镇流器坏了")
    will.press("到场", exact=True)
    expect(will.page.get_by_role("heading", level=1)).to_have_text("待发送 1 条")
    will.press("接着办：完工，拍照提交")
    will.page.locator("input[type=file]").set_input_files(photos[:1])
    expect(will.page.locator("[data-held] img")).to_have_count(1)
    will.page.get_by_label("怎么修的").fill("换了镇流器")
    will.press("完工，拍照提交", exact=True)
    expect(will.page.get_by_role("heading", level=1)).to_have_text("待发送 2 条")
    back(context, will)
    expect(will.page.get_by_text("没有待发送的")).to_be_visible()
    expect(will.page.locator(".note-done")).to_have_count(2)
    will.look("unsent-sent")
    ticket.refresh_from_db()
    assert ticket.state == "finished"


def test_a_step_somebody_else_took_meanwhile_is_kept_and_explained_with_a_way_on(
    place: District, cast: Cast, meet: Meet
) -> None:
    ticket = assigned(place, cast)
    url = f"/repairs/tickets/{ticket.number}/"
    will = meet(cast.will, PHONE)
    will.go("/repairs/today/")
    laid_in(will, url, f"{url}arrive/")
    context = cut(will)
    will.page.goto(f"{will.base}{url}arrive/")
    will.page.get_by_label("现场情况").fill("门锁着")
    will.press("到场", exact=True)
    expect(will.page.get_by_role("heading", level=1)).to_have_text("待发送 1 条")
    move(ticket, "reassign", by=cast.dora, data={"assignee": cast.will.pk, "reason": "换个时间", "note": ""})
    back(context, will)
    refused = will.page.locator("[data-refused]")
    expect(refused).to_contain_text("这件事先有人办了一步，您的没有写入。")
    expect(refused).to_contain_text("现在是“待上门”")
    expect(will.page.locator(".phonebar [data-unsent-badge]")).to_have_text("1")
    will.look("unsent-refused")
    assert will.page.get_by_role("link", name="看最新情况").get_attribute("href") == url
    will.press("修改")
    expect(will.page.get_by_label("现场情况")).to_have_value("门锁着")
    will.press("到场", exact=True)
    expect(will.page.locator("body")).to_contain_text("已办：到场")
    expect(will.page.locator(".phonebar [data-unsent-badge]")).to_be_hidden()
    ticket.refresh_from_db()
    assert ticket.state == "working"
    will.complaints.clear()  # the browser itself names the 412


def test_what_is_sent_when_the_session_has_ended_waits_for_the_same_person_to_sign_in(
    place: District, cast: Cast, meet: Meet
) -> None:
    rita = meet(cast.rita, PHONE)
    rita.go(f"/repairs/report/?at={place.room.pk}")
    laid_in(rita, "/unsent/")
    rita.page.get_by_label("电灯电路").check()
    rita.page.get_by_label("说一句").fill("顶灯不亮")
    rita.page.wait_for_load_state("networkidle")
    rita.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    rita.page.get_by_role("button", name="提交报修").click()
    expect(rita.page.get_by_role("heading", name="登录")).to_be_visible()
    assert Ticket.objects.count() == 0
    rita.page.get_by_label("用户名").or_(rita.page.locator("[name=username]")).first.fill(cast.rita.username)
    rita.page.locator("[name=password]").fill("sunlit-test")
    rita.page.get_by_role("button", name="登录", exact=True).click()
    expect(rita.page.get_by_text("没有待发送的")).to_be_visible()  # it came back to 待发送, and sent
    assert [(one.opener, one.unit) for one in Ticket.objects.all()] == [(cast.rita, place.room)]
    rita.complaints.clear()  # the browser itself names the 401


def test_a_report_the_portal_refuses_is_kept_with_its_sentence_mended_and_sent_or_deleted(
    place: District, cast: Cast, meet: Meet, photos: list[Path]
) -> None:
    rita = meet(cast.rita, PHONE)
    rita.go("/")
    laid_in(rita, "/unsent/", "/repairs/report/?anywhere")
    context = cut(rita)
    for words in ("顶灯不亮", "门坏了"):
        rita.page.goto(f"{rita.base}/repairs/report/")
        rita.page.get_by_label("写下地点").fill("没有这里")
        fill_in(rita.page, words, photos[:1])
        expect(rita.page.locator(".rows-unsent")).to_contain_text(words)
    expect(rita.page.locator(".phonebar [data-unsent-badge]")).to_have_text("2")
    back(context, rita)
    expect(rita.page.locator("[data-refused]").first).to_contain_text("叫“没有这里”的地点没有找到")
    rows = rita.page.locator(".rows-unsent > li")
    rows.nth(1).get_by_role("button", name="删除").click()
    rows.nth(1).get_by_role("button", name="确定删除").click()
    expect(rows).to_have_count(1)
    rows.nth(0).get_by_role("link", name="修改").click()
    expect(rita.page.get_by_label("说一句")).to_have_value("顶灯不亮")
    expect(rita.page.get_by_label("电灯电路")).to_be_checked()
    expect(rita.page.locator("[data-evidence] .keep")).to_have_count(1)  # the photo came back too, and went ahead
    rita.page.get_by_label("写下地点").fill("203 教室")
    rita.page.get_by_role("button", name="提交报修").click()
    expect(rita.page.get_by_role("heading", level=1)).to_contain_text("203 教室 顶灯不亮")
    expect(rita.page.locator(".phonebar [data-unsent-badge]")).to_be_hidden()
    ticket = Ticket.objects.get()
    assert (ticket.unit, Piece.objects.filter(address=ticket.address).count()) == (place.room, 1)
    rita.complaints.clear()  # the browser itself names the 422


def test_a_technicians_day_opens_without_network_and_a_page_not_kept_says_so(
    place: District, cast: Cast, meet: Meet
) -> None:
    ticket = assigned(place, cast)
    will = meet(cast.will, PHONE)
    will.go("/repairs/today/")
    laid_in(will, "/repairs/today/", f"/repairs/tickets/{ticket.number}/")
    context = cut(will)
    will.page.goto(f"{will.base}/repairs/today/")
    will.look("today-offline")
    will.press("203 教室 顶灯不亮")
    expect(will.page.get_by_role("heading", level=1)).to_contain_text("203 教室 顶灯不亮")
    expect(will.page.locator("[data-offline]")).to_contain_text("的样子")
    will.page.goto(f"{will.base}/me/")
    expect(will.page.get_by_role("heading", level=1)).to_have_text("没有网络")
    will.look("not-kept")
    back(context, will)


def test_a_new_worker_throws_the_old_files_away_and_keeps_the_pages(cast: Cast, place: District, meet: Meet) -> None:
    rita = meet(cast.rita, PHONE)
    rita.go("/")
    laid_in(rita, "/unsent/")
    rita.page.evaluate(
        "caches.open('files-of-yesterday').then(() => navigator.serviceWorker.getRegistration())"
        ".then((known) => known.unregister())"
    )
    rita.page.goto("about:blank")  # the worker is let go with the last page it serves
    rita.go("/desk/")
    laid_in(rita, "/desk/")
    names = rita.page.evaluate("caches.keys()")
    assert sorted(name.split("-")[0] for name in names) == ["files", "pages"]
    assert "files-of-yesterday" not in names


def assigned(place: District, cast: Cast) -> Ticket:
    """A ticket waiting for the technician to come."""
    ticket = reported(place, cast.rita)
    move(ticket, "accept", by=cast.dora, data={"reply": "马上来"})
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    return ticket
