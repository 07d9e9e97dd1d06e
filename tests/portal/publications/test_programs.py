"""What the pages of publications do, programs do: drafts and signatures, corrections, announcements, receipts, runs."""

from typing import Any

import pytest

from portal import clock
from portal.ledger.verification import verify
from portal.publications.models import Publication, Receipt, Run, RunItem
from portal.publications.running import publish_due
from tests.district import MONDAY, Cast, District, hire
from tests.portal.api.program import Program

from .issuing import FIRST, opened

ONE = {
    "audience": "staff", "category": "notice", "title": "周五教研", "text": "# 安排\n\n- 三点", "asks_receipt": True, "papers": [],
}  # fmt: skip
API = "/api/v1"


def test_a_program_signs_a_draft_part_by_part_and_corrects_what_is_out(place: District, cast: Cast) -> None:
    with clock.at(FIRST):
        number = opened(place.school).number
    lin, hu, sam = Program.of(cast.lin), Program.of(cast.hu), Program.of(cast.sam)
    with clock.at(MONDAY):
        rows = lin.get(f"{API}/publications/drafts").json()["results"]
        assert [(one["number"], one["period"], one["turn"]) for one in rows] == [(number, "2026-10", "总务主任")]
        assert sam.get(f"{API}/publications/drafts").json()["results"] == []
        one = f"{API}/publications/drafts/{number}"
        assert sam.get(one).status_code == 404
        told = lin.get(one).json()
        assert (told["awaits"], told["signed"], told["moved"], told["content"]["figures"][0]["value"]) == (
            "check",
            [],
            False,
            0,
        )
        assert hu.post(f"{one}/sign", {}).status_code == 403
        assert lin.post(f"{one}/sign", {"version": 99}).status_code == 412
        first = lin.post(f"{one}/sign", {"note": "对过", "version": told["version"]}, Idempotency_Key="k1")
        again = lin.post(f"{one}/sign", {"note": "对过", "version": told["version"]}, Idempotency_Key="k1")
        assert (first.status_code, again.json(), again["Idempotency-Replayed"]) == (200, first.json(), "true")
        assert [(part["part"], part["post"]) for part in hu.get(one).json()["signed"]] == [("核对", "总务主任")]
        assert hu.post(f"{one}/sign", {}).status_code == 200
        assert hu.get(one).status_code == 404  # it is out
        made = Publication.objects.get()
        where = f"{API}/publications/{made.pk}/correct"
        said = {"act": "correct", "reason": "漏了一件", "seen": 1}
        assert [Program.of(one).post(where, said).status_code for one in (cast.rita, cast.sam)] == [403, 404]
        assert hu.post(where, said | {"reason": ""}).status_code == 422
        assert (hu.post(where, said).json()["version"], hu.post(where, said).status_code) == (2, 412)
        assert hu.post(where, {"act": "retract", "reason": "有误", "seen": 2}).json()["withdrawn"] is True


@pytest.mark.usefixtures("monday")
def test_a_program_writes_an_announcement_issues_corrects_and_knows_who_has_read(place: District, cast: Cast) -> None:
    rita, hu, lin = Program.of(cast.rita), Program.of(cast.hu), Program.of(cast.lin)
    assert rita.post(f"{API}/announcements", ONE | {"unit": place.far_school.pk}).status_code == 422
    told = rita.post(f"{API}/announcements", ONE | {"unit": place.school.pk}, Idempotency_Key="k").json()
    assert (told["state"], told["html"], told["author"], told["url"]) == (
        "draft", "<h2>安排</h2><ul><li>三点</li></ul>", "林晓芸", "",
    )  # fmt: skip
    at = f"{API}/announcements/{told['id']}"
    assert (hu.get(at).status_code, hu.get(f"{API}/announcements").json()["results"]) == (404, [])
    told = rita.post(at, ONE | {"title": "周五教研改期", "kept": [], "version": told["version"]}).json()
    assert rita.post(f"{at}/issue").status_code == 403
    assert rita.post(f"{at}/hand_in", {"version": told["version"] - 1}).status_code == 412
    assert rita.post(f"{at}/hand_in", {"version": told["version"]}).json()["state"] == "handed_in"
    assert hu.post(f"{at}/send_back", {}).status_code == 422
    assert hu.post(f"{at}/send_back", {"reason": "写地点"}).json()["returned"] == "写地点"
    rita.post(f"{at}/hand_in")
    out = hu.post(f"{at}/issue").json()
    assert (out["state"], out["read"], out["asked"]) == ("issued", 0, 8)
    waiting = rita.get(f"{API}/receipts", which="unread").json()["results"]
    assert [(one["title"], one["read_at"]) for one in waiting] == [("周五教研改期", None)]
    mark = f"{API}/publications/{waiting[0]['publication']}/read"
    assert [rita.post(mark).json() for _ in range(2)] == [{"fresh": True}, {"fresh": False}]
    assert [Program.of(one).post(mark).status_code for one in (cast.sam, cast.ping)] == [404, 404]
    assert rita.get(f"{API}/receipts", which="unread").json()["results"] == []
    assert rita.get(f"{API}/receipts", which="read").json()["results"][0]["read_at"] is not None
    assert [one["name"] for one in hu.get(f"{at}/readers", which="read").json()["results"]] == ["林晓芸"]
    first = hu.get(f"{at}/readers", limit="3").json()
    assert (len(first["results"]), len(hu.client.get(first["next"], headers=hu._headers({})).json()["results"])) == (
        3,
        3,
    )
    assert lin.get(f"{at}/readers").status_code == 404
    assert hu.post(f"{at}/remind").json() == {"told": 7}
    words = {name: ONE[name] for name in ("category", "text", "papers")} | {"title": "周五教研取消", "reason": "下雨"}
    assert hu.post(f"{at}/amend", words).status_code == 412
    assert hu.post(f"{at}/amend", words | {"version": out["version"]}).json()["title"] == "周五教研取消"
    assert (hu.post(f"{at}/discard").status_code, hu.post(at, ONE | {"kept": []}).status_code) == (409, 409)
    assert (Receipt.objects.count(), verify(overdue=False).flaw) == (1, None)


@pytest.mark.usefixtures("monday")
def test_a_program_of_the_bureau_sees_its_schools_readers(place: District, cast: Cast) -> None:
    boss = Program.of(hire("boss", "方局", place.bureau, ("director", place.bureau)))
    told = boss.post(f"{API}/announcements", ONE | {"unit": place.bureau.pk}).json()
    at = f"{API}/announcements/{told['id']}"
    assert boss.post(f"{at}/issue").status_code == 200
    rows = boss.get(f"{at}/schools").json()
    assert [(one["school"], one["read"], one["asked"]) for one in rows] == [("", 0, 2), ("LX01", 0, 8), ("SM01", 0, 2)]
    assert [one["school"] for one in boss.get(f"{at}/schools", after="LX01").json()] == ["SM01"]
    assert [one["school"] for one in Program.of(cast.hu).get(f"{at}/schools").json()] == ["LX01"]
    assert [one["name"] for one in boss.get(f"{at}/readers", at="SM01").json()["results"]] == ["沈三", "田甜"]
    assert Program.of(cast.hu).get(f"{at}/readers", at="SM01").status_code == 404


@pytest.mark.usefixtures("monday")
def test_a_program_sees_a_run_and_takes_it_up(place: District, cast: Cast) -> None:
    said: dict[str, Any] = {"kind": "repairs.monthly", "period": "2026-09", "title": "2026 年 9 月维修月报"}
    run = Run.objects.create(unit=place.bureau, moment=MONDAY, opened_at=MONDAY, finished_at=MONDAY, **said)
    for school in (place.school, place.far_school):
        RunItem.objects.create(run=run, unit=school, state="unsigned", said="待核对", at=MONDAY)
    officer, hu, rita = (Program.of(one) for one in (cast.ouyang, cast.hu, cast.rita))
    assert [len(one.get(f"{API}/publications/runs").json()["results"]) for one in (officer, hu, rita)] == [1, 1, 0]
    at = f"{API}/publications/runs/{run.pk}"
    told = officer.get(at).json()
    assert (told["run"]["title"], told["unsigned"], told["waiting"], hu.get(at).json()["unsigned"]) == (
        "2026 年 9 月维修月报", 2, 0, 1,
    )  # fmt: skip
    assert [one["school"] for one in officer.get(f"{at}/schools", show="stuck").json()["results"]] == ["LX01", "SM01"]
    assert (rita.get(at).status_code, rita.post(f"{at}/again").status_code) == (404, 404)
    assert officer.post(f"{at}/again", Idempotency_Key="a").json() == {"schools": 2}
    assert officer.post(f"{at}/again", Idempotency_Key="a").json() == {"schools": 2}
    assert officer.get(at).json()["waiting"] == 2
    publish_due()
    assert officer.get(at).json()["waiting"] == 0
    body = {"kind": "repairs.monthly", "period": "2026-09", "unit": place.bureau.pk}
    assert officer.post(f"{API}/publications/runs", body).status_code in (409, 422)
