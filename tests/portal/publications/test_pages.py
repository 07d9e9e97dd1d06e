"""The public site: what everybody sees without login or script, what only the school's own people see, what is kept."""

import gzip
import json
import re
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from portal import clock
from portal.orgs.actions import plant
from portal.orgs.models import Enrolment, Guardianship, Student, User
from portal.publications.access import reader_of
from portal.publications.actions import correct, publish, retract
from portal.publications.kinds import Kind
from portal.publications.models import Publication, Rendition
from portal.publications.periods import Every, period_of
from tests.district import MONDAY, Cast, District, hire
from tests.portal.cases.test_pages import as_

from .issuing import OCTOBER, a_month_of_repairs, published

pytestmark = pytest.mark.usefixtures("monday")
WEEK = period_of(Every.WEEK, "2026-W45")
SITE = "/p/LX01/"
STAFF = "/p/LX01/repairs.monthly/2026-10/"
OPEN = "/p/LX01/canteen.weekly_test/2026-W45/"
LOADED = re.compile(r'<(?:link rel="(?:icon|stylesheet)"|script|img)[^>]*?\s(?:href|src)="([^"]+)"')


@pytest.fixture
def out(place: District, cast: Cast, weekly: Kind) -> Publication:
    return publish(weekly, unit=place.school, period=WEEK, by="clock")


def child_of(parent: User, school: District) -> None:
    school_class = plant(name="2024级3班", kind="class", parent=school.school, by="clock")
    child = Student.objects.create(name="平安", number="S1")
    Enrolment.objects.create(student=child, school_class=school_class, since=MONDAY.date())
    Guardianship.objects.create(guardian=parent, student=child, relation="母亲", since=MONDAY.date())


@pytest.mark.usefixtures("out")
@pytest.mark.parametrize(
    "path", ["/p/", SITE, "/p/LX01/canteen.weekly_test/", OPEN, f"{OPEN}1/", f"{OPEN}1/poster/", "/verify/"]
)
def test_everybody_reads_without_script_and_below_60_kb(path: str, client: Client) -> None:
    answer = client.get(path, headers={"accept-encoding": "gzip"})
    assert (answer.status_code, answer["Content-Encoding"]) == (200, "gzip")
    page = gzip.decompress(answer.content).decode()
    assert "<script" not in page and "style=" not in page
    loaded = LOADED.findall(page)
    assert loaded == ["/static/favicon.svg", "/static/public.css"]
    files = [finders.find(one.removeprefix("/static/")) for one in loaded]
    assert len(answer.content) + sum(len(gzip.compress(Path(str(one)).read_bytes(), 9)) for one in files) <= 20 * 1024


@pytest.mark.parametrize(
    ("path", "asked"), [("/p/", 2), (SITE, 5), (f"{OPEN}", 4), (f"{OPEN}1/", 4), (f"{OPEN}1/data.json", 3)]
)
@pytest.mark.usefixtures("out")
def test_a_public_page_asks_little_and_no_session(
    path: str, asked: int, client: Client, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(asked):  # type: ignore[operator]
        answer = client.get(path)
    assert answer.status_code == 200
    assert answer.cookies == {}


@pytest.mark.parametrize("weeks", [1, 3])
def test_a_board_costs_the_same_for_any_number_of_issues(
    weeks: int, place: District, weekly: Kind, client: Client, django_assert_num_queries: object
) -> None:
    for week in range(40, 40 + weeks):
        publish(weekly, unit=place.school, period=period_of(Every.WEEK, f"2026-W{week}"), by="clock")
    for path, asked in ((SITE, 5), ("/p/LX01/canteen.weekly_test/", 2), ("/p/", 2)):
        with django_assert_num_queries(asked):  # type: ignore[operator]
            assert client.get(path).status_code == 200


def test_what_never_changes_is_kept_for_ever_and_the_latest_is_asked_for_again(
    out: Publication, client: Client
) -> None:
    for path in (f"{OPEN}1/data.json", f"{OPEN}1/table.xlsx"):
        answer = client.get(path)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
        again = client.get(path, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    latest = client.get(OPEN)
    assert (latest["Cache-Control"], latest["ETag"]) == ("public, no-cache", f'"{out.digest[:32]}-0"')
    assert client.get(OPEN, headers={"if-none-match": latest["ETag"]}).status_code == 304


def test_an_old_version_stays_with_a_banner(out: Publication, cast: Cast, client: Client) -> None:
    kept = client.get(OPEN)["ETag"]
    pages = {path: client.get(path) for path in (f"{OPEN}1/", f"{OPEN}1/poster/")}
    correct(out.issue, reason="粮食记错了", by=cast.hu, seen=1)
    for path, before in pages.items():  # what somebody has kept of it is asked for again, and says so now
        again = client.get(path, headers={"if-none-match": before["ETag"]})
        assert (before["Cache-Control"], again.status_code) == ("public, no-cache", 200)
        assert "旧的第 1 版" in again.content.decode() or "已被更正" in again.content.decode()
    latest = client.get(OPEN, headers={"if-none-match": kept})
    assert (latest.status_code, "粮食记错了" in latest.content.decode()) == (200, True)
    old = client.get(f"{OPEN}1/").content.decode()
    assert "这是旧的第 1 版" in old and f'href="{OPEN}"' in old
    retract(out.issue, reason="整份有误", by=cast.hu, seen=2)
    assert "整份有误" in client.get(OPEN).content.decode()
    assert "5 974.50" in client.get(f"{OPEN}1/").content.decode().replace("\u202f", " ")


def test_what_is_compared_is_the_period_before(out: Publication, place: District, weekly: Kind, client: Client) -> None:
    publish(weekly, unit=place.school, period=period_of(Every.WEEK, "2026-W44"), by="clock")
    page = client.get(OPEN).content.decode()
    assert (page.count("持平"), page.count('class="b2"')) == (3, 2)


def test_staff_read_what_is_theirs_and_nobody_else_does(place: District, cast: Cast, client: Client) -> None:
    a_month_of_repairs(place, cast)
    published(place, cast)
    for reader in (cast.rita, cast.lin, cast.will, cast.ouyang):
        answer = as_(reader).get(STAFF)
        assert (answer.status_code, answer["Cache-Control"], "Cookie" in answer["Vary"]) == (
            200,
            "private, no-cache",
            True,
        )
        assert "2026 年 10 月维修月报" in as_(reader).get(SITE).content.decode()
    for stranger in (cast.ping, cast.sam, cast.tess, cast.ada):
        assert {
            as_(stranger).get(f"{STAFF}{tail}").status_code for tail in ("", "1/", "1/data.json", "1/table.xlsx")
        } == {404}
        assert "维修月报" not in as_(stranger).get(SITE).content.decode()
        assert as_(stranger).get("/p/LX01/repairs.monthly/").status_code == 404
    assert client.get(STAFF)["Location"] == f"/sign-in/?next={quote(STAFF, safe='')}"
    assert "维修月报" not in client.get(SITE).content.decode()
    assert client.get("/p/LX01/feed.atom").content.decode().count("<entry>") == 0
    assert client.get("/p/LX01/repairs.monthly/embed/").status_code == 404


def test_parents_read_by_their_children_there_today(place: District, cast: Cast, letters: Kind) -> None:
    publish(letters, unit=place.school, period=OCTOBER, by=cast.hu)
    path = "/p/LX01/canteen.letters_test/2026-10/"
    assert as_(cast.ping).get(path).status_code == 404
    child_of(cast.ping, place)
    assert as_(cast.ping).get(path).status_code == 200
    assert (as_(cast.rita).get(path).status_code, as_(cast.sam).get(path).status_code) == (200, 404)
    Guardianship.objects.update(custody=False)
    assert as_(cast.ping).get(path).status_code == 404


def test_files_are_what_was_published_and_made_once(out: Publication, client: Client) -> None:
    said = client.get(f"{OPEN}1/data.json")
    assert (said.content.decode(), said["X-Content-Type-Options"]) == (out.payload, "nosniff")
    first, second = (client.get(f"{OPEN}1/table.xlsx").content for _ in range(2))
    assert (first == second, first[:2], Rendition.objects.count()) == (True, b"PK", 1)


def test_only_the_frame_may_be_framed(out: Publication, client: Client) -> None:
    frame = client.get("/p/LX01/canteen.weekly_test/embed/")
    assert (frame.status_code, frame.has_header("X-Frame-Options")) == (200, False)
    assert "frame-ancestors *" in frame["Content-Security-Policy"]
    page = client.get(OPEN)
    assert (page["X-Frame-Options"], "frame-ancestors 'none'" in page["Content-Security-Policy"]) == ("DENY", True)


def test_feed_readers_get_publications_and_corrections_as_words_and_nothing_twice(
    out: Publication, cast: Cast, place: District, client: Client
) -> None:
    empty = client.get("/p/SM01/feed.atom")
    assert "<entry>" not in empty.content.decode() and client.get("/p/SM01/feed.atom")["ETag"] == empty["ETag"]
    correct(out.issue, reason="粮食<b>记错</b>\x0b了", by=cast.hu, seen=1)
    answer, atom = client.get("/p/LX01/feed.atom"), "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(answer.content)
    said = {one.tag.removeprefix(atom): one.text or one.get("href") for one in feed.find(f"{atom}entry") or ()}
    made, site = out.issue.versions.get(version=2), settings.BASE_URL
    assert said == {
        "title": f"{made.title}（第 2 版）", "link": f"{site}{OPEN}2/", "id": f"urn:sunlit:publication:{made.digest}",
        "published": "2026-11-16T01:00:00+00:00", "updated": "2026-11-16T01:00:00+00:00",
        "summary": "更正：粮食&lt;b&gt;记错&lt;/b&gt;了 支出 5974.50 元",
    }  # fmt: skip
    assert [feed.findtext(f"{atom}{one}") for one in ("id", f"author/{atom}name", "updated")] == [
        f"{site}{SITE}", place.school.name, said["updated"],
    ]  # fmt: skip
    assert (
        f'type="application/atom+xml" title="{place.school.name} 公示" href="/p/LX01/feed.atom"'
        in client.get(SITE).content.decode()
    )
    again = client.get("/p/LX01/feed.atom", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_draft_is_for_those_who_see_its_case(place: District, cast: Cast) -> None:
    from .issuing import FIRST, opened

    a_month_of_repairs(place, cast)
    with clock.at(FIRST):
        case = opened(place.school)
    path = f"/p/drafts/{case.number}/"
    assert "这是草稿" in as_(cast.lin).get(path).content.decode()
    assert [as_(one).get(path).status_code for one in (cast.hu, cast.rita, cast.sam)] == [200, 404, 404]
    assert path in as_(cast.lin).get(f"/repairs/monthlies/{case.number}/").content.decode()


@pytest.mark.parametrize(
    "path",
    ["/p/NO99/", "/p/LX01/nothing/", f"{OPEN}2/", "/p/LX01/canteen.weekly_test/2026-W99/", "/p/LX01/canteen.weekly_test/%00/",
     "/p/999999999999999999999/", f"{OPEN}99999999/", "/p/drafts/GS-X/", "/p/LX01/nothing/embed/"],
)  # fmt: skip
@pytest.mark.usefixtures("out")
def test_what_is_not_there_is_said_kindly(path: str, client: Client, cast: Cast) -> None:
    assert as_(cast.rita).get(path).status_code in (400, 404, 422)


def test_the_payload_names_posts_and_no_people(place: District, cast: Cast) -> None:
    a_month_of_repairs(place, cast)
    payload = published(place, cast).payload
    assert json.loads(payload)["published_by"] == "校长"
    assert [one.name for one in User.objects.all() if one.name in payload] == []


def test_the_meal_committee_reads_what_parents_of_its_school_read_and_nothing_of_the_staff(place: District) -> None:
    member = reader_of(hire("member", "委员", None, ("meal_committee", place.school)))
    readers = ("public", "parents", "staff")
    seen = [[member.sees(one, "canteen.any", at) for one in readers] for at in (place.school, place.far_school)]
    assert seen == [[True, True, False], [True, False, False]]
