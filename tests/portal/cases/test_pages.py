"""Pages of cases: what a person sees and may press, constant queries, nothing typed is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from portal.cases.actions import move
from portal.cases.models import Case
from portal.orgs.models import User
from repairs.models import Ticket
from tests.conftest import jpeg, photo_of
from tests.district import Cast, District
from tests.repairs.test_loop import reported, to_finished

pytestmark = pytest.mark.usefixtures("monday")
CASE_PAGE = 8
LIST_PAGE = 6


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.orgs.backends.PeopleBackend")
    session = client.session
    session["second_factor"] = "passed"
    session.save()
    return client


def test_the_case_page_takes_eight_queries_however_long_its_history(
    place: District, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    short, long = reported(place, cast.rita, photos=[photo_of(cast.rita).pk]), to_finished(place, cast)
    move(long, "send_back", by=cast.rita, data={"reason": "还在闪"})
    for _ in range(3):
        move(long, "comment", by=cast.rita, data={"words": "还有一处", "photos": [photo_of(cast.rita).pk]})
    for ticket in (short, long):
        client = as_(cast.dora)
        client.get(f"/repairs/tickets/{ticket.number}/")  # the first visit also marks its notices as read
        with django_assert_num_queries(CASE_PAGE):
            assert client.get(f"/repairs/tickets/{ticket.number}/").status_code == 200


@pytest.mark.parametrize("tab", ["waiting", "opened", "governed", "done"])
def test_a_desk_page_takes_six_queries_for_one_row_and_for_three(
    place: District, cast: Cast, tab: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for rows in (1, 3):
        while Ticket.objects.count() < rows:
            reported(place, cast.dora)
        client = as_(cast.dora)
        with django_assert_num_queries(LIST_PAGE):
            assert client.get(f"/desk/?tab={tab}").content.decode().count('class="go"') == rows


def test_a_step_refused_keeps_every_word_and_photo(place: District, cast: Cast) -> None:
    ticket = to_finished(place, cast)
    client = as_(cast.rita)
    photo = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    answer = client.post(
        f"/repairs/tickets/{ticket.number}/send_back/", {"reason": "", "photos": photo, "version": ticket.version}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写“哪里没修好”。" in page
    assert page.count('name="photos" value=') == 1
    assert Case.objects.get(pk=ticket.pk).state == "finished"


def test_a_stale_page_is_told_what_happened_and_keeps_the_words(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    answer = as_(cast.dora).post(
        f"/repairs/tickets/{ticket.number}/reject/", {"reason": "不归我们管", "version": 0, "key": "k1"}
    )
    assert answer.status_code == 412
    page = answer.content.decode()
    assert "不归我们管" in page
    assert '<td>待受理</td><td><b>待派工</b></td><td class="bad">不予受理</td>' in page


def test_the_same_submission_twice_happens_once(place: District, cast: Cast) -> None:
    client = as_(cast.rita)
    said = {"unit": place.room.pk, "topic": "RP-03", "words": "顶灯不亮", "key": "once-1"}
    first, second = client.post("/repairs/report/", said), client.post("/repairs/report/", said)
    assert (first.status_code, second.status_code, first["Location"]) == (302, 302, second["Location"])
    assert Ticket.objects.count() == 1


def test_a_stranger_finds_no_case(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    for who in (cast.sam, cast.tess, cast.ping, cast.ada):
        assert as_(who).get(f"/repairs/tickets/{ticket.number}/").status_code == 404


def test_a_case_page_escapes_what_people_write(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita, words="<script>alert(1)</script> 😀 𠮷")
    page = as_(cast.dora).get(f"/repairs/tickets/{ticket.number}/").content.decode()
    assert "<script>alert" not in page and "😀 𠮷" in page


def test_a_job_given_back_leaves_the_technician_on_the_desk(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    answer = as_(cast.will).post(f"/repairs/tickets/{ticket.number}/return_job/", {"reason": "要电工证"}, follow=True)
    assert (answer.redirect_chain, answer.status_code) == ([("/desk/", 302)], 200)
    assert "不再由您办理" in answer.content.decode()
