"""Reports without signing in: slow, with photos, seen by the desk alone until vouched for, followed by receipt."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case, Deadline, Words
from portal.cases.sweep import sweep
from portal.cases.visiting import Slip
from portal.errors import NotAllowed, NotThere
from portal.evidence.models import Piece
from portal.evidence.proof import check
from portal.ledger.queries import chain_of
from portal.notices.models import Notice
from portal.stickers.actions import make, welcome
from portal.stickers.models import Sticker
from repairs.models import Ticket
from tests.conftest import jpeg
from tests.district import MONDAY, Cast, District, later
from tests.portal.cases.test_pages import as_

pytestmark = pytest.mark.usefixtures("monday")
INSULT = "<a href='http://bad.example'>看这里</a> http://bad.example"


@pytest.fixture
def door(place: District, cast: Cast) -> str:
    """The address for strangers at room 203, welcome."""
    make(place.room, by=cast.lin)
    welcome(place.school, is_on=True, by=cast.ada)
    return f"/repairs/visit/{Sticker.objects.get().code}/"


def said(**more: Any) -> dict[str, Any]:
    slip = Slip("ABCD-EFGH-JKMN-PQRS", MONDAY - timedelta(minutes=1)).signed()
    photo = SimpleUploadedFile("photo.jpg", jpeg(), "image/jpeg")
    return {"slip": slip, "topic": "RP-05", "words": "桌腿断了", "photos": [photo]} | more


def reported(door: str, browser: Client | None = None, **more: Any) -> Ticket:
    answer = (browser or Client()).post(door, said(**more))
    assert answer.status_code == 200, answer.content.decode()
    return Ticket.objects.latest("pk")


def test_a_stranger_reports_and_follows_by_the_receipt(door: str, place: District, cast: Cast) -> None:
    browser = Client()
    answer = browser.post(door, said())
    page = answer.content.decode()
    ticket = Ticket.objects.get()
    assert "ABCD-EFGH-JKMN-PQRS" in page
    assert (ticket.state, ticket.turn, ticket.circle, ticket.title, ticket.opener) == (
        "unconfirmed", "dispatcher", "visitors", "203 教室 桌椅家具", None,
    )  # fmt: skip
    assert browser.get(f"/repairs/tickets/{ticket.number}/").status_code == 200
    other = Client()
    assert other.post("/receipt/", {"code": "abcd efgh jkmn pqrs"})["Location"] == f"/repairs/tickets/{ticket.number}/"
    assert Client().get(f"/repairs/tickets/{ticket.number}/").status_code == 302
    again = Client().post(door, said())  # the same slip sent twice opens one case and says the same code
    assert (again.status_code, Ticket.objects.count()) == (200, 1)


def test_until_it_is_vouched_for_only_the_desk_and_the_receipt_know_of_it(
    door: str, place: District, cast: Cast
) -> None:
    ticket = reported(door)
    photo = Piece.objects.get(address=ticket.address)
    where, shot = f"/repairs/tickets/{ticket.number}/", f"/evidence/{photo.pk}"
    for desk in (cast.dora, cast.lin):
        assert [as_(desk).get(one).status_code for one in (where, shot)] == [200, 200]
    for other in (cast.rita, cast.hu, cast.vera, cast.will, cast.ouyang, cast.ada, cast.sam):
        assert [as_(other).get(one).status_code for one in (where, shot)] == [404, 404], other.username
    assert Client().get(shot).status_code in (302, 401)
    assert set(Notice.objects.values_list("to__username", flat=True)) == {"dora"}
    assert "桌腿" not in "".join(Notice.objects.values_list("title", flat=True))
    move(ticket, "vouch", by=cast.dora, data={"reply": "收下了"})
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.state, ticket.circle) == ("reported", "")
    for other in (cast.hu, cast.ouyang):
        assert [as_(other).get(one).status_code for one in (where, shot)] == [200, 200]
    assert as_(cast.rita).get(shot).status_code == 404


def test_the_answer_clock_runs_from_the_report_and_rises_within_the_desk(door: str, cast: Cast) -> None:
    ticket = reported(door)
    clocks = dict(Deadline.objects.filter(case=ticket).values_list("clock", "done_at"))
    assert clocks == {"respond": None}
    due = Deadline.objects.get(case=ticket, clock="respond").due_at
    with clock.at(later(hours=1)):
        move(ticket, "vouch", by=cast.lin)
    running = dict(Deadline.objects.filter(case=ticket, done_at=None).values_list("clock", "due_at"))
    assert (running["respond"], sorted(running)) == (due, ["resolve", "respond"])


def test_what_is_untrue_is_dismissed_and_gone(door: str, cast: Cast) -> None:
    browser = Client()
    ticket = reported(door, browser, words=INSULT)
    page = as_(cast.dora).get(f"/repairs/tickets/{ticket.number}/").content.decode()
    assert "&lt;a href=" in page
    assert 'href="http://bad.example' not in page
    for stranger in (cast.hu, cast.will):
        with pytest.raises(NotThere):
            move(ticket, "dismiss", by=stranger, data={"reason": "没有的事"})
    move(ticket, "dismiss", by=cast.lin, data={"reason": "没有的事"})
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.state, ticket.is_open) == ("dismissed", False)
    assert list(Words.objects.filter(case=ticket).values_list("name", "text")) == [("reason", "没有的事")]
    assert Piece.objects.filter(address=ticket.address).count() == 0
    opened, dismissed = chain_of(ticket.address)
    assert dismissed.facts["erased"] == opened.facts["photos"]["photos"]
    assert check().flaw is None
    for page in (as_(cast.dora), browser):
        text = page.get(f"/repairs/tickets/{ticket.number}/").content.decode()
        assert ("bad.example" in text, "不属实" in text) == (False, True)


def test_a_photo_gone_without_a_word_in_the_chain_is_still_a_flaw(door: str) -> None:
    ticket = reported(door)
    Piece.objects.filter(address=ticket.address).delete()
    assert check().flaw is not None


def test_a_stranger_sends_nothing_more_before_it_is_vouched_for(door: str, cast: Cast) -> None:
    browser = Client()
    ticket = reported(door, browser)
    where = f"/repairs/tickets/{ticket.number}/comment/"
    assert browser.post(where, {"words": "还有一句"}).status_code == 409
    move(ticket, "vouch", by=cast.dora)
    assert browser.post(where, {"words": "还有一句"}).status_code == 302


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"photos": []}, "请至少上传 1 张照片"),
        ({"words": "长" * 201}, "200"),
        ({"topic": "XX-99"}, "XX-99"),
        ({"slip": "forged"}, "页面放得太久了"),
        ({"slip": Slip("AAAA-AAAA-AAAA-AAAA", MONDAY - timedelta(hours=4)).signed()}, "页面放得太久了"),
        ({"slip": Slip("AAAA-AAAA-AAAA-AAAA", MONDAY).signed()}, "没有收下"),
        ({"website": "http://bad.example"}, "没有收下"),
        ({"photos": [SimpleUploadedFile("x.jpg", b"not a photo", "image/jpeg")]}, "x.jpg"),
        ({"photos": [SimpleUploadedFile(f"{n}.jpg", jpeg(), "image/jpeg") for n in range(4)]}, "最多 3 张"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    door: str, more: dict[str, Any], sentence: str
) -> None:
    answer = Client().post(door, said(**more))
    page = answer.content.decode()
    assert (answer.status_code, sentence in page, Ticket.objects.count()) == (422, True, 0), page
    assert "桌腿断了" in page or "words" in more


def test_a_photo_taken_in_is_kept_while_the_rest_is_corrected(door: str) -> None:
    page = Client().post(door, said(topic="")).content.decode()
    kept = re.findall(r'name="photos" value="([0-9a-f-]{36})"', page)
    slip = re.findall(r'name="slip" value="([^"]+)"', page)[0]
    answer = Client().post(door, {"slip": slip, "topic": "RP-05", "photos": kept})
    assert (answer.status_code, Piece.objects.filter(address=Ticket.objects.get().address).count()) == (200, 1)


def test_a_school_that_does_not_allow_it_takes_nothing(door: str, place: District, cast: Cast) -> None:
    welcome(place.school, is_on=False, by=cast.ada)
    assert [Client().get(door).status_code, Client().post(door, said()).status_code] == [403, 403]
    assert Case.objects.count() == 0
    with pytest.raises(NotAllowed):
        welcome(place.school, is_on=True, by=cast.lin)


def test_too_many_from_one_sticker_have_to_wait(door: str) -> None:
    def post(n: int) -> int:
        slip = Slip(f"AAAA-AAAA-AAAA-AA{n:02}", MONDAY - timedelta(minutes=1)).signed()
        return Client(REMOTE_ADDR=f"203.0.113.{n}").post(door, said(slip=slip)).status_code

    assert [post(n) for n in range(8)] == [200] * 6 + [429, 429]
    assert Ticket.objects.count() == 6


def test_too_many_from_one_network_have_to_wait_and_leave_no_photo(door: str) -> None:
    answers = [
        Client().post(door, said(topic="", slip=Slip(f"{n}", MONDAY - timedelta(minutes=1)).signed()))
        for n in range(14)
    ]
    assert [one.status_code for one in answers] == [422] * 12 + [429] * 2
    assert Piece.objects.count() == 12


def test_the_holder_of_the_receipt_signs_off(door: str, cast: Cast) -> None:
    browser = Client()
    ticket = reported(door, browser)
    move(ticket, "vouch", by=cast.dora)
    move(ticket, "accept", by=cast.dora, data={"reply": "马上来"})
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    where = f"/repairs/tickets/{ticket.number}/"
    assert "待上门" in browser.get(where).content.decode()
    assert browser.get(f"{where}accept/").status_code == 403


def test_every_sticker_of_the_door_stands_for_its_own_place(door: str, place: District) -> None:
    page = Client().get(door).content.decode()
    assert ("203 教室" in page, "http" in re.sub(r"xmlns=\S+", "", page)) == (True, False)


def test_the_staircase_of_a_stranger_s_report_names_the_desk_alone(door: str, cast: Cast) -> None:
    ticket = reported(door)
    browser = as_(cast.lin)
    page = browser.get(f"/repairs/tickets/{ticket.number}/").content.decode()
    ladder = re.search(r'<ol class="ladder.*?</ol>', page, re.DOTALL)
    assert ladder is not None
    posts = re.findall(r"</b><span>(.*?)</span>", ladder.group())
    assert (posts, "空缺" in ladder.group()) == (["报修调度", "总务主任"], False)
    with clock.at(MONDAY + timedelta(days=2)):
        sweep()
        page = browser.get(f"/repairs/tickets/{ticket.number}/").content.decode()
    assert "分管副校长不在专项圈内，不上报，直接到下一级" in page
    assert "空缺" not in page
