"""Opening a case at a place that is none: the form comes back with what was typed and asks where."""

import pytest

from repairs.models import Ticket
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")


@pytest.mark.parametrize("unit", ["", "0", "-1", "灯", "²", "9" * 30, "far_room", "town"])
def test_an_unknown_place_costs_nothing_typed(place: District, cast: Cast, unit: str) -> None:
    named = str(getattr(place, unit).pk) if hasattr(place, unit) else unit
    answer = as_(cast.rita).post("/repairs/report/", {"unit": named, "topic": "RP-03", "words": "走廊尽头的灯"})
    page = answer.content.decode()
    assert (answer.status_code, "走廊尽头的灯" in page, 'name="where"' in page) == (422, True, True)
    assert Ticket.objects.count() == 0


def test_a_key_used_for_something_else_is_said_above_the_form(place: District, cast: Cast) -> None:
    client, said = as_(cast.rita), {"unit": place.room.pk, "topic": "RP-03", "key": "once-1"}
    assert client.post("/repairs/report/", said | {"words": "灯"}).status_code == 302
    answer = client.post("/repairs/report/", said | {"words": "门"})
    assert (answer.status_code, "这个提交编号已用于另一次提交" in answer.content.decode()) == (422, True)


def test_a_version_that_is_none_counts_as_overtaken(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    answer = as_(cast.dora).post(f"/repairs/tickets/{ticket.number}/accept/", {"reply": "马上来", "version": "abc"})
    assert (answer.status_code, "马上来" in answer.content.decode()) == (412, True)
    assert Ticket.objects.get(pk=ticket.pk).state == "reported"


def test_without_a_place_one_is_asked_where_first(place: District, cast: Cast) -> None:
    answer = as_(cast.rita).get("/repairs/report/")
    assert (answer.status_code, answer["Location"]) == (302, "/places/?next=%2Frepairs%2Freport%2F")
