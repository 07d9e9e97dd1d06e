"""The repair loop through the engine: report, accept, dispatch, repair, sign off, and every way it can turn."""

import pytest

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case, Deadline
from portal.errors import BadInput, NotAllowed, NotThere, Refused, Stale, WrongStep
from portal.orgs.models import User
from repairs.actions import report
from repairs.flow import FLOW
from repairs.models import Ticket
from tests.conftest import photo_of
from tests.district import Cast, District, later

pytestmark = pytest.mark.usefixtures("monday")


def reported(place: District, by: User, **data: object) -> Ticket:
    said = {"unit": place.room.pk, "topic": "RP-03", "words": "顶灯不亮"} | data
    form = filled(FLOW, FLOW.opening, case=None, by=by, data=said)
    return Ticket.objects.get(pk=report(form, by=by).pk)


def to_finished(place: District, cast: Cast) -> Ticket:
    ticket = reported(place, cast.rita)
    move(ticket, "accept", by=cast.dora, data={"reply": "马上来"})
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    move(ticket, "arrive", by=cast.will)
    move(ticket, "finish", by=cast.will, data={"after": [photo_of(cast.will).pk]})
    return Ticket.objects.get(pk=ticket.pk)


def test_a_ticket_goes_from_report_to_sign_off(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita, photos=[photo_of(cast.rita).pk])
    assert (ticket.number, ticket.title, ticket.state, ticket.turn) == (
        "BX-LX01-2026-00001", "203 教室 顶灯不亮", "reported", "dispatcher",
    )  # fmt: skip
    assert ticket.due_at == later(hours=2)
    move(ticket, "accept", by=cast.dora, data={"reply": "马上来"})
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    move(ticket, "arrive", by=cast.will)
    move(ticket, "finish", by=cast.will, data={"after": [photo_of(cast.will).pk]})
    done = move(ticket, "confirm", by=cast.rita, data={"speed": 5, "quality": 4})
    fresh = Ticket.objects.get(pk=done.pk)
    assert (fresh.state, fresh.is_open, fresh.speed, fresh.quality, fresh.due_at) == ("closed", False, 5, 4, None)
    assert not Deadline.objects.filter(case=fresh, done_at=None).exists()


def test_only_the_role_of_the_step_may_take_it(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    with pytest.raises(NotAllowed):
        move(ticket, "accept", by=cast.rita, data={"reply": "好"})
    with pytest.raises(NotThere):
        move(ticket, "accept", by=cast.sam, data={"reply": "好"})


def test_a_step_from_another_state_is_refused(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    with pytest.raises(WrongStep):
        move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})


def test_a_stale_version_is_refused(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    move(ticket, "accept", by=cast.dora, data={"reply": "好"}, seen=0)
    with pytest.raises(Stale):
        move(ticket, "reject", by=cast.dora, data={"reason": "不归我们管"}, seen=0)


def test_finishing_needs_a_photo(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    move(ticket, "accept", by=cast.dora, data={"reply": "马上来"})
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    move(ticket, "arrive", by=cast.will)
    with pytest.raises(BadInput) as refused:
        move(ticket, "finish", by=cast.will)
    assert refused.value.errors == {"after": ["请至少上传 1 张照片。"]}
    assert Case.objects.get(pk=ticket.pk).state == "working"


def test_nobody_signs_off_their_own_work(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.will)
    move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    move(ticket, "arrive", by=cast.will)
    move(ticket, "finish", by=cast.will, data={"after": [photo_of(cast.will).pk]})
    with pytest.raises(Refused, match="自己修的"):
        move(ticket, "confirm", by=cast.will, data={"speed": 5, "quality": 5})


def test_sending_back_resumes_the_same_clock(place: District, cast: Cast) -> None:
    ticket = to_finished(place, cast)
    with clock.at(later(hours=5)):
        move(ticket, "send_back", by=cast.rita, data={"reason": "还在闪"})
    resolve = Deadline.objects.get(case=ticket, clock="resolve", done_at=None)
    assert (resolve.paused_at, resolve.due_at) == (None, later(hours=24 + 5))
    assert Ticket.objects.get(pk=ticket.pk).rework == 1


def test_the_head_signs_off_for_an_opener_who_has_left(place: District, cast: Cast) -> None:
    ticket = to_finished(place, cast)
    with pytest.raises(NotAllowed):
        move(ticket, "confirm", by=cast.hu, data={"speed": 5, "quality": 5})
    User.objects.filter(pk=cast.rita.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        move(ticket, "confirm", by=cast.dora, data={"speed": 5, "quality": 5})
    assert move(ticket, "confirm", by=cast.hu, data={"speed": 5, "quality": 5}).state == "closed"


def test_more_time_is_asked_and_granted_by_somebody_else(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    with pytest.raises(Refused, match="没有等待答复"):
        move(ticket, "grant_time", by=cast.lin)
    move(ticket, "ask_time", by=cast.will, data={"asked_hours": "6", "reason": "等梯子"})
    with pytest.raises(NotAllowed):
        move(ticket, "grant_time", by=cast.will)
    move(ticket, "grant_time", by=cast.lin)
    assert Deadline.objects.get(case=ticket, clock="resolve").due_at == later(hours=30)
    assert Ticket.objects.get(pk=ticket.pk).extensions == 1
