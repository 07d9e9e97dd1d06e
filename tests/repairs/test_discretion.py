"""私密: who deals with a discreet report reads it; everybody else who may see it learns that it exists and no more."""

from typing import Any

import pytest

from portal.cases.actions import move
from portal.cases.models import Case
from portal.evidence.models import Piece
from portal.ledger.models import Event
from portal.notices.models import Notice
from portal.orgs.models import User
from repairs.models import Ticket
from repairs.queries import similar_at
from tests.conftest import photo_of
from tests.district import Cast, District
from tests.portal.api.program import TICKETS, Program
from tests.portal.cases.test_pages import as_
from tests.repairs.test_day import assigned
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")
SECRET = "床边插座冒烟"
SENTENCE = "私密报修，详情只有报修人和办理人能看"


@pytest.fixture
def job(place: District, cast: Cast) -> Ticket:
    """A discreet report of Rita's from a room, with a photo, dispatched to Will, followed by Ouyang."""
    photo = photo_of(cast.rita).pk
    job = assigned(place, cast, cast.will, words=SECRET, item="插座", discreet="on", photos=[photo])
    move(job, "follow", by=cast.ouyang)
    return job


def page(who: User, path: str) -> str:
    return str(as_(who).get(path, follow=True).content.decode())


def tells(text: str) -> bool:
    """Whether it gives away words, room or what is on the photo."""
    return any(secret in text for secret in (SECRET, "203 教室", "/evidence/", "插座"))


def test_its_title_and_place_are_fit_for_everybody(job: Ticket, place: District) -> None:
    assert (job.title, job.unit, job.spot, job.discreet) == (
        "教学楼 供电照明（私密）",
        place.building,
        place.room,
        True,
    )
    assert place.room.pk not in [one.facts.get("unit") for one in Event.objects.filter(address=job.address)]


def test_who_deals_with_it_reads_everything(job: Ticket, cast: Cast) -> None:
    move(job, "call_help", by=cast.will, data={"helper": cast.wang.pk})
    photo = Piece.objects.get(address=job.address)
    for who in (cast.rita, cast.will, cast.wang, cast.dora, cast.lin):
        seen = page(who, f"/repairs/tickets/{job.number}/")
        assert SECRET in seen and "教学楼 203 教室" in seen and SENTENCE not in seen
        assert as_(who).get(f"/evidence/{photo.pk}").status_code == 200
    assert "教学楼 203 教室" in page(cast.will, "/repairs/today/")


def test_everybody_else_who_sees_it_learns_that_it_exists(job: Ticket, cast: Cast) -> None:
    photo = Piece.objects.get(address=job.address)
    for who in (cast.vera, cast.hu, cast.ouyang):
        seen = page(who, f"/repairs/tickets/{job.number}/")
        assert SENTENCE in seen and not tells(seen)
        assert not tells(page(who, f"/repairs/tickets/{job.number}/print/"))
        assert not tells(page(who, f"/repairs/tickets/{job.number}/comment/").replace("/evidence/", ""))
        for path in (f"/evidence/{photo.pk}", f"/evidence/{photo.pk}/thumb", f"/evidence/{photo.pk}/file"):
            assert as_(who).get(path).status_code == 404
    assert page(cast.tess, f"/repairs/tickets/{job.number}/").count(SENTENCE) == 0


def test_no_list_search_or_notice_tells_more(job: Ticket, cast: Cast) -> None:
    move(job, "arrive", by=cast.will)
    for path in ("/", "/desk/?tab=governed", f"/desk/?tab=governed&q={job.number}", "/repairs/"):
        assert not tells(page(cast.hu, path).replace("/evidence/", "")), path
    for words in (SECRET, "203 教室"):
        assert job.number not in page(cast.hu, f"/desk/?tab=governed&q={words}")
    about = Notice.objects.filter(about=job.address)
    assert about.exists() and not any(tells(f"{one.title} {one.body}") for one in about)


def test_programs_are_told_no_more_than_pages(job: Ticket, cast: Cast) -> None:
    def answers(who: User) -> list[Any]:
        program = Program.of(who)
        one, events = program.get(f"{TICKETS}/{job.number}"), program.get(f"{TICKETS}/{job.number}/events")
        rows = events.json()["results"]
        words = [said["text"] for row in rows for said in row["words"]]
        return [
            one.json()["facts"],
            words,
            [photo for row in rows for photo in row["photos"]],
            one.json()["unit"]["place"],
        ]

    assert answers(cast.hu) == [[], [], [], "教学楼"]
    facts, words, photos, where = answers(cast.will)
    assert facts[0] == {"label": "具体地点", "value": "教学楼 203 教室（私密，不对别人显示）"}
    assert (SECRET in words, len(photos), where) == (True, 1, "教学楼")


def test_another_room_stays_as_discreet(job: Ticket, place: District, cast: Cast) -> None:
    move(job, "replace", by=cast.dora, data={"unit": place.other_room.pk, "reason": "写错了"})
    fresh = Ticket.objects.get(pk=job.pk)
    assert (fresh.unit, fresh.unit_path, fresh.spot) == (place.building, place.building.path, place.other_room)
    assert "204 教室" not in page(cast.hu, f"/repairs/tickets/{job.number}/")
    assert place.other_room.pk not in [one.facts.get("unit") for one in Event.objects.filter(address=job.address)]


def test_it_is_never_offered_as_similar(job: Ticket, place: District, cast: Cast) -> None:
    for unit in (place.room, place.building):
        assert similar_at(unit, "RP-03", by=cast.dora) == []


def test_a_receipt_reads_its_own_report(place: District, cast: Cast) -> None:
    said = {"unit": place.room.pk, "topic": "RP-03", "words": SECRET, "walk_in": "on", "discreet": "on"}
    done = as_(cast.dora).post("/repairs/report/", said, follow=True).content.decode()
    visitor = as_(cast.dora).__class__()
    answer = visitor.post("/receipt/", {"code": done.partition("回执码 ")[2][:19]}, follow=True)
    assert SECRET in answer.content.decode()


def test_an_ordinary_report_is_read_by_all_who_see_it(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita, words=SECRET)
    assert SECRET in page(cast.hu, f"/repairs/tickets/{ticket.number}/")
    assert Case.objects.get(pk=ticket.pk).spot is None
