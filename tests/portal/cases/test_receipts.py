"""A reporter without an account: the code grants the opener's steps on one case, and nothing else."""

import re

import pytest
from django.test import Client

from portal.cases.actions import move
from portal.cases.actors import Receipt
from portal.cases.models import AnsweredKey
from portal.errors import NotAllowed, NotThere
from repairs.models import Ticket
from tests.conftest import photo_of
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")


def walked_in(place: District, cast: Cast) -> tuple[Ticket, str]:
    """Somebody came to the desk; their ticket and the code the desk was shown."""
    client = as_(cast.dora)
    said = {"unit": place.room.pk, "topic": "RP-03", "words": "灯坏了", "walk_in": "on", "key": "w1"}
    answer = client.post("/repairs/report/", said, follow=True)
    code = re.search(r"回执码 ([A-Z2-9-]{19})", answer.content.decode())
    assert code is not None
    return Ticket.objects.get(), code.group(1)


def test_the_code_opens_the_case_and_nothing_else(place: District, cast: Cast) -> None:
    ticket, code = walked_in(place, cast)
    other = reported(place, cast.rita)
    visitor = Client()
    assert visitor.get(f"/repairs/tickets/{ticket.number}/").status_code == 302  # to sign in
    answer = visitor.post("/receipt/", {"code": code.lower().replace("-", " ")})
    assert (answer.status_code, answer["Location"]) == (302, f"/repairs/tickets/{ticket.number}/")
    assert "灯坏了" in visitor.get(answer["Location"]).content.decode()
    assert visitor.get(f"/repairs/tickets/{other.number}/").status_code == 404
    assert visitor.get("/desk/").status_code == 302


def test_the_holder_signs_off_and_takes_no_other_step(place: District, cast: Cast) -> None:
    ticket, code = walked_in(place, cast)
    holder = Receipt.of(code)
    with pytest.raises(NotAllowed):
        move(ticket, "accept", by=holder, data={"reply": "好"})
    move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    move(ticket, "arrive", by=cast.will)
    move(ticket, "finish", by=cast.will, data={"after": [photo_of(cast.will).pk]})
    assert move(ticket, "confirm", by=holder, data={"speed": 5, "quality": 5}).state == "closed"
    with pytest.raises(NotThere):
        move(reported(place, cast.rita), "withdraw", by=holder)


def test_a_wrong_code_finds_nothing_and_keeps_what_was_typed(place: District, cast: Cast) -> None:
    walked_in(place, cast)
    answer = Client().post("/receipt/", {"code": "ABCD-EFGH"})
    assert answer.status_code == 422
    assert "没有找到这个回执码" in answer.content.decode() and "ABCD-EFGH" in answer.content.decode()


def test_the_code_is_stored_nowhere(place: District, cast: Cast) -> None:
    ticket, code = walked_in(place, cast)
    assert (ticket.opener, ticket.receipt) == (None, Receipt.of(code).digest)
    assert code not in str(AnsweredKey.objects.values())


def test_a_follower_hears_of_every_step_until_they_stop(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    move(ticket, "follow", by=cast.ouyang)
    with pytest.raises(NotAllowed):
        move(ticket, "follow", by=cast.ouyang)
    move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    assert cast.ouyang.notices.filter(about=ticket.address).values_list("verb", flat=True)[0] == "accept"
    move(ticket, "unfollow", by=cast.ouyang)
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    assert cast.ouyang.notices.filter(about=ticket.address).count() == 1
