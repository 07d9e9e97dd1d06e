"""The portal on a phone: what may be installed, which pages may be kept and for whom, and what laying them in leaves alone."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from PIL import Image

from portal.hall.management.commands import icons
from portal.notices.models import Notice
from repairs.models import Ticket
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")


def kept_for(client: Client, path: str) -> str:
    return str(client.get(path).headers.get("X-Kept-For", ""))


def test_pages_one_works_with_are_kept_for_their_person_and_no_others(place: District, cast: Cast) -> None:
    ticket, mine = reported(place, cast.rita), str(cast.rita.pk)
    client = as_(cast.rita)
    url = f"/repairs/tickets/{ticket.number}/"
    paths = ["/", "/desk/", "/unsent/", "/repairs/report/?anywhere", f"/repairs/report/?at={place.room.pk}", url]
    assert {path: kept_for(client, path) for path in [*paths, f"{url}withdraw/"]} == dict.fromkeys(
        [*paths, f"{url}withdraw/"], mine
    )
    others = ["/me/", "/inbox/", "/repairs/report/", "/no-such-page/", "/offline/", "/places/?next=/", "/unsent/ready"]
    assert {path: kept_for(client, path) for path in others} == dict.fromkeys(others, "")
    assert [kept_for(Client(), path) for path in ("/", "/desk/", "/sign-in/", url)] == [""] * 4
    assert kept_for(as_(cast.tess), url) == ""  # not there for her


def test_a_case_of_a_closed_circle_leaves_no_copy_on_a_phone(place: District, cast: Cast) -> None:
    ticket, client = reported(place, cast.rita), as_(cast.rita)
    Ticket.objects.filter(pk=ticket.pk).update(circle="unvouched")
    url = f"/repairs/tickets/{ticket.number}/"
    assert [kept_for(client, path) for path in (url, f"{url}withdraw/")] == ["", ""]
    pages = [client.get(path) for path in (url, f"{url}withdraw/")]
    assert [(page.status_code, b"data-unsent=" in page.content) for page in pages] == [(200, False)] * 2


def test_home_lays_in_what_one_works_with_and_no_page_that_is_not_kept(place: District, cast: Cast) -> None:
    pages = {name: as_(getattr(cast, name)).get("/").content.decode() for name in ("rita", "will", "hu")}
    laid = {name: set(re.findall(r' data-ahead="([^"]+)"', page)) for name, page in pages.items()}
    everybody = {"/", "/desk/", "/unsent/", "/repairs/report/?anywhere", "/safety_grid/report/?anywhere"}
    grid = everybody | {"/safety_grid/rounds/"}
    assert laid == {"rita": grid, "will": everybody | {"/repairs/today/"}, "hu": grid}


def test_a_page_laid_in_reads_no_notice_and_shows_no_message(place: District, cast: Cast) -> None:
    client = as_(cast.rita)
    said = {"unit": place.room.pk, "topic": "RP-03", "words": "灯"}
    url = client.post("/repairs/report/", said)["Location"]
    dora, unread = as_(cast.dora), Notice.objects.filter(to=cast.dora, read_at=None)
    before = unread.count()
    dora.get(url, headers={"x-ahead": "1"})
    assert unread.count() == before > 0
    assert "已收到，编号" not in client.get(url, headers={"x-ahead": "1"}).content.decode()
    assert "已收到，编号" in client.get(url).content.decode()  # it waited for a page somebody looks at
    dora.get(url)
    assert unread.count() == 0


def test_the_worker_is_served_from_the_root_knows_its_files_and_is_asked_for_only_when_changed() -> None:
    answer = Client().get("/sw.js")
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "text/javascript", "no-cache")
    known = json.loads(answer.content.decode().split("\n")[0].removeprefix("const KNOWN = ").removesuffix(";"))
    names = [path.removeprefix(settings.STATIC_URL) for path in known.pop("files")]
    assert [name for name in names if finders.find(name) is None] == []
    assert re.fullmatch("[0-9a-f]{16}", known.pop("version"))
    assert known == {"offline": "/offline/", "doors": ["/sign-in/", "/sign-out/"], "places": "/places/"}
    assert Client().get("/sw.js", headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_the_script_is_told_who_is_signed_in_and_a_token_and_strangers_nothing(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.rita)
    told = client.get("/unsent/ready").json()
    assert told["person"] == cast.rita.pk
    sent = client.post("/me/absence/", {}, headers={"x-csrftoken": told["token"]})
    assert sent.status_code == 200  # the token fits; the form is shown
    stranger = Client().get("/unsent/ready", headers={"accept": "application/problem+json, application/json"})
    assert (stranger.status_code, stranger.json()["title"]) == (401, "请先登录")


def test_a_token_dies_with_its_session_so_that_nothing_is_sent_as_somebody_else(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.rita)
    token = client.get("/unsent/ready").json()["token"]
    page = client.get("/sign-in/", follow=True)  # the cookie a browser would hold
    assert page.status_code == 200
    client.logout()
    mask = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/sign-in/").content.decode())
    assert mask is not None
    said = {"username": cast.dora.username, "password": "sunlit-test", "csrfmiddlewaretoken": mask[1]}
    assert client.post("/sign-in/", said).status_code == 302
    assert client.post("/me/absence/", {}, headers={"x-csrftoken": token}).status_code == 403


def test_the_portal_can_be_installed_under_its_name_with_its_own_colours_and_icons() -> None:
    folder = settings.BASE_DIR / "static"
    said = json.loads((folder / "sunlit.webmanifest").read_text(encoding="utf-8"))
    paper = re.search(r"--paper:(#\w+)", (folder / "sunlit.css").read_text(encoding="utf-8"))
    assert paper is not None
    assert (said["name"], said["theme_color"], said["background_color"]) == ("阳光校务", paper[1], paper[1])
    drawn = {one["src"]: one["sizes"] for one in said["icons"] if one["src"].endswith(".png")}
    assert {name: "x".join(map(str, Image.open(folder / name).size)) for name in drawn} == drawn
    assert [one["src"] for one in said["icons"] if one.get("purpose") == "maskable"] == ["icons/maskable.png"]


def test_the_icons_are_what_their_command_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed = {name: Image.open(icons.FOLDER / name).convert("RGBA").tobytes() for name in icons.PICTURES}
    monkeypatch.setattr(icons, "FOLDER", tmp_path)
    call_command("icons")
    assert {name: Image.open(tmp_path / name).convert("RGBA").tobytes() for name in icons.PICTURES} == committed
