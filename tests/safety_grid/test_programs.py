"""Plans, duty and drills for programs: what the pages can do, from the same forms, with the same refusals."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from portal import clock
from portal.orgs.models import User
from safety_grid.actions import hold, mark_out
from safety_grid.actions.plans import adopt_reference
from safety_grid.models import RoundPlan
from safety_grid.queries.reference import check_items, reference_plans
from tests.district import Cast, District
from tests.portal.api.program import Program
from tests.repairs.strangers import sticker_of
from tests.safety_grid.cast import Grid
from tests.safety_grid.test_drills import held, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
AT = "/api/v1/safety_grid"
TUESDAY = date(2026, 11, 17)
DAILY = {
    "title": "晨查", "every": "day", "times": "07:00,13:00", "school_days": True, "hours": "2.5", "items": ["HZ-01-2"],
    "more": "天台门锁好", "is_on": True,
}  # fmt: skip


def at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(TUESDAY, time(hour, minute), clock.SCHOOL_TIME)


def told(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_a_plan_is_made_read_changed_and_adopted(place: District, cast: Cast, grid: Grid) -> None:
    mark_out(unit=place.room, by=grid.an)
    program, shi = Program.of(grid.an), Program.of(grid.shi)
    body = DAILY | {"places": [place.room.pk], "school": place.school.pk}
    made = told(program.post(f"{AT}/plans", body, Idempotency_Key="p" * 20), 201)
    assert told(program.post(f"{AT}/plans", body, Idempotency_Key="p" * 20), 201) == made, "once"
    own = {"code": "HZ-99-1", "title": "天台门锁好", "category": "HZ-99"}
    known = {"code": "HZ-01-2", "title": check_items()["HZ-01-2"].title, "category": "HZ-01"}
    assert {name: made[name] for name in made if name not in ("id", "next_at")} == {
        "school": place.school.pk, "code": "", "title": "晨查", "who": "", "is_on": True, "hours": "2.50", "version": 1,
        "rule": {"every": "day", "time": ["07:00", "13:00"], "school_days": True}, "items": [known, own],
        "places": [{"id": place.room.pk, "place": place.room.place, "school": place.school.pk}],
    }  # fmt: skip
    where = f"{AT}/plans/{made['id']}"
    assert told(program.get(where), 200) == made
    other = DAILY | {"every": "week", "day": "5", "who": "guard", "items": ["HZ-99-1"], "more": "", "is_on": False}
    assert told(program.post(where, other | {"version": 0}), 412)["detail"].startswith("这个计划刚刚被别人改过")
    changed = told(program.post(where, other | {"version": 1}), 200)
    assert (changed["rule"]["day"], changed["who"], changed["items"], changed["is_on"], changed["places"]) == (
        [5], "guard", [own], False, [],
    )  # fmt: skip
    assert "day" in told(program.post(where, other | {"day": "9"}), 422)["errors"]
    assert [shi.get(where).status_code, shi.post(where, other).status_code] == [404, 404]
    assert shi.get(f"{AT}/plans", school=place.school.pk).status_code == 404
    assert Program.of(cast.rita).get(f"{AT}/plans").status_code == 403
    wanted = sum(1 for one in reference_plans().values() if one["adopt"])
    assert [told(program.post(f"{AT}/plans/adopt", {}), 200) for _ in range(2)] == [{"made": wanted}, {"made": 0}]
    listed = told(program.get(f"{AT}/plans", limit=3), 200)
    assert [one["id"] for one in listed["results"]] == list(
        RoundPlan.objects.order_by("pk").values_list("pk", flat=True)[:3]
    )
    assert told(program.get(listed["next"]), 200)["results"][0]["title"] == RoundPlan.objects.order_by("pk")[3].title


def test_a_page_of_plans_costs_the_same_however_many(
    place: District, grid: Grid, django_assert_num_queries: Any
) -> None:
    program = Program.of(grid.an)
    adopt_reference(place.school, by=grid.an)
    told(program.get(f"{AT}/plans"), 200)  # the first request of a token also writes that it is used
    for limit in (1, 3):
        with django_assert_num_queries(5):
            assert len(told(program.get(f"{AT}/plans", limit=limit), 200)["results"]) == limit


def test_a_post_is_signed_in_at_listed_and_corrected(place: District, cast: Cast, grid: Grid) -> None:
    cell = mark_out(unit=place.building, by=grid.an, begins=time(7, 20), ends=time(7, 50), days="school")
    first, second = (hold(cell=cell, person=one, by=grid.an) for one in (cast.rita, cast.will))
    code = sticker_of(place.building, cast.lin).code
    rita, head = Program.of(cast.rita), Program.of(grid.an)
    with clock.at(at(7, 22)):
        assert [one["standing"] for one in told(rita.get(f"{AT}/duty/mine"), 200)["results"]] == ["ahead"]
        assert "code" in told(rita.post(f"{AT}/duty/sign-in", {"code": "ZZZZZZZ"}), 422)["errors"]
        signed = told(rita.post(f"{AT}/duty/sign-in", {"code": code}, Idempotency_Key="s" * 20), 201)
        again = told(rita.post(f"{AT}/duty/sign-in", {"code": code}, Idempotency_Key="s" * 20), 201)
        assert (again, signed["holding"], signed["day"]) == (signed, first.pk, str(TUESDAY))
        assert told(rita.post(f"{AT}/duty/sign-in", {"code": code}), 422)["detail"] == "您已经签到过了。"
    with clock.at(at(9)):
        assert standing(head) == [("林晓芸", "on_time", 0), ("王建平", "absent", 0)]
        where = f"{AT}/duty/{second.pk}/{TUESDAY}"
        said = {"standing": "excused", "reason": "开会"}
        assert (told(head.post(where, said), 200)["corrected"], rita.post(where, said).status_code) == ("excused", 403)
        assert head.post(where, said | {"version": 0}).status_code == 412
        assert Program.of(grid.shi).post(where, said).status_code == 404
        for nonsense in ("nonsense", "0001-01-01", "9999-12-31"):
            assert head.post(f"{AT}/duty/{second.pk}/{nonsense}", said).status_code == 404
        assert standing(head) == [("林晓芸", "on_time", 0), ("王建平", "excused", 1)]
        month = told(head.get(f"{AT}/duty/month", month="2026-11"), 200)["results"]
        assert [(one["person"], one["due"], one["on_time"], one["absent"], one["excused"]) for one in month] == [
            ("林晓芸", 1, 1, 0, 0), ("王建平", 1, 0, 0, 1),
        ]  # fmt: skip
        assert told(rita.get(f"{AT}/duty"), 200)["results"] == [], "a teacher reads no list of others"
        assert Program.of(grid.shi).get(f"{AT}/duty", school=place.school.pk).status_code == 404
        assert head.get(f"{AT}/duty", day="0001-01-01").status_code == 422


def standing(program: Program) -> list[tuple[str, str, int]]:
    rows = told(program.get(f"{AT}/duty", day=str(TUESDAY)), 200)["results"]
    return [(one["person"], one["standing"], one["version"]) for one in rows]


def test_a_drill_is_compared_with_those_before_it(place: District, cast: Cast, grid: Grid) -> None:
    first = held(planned(place.school, grid.an), grid.an, 一班=130, 二班=90)
    with clock.at(at(9) + timedelta(days=1)):
        second = held(planned(place.school, grid.an), grid.an, 一班=100, 三班=80)
        program: Program = Program.of(grid.an)
        rows = told(program.get(f"{AT}/drills/{second.number}/compare"), 200)["results"]
        assert rows == [
            {"number": first.number, "day": "2026-11-16", "people": 80, "slowest": 130, "middle": 110, "groups": {"一班": 130, "二班": 90}},
            {"number": second.number, "day": "2026-11-18", "people": 80, "slowest": 100, "middle": 90, "groups": {"一班": 100, "三班": 80}},
        ]  # fmt: skip
        ahead = planned(place.school, grid.an)
        assert program.get(f"{AT}/drills/{ahead.number}/compare").status_code == 404, "nothing was measured yet"
        strangers: list[User] = [cast.rita, grid.shi]
        assert [Program.of(one).get(f"{AT}/drills/{second.number}/compare").status_code for one in strangers] == [
            404
        ] * 2
