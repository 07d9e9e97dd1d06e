"""Several cases at once from a list: each answered on its own, once per key; nothing one may not see is touched."""

import pytest
from pytest_django import DjangoAssertNumQueries

from portal.cases.actions import move
from portal.ledger.models import Event
from repairs.models import Ticket
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")
ASSIGN = "/repairs/tickets/many/assign/"


def accepted(place: District, cast: Cast, words: str) -> Ticket:
    ticket = reported(place, cast.rita, words=words)
    move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    return ticket


def states() -> list[str]:
    return list(Ticket.objects.order_by("pk").values_list("state", flat=True))


def test_the_desk_offers_ticks_to_those_who_may_use_them(place: District, cast: Cast) -> None:
    ticket = accepted(place, cast, "灯")
    page = as_(cast.dora).get("/desk/").content.decode()
    assert f'name="case" value="{ticket.number}"' in page and "批量派工" in page and "批量受理" not in page
    for who in (cast.lin, cast.rita):
        assert 'name="case"' not in as_(who).get("/desk/?tab=governed").content.decode()


def test_every_case_is_answered_on_its_own(place: District, cast: Cast) -> None:
    one, two = accepted(place, cast, "灯一"), accepted(place, cast, "灯二")
    new = reported(place, cast.rita, words="灯三")
    far = reported(place, cast.tess, unit=place.far_room.pk)
    chosen = [one.number, two.number, new.number, far.number]
    client = as_(cast.dora)
    form = client.get(ASSIGN, {"case": chosen}).content.decode()
    assert [number in form for number in chosen] == [True, True, True, False]
    page = client.post(ASSIGN, {"case": chosen, "assignee": cast.will.pk, "key": "k1"}).content.decode()
    assert (page.count("is-done"), page.count("没有办成")) == (2, 1)
    assert "不能再“派工”" in page and far.number not in page
    assert states() == ["assigned", "assigned", "reported", "reported"]


def test_the_same_submission_twice_happens_once(place: District, cast: Cast) -> None:
    one, two = accepted(place, cast, "灯一"), accepted(place, cast, "灯二")
    said = {"case": [one.number, two.number], "assignee": cast.will.pk, "key": "k1"}
    client = as_(cast.dora)
    assert client.post(ASSIGN, said).content.decode().count("is-done") == 2
    assert client.post(ASSIGN, said).content.decode().count("is-done") == 2
    assert Event.objects.filter(verb="assign").count() == 2


def test_who_may_not_take_the_step_is_told_so_for_each(place: District, cast: Cast) -> None:
    one = accepted(place, cast, "灯一")
    page = as_(cast.rita).post(ASSIGN, {"case": [one.number], "assignee": cast.will.pk}).content.decode()
    assert "“派工”由报修调度来办" in page
    assert states() == ["accepted"]


def test_nothing_ticked_too_many_or_another_step_is_refused(place: District, cast: Cast) -> None:
    one, client = accepted(place, cast, "灯一"), as_(cast.dora)
    assert client.get(ASSIGN).status_code == 422
    assert client.post(ASSIGN, {"case": [str(n) for n in range(26)]}).status_code == 422
    assert client.post(ASSIGN, {"case": [one.number]}).status_code == 422  # nobody to assign it to
    for name in ("reject", "nothing", "report"):
        assert client.get(f"/repairs/tickets/many/{name}/", {"case": one.number}).status_code == 404
    assert states() == ["accepted"]


def test_a_list_with_ticks_takes_no_more_queries(
    place: District, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 3):
        while Ticket.objects.count() < count:
            accepted(place, cast, "灯")
        client = as_(cast.dora)
        with django_assert_num_queries(6):
            assert client.get("/desk/").content.decode().count('name="case"') == count
