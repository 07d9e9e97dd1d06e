"""Rounds: opened by the clock for whoever answers for the places that day, proven by the sticker, missed in the open."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoAssertNumQueries

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import CaseLink, Schedule
from portal.cases.schedules import open_due
from portal.cases.sweep import sweep
from portal.errors import BadInput, NotAllowed, NotThere, Refused, Stale
from portal.evidence.models import Piece
from portal.ledger.models import Event
from portal.notices.models import Notice
from portal.orgs.actions import record_absence
from portal.orgs.models import Unit, User
from safety_grid.actions import hold, mark_out
from safety_grid.actions.plans import adopt_reference, set_plan
from safety_grid.actions.rounds import open_rounds, whose
from safety_grid.flow import ROUNDS
from safety_grid.models import Hazard, Round, RoundPlan, RoundSpot
from safety_grid.queries.roster import Roster
from tests.conftest import jpeg, photo_of
from tests.district import MONDAY, Cast, District, hire
from tests.portal.cases.test_pages import as_
from tests.repairs.strangers import sticker_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
ITEMS = [
    {"code": "HZ-01-2", "title": "疏散通道畅通", "category": "HZ-01"},
    {"code": "HZ-04-1", "title": "电线没有破损", "category": "HZ-04"},
]
DAILY: dict[str, object] = {"every": "day", "time": ["10:00"], "school_days": True}
TEN = MONDAY + timedelta(hours=1)


@pytest.fixture
def qin(monday: None, place: District, cast: Cast) -> User:
    return hire("qin", "秦海", place.school, ("safety_head", place.school))


@pytest.fixture
def grid(monday: None, place: District, cast: Cast, qin: User) -> None:
    """Rita holds two rooms; nobody holds the building."""
    for unit in (place.room, place.other_room):
        hold(cell=mark_out(unit=unit, by=qin), person=cast.rita, by=qin)


def planned(unit: Unit, by: User, **other: Any) -> RoundPlan:
    said: dict[str, Any] = {"title": "日查", "who": "", "rule": DAILY, "hours": "10", "places": [], "items": ITEMS}
    return set_plan(None, unit=unit, by=by, **said | other)


def opened(at: Any = TEN) -> list[tuple[str, str, str, list[str]]]:
    """Who got which round with which places when the clock had passed."""
    with clock.at(at):
        open_due()
    rows = Round.objects.order_by("pk").prefetch_related("spots__unit")
    return [
        (
            one.assignee.name if one.assignee else "",
            one.state,
            one.title,
            sorted(spot.unit.name for spot in one.spots.all()),
        )
        for one in rows
    ]


def said(spot: RoundSpot, code: str = "", *, reason: str = "", failed: str = "", photo: Any = None) -> dict[str, Any]:
    lines = [{"item": one["code"], "outcome": "failed" if one["code"] == failed else "ok"} for one in ITEMS]
    for line in lines:
        if line["outcome"] == "failed":
            line |= {"words": "堆了桌子", "photos": [str(photo.pk)] if photo else []}
    return {"spot": spot.pk, "code": code, "reason": reason, "items": lines}


@pytest.mark.usefixtures("grid")
def test_the_clock_opens_one_round_for_each_holder_with_all_their_places(
    place: District, cast: Cast, qin: User
) -> None:
    planned(place.school, qin)
    assert opened() == [("林晓芸", "due", "日查（2 个点位）", ["203 教室", "204 教室"])]
    assert opened() == opened(TEN + timedelta(hours=5)), "a clock that ticks twice opens nothing twice"
    assert Notice.objects.filter(to=cast.rita, verb="open_rounds").count() == 1
    assert [one.astimezone(clock.SCHOOL_TIME).day for one in Schedule.objects.values_list("next_at", flat=True)] == [17]


@pytest.mark.usefixtures("grid")
def test_who_is_away_is_stood_in_for_and_a_place_of_nobody_goes_to_the_safety_head(
    place: District, cast: Cast, qin: User
) -> None:
    record_absence(person=cast.rita, substitute=cast.vera, since=MONDAY.date(), until=MONDAY.date(), by="clock")
    mark_out(unit=place.building, by=qin)
    planned(place.school, qin)
    assert opened() == [
        ("", "unheld", "日查：教学楼", ["教学楼"]),
        ("孟岚", "due", "日查（2 个点位）", ["203 教室", "204 教室"]),
    ]
    vacant = Round.objects.get(state="unheld")
    assert vacant.turn == "safety_head"
    with pytest.raises(NotThere):
        move(vacant, "hand_round", by=cast.rita, data={"assignee": "林晓芸", "reason": "顺路"})
    move(vacant, "hand_round", by=qin, data={"assignee": "林晓芸", "reason": "没有人负责"})
    assert Round.objects.get(pk=vacant.pk).assignee == cast.rita


@pytest.mark.usefixtures("grid")
def test_a_plan_keeps_to_its_places_hours_and_posts(place: District, cast: Cast, qin: User) -> None:
    gate = mark_out(unit=place.building, title="晨检", begins=time(7, 20), ends=time(7, 50), days="school", by=qin)
    hold(cell=gate, person=cast.will, since=MONDAY.date() - timedelta(days=9), by=qin)
    hire("bao", "鲍安", place.school, ("guard", place.school))
    some = planned(place.school, qin, title="一间", places=[place.room])
    guards = planned(place.school, qin, title="保安巡查", who="guard")
    early = planned(place.school, qin, title="早", rule=DAILY | {"time": "07:00"}, hours="2")
    night = planned(place.school, qin, title="夜", rule=DAILY | {"time": "22:00"}, hours="2")
    names = {
        plan.title: {
            who.name if who else "": [one.name for one, _ in places]
            for who, places in whose(plan, at, Roster([place.school], at.date(), at.date())).items()
        }
        for plan, at in ((some, TEN), (guards, TEN), (early, MONDAY - timedelta(hours=2)), (night, MONDAY))
    }
    rooms = ["203 教室", "204 教室"]
    assert names == {
        "一间": {"林晓芸": ["203 教室"]},
        "保安巡查": {"鲍安": ["柳溪镇中心小学"]},
        "早": {"王建平": ["教学楼"], "林晓芸": rooms},
        "夜": {"林晓芸": rooms},
    }


@pytest.mark.usefixtures("grid")
def test_a_place_is_checked_by_its_own_sticker_and_the_last_one_ends_the_round(
    place: District, cast: Cast, qin: User
) -> None:
    planned(place.school, qin)
    opened()
    case = Round.objects.get()
    first, second = case.spots.order_by("unit__path")
    codes = {unit: sticker_of(unit, cast.lin).code for unit in (place.room, place.other_room)}
    for wrong, why in (
        (said(first), "请扫码或输入编码"),
        (said(first, codes[place.other_room]), "不是教学楼 203 教室的"),
        (said(first, "ZZZZZZZ"), "没有这个编码"),
        (said(first, codes[place.room]) | {"items": said(first)["items"][:1]}, "每一项都要选一个结果"),
        (said(first, codes[place.room], failed="HZ-01-2"), "请拍一张照片"),
    ):
        with pytest.raises(BadInput) as refused:
            move(case, "check_spot", by=cast.rita, data=wrong)
        assert why in str(refused.value.errors)
    with pytest.raises(NotAllowed):
        move(case, "check_spot", by=qin, data=said(first, codes[place.room]))
    move(case, "check_spot", by=cast.rita, data=said(first, codes[place.room]))
    with pytest.raises(BadInput):
        move(case, "check_spot", by=cast.rita, data=said(first, codes[place.room]))
    assert Round.objects.get().state == "due"
    move(case, "check_spot", by=cast.rita, data=said(second, reason="贴纸掉了"))
    case.refresh_from_db()
    assert (case.state, case.is_open, case.due_at) == ("done", False, None)
    rows = RoundSpot.objects.order_by("unit__path").values_list("proof", "done_by", "outcomes")
    outcomes = {"HZ-01-2": "ok", "HZ-04-1": "ok"}
    assert list(rows) == [("code", cast.rita.pk, outcomes), ("none", cast.rita.pk, outcomes)]


@pytest.mark.usefixtures("grid")
def test_a_round_nobody_makes_rises_and_is_missed_and_three_in_a_week_reach_the_heads(
    place: District, cast: Cast, qin: User
) -> None:
    planned(place.school, qin, hours="4")
    for day in range(3):
        opened(TEN + timedelta(days=day))
        with clock.at(TEN + timedelta(days=day, hours=4, minutes=1)):
            sweep()
        case = Round.objects.order_by("-pk")[0]
        assert (case.state, Notice.objects.filter(to=qin, about=case.address, verb="escalated").count()) == ("due", 1)
        with clock.at(TEN + timedelta(days=day, hours=5, minutes=1)):
            sweep()
        assert Round.objects.get(pk=case.pk).state == "missed"
        assert Notice.objects.filter(to=qin, about=case.address, verb="close_missed").count() == 1
    assert Notice.objects.filter(to=cast.hu, verb="missed_again").count() == 1
    with clock.at(TEN + timedelta(days=2, hours=6)):
        assert "漏查，还没有说明" in as_(qin).get("/").content.decode()
        with pytest.raises(Refused):
            move(case, "check_spot", by=cast.rita, data=said(case.spots.all()[0], reason="补"))
        for one in Round.objects.all():
            move(one, "explain", by=cast.rita, data={"reason": "去县里开会，已补查"})
        assert "漏查，还没有说明" not in as_(qin).get("/").content.decode()


@pytest.mark.usefixtures("grid")
def test_each_failed_item_is_a_hazard_with_its_own_words_and_photo_typed_once(
    place: District, cast: Cast, qin: User
) -> None:
    planned(place.school, qin, places=[place.room])
    opened()
    case = Round.objects.get()
    photo, code = photo_of(cast.rita), sticker_of(place.room, cast.lin).code
    body = {"spot": case.spots.get().pk, "code": code, "key": "once"}
    for at, item in enumerate(ITEMS):
        body |= {f"items-{at}-item": item["code"], f"items-{at}-outcome": "ok"}
    body |= {"items-1-outcome": "failed", "items-1-words": "插座冒火星", "items-1-photos": str(photo.pk)}
    browser, where = as_(cast.rita), f"/safety_grid/rounds/{case.number}/check_spot/"
    assert browser.get(f"{where}?spot={body['spot']}&code={code}").content.decode().count("疏散通道畅通") == 1
    answers = [browser.post(where, body) for _ in range(3)]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, f"/safety_grid/rounds/{case.number}/")] * 3
    hazard = Hazard.objects.get()
    assert (hazard.title, hazard.unit, hazard.topic, hazard.opener) == (
        "203 教室 插座冒火星",
        place.room,
        "HZ-04",
        cast.rita,
    )
    assert CaseLink.objects.get(source=hazard.pk).target_id == case.pk
    assert Piece.objects.get().address == hazard.address
    page = browser.get(where.replace("check_spot/", "")).content.decode()
    assert ("有问题 1 项" in page, hazard.title in page, "已扫码" in page) == (True, True, True)


@pytest.mark.usefixtures("grid")
def test_a_photo_sent_without_script_stays_with_its_item_when_something_else_is_wrong(
    place: District, cast: Cast, qin: User
) -> None:
    planned(place.school, qin, places=[place.room])
    opened()
    case = Round.objects.get()
    body: dict[str, Any] = {"spot": case.spots.get().pk, "items-0-item": "HZ-01-2", "items-0-outcome": "failed"}
    body["items-0-photos"] = SimpleUploadedFile("photo.jpg", jpeg(), "image/jpeg")
    page = as_(cast.rita).post(f"/safety_grid/rounds/{case.number}/check_spot/", body)
    kept = Piece.objects.get()
    assert (page.status_code, f'name="items-0-photos" value="{kept.pk}"' in page.content.decode()) == (422, True)
    assert (kept.address, Hazard.objects.count()) == ("", 0)


@pytest.mark.usefixtures("grid")
def test_a_scan_leads_to_the_place_with_its_code_filled_in(place: District, cast: Cast, qin: User) -> None:
    planned(place.school, qin, places=[place.room])
    code = sticker_of(place.room, cast.lin).code
    browser = as_(cast.rita)
    assert "巡查：日查" not in browser.get(f"/t/{code}/", follow=True).content.decode()
    opened()
    page = browser.get(f"/t/{code}/").content.decode()
    spot = RoundSpot.objects.get()
    assert f"check_spot/?spot={spot.pk}&amp;code={code}" in page
    assert "巡查：日查" not in as_(cast.vera).get(f"/t/{code}/", follow=True).content.decode()


@pytest.mark.usefixtures("grid")
def test_a_round_can_be_excused_with_a_reason(place: District, cast: Cast, qin: User) -> None:
    planned(place.school, qin)
    opened()
    with pytest.raises(BadInput):
        move(Round.objects.get(), "excuse", by=qin, data={})
    assert move(Round.objects.get(), "excuse", by=qin, data={"reason": "台风停课"}).state == "excused"


def test_a_plan_is_changed_by_those_who_may_and_the_past_keeps_its_checklist(
    place: District, cast: Cast, qin: User, grid: None
) -> None:
    with pytest.raises(NotAllowed):
        planned(place.school, cast.rita)
    plan = planned(place.school, qin)
    opened()
    same: dict[str, Any] = {"unit": place.school, "title": "日查", "who": "", "hours": "8", "places": [], "by": qin}
    set_plan(plan, rule=DAILY | {"time": ["12:00"]}, items=ITEMS[:1], seen=1, **same)
    with pytest.raises(Stale):
        set_plan(plan, rule=DAILY, items=ITEMS, seen=1, **same)
    with pytest.raises(BadInput, match="同名"):
        planned(place.school, qin)
    assert Round.objects.get().items == ITEMS
    assert [Event.objects.filter(address=one.address).count() for one in (plan, plan.schedule)] == [2, 3]
    assert len(opened(TEN + timedelta(hours=3))) == 2
    set_plan(plan, rule=DAILY, items=ITEMS, is_on=False, **same)
    assert len(opened(TEN + timedelta(days=1))) == 2


def test_the_reference_is_adopted_once(place: District, cast: Cast, qin: User) -> None:
    assert (adopt_reference(place.school, by=qin), adopt_reference(place.school, by=qin)) == (7, 0)
    with clock.at(MONDAY + timedelta(days=40)):
        assert open_due() == 5
    titles = dict(Round.objects.values_list("plan__code", "state"))
    assert titles == {"IP-02": "due", "IP-03": "due", "IP-07": "due", "IP-09": "unheld"}


def test_three_plans_and_their_rounds_are_listed_as_quickly_as_one(
    place: District, cast: Cast, qin: User, grid: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    mark_out(unit=place.building, by=qin)
    head, walker, other = (as_(one) for one in (qin, cast.rita, cast.tess))
    for n in range(3):
        plan = planned(place.school, qin, title=f"计划 {n}")
        data = {"unit": place.school.pk, "plan": plan.pk}
        open_rounds(filled(ROUNDS, ROUNDS.opening, case=None, by="clock", data=data), by="clock")
        if n == 1:
            continue
        with django_assert_num_queries(6):
            assert len(head.get("/safety_grid/plans/").context["rows"]) == n + 1
        for who, count, rows, own in ((head, 6, 2, 0), (walker, 5, 1, 1), (other, 5, 0, 0)):
            with clock.at(TEN), django_assert_num_queries(count):
                page = who.get("/safety_grid/rounds/").context["page"]
            assert (len(page.rows), len(page.mine)) == (rows * (n + 1), own * (n + 1))
        assert (page.now.due, page.now.unheld) == (0, 0)
        seen = head.get("/safety_grid/rounds/?state=unheld").context["page"]
        assert ([one.done for one in seen.rows], seen.now.due, seen.now.unheld) == ([0] * (n + 1), 2 * (n + 1), n + 1)
