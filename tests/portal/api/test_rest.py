"""Me, units, desk, inbox, photos and a case's chain, as programs see them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.cases.actions import move
from portal.cases.models import Case
from portal.ledger.models import Event
from portal.notices.models import Notice
from portal.orgs.models import User
from tests.conftest import jpeg
from tests.district import Cast, District

from .program import TICKETS, Program, step_of
from .test_writes import refused

pytestmark = pytest.mark.usefixtures("monday")
Programs = Callable[[User], Program]


def names(answer: Any) -> list[str]:
    return [one["name"] for one in answer.json()["results"]]


def test_me_tells_posts_and_what_waits(reported: str, place: District, cast: Cast, program: Programs) -> None:
    school = {"id": place.school.pk, "place": "柳溪镇中心小学", "school": place.school.pk}
    assert program(cast.dora).get("/api/v1/me").json() == {
        "id": cast.dora.pk,
        "username": "dora",
        "name": "多兰",
        "home": school,
        "posts": [{"role": "dispatcher", "title": "报修调度", "unit": school, "since": "2026-11-16", "until": None}],
        "waiting": 1,
        "unread": 1,
    }


def test_units_are_walked_down_or_found_by_name(place: District, cast: Cast, program: Programs) -> None:
    rita, ouyang = program(cast.rita), program(cast.ouyang)
    asked = [{}, {"parent": place.school.pk}, {"parent": place.building.pk}, {"q": "教室"}, {"parent": place.room.pk}]
    assert [names(rita.get("/api/v1/units", **one)) for one in asked] == [
        ["柳溪镇中心小学"], ["教学楼"], ["203 教室", "204 教室"], ["203 教室", "204 教室"], [],
    ]  # fmt: skip
    assert names(ouyang.get("/api/v1/units", parent=place.town.pk)) == ["柳溪镇中心小学", "石门小学"]
    assert names(ouyang.get("/api/v1/units", parent=place.town.pk, q="101")) == ["101 教室"]


def test_units_of_another_school_are_not_there(place: District, cast: Cast, program: Programs) -> None:
    rita = program(cast.rita)
    asked = [
        {"parent": place.far_school.pk},
        {"parent": place.bureau.pk},
        {"q": "101"},
        {"q": "石门"},
        {"parent": 2**62},
    ]
    assert [names(rita.get("/api/v1/units", **one)) for one in asked] == [[]] * 5


def test_units_come_in_pages(place: District, cast: Cast, program: Programs) -> None:
    ouyang = program(cast.ouyang)
    first = ouyang.get("/api/v1/units", q="教室", limit=2)
    second = ouyang.get(first.json()["next"])
    assert [names(one) for one in (first, second)] == [["203 教室", "204 教室"], ["101 教室"]]
    assert names(ouyang.get(second.json()["previous"])) == names(first)


def test_the_desk_has_four_tabs(reported: str, cast: Cast, program: Programs) -> None:
    move(Case.objects.get(number=reported), "accept", by=cast.dora, data={"reply": "好"})
    tabs = ("waiting", "opened", "governed", "done")
    seen = {
        who: [len(program(getattr(cast, who)).get("/api/v1/desk", tab=tab).json()["results"]) for tab in tabs]
        for who in ("rita", "dora", "hu", "will", "sam")
    }
    assert seen == {
        "rita": [0, 1, 0, 1],
        "dora": [1, 0, 1, 1],
        "hu": [0, 0, 1, 0],
        "will": [0, 0, 0, 0],
        "sam": [0, 0, 0, 0],
    }
    assert refused(program(cast.dora).get("/api/v1/desk", tab="all")) == (422, "bad-input", ["tab"])


def test_the_inbox_is_read_one_by_one_or_all_at_once(reported: str, cast: Cast, program: Programs) -> None:
    rita, dora = program(cast.rita), program(cast.dora)
    for name, said in (("accept", {"reply": "好"}), ("comment", {"words": "明天"})):
        dora.post(step_of(reported, name), said)
    said = [(one["title"], one["url"], one["read_at"]) for one in rita.get("/api/v1/inbox").json()["results"]]
    page = "/repairs/tickets/BX-LX01-2026-00001/"
    assert said == [("多兰补充说明：203 教室 顶灯不亮", page, None), ("多兰受理：203 教室 顶灯不亮", page, None)]
    newest, older = Notice.objects.filter(to=cast.rita).order_by("-pk").values_list("pk", flat=True)
    assert rita.post("/api/v1/inbox/read", {"one": older}).json() == {"read": 1}
    assert [one["id"] for one in rita.get("/api/v1/inbox", show="unread").json()["results"]] == [newest]
    assert dora.post("/api/v1/inbox/read", {"one": newest}).json() == {"read": 0}
    assert rita.post("/api/v1/inbox/read", {"upto": newest}).json() == {"read": 1}
    assert rita.get("/api/v1/inbox", show="unread").json() == {"results": [], "next": None, "previous": None}


@pytest.mark.parametrize("said", [{"one": "1"}, {"one": 2**70}, {"one": True}, {"upto": 0}, {"one": None}, {"all": 1}])
def test_what_cannot_be_read_is_refused_by_name(cast: Cast, program: Programs, said: dict[str, Any]) -> None:
    assert refused(program(cast.rita).post("/api/v1/inbox/read", said)) == (422, "bad-input", list(said))


def test_nothing_named_is_refused(cast: Cast, program: Programs) -> None:
    assert refused(program(cast.rita).post("/api/v1/inbox/read", {})) == (422, "bad-input", ["__all__"])


def test_a_photo_is_taken_in_and_fetched_by_whoever_sees_the_case(reported: str, cast: Cast, program: Programs) -> None:
    rita, sam = program(cast.rita), program(cast.sam)
    told = rita.upload({"file": SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")}).json()
    url = f"/api/v1/evidence/{told['id']}"
    sha256 = told.pop("sha256")
    links = {"url": url, "thumbnail_url": f"{url}/thumbnail"}
    assert (
        told == {"id": told["id"], "kind": "photo", "bytes": told["bytes"], "more": [], "covered": 0, **links}
        and len(sha256) == 64
    )
    waiting = [one.get(url).status_code for one in (rita, program(cast.dora), sam, Program())]
    rita.post(step_of(reported, "comment"), {"words": "看照片", "photos": [told["id"]]})
    attached = [one.get(url).status_code for one in (rita, program(cast.dora), sam, Program())]
    assert (waiting, attached) == ([200, 404, 404, 401], [200, 200, 404, 401])
    answer = rita.get(f"{url}/thumbnail")
    assert (answer["Content-Type"], answer["Vary"]) == ("image/jpeg", "Cookie, Authorization, Accept-Encoding")
    assert rita.get(f"{url}/file")["Content-Disposition"].startswith("attachment")
    event = rita.get(f"{TICKETS}/{reported}/events").json()["results"][-1]
    assert event["photos"] == [{"id": told["id"], "kind": "photo", "sha256": sha256, "covered": 0, **links}]


PDF = SimpleUploadedFile("a.jpg", b"%PDF-1.4\n", "image/jpeg")


@pytest.mark.parametrize(
    ("data", "status", "named"),
    [
        ({}, 422, ["file"]),
        ({"file": "text"}, 422, ["file"]),
        ({"file": SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")}, 422, []),
        ({"file": SimpleUploadedFile("a.jpg", b"", "image/jpeg")}, 422, []),
        ({"file": PDF}, 422, []),
        ({"file": SimpleUploadedFile("a.jpg", jpeg()), "kind": "film"}, 422, ["kind"]),
        ({"file": SimpleUploadedFile("a.jpg", jpeg()), "surprise": "1"}, 422, ["surprise"]),
        ({"file": SimpleUploadedFile("a.jpg", jpeg()), "kind": "\x00"}, 422, []),
    ],
)
def test_what_is_no_photo_is_refused(
    cast: Cast, program: Programs, data: dict[str, Any], status: int, named: list[str]
) -> None:
    assert refused(program(cast.rita).upload(data)) == (status, "bad-input", named)


def test_an_upload_is_multipart_and_nothing_else(cast: Cast, program: Programs) -> None:
    rita = program(cast.rita)
    broken = rita.post("/api/v1/evidence", raw=b"--x\r\nno", Content_Type="multipart/form-data; boundary=")
    assert refused(broken)[0] == 400
    assert refused(rita.post("/api/v1/evidence", {"file": "x"}))[0] == 415


def test_the_chain_is_told_as_data_and_in_words(reported: str, cast: Cast, program: Programs) -> None:
    program(cast.dora).post(step_of(reported, "accept"), {"reply": "马上来"})
    rita, url = program(cast.rita), f"{TICKETS}/{reported}/events"
    first = rita.get(url, limit=1).json()
    second = rita.get(first["next"]).json()
    event, stored = second["results"][0], Event.objects.filter(address__startswith="case:").last()
    assert stored is not None
    assert event == {
        "seq": 2,
        "at": "2026-11-16T09:00:00+08:00",
        "verb": "accept",
        "who": {"kind": "person", "id": cast.dora.pk, "name": "多兰"},
        "sentence": "受理",
        "facts": stored.facts,
        "words": [{"name": "reply", "label": "", "text": "马上来"}],
        "photos": [],
        "before": first["results"][0]["digest"],
        "digest": stored.digest,
    }
    assert (second["next"], rita.get(second["previous"]).json()["results"]) == (None, first["results"])
    assert rita.get(f"{TICKETS}/{reported}").json()["chain"] == {"length": 2, "head": stored.digest}
