"""要我看的: what asks for one's own 已阅, unread first, page by page; from home and from the inbox."""

import re
from typing import Any

import pytest

from portal.publications import receipts
from portal.publications.actions import retract
from portal.wire import paging
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_

from .test_announcements import out
from .test_pages import child_of

pytestmark = pytest.mark.usefixtures("monday")
LINE = re.compile(r'<a class="go" href="([^"]+)">([^<]+)</a>.*?class="chip[^"]*">.*?</svg>([^<]+)</span>', re.DOTALL)


def lines(page: str) -> list[tuple[str, str]]:
    return [(title, said) for _, title, said in LINE.findall(page)]


def test_what_asks_for_my_receipt_stands_together_unread_first(
    place: District, cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(paging, "PAGE", 2)
    rita, where = as_(cast.rita), "/to-read/"
    assert "没有要您看的" in rita.get(where).content.decode()
    child_of(cast.ping, place)
    one, two, three = (out(place.school, cast.hu, title=title) for title in ("一", "二", "三"))
    gone = out(place.school, cast.hu, title="撤下的")
    out(place.school, cast.hu, title="不用点的", asks_receipt=False)
    out(place.school, cast.hu, title="给家长的", audience="parents")
    assert one.issue and two.issue and three.issue and gone.issue
    retract(gone.issue, reason="发错了", by=cast.hu, seen=1)
    home, inbox = rita.get("/").content.decode(), rita.get("/inbox/").content.decode()
    assert [(title, said) for title, said in lines(home) if said == "还没看"] == [
        ("三", "还没看"), ("二", "还没看"), ("一", "还没看"),
    ]  # fmt: skip
    assert (f'href="{where}"' in home, f'href="{where}"' in inbox) == (True, True)
    rita.get(where)
    with django_assert_num_queries(6):
        page = rita.get(where).content.decode()
    assert lines(page) == [("三", "还没看"), ("二", "还没看")]
    assert receipts.read(three.issue, by=cast.rita)
    first = rita.get(where).content.decode()
    on = re.search(r'href="(\?cursor=[^"]+)" rel="next"', first)
    assert on is not None
    second = rita.get(f"{where}{on[1]}").content.decode()
    assert (lines(first), lines(second)) == (
        [("二", "还没看"), ("一", "还没看")], [("三", "今天 09:00 已阅")],
    )  # fmt: skip
    assert 'rel="prev"' in second and 'rel="next"' not in second
    assert [lines(as_(who).get(where).content.decode()) for who in (cast.ping, cast.tess)] == [
        [("给家长的", "还没看")], [],
    ]  # fmt: skip
    assert (rita.get(f"{where}?cursor=x").status_code, rita.get(f"{where}?cursor=%00").status_code) == (422, 422)


def test_after_the_receipt_the_page_leads_to_what_else_waits(place: District, cast: Cast) -> None:
    one = out(place.school, cast.hu, title="一")
    assert one.issue is not None
    page = f"/p/LX01/announcements.staff/{one.issue.period}/"
    rita = as_(cast.rita)
    assert "还有哪些要我看" not in rita.get(page).content.decode()
    said = rita.post(f"{page}read/", follow=True).content.decode()
    assert ("您已阅" in said, 'href="/to-read/"' in said) == (True, True)
