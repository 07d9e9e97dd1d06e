"""A real Chromium, people signed in on pages of their own, and an ear for everything a page should not say."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.base import AXE_FILE_PATH
from django.conf import settings
from django.test import Client
from django.utils.crypto import get_random_string
from playwright.sync_api import Browser, Page

from portal.orgs.models import User
from tests.district import Cast, District, build_district, cast_of
from tests.portal.cases.test_pages import as_

SCREENS = Path(os.environ.get("SCREENS", "")) if os.environ.get("SCREENS") else None
SIZES = {390: 844, 1440: 900}
# What axe checks: WCAG 2.0 to 2.2, A and AA, and its own best practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

LOST = re.compile("net::ERR_INTERNET_DISCONNECTED|^htmx:(afterRequest|sendError)")
AXE = f"axe/{AXE_FILE_PATH.name}"
LOOK = """options => axe.run(options).then(
    found => found.violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 120)}`)))"""


@pytest.fixture
def place(transactional_db: None) -> District:
    return build_district()


@pytest.fixture
def cast(place: District) -> Cast:
    return cast_of(place)


@dataclass
class Visitor:
    """One person at one width, with what their pages complained of."""

    page: Page
    base: str
    width: int
    complaints: list[str] = field(default_factory=list)
    was_cut: bool = (
        False  # the network was taken away: what the browser and htmx say of that, however late, is no complaint
    )

    def hear(self, words: str) -> None:
        """Keeps a complaint."""
        if not (self.was_cut and LOST.search(words)):
            self.complaints.append(words)

    def go(self, path: str) -> Page:
        answer = self.page.goto(f"{self.base}{path}")
        assert answer is not None and answer.status < 400, f"{path}: {answer and answer.status}"
        return self.page

    def widen(self, width: int) -> None:
        """The same page on a screen of another width."""
        self.page.set_viewport_size({"width": width, "height": SIZES[width]})

    def press(self, name: str, *, exact: bool = False) -> None:
        """Presses what is called that, on a phone the one in view, on a wide screen the first; a page it leads to is there with its scripts."""
        found = self.page.get_by_role("button", name=name, exact=exact).or_(
            self.page.get_by_role("link", name=name, exact=exact)
        )
        found.locator("visible=true").first.click()
        self.page.wait_for_load_state()

    def look(self, name: str) -> None:
        """Keeps a picture where SCREENS says, and lets axe look."""
        if SCREENS is not None:
            SCREENS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=SCREENS / f"{name}-{self.width}.png", full_page=True)
        assert violations(self.page) == []


def violations(page: Page) -> list[str]:
    """What axe found, one line each, on the page as it stands once all of it is there: its style sheets too."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_FILE_PATH.read_text())  # half a megabyte, once for each page
    found: list[str] = page.evaluate(LOOK, {"runOnly": TAGS, "resultTypes": ["violations"], "preload": False})
    return found


Meet = Callable[..., Visitor]
# What a phone keeps (static/sw.js) is seen in test_offline; 360 pages looked at one by one need not be kept again each time.
KEEPS_NOTHING = {"service_workers": "block"}


@pytest.fixture
def axe(settings: Any) -> None:
    """axe lies among the portal's files: a script the browser keeps, and need not read anew for each of 250 pages."""
    settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, ("axe", AXE_FILE_PATH.parent)]


@pytest.fixture
def meet(chromium: Browser, live_server: Any) -> Iterator[Meet]:
    """`meet(person, width)`: a signed-in page; at the end no console or CSP error was heard on any of them."""
    met: list[Visitor] = []

    def one(person: User | None, width: int, **more: Any) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": SIZES[width]}, locale="zh-CN", timezone_id="Asia/Shanghai", **more
        )
        if person is not None:
            client: Client = as_(person)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
            token = {"name": settings.CSRF_COOKIE_NAME, "value": get_random_string(32), "url": live_server.url}
            context.add_cookies([token])  # signing in gives one too
        page = context.new_page()
        visitor = Visitor(page, live_server.url, width)
        page.on("console", lambda said: visitor.hear(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: visitor.hear(str(error)))
        met.append(visitor)
        return visitor

    yield one
    assert [line for visitor in met for line in visitor.complaints] == []
