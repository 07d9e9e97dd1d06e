"""Whoever holds a code or a file learns whether it is what was published, when, by which post, in which seal."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal import clock
from portal.errors import BadInput
from portal.ledger.sealing import seal
from portal.publications.actions import correct, publish, retract
from portal.publications.content import code_of, digest_of
from portal.publications.files import bytes_of, excel
from portal.publications.kinds import Kind
from portal.publications.models import Publication
from portal.publications.periods import Every, period_of
from portal.publications.verifying import by_code, by_file, differences
from tests.district import MONDAY, Cast, District
from tests.portal.cases.test_pages import as_

from .issuing import a_month_of_repairs, published

pytestmark = pytest.mark.usefixtures("monday")
WEEK = period_of(Every.WEEK, "2026-W45")


@pytest.fixture
def out(place: District, cast: Cast, weekly: Kind) -> Publication:
    return publish(weekly, unit=place.school, period=WEEK, by="clock")


def test_a_code_is_known_however_it_is_typed_or_scanned(out: Publication) -> None:
    plain = out.code.replace("-", "")
    wide = out.code.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789ABCDEF-"})
    misread = plain.replace("0", "O").replace("1", "l")
    for typed in (
        out.code, plain.lower(), f" {out.code} ", f"https://school.example/verify/{out.code}/", out.digest, wide, misread,
        f"验证码 {out.code} · 第 1 版", out.code.replace("-", "—"),
    ):  # fmt: skip
        verdict = by_code(typed)
        assert (verdict.answer, verdict.made) == ("match", out)


def test_what_is_no_code_is_refused_and_an_unknown_one_is_unknown(out: Publication) -> None:
    with pytest.raises(BadInput, match="16 位"):
        by_code("柳溪")
    assert by_code("0000-0000-0000-0000").answer == "unknown"


def test_the_downloaded_files_match_as_they_are(out: Publication) -> None:
    assert by_file(out.payload.encode()).answer == "match"
    assert by_file(bytes_of(excel(out))).answer == "match"
    pretty = json.dumps(json.loads(out.payload), indent=2, ensure_ascii=False)
    assert by_file(pretty.encode()).answer == "match"


def test_one_changed_figure_is_found_and_said(out: Publication) -> None:
    said = json.loads(out.payload)
    said["content"]["figures"][0]["value"] = "1.00"
    verdict = by_file(json.dumps(said).encode())
    assert (verdict.answer, verdict.made) == ("changed", out)
    assert verdict.differences == ("支出：公示的是 “5974.50”，文件里是 “1.00”",)
    said = json.loads(out.payload)
    said["content"]["tables"][0]["rows"][1][1], said["content"]["tables"][0]["total"][1] = "1.00", "2.00"
    assert by_file(json.dumps(said).encode()).differences == (
        "钱花在哪，蔬菜，金额（元）：公示的是 “3214.50”，文件里是 “1.00”",
        "钱花在哪，合计，金额（元）：公示的是 “5974.50”，文件里是 “2.00”",
    )
    for photo in (b"\xff\xd8\xff\xe0 a photo of the poster", b"%PDF-1.7"):
        with pytest.raises(BadInput, match="填上面印的 16 位验证码"):
            by_file(photo)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff", b"[]", b"{}", b'{"kind": 1}', b"PK\x03\x04rubbish", b"[" * 100_000, b"1.5"]
)
def test_a_strange_file_is_strange_and_no_failure(content: bytes, out: Publication) -> None:
    assert by_file(content).answer == "unknown"


def test_replaced_and_taken_back_are_said(out: Publication, cast: Cast) -> None:
    correct(out.issue, reason="记错了", by=cast.hu, seen=1)
    found = by_code(out.code)
    assert (found.answer, found.words) == (
        "replaced", "您手里的是第 1 版，之后更正过，现在是第 2 版。更正的原因：记错了"
    )  # fmt: skip
    assert (
        f'href="/p/LX01/{out.issue.kind}/2026-W45/">看现在的第 2 版</a>'
        in Client().get(f"/verify/{out.code}/").content.decode()
    )
    last = retract(out.issue, reason="整份有误", by=cast.hu, seen=2)
    assert (by_code(last.code).answer, by_code(out.code).answer) == ("withdrawn", "withdrawn")
    assert by_code(out.code).words == "撤下的原因：整份有误"


def test_what_was_slipped_in_beside_the_chain_is_no_publication(out: Publication) -> None:
    text = out.payload.replace("5974.50", "1.00")
    forged = Publication.objects.create(
        issue=out.issue, version=2, title=out.title, payload=text, digest=digest_of(text), code=code_of(digest_of(text)),
        at=out.at, post=out.post,
    )  # fmt: skip
    assert (by_code(forged.code).answer, by_file(text.encode()).answer) == ("broken", "broken")


def test_the_seal_that_covers_it_is_named_from_the_next_day_on(out: Publication) -> None:
    assert by_code(out.code).sealed.seal is None
    with clock.at(MONDAY + timedelta(days=1)):
        seal()
        found = by_code(out.code).sealed.seal
    assert found is not None
    assert found.day == MONDAY.date()


def test_the_page_answers_codes_and_files(out: Publication, client: Client) -> None:
    assert client.post("/verify/", {"code": out.code})["Location"] == f"/verify/{out.code}/"
    page = client.get(f"/verify/{out.code}/").content.decode()
    assert "与公示的一致" in page and "系统" in page
    handed = client.post("/verify/", {"file": SimpleUploadedFile("data.json", out.payload.encode())})
    assert "与公示的一致" in handed.content.decode()
    assert client.post("/verify/", {}).status_code == 422
    assert client.post("/verify/", {"code": "abc"}).status_code == 422
    assert client.get("/verify/abc/").status_code == 404


def test_a_slip_for_staff_is_confirmed_without_its_contents(place: District, cast: Cast, client: Client) -> None:
    a_month_of_repairs(place, cast)
    made = published(place, cast)
    said = json.loads(made.payload)
    said["content"]["figures"][0]["value"] = 99
    verdict = by_file(json.dumps(said).encode())
    assert (verdict.answer, verdict.differences, verdict.made) == ("changed", (), None)
    page = client.post("/verify/", {"file": SimpleUploadedFile("a.json", json.dumps(said).encode())}).content.decode()
    assert [word in page for word in ("被改动过", made.title, made.code, made.digest)] == [True, False, False, False]
    answer = client.get(f"/api/v1/verify/{made.code}").json()
    assert (answer["answer"], answer["published_by"], answer["publication"]) == ("match", "校长", made.title)
    assert "payload" not in answer


def test_programs_list_and_read_what_they_may(out: Publication, place: District, cast: Cast, client: Client) -> None:
    made = published(place, cast)
    assert [one["id"] for one in client.get("/api/v1/publications").json()["results"]] == [out.pk]
    staff = as_(cast.rita)
    assert [one["id"] for one in staff.get("/api/v1/publications?unit=LX01").json()["results"]] == [made.pk, out.pk]
    assert (
        staff.get("/api/v1/publications?kind=repairs.monthly&period=2026-10").json()["results"][0]["code"] == made.code
    )
    whole = client.get(f"/api/v1/publications/{out.pk}").json()
    assert (whole["payload"], whole["digest"]) == (
        json.loads(out.payload),
        hashlib.sha256(out.payload.encode()).hexdigest(),
    )
    assert client.get(f"/api/v1/publications/{made.pk}").status_code == 404
    assert as_(cast.sam).get(f"/api/v1/publications/{made.pk}").status_code == 404


def test_the_head_corrects_on_a_page_and_others_do_not(place: District, cast: Cast) -> None:
    made = published(place, cast)
    path = "/p/LX01/repairs.monthly/2026-10/correct/"
    assert [as_(one).get(path).status_code for one in (cast.hu, cast.vera, cast.lin, cast.sam)] == [200, 200, 403, 404]
    assert as_(cast.hu).post(path, {"act": "correct", "reason": "", "seen": 1}).status_code == 422
    assert as_(cast.hu).post(path, {"act": "correct", "reason": "漏了一件", "seen": 1}).status_code == 302
    assert as_(cast.hu).post(path, {"act": "retract", "reason": "再来", "seen": 1}).status_code == 422
    assert list(Publication.objects.filter(issue=made.issue).values_list("version", "reason")) == [
        (1, ""),
        (2, "漏了一件"),
    ]


def test_what_differs_in_a_long_text_is_shown_where_it_begins_to_differ_and_without_tags() -> None:
    said = "<p>" + "长" * 60 + "到<strong>17:30</strong>，请按时来接</p>"
    assert list(differences({"content": {"html": said}}, {"content": {"html": said.replace("17", "18")}})) == [
        f"正文：公示的是 “…{'长' * 26}到 17:30 ，请按时来接”，文件里是 “…{'长' * 26}到 18:30 ，请按时来接”",
    ]  # fmt: skip
    assert list(differences({"title": "<b>甲</b>"}, {"title": "<i>甲</i>"})) == [
        "标题：公示的是 “<b>甲</b>”，文件里是 “<i>甲</i>”"
    ]
