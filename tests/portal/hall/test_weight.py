"""What a page weighs over the wire: a first visit on a phone, the pages after it, and what it loads from where."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from portal.cases.actions import filled
from portal.orgs.models import User
from repairs.actions import report
from repairs.flow import FLOW
from tests.district import Cast, District

pytestmark = pytest.mark.usefixtures("monday")

FIRST, LATER, PUBLIC, LIST = 120 * 1024, 25 * 1024, 60 * 1024, 60 * 1024  # bytes; LIST is uncompressed
REQUESTS = 10
LOADED = re.compile(r'<(?:link|script|img)[^>]*?\s(?:href|src)="([^"]+)"')


@pytest.fixture
def page_of_cases(place: District, cast: Cast) -> None:
    """A full page for the dispatcher, and one more."""
    for number in range(26):
        said = {"unit": place.room.pk, "topic": "RP-03", "words": f"第 {number} 盏顶灯不亮，闪了一个上午，影响上课"}
        report(filled(FLOW, FLOW.opening, case=None, by=cast.rita, data=said), by=cast.rita)


def visit(client: Client, path: str) -> tuple[int, dict[str, int]]:
    """Bytes of the page as it travels, and of everything it loads, compressed as whitenoise stores it."""
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    assert (answer.status_code, answer["Content-Encoding"]) == (200, "gzip")
    loaded = {}
    for address in LOADED.findall(gzip.decompress(answer.content).decode()):
        assert address.startswith(settings.STATIC_URL), f"{path} loads {address}, which is not a file of ours"
        found = finders.find(address.removeprefix(settings.STATIC_URL))
        assert found, f"{path} loads {address}, which does not exist"
        loaded[address] = len(gzip.compress(Path(found).read_bytes(), 9))
    return len(answer.content), loaded


@pytest.mark.parametrize("path", ["/", "/desk/", "/inbox/", "/repairs/report/?at={room}"])
@pytest.mark.usefixtures("page_of_cases")
def test_a_first_visit_stays_below_120_kb_and_10_requests_and_later_pages_below_25_kb(
    client: Client, cast: Cast, place: District, path: str
) -> None:
    client.force_login(cast.dora)
    page, loaded = visit(client, path.format(room=place.room.pk))
    assert page + sum(loaded.values()) <= FIRST
    assert 1 + len(loaded) <= REQUESTS
    assert page <= LATER


@pytest.mark.usefixtures("page_of_cases")
def test_a_full_list_stays_below_60_kb(client: Client, cast: Cast) -> None:
    client.force_login(cast.dora)
    page = client.get("/desk/")
    assert page.content.count(b'<a class="go"') == 25
    assert len(page.content) <= LIST


def test_a_page_for_everybody_loads_no_script_and_stays_below_60_kb(client: Client, db: None) -> None:
    answer = client.get("/no-such-page/", headers={"accept-encoding": "gzip"})
    page = (
        gzip.decompress(answer.content).decode()
        if answer.get("Content-Encoding") == "gzip"
        else answer.content.decode()
    )
    assert answer.status_code == 404
    assert "<script" not in page
    files = [finders.find(one.removeprefix(settings.STATIC_URL)) for one in LOADED.findall(page)]
    assert len(files) == 3
    assert len(answer.content) + sum(len(gzip.compress(Path(str(one)).read_bytes(), 9)) for one in files) <= PUBLIC


def test_every_icon_a_page_names_exists_and_is_drawn_once_per_process(cast: Cast, client: Client) -> None:
    from portal.templatetags import sunlit

    sunlit._icon.cache_clear()
    client.force_login(User.objects.get(pk=cast.rita.pk))
    client.get("/")
    drawn = sunlit._icon.cache_info().misses
    client.get("/")
    assert sunlit._icon.cache_info().misses == drawn > 5
