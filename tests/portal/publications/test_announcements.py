"""Announcements: written by staff, issued by heads, safe, corrected with a reason; and 已阅, one a reader."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client

from portal.errors import BadInput, NotAllowed, NotThere, Stale, WrongStep
from portal.evidence.actions import take_in
from portal.evidence.models import Piece
from portal.ledger.queries import chain_of
from portal.ledger.verification import verify
from portal.notices.models import Notice
from portal.orgs.models import Unit, User
from portal.publications import announcing, read_figures, receipts
from portal.publications.actions import retract
from portal.publications.announcing import amend, discard, hand_in, issue, send_back, write
from portal.publications.markup import html_of, plain_of
from portal.publications.models import Announcement, Publication, Receipt
from portal.publications.notices import categories
from portal.publications.verifying import by_file
from tests.district import MONDAY, Cast, District, hire
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
            "| 甲 | 乙 |\n|---|---|\n| 1\\|2 | **三** |",
            "<table><thead><tr><th>甲</th><th>乙</th></tr></thead><tbody><tr><td>1|2</td><td><strong>三</strong></td></tr></tbody></table>",
        ),
        ("\\- 5\\*3\\*2\n\\1. \\[不\\]", "<p>- 5*3*2<br>1. [不]</p>"),
        (
            '[看](https://a.cn/"onmouseover="x)',
            '<p><a href="https://a.cn/%22onmouseover=%22x" rel="noopener noreferrer nofollow">看</a></p>',
        ),
    ],
)
def test_what_is_typed_becomes_safe_rich_text(typed: str, html: str) -> None:
    assert html_of(typed).replace("&quot;", "%22") == html


def test_the_summary_is_the_beginning_without_marks_and_headings() -> None:
    assert plain_of("# 通知\n\n- **周五**[看这里](https://a.cn)", 80) == "周五看这里"
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
    assert set(receipts.people(one.issue)) == set(receipts.asked(one.issue)) - {cast.rita}
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
    names = head.get(f"{where}readers/").content.decode()
    assert ("已阅 1 / " in names, "林晓芸" in names.partition("名单")[2]) == (True, False)
    assert "林晓芸" in head.get(f"{where}readers/?show=read").content.decode()
    assert [as_(one).get(f"{where}readers/").status_code for one in (cast.rita, cast.sam)] == [404, 404]
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
def test_sixteen_presses_at_once_are_one_receipt_and_one_entry_in_the_chain(place: District, cast: Cast) -> None:
    one = out(place.school, cast.hu)
    assert one.issue is not None

    def press(n: int) -> bool:
        try:
            return receipts.read(one.issue, by=(cast.rita, cast.lin)[n % 2])  # type: ignore[arg-type]
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as people:
        assert sum(people.map(press, range(48))) == 2
    readers = sorted([cast.rita.pk, cast.lin.pk])
    assert sorted(Receipt.objects.values_list("reader", flat=True)) == readers
    chained = [event.who for event in chain_of(one.issue.address).filter(verb="read")]
    assert sorted(chained) == [f"person:{pk}" for pk in readers]
    assert verify(overdue=False).flaw is None


TAMPERED = {
    "one gone": ("delete from publications_receipt", "不见了"),
    "another reader": ("update publications_receipt set reader_id = (select id from orgs_user where username = 'lin')", "不见了"),
    "another moment": ("update publications_receipt set at = at - interval '1 day'", "不见了"),
    "one slipped in": (
        "insert into publications_receipt (issue_id, reader_id, version, at) select issue_id, (select id from orgs_user "
        "where username = 'lin'), version, at from publications_receipt", "不在记录里",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERED)
def test_verify_finds_a_receipt_that_was_tampered_with(place: District, cast: Cast, how: str) -> None:
    one = out(place.school, cast.hu)
    assert one.issue is not None
    receipts.read(one.issue, by=cast.rita)
    assert verify(overdue=False).flaw is None
    statement, words = TAMPERED[how]
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        if not statement.startswith("insert"):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                cursor.execute(statement)
            cursor.execute("alter table publications_receipt disable trigger publications_receipt_no_change")
        cursor.execute(statement)
    found = verify(overdue=False).flaw
    assert found is not None and words in found.sentence


def test_a_bureau_tells_its_schools_staff_and_sees_who_has_read_school_by_school(place: District, cast: Cast) -> None:
    boss = hire("boss", "方局", place.bureau, ("director", place.bureau))
    with pytest.raises(NotAllowed, match="由局领导来办"):
        out(place.bureau, cast.ouyang)
    one = Announcement.objects.get(author=cast.ouyang)
    with pytest.raises(BadInput, match="教育局没有"):
        drafted(place.bureau, cast.ouyang, audience="parents")
    with pytest.raises(NotAllowed, match="任职的学校或教育局"):
        drafted(place.bureau, cast.hu)
    hand_in(one, by=cast.ouyang)
    made = issue(announcing.find(one.pk, by=boss), by=boss)
    assert (made.post, made.issue.kind, Notice.objects.filter(verb="asks_receipt").count()) == (
        "局领导", "announcements.bureau_staff", receipts.asked(made.issue).count() - 1,
    )  # fmt: skip
    page = f"/p/{place.bureau.pk}/announcements.bureau_staff/{made.issue.period}/"
    readers = (cast.rita, cast.tess, cast.hu, boss, cast.ping, cast.ada)
    assert [as_(one).get(page).status_code for one in readers] == [200, 200, 200, 200, 404, 404]
    for reader in (cast.rita, cast.tess, cast.ouyang):
        assert receipts.read(made.issue, by=reader)
    counted = [(unit and unit.name, n.read, n.asked) for unit, n in receipts.by_school(made.issue)]
    assert counted == [(None, 1, 2), (place.school.name, 1, 8), (place.far_school.name, 1, 2)]
    where = f"/publishing/{one.pk}/readers/"
    assert "石门小学" in as_(boss).get(where).content.decode()
    assert "沈三" in as_(boss).get(f"{where}?at=SM01").content.decode()
    assert "平雅琴" not in as_(boss).get(f"{where}?at=office").content.decode()
    mine = as_(cast.hu).get(where).content.decode()  # a head sees their own school, and no other
    assert ("胡启明" in mine, "田甜" in mine, "看谁还没看" in as_(cast.hu).get(page).content.decode()) == (
        True,
        False,
        True,
    )
    assert [as_(cast.hu).get(f"{where}?at={at}").status_code for at in ("SM01", "office", "none")] == [404, 404, 404]
    assert [as_(cast.rita).get(where).status_code, as_(cast.hu).get(f"/publishing/{one.pk}/").status_code] == [404, 404]
    assert [found.pk for found in receipts.asking(cast.hu, which="unread")] == [made.issue_id]
    assert list(receipts.asking(cast.rita, which="unread")) == []


def test_a_bureau_tells_everybody(place: District, cast: Cast, django_assert_num_queries: Any) -> None:
    boss = hire("boss", "方局", place.bureau, ("director", place.bureau))
    out(place.bureau, boss, audience="public", asks_receipt=False, title="招生办法")
    code = place.bureau.pk
    board = Client().get(f"/p/{code}/").content.decode()
    assert ("招生办法" in board, f"/p/{code}/" in Client().get("/p/").content.decode()) == (True, True)
    assert "招生办法" in Client().get(f"/p/{code}/feed.atom").content.decode()
    made = Publication.objects.get()
    assert by_file(made.payload.replace("招生办法", "招生").encode()).answer == "changed"


def test_the_share_of_readers_is_a_figure_by_school(place: District, cast: Cast) -> None:
    boss = hire("boss", "方局", place.bureau, ("director", place.bureau))
    one, two = out(place.bureau, boss), out(place.school, cast.hu)
    out(place.school, cast.hu, audience="public", asks_receipt=False)
    assert one.issue is not None and two.issue is not None
    for reader in (cast.rita, cast.tess, boss):
        receipts.read(one.issue, by=reader)
    receipts.read(two.issue, by=cast.rita)
    today, school, far = MONDAY.date(), place.school.path, place.far_school.path
    assert list(read_figures.read(place.bureau.path, today, today)) == [
        (place.bureau.path, 1, 2),
        (school, 2, 16),
        (far, 1, 2),
    ]
    assert list(read_figures.read(school, today, today)) == [(school, 2, 16)]
    assert list(read_figures.read(school, MONDAY.date() - timedelta(days=7), MONDAY.date() - timedelta(days=1))) == []
    retract(two.issue, reason="发错了", by=cast.hu, seen=1)
    assert list(read_figures.read(school, today, today)) == [(school, 1, 8)]
    page = as_(cast.hu).get(f"/figures/{place.school.pk}/?day={MONDAY:%Y-%m-%d}").content.decode()
    assert "已阅率" in page and "12.5" in page and "1 / 8 人次" in page
    assert "已阅率" in as_(boss).get(f"/figures/{place.bureau.pk}/").content.decode()
    assert "已阅率" not in as_(cast.ouyang).get(f"/figures/{place.bureau.pk}/").content.decode()
