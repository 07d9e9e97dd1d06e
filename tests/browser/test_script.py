"""The portal's small script and its components in a real Chromium: clocks count, one submit at a time, nothing is refused
by the content policy, nothing is amiss for screen readers."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import axe_core_python
import bootstrap_wrapper
import pytest
from django.conf import settings
from django.template import Context, Template
from playwright.sync_api import Browser, Page

from portal import clock
from portal.cases.faces import ActionFace, CaseRow, ClockFace, RungFace, StepFace, TrailFace

pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 19, 10, 32, tzinfo=clock.SCHOOL_TIME)
POLICY = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'"
PAGE = """{% extends "skeleton.html" %}{% block title %}部件{% endblock %}
{% block head %}<script src="{% static 'sunlit.js' %}" defer></script>{% endblock %}
{% block body %}<div class="shell shell-bare"><div></div><main class="main" id="main" tabindex="-1" data-now="{% server_now %}">
<div class="banner" role="status" data-offline hidden>没有网络</div>
<div class="page-head"><h1>部件</h1></div>
<section class="panel"><h2>进度</h2>{% include "components/steps.html" %}{% include "components/mini.html" with mini=mini %}</section>
<section class="panel"><h2>时限</h2><div class="watch">{% include "components/clock_xl.html" with clock=soon %}
{% include "components/ladder.html" %}</div></section>
<section class="panel panel-flush" id="rows"><h2 class="group">清单</h2>{% include "components/cases.html" %}</section>
<section class="panel"><h2>经过</h2>{% include "components/trail.html" %}</section>
<section class="panel"><h2>可以</h2>{% include "components/action.html" %}</section>
<form method="post" action="/post"><input type="hidden" name="key" value="k1"><button class="btn btn-primary">提交</button></form>
<button class="btn btn-line" type="button" data-open="sure">问一句</button>
<dialog id="sure" aria-label="确定吗"><p>确定吗？</p><button class="btn btn-line" type="button" data-close>关闭</button></dialog>
{% include "components/empty.html" with title="都办完了" words="没有等您办的事。" %}
</main></div>
<nav class="tabbar" aria-label="底部导航"><a href="#main">首页</a><details data-sheet><summary aria-label="新建">＋</summary>
<div class="sheet"><a href="#main">报修</a></div></details></nav>
<p class="sr" role="status" data-live></p>{% endblock %}"""


def faces() -> dict[str, Any]:
    soon = ClockFace(
        "soon", "距超时 1 小时 12 分", 18, NOW + timedelta(hours=1, minutes=12, seconds=30), "修复", "今天 11:44"
    )
    late = ClockFace("late", "已超时 1 天 3 小时，已到校长", 0, NOW - timedelta(days=1, hours=3))
    still = ClockFace("off", "时钟已停")
    row = partial(
        CaseRow,
        "/x",
        "wrench",
        number="BX-1",
        place="教学楼",
        holder_name="王建平",
        holder_post="维修员",
        state_title="维修",
    )
    return {
        "soon": soon,
        "mini": (2, 5),
        "steps": [
            StepFace("报修", "", "past", "08:12"),
            StepFace("维修", "hammer", "now"),
            StepFace("办结", "flag", "ahead"),
        ],
        "rungs": [
            RungFace("王建平", "维修员", "昨天 07:30 到期", "hit"),
            RungFace("", "副校长", "昨天", "vacant"),
            RungFace("您", "校长", "今天", "now"),
        ],
        "rows": [row(title="漏水", clock=soon), row(title="堵塞", clock=late), row(title="一体机", clock=still)],
        "trail": [TrailFace("undo-2", "bad", "林晓芸", "验收退回", "昨天 16:05", [("原因", "还在渗水")])],
        "action": ActionFace("finish", "完工", "camera", True, "/x", "须有照片"),
    }


@dataclass
class Stage:
    """A page on a small server that counts what is posted to it."""

    address: str
    posted: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    root: Path = tmp_path_factory.mktemp("site")
    shutil.copytree(bootstrap_wrapper.get_bootstrap_css_dir(), root / "static" / "bootstrap")
    shutil.copytree(settings.BASE_DIR / "static", root / "static", dirs_exist_ok=True)
    with clock.at(NOW):
        (root / "index.html").write_text(Template(PAGE).render(Context(faces())), encoding="utf-8")
    shown = Stage("")

    class Handler(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", POLICY)
            super().end_headers()

        def do_POST(self) -> None:
            shown.posted.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)  # the page stays, so a second press would be seen
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shown.address = f"http://127.0.0.1:{server.server_address[1]}/"
    yield shown
    server.shutdown()


@pytest.fixture(params=[390, 1440])
def page(request: pytest.FixtureRequest, chromium: Browser, stage: Stage) -> Iterator[Page]:
    """The page at both widths, in a browser whose clock stands with the server's; its complaints fail the test."""
    stage.posted.clear()
    context = chromium.new_context(viewport={"width": request.param, "height": 900}, timezone_id="America/New_York")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.clock.install(time=NOW)
    page.goto(stage.address, wait_until="networkidle")
    yield page
    assert complaints == []
    context.close()


def said(page: Page) -> list[str]:
    return page.locator("#rows .clock").all_inner_texts()


def test_clocks_count_down_and_turn_late_once_with_one_announcement(page: Page) -> None:
    assert said(page) == ["距超时 1 小时 12 分", "已超时 1 天 3 小时，已到校长", "时钟已停"]
    page.clock.fast_forward("00:32:00")
    assert said(page) == ["距超时 40 分", "已超时 1 天 3 小时，已到校长", "时钟已停"]
    assert page.locator("[data-live]").inner_text() == ""
    page.clock.fast_forward("01:00:00")
    assert said(page) == ["已超时 19 分", "已超时 1 天 4 小时，已到校长", "时钟已停"]
    assert "is-late" in (page.locator("#rows .clock").first.get_attribute("class") or "")
    assert page.locator("[data-live]").inner_text() == "漏水 已超时"


def test_a_browser_with_a_wrong_clock_counts_right(chromium: Browser, stage: Stage) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.clock.install(time=NOW - timedelta(days=400))
    page.goto(stage.address)
    assert said(page)[0] == "距超时 1 小时 12 分"
    context.close()


def test_three_presses_send_a_form_once_with_its_key(page: Page, stage: Stage) -> None:
    with page.expect_response("**/post"):
        page.evaluate(
            "() => { const one = document.querySelector('form button'); one.click(); one.click(); one.click(); }"
        )
    page.locator("form button").click()
    page.wait_for_timeout(200)
    assert stage.posted == ["key=k1"]


def test_a_form_that_got_no_answer_may_be_sent_again_with_the_same_key(page: Page, stage: Stage) -> None:
    with page.expect_response("**/post"):
        page.locator("form button").click()
    page.clock.fast_forward("00:00:21")
    with page.expect_response("**/post"):
        page.locator("form button").click()
    assert stage.posted == ["key=k1", "key=k1"]


def test_a_dialog_opens_and_closes(page: Page) -> None:
    page.get_by_text("问一句").click()
    assert page.locator("#sure").is_visible()
    page.get_by_text("关闭").click()
    assert not page.locator("#sure").is_visible()


def test_a_lost_network_is_said_and_its_return_too(page: Page) -> None:
    banner = page.locator("[data-offline]")
    page.context.set_offline(True)
    banner.wait_for(state="visible")
    page.context.set_offline(False)
    banner.wait_for(state="hidden")


def test_the_sheet_behind_plus_closes_on_escape_and_on_a_tap_beside_it(chromium: Browser, stage: Stage) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(stage.address)
    sheet = page.locator(".sheet")
    page.locator(".tabbar summary").click()
    assert sheet.is_visible()
    page.keyboard.press("Escape")
    assert not sheet.is_visible()
    page.locator(".tabbar summary").click()
    page.mouse.click(200, 40)
    assert not sheet.is_visible()
    context.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_is_amiss_for_screen_readers_and_nothing_scrolls_sideways(
    chromium: Browser, stage: Stage, width: int
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(stage.address)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    page.add_script_tag(path=str(Path(axe_core_python.__file__).parent / "axe.min.js"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", tags)
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    context.close()
