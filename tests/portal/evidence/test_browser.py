"""Photos in a real browser: made smaller, uploaded ahead, kept when something fails, and never sent twice."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.test import Client
from playwright.sync_api import Page, Route, expect

from portal.evidence.models import Piece
from portal.orgs.models import User

from .conftest import person
from .pictures import TAKEN, drawn, encoded, exif, pixel

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.portal.evidence.routes"),
    pytest.mark.django_db(transaction=True),
]

IDS = re.compile(r"^[0-9a-f-]{36}(,[0-9a-f-]{36})*$")  # the answer to the form, whole


@pytest.fixture
def rita(transactional_db: None) -> User:
    return person("Rita")


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def script(request: Any) -> bool:
    return bool(request.param)


def opened(chromium: Any, live_server: Any, rita: User, *, script: bool = True) -> Page:
    client = Client()
    client.force_login(rita)
    context = chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=script)
    name = portal_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page: Page = context.new_page()
    page.goto(f"{live_server.url}/report")
    return page


def photo(name: str, size: tuple[int, int] = (3000, 2000), **options: Any) -> dict[str, Any]:
    body = encoded(drawn(size), exif=options.pop("exif", exif(6)), quality=95, **options)
    return {"name": name, "mimeType": "image/jpeg", "buffer": body + bytes(500_000)}


def choose(page: Page, *files: dict[str, Any]) -> None:
    page.locator("input[type=file][name=photos]").set_input_files(list(files))


def send(page: Page) -> list[str]:
    press(page)
    expect(page.locator("body")).to_have_text(IDS)
    return page.inner_text("body").split(",")


def press(page: Page) -> None:
    page.fill("[name=words]", "灯不亮")
    page.click("button[name=step]")


def test_a_photo_is_made_smaller_turned_and_uploaded_before_the_form_is_sent(
    chromium: Any, live_server: Any, rita: User, media: Path
) -> None:
    page = opened(chromium, live_server, rita)
    choose(page, photo("一.jpg"), photo("二.jpg", (2400, 1800)))
    expect(page.locator("[data-evidence=photos] .shot img")).to_have_count(2)
    kept = list(Piece.objects.order_by("uploaded_at"))
    assert [(one.width, one.height, one.taken_at) for one in kept] == [(1067, 1600, TAKEN), (1200, 1600, TAKEN)]
    assert pixel((media / kept[0].stored).read_bytes(), 0.5, 0.1) == "red"
    assert send(page) == [str(one.pk) for one in kept]
    assert Piece.objects.count() == 2


def test_without_script_the_form_carries_the_photos(chromium: Any, live_server: Any, rita: User, script: bool) -> None:
    page = opened(chromium, live_server, rita, script=script)
    choose(page, photo("一.jpg", (900, 600)))
    ids = send(page)
    assert ids == [str(Piece.objects.get().pk)]


def test_an_unticked_photo_does_not_come_along(chromium: Any, live_server: Any, rita: User, script: bool) -> None:
    page = opened(chromium, live_server, rita, script=script)
    choose(page, *(photo(f"{width}.jpg", (width, 600)) for width in (600, 700, 800, 900)))
    if not script:
        press(page)  # one more than the form takes: it comes back with all four
    shots = page.locator("[data-evidence=photos] .keep")
    expect(shots).to_have_count(4)
    first = shots.first.get_attribute("value")
    page.locator("[data-evidence=photos] .drop").first.click()
    expect(page.locator("[data-evidence=photos] .keep:checked")).to_have_count(3)
    assert send(page) == [str(one.pk) for one in Piece.objects.exclude(pk=first).order_by("width")]


def test_what_could_not_be_uploaded_goes_with_the_form(chromium: Any, live_server: Any, rita: User) -> None:
    page = opened(chromium, live_server, rita)
    failing = iter([True, False])
    page.route("**/evidence/", lambda route: route.abort() if next(failing) else route.continue_())
    choose(page, photo("一.jpg"), photo("二.jpg", (2400, 1800)))
    expect(page.locator("[data-said]").first).to_have_text("一.jpg 还没有传上去，提交时会再传一次。")
    expect(page.locator("[data-evidence=photos] .shot img")).to_have_count(1)
    ids = send(page)
    assert [str(one.pk) for one in Piece.objects.order_by("uploaded_at")] == ids
    assert [one.height for one in Piece.objects.order_by("uploaded_at")] == [1600, 2048]


def test_sending_waits_for_photos_on_their_way_and_keeps_the_button(
    chromium: Any, live_server: Any, rita: User
) -> None:
    page = opened(chromium, live_server, rita)
    held: list[Route] = []
    page.route("**/evidence/", lambda route: held.append(route))
    with page.expect_request("**/evidence/"):
        choose(page, photo("一.jpg"))
    expect(page.locator("progress")).to_have_count(1)
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.post_data or "") if request.url.endswith("/report") else None
    )
    press(page)
    page.wait_for_timeout(300)
    assert (sent, Piece.objects.count()) == ([], 0)
    held[0].continue_()
    expect(page.locator("body")).to_have_text(IDS)
    assert page.inner_text("body") == str(Piece.objects.get().pk)
    assert len(sent) == 1
    assert 'name="step"' in sent[0]


def test_a_photo_chosen_before_the_script_has_come_is_uploaded_all_the_same(
    chromium: Any, live_server: Any, rita: User
) -> None:
    page = opened(chromium, live_server, rita)
    held: list[Route] = []
    page.route("**/photos.js", lambda route: held.append(route))
    with page.expect_request("**/photos.js"):
        page.reload(wait_until="commit")
    choose(page, photo("一.jpg", (900, 600)))
    held[0].continue_()
    expect(page.locator("[data-evidence=photos] .shot img")).to_have_count(1)
    assert send(page) == [str(Piece.objects.get().pk)]


def test_what_is_no_photo_is_said_and_let_go(chromium: Any, live_server: Any, rita: User) -> None:
    page = opened(chromium, live_server, rita)
    choose(page, {"name": "说明.jpg", "mimeType": "image/jpeg", "buffer": b"hello"})
    expect(page.locator("[data-said]").first).to_contain_text("说明.jpg：这个文件不是照片。")
    choose(page, photo("一.jpg", (900, 600)))
    expect(page.locator("[data-evidence=photos] .shot img")).to_have_count(1)
    assert send(page) == [str(Piece.objects.get().pk)]


def test_the_page_says_nothing_on_its_console(chromium: Any, live_server: Any, rita: User) -> None:
    page = opened(chromium, live_server, rita)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    choose(page, photo("一.jpg"))
    expect(page.locator("[data-evidence=photos] .shot img")).to_have_count(1)
    page.locator("[data-evidence=photos] .drop").first.click()
    assert said == []
