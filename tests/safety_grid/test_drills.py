"""Drills: planned, held and measured group by group, compared with the last ones; what is found becomes a hazard."""

from datetime import date, timedelta
from typing import Any

import pytest

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import CaseLink
from portal.cases.routines import arrange
from portal.cases.schedules import open_due
from portal.cases.sweep import sweep
from portal.errors import BadInput, NotAllowed, Refused
from portal.notices.models import Notice
from portal.orgs.models import Unit, User
from safety_grid.actions import plan_drill
from safety_grid.flow import DRILLS
from safety_grid.models import Drill, DrillResult, Hazard
from safety_grid.queries.drills import by_group, compared
from tests.conftest import photo_of
from tests.district import MONDAY, Cast, District, later
from tests.portal.cases.test_pages import as_
from tests.safety_grid.cast import Grid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def planned(unit: Unit, by: User, **other: Any) -> Drill:
    data = {"unit": unit.pk, "topic": "fire", "planned_on": "2026-11-18", "scenario": "二楼起火"} | other
    case = plan_drill(filled(DRILLS, DRILLS.opening, case=None, by=by, data=data), by=by)
    assert not isinstance(case, list)
    return Drill.objects.get(pk=case.pk)


def held(case: Drill, by: User, **seconds: int) -> Drill:
    rows = [{"group": name, "exit": "东门", "people": 40, "seconds": one} for name, one in seconds.items()]
    data = {"held_at": clock.now().isoformat(), "results": rows, "photos": [str(photo_of(by).pk)]}
    move(case, "hold_drill", by=by, data=data)
    return Drill.objects.get(pk=case.pk)


def test_a_drill_from_its_plan_to_its_review(place: District, cast: Cast, grid: Grid) -> None:
    with pytest.raises(NotAllowed):
        planned(place.school, cast.rita)
    case = planned(place.school, grid.an)
    assert (case.number, case.title, case.state) == ("YL-LX01-2026-00001", "柳溪镇中心小学 火灾疏散演练", "planned")
    assert case.due_at == MONDAY.replace(day=18, hour=18)
    move(case, "replan_drill", by=grid.an, data={"planned_on": "2026-11-20", "reason": "下雨"})
    assert Drill.objects.get().due_at == MONDAY.replace(day=20, hour=18)
    for wrong in ({"held_at": later(days=1).isoformat()}, {"results": []}, {"photos": []}):
        data = {"held_at": MONDAY.isoformat(), "results": [{"group": "一班", "exit": "东", "people": 4, "seconds": 9}]}
        with pytest.raises(Refused):
            move(case, "hold_drill", by=grid.an, data=data | {"photos": [str(photo_of(grid.an).pk)]} | wrong)
    twice = [{"group": "一班", "exit": "东", "people": 4, "seconds": 9}] * 2
    with pytest.raises(BadInput, match="填了两次"):
        move(
            case,
            "hold_drill",
            by=grid.an,
            data={"held_at": MONDAY.isoformat(), "results": twice, "photos": [str(photo_of(grid.an).pk)]},
        )
    with clock.at(later(days=4)):
        case = held(case, grid.an, 一班=95, 二班=140)
        assert (case.state, DrillResult.objects.count()) == ("held", 2)
        photo = str(photo_of(grid.an).pk)
        move(
            case,
            "find_hazard",
            by=grid.an,
            data={"unit": place.room.pk, "topic": "HZ-01", "words": "门打不开", "photos": [photo]},
        )
        assert CaseLink.objects.get(target=case.pk).source_id == Hazard.objects.get().pk
        page = as_(grid.an).get(f"/safety_grid/drills/{case.number}/").content.decode()
        assert ("二班，东门，2 分 20 秒" in page, "门打不开" in page) == (True, True)
        assert move(case, "review_drill", by=cast.hu, data={"words": "二班改走西梯"}).state == "reviewed"


def test_a_drill_not_held_in_time_rises(place: District, cast: Cast, grid: Grid) -> None:
    case = planned(place.school, grid.an)
    with clock.at(later(days=2, hours=9.1)):
        sweep()
    assert Notice.objects.filter(to=grid.an, about=case.address, verb="escalated").exists()


def test_times_are_compared_with_the_last_drills_of_the_same_kind(place: District, cast: Cast, grid: Grid) -> None:
    for days, seconds in (
        (0, {"一班": 150, "二班": 180}),
        (1, {"一班": 120}),
        (2, {"一班": 125, "二班": 160, "三班": 99}),
    ):
        with clock.at(later(days=days)):
            last = held(planned(place.school, grid.an, planned_on=str(date(2026, 11, 20))), grid.an, **seconds)
    with clock.at(later(days=2)):
        held(planned(place.school, grid.an, topic="quake", planned_on="2026-11-20"), grid.an, 一班=10)
        rows = compared(last)
        assert [(one.slowest, one.middle, one.people) for one in rows] == [
            (180, 165, 80),
            (120, 120, 40),
            (160, 125, 120),
        ]
        assert by_group(rows) == [
            ("二班", [180, None, 160], -20),
            ("一班", [150, 120, 125], 5),
            ("三班", [None, None, 99], None),
        ]
        page = as_(grid.an).get(f"/safety_grid/drills/{last.number}/compare/").content.decode()
        assert ("<svg" in page, "快 20" in page, "慢 5" in page) == (True, True, True)
        assert as_(cast.rita).get(f"/safety_grid/drills/{last.number}/compare/").status_code == 404
        assert "3" in as_(grid.an).get("/safety_grid/drills/").content.decode()


def test_the_clock_proposes_one_a_month_and_to_kindergartens_one_a_quarter(
    place: District, cast: Cast, grid: Grid
) -> None:
    Unit.objects.filter(pk=place.far_school.pk).update(stage="KG")
    arrange()
    for days in (60, 120):
        with clock.at(MONDAY + timedelta(days=days)):
            open_due()
    found = sorted(Drill.objects.values_list("unit__code", "opened_at__month"))
    assert found == [("LX01", 1), ("LX01", 3), ("SM01", 3)]


def test_three_drills_are_listed_as_quickly_as_one(
    place: District, cast: Cast, grid: Grid, django_assert_num_queries: Any
) -> None:
    head, other = as_(grid.an), as_(cast.tess)
    for n in range(3):
        held(planned(place.school, grid.an), grid.an, 一班=120 + n, 二班=90)
        for who, count, rows in ((head, 6, n + 1), (other, 4, 0)):
            with clock.at(later(hours=1)), django_assert_num_queries(count):
                page = who.get("/safety_grid/drills/")
            assert [told for _, told in page.context["rows"]] == [
                f"80 人，最慢 2 分 {one:02d} 秒" for one in range(n, -1, -1)
            ][:rows]
