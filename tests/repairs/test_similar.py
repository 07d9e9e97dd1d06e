"""The same place and kind still open: shown before sending, followed instead; strangers' reports are never shown."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from portal.cases.actions import move
from portal.cases.models import CaseParty
from portal.notices.models import Notice
from repairs.models import Ticket
from repairs.queries import similar_at
from tests.conftest import photo_of
from tests.district import Cast, District
from tests.portal.api.program import TICKETS, Program
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")


def said(place: District, **more: Any) -> dict[str, Any]:
    return {"unit": place.room.pk, "topic": "RP-03", "words": "灯又不亮了"} | more


def test_similar_are_open_reports_of_the_same_kind_at_the_same_place_that_one_may_see(
    place: District, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = reported(place, cast.rita, photos=[photo_of(cast.rita).pk])
    reported(place, cast.rita, topic="RP-05")
    reported(place, cast.rita, unit=place.other_room.pk)
    over = reported(place, cast.rita)
    move(over, "withdraw", by=cast.rita)
    with django_assert_num_queries(2):  # the person's posts, the cases
        found = similar_at(place.room, "RP-03", by=cast.dora)
    assert [(one.number, one.note, one.follow_url) for one in found] == [
        (first.number, "今天 09:00 报，现在“待受理”", f"/repairs/tickets/{first.number}/follow/")
    ]
    assert found[0].thumb_url
    assert similar_at(place.room, "RP-03", by=cast.ping) == []
    assert [one.follow_url for one in similar_at(place.room, "RP-03", by=cast.rita)] == [""]


def test_a_report_is_held_up_once_by_what_is_open_here_and_keeps_everything_typed(place: District, cast: Cast) -> None:
    first = reported(place, cast.rita)
    client, piece = as_(cast.dora), photo_of(cast.dora)
    answer = client.post("/repairs/report/", said(place, photos=[piece.pk], key="k1"))
    page = answer.content.decode()
    assert (answer.status_code, Ticket.objects.count()) == (409, 1)
    assert "请先看一眼是不是同一件" in page and "灯又不亮了" in page and f'value="{piece.pk}"' in page
    assert f'name="similar_seen" value="{first.number}"' in page
    again = client.post("/repairs/report/", said(place, photos=[piece.pk], key="k2", similar_seen=first.number))
    assert (again.status_code, Ticket.objects.count()) == (302, 2)


def test_what_came_in_meanwhile_holds_the_report_up_again(place: District, cast: Cast) -> None:
    first = reported(place, cast.rita)
    reported(place, cast.rita)
    client = as_(cast.dora)
    assert client.post("/repairs/report/", said(place, similar_seen=first.number)).status_code == 409
    assert client.post("/repairs/report/", said(place, similar_seen="*")).status_code == 302


def test_what_one_may_not_see_holds_up_nothing(place: District, cast: Cast) -> None:
    reported(place, cast.dora)
    assert as_(cast.rita).post("/repairs/report/", said(place)).status_code == 302


def test_the_part_of_the_form_answers_for_place_and_kind(place: District, cast: Cast) -> None:
    first = reported(place, cast.rita)
    client = as_(cast.dora)
    assert first.number in client.get("/repairs/report/similar/", said(place)).content.decode()
    for asked in ({}, {"unit": place.room.pk}, {"unit": "x", "topic": "RP-03"}, said(place, unit=place.far_room.pk)):
        answer = client.get("/repairs/report/similar/", asked)
        assert (answer.status_code, answer.content.decode().strip()) == (200, "")


def test_programs_are_told_the_same(place: District, cast: Cast) -> None:
    first = reported(place, cast.rita)
    asked = {"unit": place.room.pk, "topic": "RP-03"}
    answer = Program.of(cast.dora).get(f"{TICKETS}/similar", **asked)
    assert [one["number"] for one in answer.json()["results"]] == [first.number]
    assert Program.of(cast.ping).get(f"{TICKETS}/similar", **asked).json() == {"results": []}
    assert Program.of(cast.sam).get(f"{TICKETS}/similar", **asked).status_code == 404
    assert Program.of(cast.dora).get(f"{TICKETS}/similar", unit=1, topic="RP-77").status_code == 422


def test_following_instead_tells_of_every_step(place: District, cast: Cast) -> None:
    first = reported(place, cast.rita)
    answer = as_(cast.lin).post(f"/repairs/tickets/{first.number}/follow/", said(place, key="k1"))
    assert (answer.status_code, answer["Location"]) == (302, f"/repairs/tickets/{first.number}/")
    assert CaseParty.objects.filter(case=first, person=cast.lin, as_what="follower").exists()
    move(first, "accept", by=cast.dora, data={"reply": "好"})
    assert Notice.objects.filter(to=cast.lin, about=first.address, verb="accept").count() == 1
