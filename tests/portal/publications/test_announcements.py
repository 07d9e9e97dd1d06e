"""Announcements: written by staff, issued by heads, safe, corrected with a reason; and 已阅, one a reader."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from portal.errors import BadInput, NotAllowed, NotThere, Stale, WrongStep
from portal.evidence.actions import take_in
from portal.evidence.models import Piece
from portal.ledger.verification import verify
from portal.notices.models import Notice
from portal.orgs.models import Unit, User
from portal.publications import announcing, receipts
from portal.publications.actions import retract
from portal.publications.announcing import amend, discard, hand_in, issue, send_back, write
from portal.publications.markup import html_of, plain_of
from portal.publications.models import Announcement, Publication, Receipt
from portal.publications.notices import categories
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_

pytestmark = pytest.mark.usefixtures("monday")
SAID: dict[str, Any] = {
    "audience": "staff", "category": "notice", "title": "周五教研", "text": "# 安排\n\n- 三点**准时**\n- 带教案",
    "asks_receipt": True,
}  # fmt: skip


def paper(by: User, name: str = "安排.pdf") -> Piece:
    return take_in(SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n"), by=by, kinds=("document",))


def drafted(school: Unit, by: User, *, files: Any = (), **said: Any) -> Announcement:
    return write(None, unit=school, by=by, files=files, **(SAID | said))


def out(school: Unit, by: User, **said: Any) -> Announcement:
    one = drafted(school, by, **said)
    issue(one, by=by)
    return Announcement.objects.get(pk=one.pk)


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("# 通知\n\n第一行\n第二行", "<h2>通知</h2><p>第一行<br>第二行</p>"),
        (
            "- 一\n- **二**\n\n1. 甲\n2、乙",
            "<ul><li>一</li><li><strong>二</strong></li></ul><ol><li>甲</li><li>乙</li></ol>",
        ),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[点我](javascript:alert(1))", "<p>[点我](javascript:alert(1))</p>"),
        (
            '[看](https://a.cn/"onmouseover="x)',
            '<p><a href="https://a.cn/%22onmouseover=%22x" rel="noopener noreferrer nofollow">看</a></p>',
        ),
    ],
)
def test_what_is_typed_becomes_safe_rich_text(typed: str, html: str) -> None:
    assert html_of(typed).replace("&quot;", "%22") == html


def test_the_summary_is_the_beginning_without_marks() -> None:
    assert plain_of("# 通知\n\n- **周五**[看这里](https://a.cn)", 80) == "通知 周五看这里"
    assert plain_of("长" * 100, 10) == "长" * 9 + "…"


def test_a_teacher_writes_hands_in_gets_it_back_and_the_head_issues(place: District, cast: Cast) -> None:
    one = drafted(place.school, cast.rita, files=[paper(cast.rita)])
    with pytest.raises(NotAllowed, match="由校长、分管副校长来办"):
        issue(one, by=cast.rita)
    with pytest.raises(NotThere):
        announcing.find(one.pk, by=cast.hu)  # a draft is its author's
    hand_in(one, by=cast.rita)
    assert set(Notice.objects.filter(about=one.address, verb="handed_in").values_list("to", flat=True)) == {
        cast.hu.pk, cast.vera.pk,
    }  # fmt: skip
    send_back(announcing.find(one.pk, by=cast.hu), reason="写清楚地点", by=cast.hu)
    assert announcing.find(one.pk, by=cast.rita).returned == "写清楚地点"
    write(one, unit=place.school, by=cast.rita, files=[], kept=one.files, **(SAID | {"title": "周五教研（阶梯教室）"}))
    hand_in(one, by=cast.rita)
    made = issue(announcing.find(one.pk, by=cast.hu), by=cast.hu)
    said = json.loads(made.payload)
    assert (said["title"], said["published_by"], said["kind"]) == (
        "周五教研（阶梯教室）",
        "校长",
        "announcements.staff",
    )
    assert said["content"]["html"] == "<h2>安排</h2><ul><li>三点<strong>准时</strong></li><li>带教案</li></ul>"
    assert [one["name"] for one in said["content"]["files"]] == ["安排.pdf"]
    with pytest.raises(WrongStep):
        issue(one, by=cast.hu)
    assert verify(overdue=False).flaw is None


def test_what_is_out_is_corrected_with_a_reason_or_taken_back(place: District, cast: Cast) -> None:
    one = out(place.school, cast.hu, audience="public", asks_receipt=False)
    words = {"category": "notice", "title": "周五教研改期", "text": "改到周一"}
    with pytest.raises(NotThere):
        amend(one, reason="改期", by=cast.rita, seen=one.version, **words)
    with pytest.raises(Stale):
        amend(one, reason="改期", by=cast.hu, seen=one.version - 1, **words)
    made = amend(one, reason="改期", by=cast.hu, seen=one.version, **words)
    assert (made.version, made.title, json.loads(made.payload)["reason"]) == (2, "周五教研改期", "改期")
    retract(made.issue, reason="活动取消", by=cast.hu, seen=2)
    assert Publication.objects.filter(issue=made.issue).count() == 3
    assert verify(overdue=False).flaw is None


def test_what_does_not_fit_is_refused_with_a_sentence(place: District, cast: Cast) -> None:
    for said, sentence in (
        ({"category": "DS-02", "audience": "public"}, "工资绩效办法”要向本校教职工公开"),
        ({"category": "DS-09"}, "要向社会公开"),
        ({"audience": "public"}, "不能要求已阅"),
        ({"text": "  "}, "请写正文"),
        ({"category": "none"}, "没有这个类别"),
    ):
        with pytest.raises(BadInput, match=sentence):
            drafted(place.school, cast.hu, **said)
    for stranger in (cast.sam, cast.ping, cast.ouyang):
        with pytest.raises(NotAllowed, match="任职的学校"):
            drafted(place.school, stranger)
    assert Announcement.objects.count() == 0
    assert {one.code for one in categories().values() if one.code.startswith("DS")} == {
        f"DS-{n:02d}" for n in range(1, 11)
    }


def test_a_notice_of_awards_says_until_when_it_stands(place: District, cast: Cast) -> None:
    one = out(place.school, cast.hu, category="DS-08", audience="public", asks_receipt=False)
    assert one.issue is not None
    said = json.loads(Publication.objects.get(issue=one.issue).payload)
    assert said["content"]["words"][0].startswith("公示期到 2026 年 11 月 ")


def test_one_receipt_a_reader_and_who_has_not_read_is_for_the_issuer(place: District, cast: Cast) -> None:
    one = out(place.school, cast.hu)
    assert one.issue is not None
    asked = {person.username for person in receipts.asked(one.issue)}
    assert {"rita", "lin", "hu"} <= asked and not {"sam", "ping", "ouyang", "ada"} & asked
    assert Notice.objects.filter(verb="asks_receipt", to=cast.rita).count() == 1
    assert (receipts.read(one.issue, by=cast.rita), receipts.read(one.issue, by=cast.rita)) == (True, False)
    with pytest.raises(NotAllowed):
        receipts.read(one.issue, by=cast.sam)
    counted = receipts.count(one.issue)
    assert (counted.read, counted.asked) == (1, len(asked))
    assert cast.rita not in receipts.unread(one.issue) and cast.lin in receipts.unread(one.issue)
    with pytest.raises(NotAllowed):
        receipts.remind(one, by=cast.rita)
    assert receipts.remind(one, by=cast.hu) == len(asked) - 1
    with pytest.raises(WrongStep, match="提醒过"):
        receipts.remind(one, by=cast.hu)


def test_pages_write_preview_issue_and_read(place: District, cast: Cast) -> None:
    teacher, head = as_(cast.rita), as_(cast.hu)
    form = {name: value for name, value in SAID.items() if value is not True} | {
        "asks_receipt": "on",
        "unit": place.school.pk,
    }
    seen = teacher.post("/publishing/add/", form | {"preview": "1"})
    assert (seen.status_code, "<strong>准时</strong>" in seen.content.decode(), Announcement.objects.count()) == (
        200,
        True,
        0,
    )
    blank = teacher.get("/publishing/add/").content.decode()
    assert 'enctype="multipart/form-data"' in blank  # files are sent without script too
    assert teacher.post("/publishing/add/", form | {"title": ""}).status_code == 422
    assert teacher.post("/publishing/add/", form).status_code == 302
    one = Announcement.objects.get()
    where = f"/publishing/{one.pk}/"
    assert (head.get(where).status_code, as_(cast.sam).get(where).status_code) == (404, 404)
    assert teacher.post(f"{where}hand_in/", {"version": one.version}).status_code == 302
    assert "签发" in head.get(where).content.decode()
    assert head.post(f"{where}issue/", {"version": one.version + 1}).status_code == 302
    one.refresh_from_db()
    assert one.issue is not None
    page = f"/p/LX01/announcements.staff/{one.issue.period}/"
    assert "我已阅读" in teacher.get(page).content.decode()
    assert Client().get(page).status_code == 302
    assert teacher.post(f"{page}read/").status_code == 302
    assert "您已阅" in teacher.get(page).content.decode()
    assert as_(cast.ping).post(f"{page}read/").status_code == 404
    assert "林晓芸" not in head.get(where).content.decode().partition("还没看的")[2]
    assert "还没看的" not in teacher.get(where).content.decode()
    assert teacher.post(f"{where}discard/").status_code == 409


def test_a_document_is_handed_out_to_whoever_may_read_it(place: District, cast: Cast) -> None:
    one = out(place.school, cast.hu, files=[paper(cast.hu)], audience="public", asks_receipt=False)
    inside = out(place.school, cast.hu, files=[paper(cast.hu, "内部.pdf")])
    assert one.issue is not None and inside.issue is not None
    links = [f"/p/LX01/{it.issue.kind}/{it.issue.period}/1/files/{it.files[0]}" for it in (one, inside) if it.issue]
    answer = Client().get(links[0])
    assert (answer.status_code, answer.content[:4], "attachment" in answer["Content-Disposition"]) == (
        200,
        b"%PDF",
        True,
    )
    assert [Client().get(links[1]).status_code, as_(cast.rita).get(links[1]).status_code] == [302, 200]
    assert Client().get(links[0].replace(one.files[0], inside.files[0])).status_code == 404
    page = Client().get(f"/p/LX01/announcements.public/{one.issue.period}/").content.decode()
    assert "安排.pdf" in page and "<script" not in page and len(page) < 60_000


def test_a_draft_discarded_is_gone_from_the_list(place: District, cast: Cast) -> None:
    one = drafted(place.school, cast.rita)
    assert list(announcing.seen_by(cast.rita)) == [one]
    discard(one, by=cast.rita)
    assert list(announcing.seen_by(cast.rita)) == []


@pytest.mark.django_db(transaction=True)
def test_fifty_presses_at_once_are_one_receipt(place: District, cast: Cast) -> None:
    one = out(place.school, cast.hu)
    assert one.issue is not None

    def press(n: int) -> bool:
        try:
            return receipts.read(one.issue, by=(cast.rita, cast.lin)[n % 2])  # type: ignore[arg-type]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as people:
        list(people.map(press, range(50)))
    assert sorted(Receipt.objects.values_list("reader", flat=True)) == sorted([cast.rita.pk, cast.lin.pk])
