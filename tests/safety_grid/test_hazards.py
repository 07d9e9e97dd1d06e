"""Hazards through the engine: reported, graded, planned, put right, checked by somebody else, and every way it can turn."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal import clock
from portal.cases.actions import move
from portal.cases.models import CaseLink, Deadline
from portal.cases.page import face_of
from portal.cases.queries import find
from portal.cases.sweep import sweep
from portal.errors import BadInput, NotAllowed, NotThere, Refused
from portal.ledger.queries import chain_of
from portal.notices.models import Notice
from safety_grid.actions import hold, mark_out
from safety_grid.flow import FLOW
from safety_grid.models import Hazard
from tests.conftest import photo_of
from tests.district import MONDAY, Cast, District, later
from tests.safety_grid.cast import Grid
from tests.safety_grid.hazards import five, proof, registered, reported

pytestmark = pytest.mark.usefixtures("monday")


def fresh(hazard: Hazard) -> Hazard:
    return Hazard.objects.get(pk=hazard.pk)


def told_of(verb: str) -> set[str]:
    return set(Notice.objects.filter(verb=verb).values_list("to__username", flat=True))


def live(hazard: Hazard) -> dict[str, datetime]:
    return dict(Deadline.objects.filter(case=hazard, done_at=None, paused_at=None).values_list("clock", "due_at"))


def test_a_general_hazard_goes_from_report_to_closing(place: District, cast: Cast, grid: Grid) -> None:
    hazard = reported(place, cast.rita)
    assert (hazard.number, hazard.title, hazard.state, hazard.turn, hazard.found_on) == (
        "YH-LX01-2026-00001", "203 教室 窗扇松动", "reported", "safety_head", MONDAY.date(),
    )  # fmt: skip
    assert live(hazard) == {"register": later(hours=24)}
    move(
        hazard,
        "register",
        by=grid.an,
        data={"topic": "HZ-03", "grade": "general", "assignee": grid.gao.pk, "colour": "yellow"},
    )
    move(hazard, "plan", by=grid.gao, data=five(grid.gao))
    friday = datetime.combine(date(2026, 11, 21), time(18), clock.SCHOOL_TIME)
    assert live(hazard) == {"rectify": friday, "supervise": friday}
    move(hazard, "start", by=grid.gao)
    move(hazard, "finish", by=grid.gao, data=proof(grid.gao))
    assert live(hazard) == {"check": datetime(2026, 11, 19, 17, 30, tzinfo=clock.SCHOOL_TIME)}
    move(hazard, "close_out", by=grid.an, data={"note": "牢固"})
    done = fresh(hazard)
    assert (done.state, done.is_open, done.due_at, done.money, done.colour) == (
        "closed_out", False, None, Decimal("320.00"), "yellow",
    )  # fmt: skip
    assert list(chain_of(done.address).values_list("verb", flat=True)) == [
        "report", "register", "plan", "start", "finish", "close_out",
    ]  # fmt: skip


def test_its_page_says_grade_plan_and_who(place: District, cast: Cast, grid: Grid) -> None:
    hazard = registered(place, grid, cast.rita)
    move(hazard, "plan", by=grid.gao, data=five(grid.gao))
    face = face_of(find(FLOW, hazard.number, by=cast.hu, shown=True), by=cast.hu)
    assert face.facts == [
        ("类别", "设施与教学设备"), ("级别", "一般隐患"), ("整改措施", "更换合页，加装限位器"), ("整改责任人", "高勤"),
        ("整改资金", "320.00 元"), ("整改时限", "2026-11-21"), ("临时防范", "窗下拉警戒线，不开窗"),
    ]  # fmt: skip
    assert [one.title for one in face.clocks] == ["整改"]  # the one that only acts is not shown
    assert [one.did for one in face.trail][:2] == ["定了五落实，由高勤限期整改", "核实登记，定为一般隐患，由高勤整改"]


def test_a_report_needs_a_photo_a_place_and_a_category(place: District, cast: Cast) -> None:
    with pytest.raises(BadInput) as refused:
        reported(place, cast.rita, photos=[])
    assert refused.value.errors == {"photos": ["请拍一张隐患的照片。"]}
    with pytest.raises(BadInput) as refused:
        reported(place, cast.rita, unit="", topic="")
    assert set(refused.value.errors) == {"unit", "topic"}


def test_what_was_fixed_on_the_spot_needs_its_photo_and_goes_to_be_checked(
    place: District, cast: Cast, grid: Grid
) -> None:
    with pytest.raises(BadInput) as refused:
        reported(place, cast.rita, fixed="on")
    assert refused.value.errors == {"after": ["已当场整改的，请拍一张改好后的照片。"]}
    hazard = registered(place, grid, cast.rita, fixed="on", assignee=cast.rita, **proof(cast.rita))
    assert (hazard.state, hazard.turn) == ("to_check", "safety_head")
    move(hazard, "close_out", by=grid.an)
    assert fresh(hazard).state == "closed_out"


def test_major_is_the_principals_word(place: District, cast: Cast, grid: Grid) -> None:
    hazard = reported(place, cast.rita)
    said = {"topic": "HZ-03", "grade": "major", "assignee": grid.gao.pk}
    for who in (grid.an, cast.vera):
        with pytest.raises(Refused) as refused:
            move(hazard, "register", by=who, data=said)
        assert refused.value.rule == "重大隐患由校长定级"
    move(hazard, "refer", by=grid.an, data={"note": "整面墙在动"})
    with pytest.raises(Refused):  # what was put before the principal is theirs to decide, whatever it becomes
        move(hazard, "register", by=grid.an, data=said | {"grade": "general"})
    move(hazard, "register", by=cast.hu, data=said)
    assert (fresh(hazard).state, fresh(hazard).grade) == ("registered", "major")
    assert told_of("major") == {
        "liang",
        "song",
    }  # the principal acted; the tied leader and the bureau hear of it at once
    assert Notice.objects.filter(verb="major", urgent=True).count() == 2


def test_words_propose_major_and_a_person_decides(place: District, cast: Cast, grid: Grid) -> None:
    hazard = reported(place, cast.rita, topic="HZ-01", words="东侧安全出口被锁死")
    assert hazard.rule == "MH-05"
    assert told_of("danger") == {"hu"}
    form = FLOW.form(FLOW.step("register"))(by=grid.an, case=hazard)  # type: ignore[arg-type]
    assert form.initial["grade"] == "major"
    said = {"topic": "HZ-01", "grade": "general", "rule": "MH-05", "assignee": grid.gao.pk}
    with pytest.raises(BadInput) as refused:
        move(hazard, "register", by=grid.an, data=said)
    assert list(refused.value.errors) == ["note"]
    move(hazard, "register", by=grid.an, data=said | {"note": "是备用出口，白天有人值守"})
    assert fresh(hazard).grade == "general"


def test_a_major_one_needs_five_items_goes_on_the_board_and_is_accepted_by_the_bureau(
    place: District, cast: Cast, grid: Grid
) -> None:
    hazard = registered(place, grid, cast.rita, grade="major")
    with pytest.raises(Refused):
        move(hazard, "fix_now", by=grid.gao)
    for missing in ("measures", "assignee", "money", "due_on", "interim"):
        with pytest.raises(BadInput) as refused:
            move(hazard, "plan", by=grid.gao, data=five(grid.gao) | {missing: ""})
        assert list(refused.value.errors) == [missing]
    move(hazard, "plan", by=grid.gao, data=five(grid.gao))
    assert (fresh(hazard).state, fresh(hazard).supervised_at) == ("supervised", MONDAY)
    assert told_of("written") == {"hu", "liang", "song"}
    assert set(live(hazard)) == {"rectify", "weekly"}
    move(hazard, "finish", by=grid.gao, data=proof(grid.gao))
    assert (fresh(hazard).state, fresh(hazard).turn) == ("to_accept", "safety_officer")
    for who in (grid.an, cast.hu):
        with pytest.raises(NotAllowed):
            move(hazard, "accept", by=who)
    move(hazard, "accept", by=grid.song)
    assert (fresh(hazard).state, live(hazard)) == ("to_recheck", {"recheck": later(days=7)})
    move(hazard, "recheck_ok", by=grid.an)
    assert fresh(hazard).state == "closed_out"


def test_a_recheck_that_fails_goes_back_on_the_board(place: District, cast: Cast, grid: Grid) -> None:
    hazard = registered(place, grid, cast.rita, grade="major")
    move(hazard, "plan", by=grid.gao, data=five(grid.gao))
    move(hazard, "finish", by=grid.gao, data=proof(grid.gao))
    move(hazard, "accept", by=grid.song)
    move(hazard, "recheck_bad", by=grid.an, data={"reason": "又松了"})
    assert (fresh(hazard).state, fresh(hazard).rework) == ("supervised", 1)


def test_nobody_checks_what_they_fixed(place: District, cast: Cast, grid: Grid) -> None:
    hazard = registered(place, grid, cast.rita, assignee=grid.an)
    move(hazard, "fix_now", by=grid.an)
    move(hazard, "finish", by=grid.an, data=proof(grid.an))
    with pytest.raises(Refused) as refused:
        move(hazard, "close_out", by=grid.an)
    assert refused.value.rule == "整改人与验收人不能是同一人"
    move(hazard, "send_back", by=cast.hu, data={"reason": "还松"})
    assert fresh(hazard).state == "registered"
    move(hazard, "reassign", by=grid.an, data={"assignee": grid.gao.pk, "reason": "请高老师"})
    move(hazard, "fix_now", by=grid.gao)
    move(hazard, "finish", by=grid.gao, data=proof(grid.gao))
    with pytest.raises(Refused):  # handed in by them once, though it is another's now
        move(hazard, "close_out", by=grid.an)
    move(hazard, "close_out", by=cast.vera)
    assert fresh(hazard).state == "closed_out"


def test_what_takes_longer_than_a_day_owes_its_plan(place: District, cast: Cast, grid: Grid) -> None:
    hazard = registered(place, grid, cast.rita)
    move(hazard, "fix_now", by=grid.gao)
    with clock.at(later(hours=25)):
        with pytest.raises(Refused) as refused:
            move(hazard, "finish", by=grid.gao, data=proof(grid.gao))
        assert refused.value.rule == "24 小时内没有整改完的，五项要落实"
        move(hazard, "plan", by=grid.gao, data=five(grid.gao))
    with clock.at(later(hours=26)):
        move(hazard, "start", by=grid.gao)
        move(hazard, "finish", by=grid.gao, data=proof(grid.gao))
    assert fresh(hazard).state == "to_check"


def test_overdue_it_is_put_on_the_board_by_the_clock_and_reports_each_week(
    place: District, cast: Cast, grid: Grid
) -> None:
    hazard = registered(place, grid, cast.rita)
    move(hazard, "plan", by=grid.gao, data=five(grid.gao, days=2))
    late = datetime(2026, 11, 18, 18, 1, tzinfo=clock.SCHOOL_TIME)
    with clock.at(late):
        sweep()
        assert (fresh(hazard).state, fresh(hazard).supervised_at) == ("supervised", late)
        assert told_of("supervise") == {"an", "vera", "hu", "liang", "song", "gao", "rita"}
        assert live(hazard) == {"rectify": late - timedelta(minutes=1), "weekly": late + timedelta(days=7)}
    with clock.at(late + timedelta(days=6)):
        move(hazard, "report_week", by=grid.gao, data={"progress": "合页到货"})
        assert live(hazard)["weekly"] == late + timedelta(days=13)
        assert fresh(hazard).reports == 1


def test_more_time_is_granted_by_somebody_else_and_moves_both_clocks(place: District, cast: Cast, grid: Grid) -> None:
    hazard = registered(place, grid, cast.rita)
    move(hazard, "plan", by=grid.gao, data=five(grid.gao))
    with pytest.raises(BadInput):
        move(hazard, "ask_time", by=grid.gao, data={"asked_on": "2026-11-20", "reason": "等货"})
    move(hazard, "ask_time", by=grid.gao, data={"asked_on": "2026-11-28", "reason": "等货"})
    with pytest.raises(NotAllowed):
        move(hazard, "grant_time", by=grid.gao, data={"due_on": "2026-11-28"})
    move(hazard, "grant_time", by=grid.an, data={"due_on": "2026-11-27"})
    due = datetime(2026, 11, 27, 18, tzinfo=clock.SCHOOL_TIME)
    assert live(hazard) == {"rectify": due, "supervise": due}
    assert (fresh(hazard).asked_on, fresh(hazard).extensions) == (None, 1)


def test_the_same_place_and_category_again_within_90_days_is_linked_both_ways(
    place: District, cast: Cast, grid: Grid
) -> None:
    first = registered(place, grid, cast.rita, fixed="on", assignee=cast.rita, **proof(cast.rita))
    move(first, "close_out", by=grid.an)
    elsewhere = reported(place, cast.rita, unit=place.other_room.pk)
    with clock.at(later(days=90)):
        again = reported(place, cast.rita)
    with clock.at(later(days=91)):
        too_late = reported(place, cast.rita)
        other_kind = reported(place, cast.rita, topic="HZ-01")
    assert [(one.again) for one in (elsewhere, again, too_late, other_kind)] == [0, 1, 0, 0]
    assert list(CaseLink.objects.values_list("source", "target", "kind")) == [(again.pk, first.pk, "recurrence")]
    for one, other in ((again, first), (first, again)):
        face = face_of(find(FLOW, one.number, by=cast.hu, shown=True), by=cast.hu)
        assert [row.number for row in face.links] == [other.number]


def test_whoever_answers_for_the_place_gets_it_and_is_told(place: District, cast: Cast, grid: Grid) -> None:
    cell = mark_out(unit=place.building, by=grid.an)
    hold(cell=cell, person=grid.gao, by=grid.an)
    hazard = reported(place, cast.rita)
    assert hazard.assignee == grid.gao
    assert "gao" in told_of("report")
    form = FLOW.form(FLOW.step("register"))(by=grid.an, case=hazard)  # type: ignore[arg-type]
    assert form.initial["assignee"] == grid.gao.pk
    assert reported(place, cast.rita, unit=place.school.pk).assignee is None


def test_what_one_may_not_see_is_not_there(place: District, cast: Cast, grid: Grid) -> None:
    hazard = reported(place, cast.rita)
    for who in (grid.shi, cast.tess, cast.dora, cast.lin, grid.xin, grid.bao):
        with pytest.raises(NotThere):
            find(FLOW, hazard.number, by=who)
    for who in (cast.rita, grid.an, cast.hu, cast.vera, grid.liang, grid.song):
        assert find(FLOW, hazard.number, by=who).pk == hazard.pk


@pytest.mark.parametrize("words", [{"photos": []}, {"topic": "HZ-77"}, {"unit": "0"}, {"item": "没有的"}])
def test_bad_input_is_a_sentence(words: dict[str, Any], place: District, cast: Cast) -> None:
    with pytest.raises(BadInput):
        reported(place, cast.rita, **words)
    assert photo_of(cast.rita).address == ""
