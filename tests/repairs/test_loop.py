"""The repair loop through the engine: report, accept, dispatch, repair, sign off, and every way it can turn."""

import pytest

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case, CaseParty, Deadline
from portal.cases.page import face_of
from portal.cases.queries import find
from portal.errors import BadInput, NotAllowed, NotThere, Refused, Stale, WrongStep
from portal.ledger.queries import chain_of
from portal.notices.models import Notice
from portal.orgs.actions import record_absence
from portal.orgs.models import User
from repairs.actions import report
from repairs.flow import FLOW
from repairs.models import Ticket
from tests.conftest import photo_of
from tests.district import MONDAY, Cast, District, later

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


def test_the_desk_reports_for_somebody_who_phoned(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.dora, opener="林晓芸")
    assert ticket.opener == cast.rita
    assert [notice.to for notice in Notice.objects.filter(about=ticket.address, to=cast.rita)] == [cast.rita]
    with pytest.raises(BadInput) as refused:
        reported(place, cast.dora, opener="田甜")  # teaches at another school
    assert refused.value.errors == {"opener": ["没有找到这个人，请填工号或手机号。"]}
    assert reported(place, cast.rita, opener="王建平").opener == cast.rita  # only the desk reports for others


def test_a_paper_sheet_is_entered_by_the_desk_with_its_photo(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    with pytest.raises(BadInput):
        move(ticket, "enter_sheet", by=cast.dora, data={"done": "换灯管"})
    move(ticket, "enter_sheet", by=cast.dora, data={"done": "换灯管", "sheet": [photo_of(cast.dora).pk]})
    assert Ticket.objects.get(pk=ticket.pk).state == "finished"
    stations = face_of(find(FLOW, ticket.number, by=cast.dora, shown=True), by=cast.dora).steps
    assert [(one.title, one.state) for one in stations] == [
        ("报修", "past"), ("受理", "past"), ("派工", "past"), ("上门", "past"), ("维修", "skipped"), ("验收", "now"), ("办结", "ahead"),
    ]  # fmt: skip


def test_a_reporter_raises_to_p2_and_no_further(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita, topic="RP-05")
    with pytest.raises(BadInput):
        move(ticket, "raise_priority", by=cast.rita, data={"priority": 1, "reason": "急"})
    move(ticket, "raise_priority", by=cast.rita, data={"priority": 2, "reason": "考试要用"})
    assert Ticket.objects.get(pk=ticket.pk).priority == 2
    with pytest.raises(Refused, match="已经是紧急"):
        move(ticket, "raise_priority", by=cast.rita, data={"priority": 2, "reason": "还是急"})


def test_a_job_returned_waits_for_the_desk_again(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    move(ticket, "return_job", by=cast.will, data={"reason": "要电工证"})
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert (fresh.state, fresh.turn, fresh.assignee) == ("accepted", "dispatcher", None)
    with pytest.raises(NotThere):
        move(ticket, "arrive", by=cast.will)  # it is not his any more


def test_a_ticket_is_withdrawn_before_dispatch_only(place: District, cast: Cast) -> None:
    ticket, other = reported(place, cast.rita), reported(place, cast.rita)
    assert move(ticket, "withdraw", by=cast.rita).state == "withdrawn"
    move(other, "accept", by=cast.dora, data={"reply": "好"})
    move(other, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    with pytest.raises(WrongStep):
        move(other, "withdraw", by=cast.rita)


def test_a_place_is_changed_within_the_school(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    with pytest.raises(BadInput):
        move(ticket, "replace", by=cast.dora, data={"unit": place.far_room.pk, "reason": "写错了"})
    moved = move(ticket, "replace", by=cast.dora, data={"unit": place.other_room.pk, "reason": "写错了"})
    assert (moved.unit, moved.unit_path) == (place.other_room, place.other_room.path)


def test_low_ratings_need_a_word(place: District, cast: Cast) -> None:
    ticket = to_finished(place, cast)
    with pytest.raises(BadInput) as refused:
        move(ticket, "confirm", by=cast.rita, data={"speed": 2, "quality": 5})
    assert refused.value.errors == {"words": ["评分在 2 分及以下时，请写一句哪里不满意。"]}
    assert move(ticket, "confirm", by=cast.rita, data={"speed": 2, "quality": 5, "words": "等了三天"}).state == "closed"


def test_a_substitute_takes_the_absent_persons_steps(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    record_absence(person=cast.dora, substitute=cast.wang, since=MONDAY.date(), until=MONDAY.date(), by=cast.dora)
    assert move(ticket, "accept", by=cast.wang, data={"reply": "代收"}).state == "accepted"


def test_a_barred_person_sees_nothing_whatever_their_post(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    CaseParty.objects.create(case=ticket, person=cast.hu, as_what=CaseParty.BARRED)
    assert list(Case.objects.visible_to(cast.hu)) == []
    assert list(Case.objects.visible_to(cast.vera)) == [Case.objects.get(pk=ticket.pk)]
    with pytest.raises(NotThere):
        move(ticket, "comment", by=cast.hu, data={"words": "看看"})


def test_the_chain_says_for_whom_a_substitute_acted_and_nothing_like_it_of_others(place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita)
    move(ticket, "accept", by=cast.dora, data={"reply": "好"})
    move(ticket, "assign", by=cast.dora, data={"assignee": cast.will.pk})
    move(ticket, "comment", by=cast.rita, data={"words": "在二楼"})
    record_absence(person=cast.will, substitute=cast.wang, since=MONDAY.date(), until=MONDAY.date(), by=cast.will)
    move(ticket, "arrive", by=cast.wang)
    told = {event.verb: event.facts.get("instead_of") for event in chain_of(ticket.address)}
    assert told == {"report": None, "accept": None, "assign": None, "comment": None, "arrive": cast.will.pk}
