"""Rounds, duty and drills of the table: one in every state it asks for, and what fits each of their forms."""

from decimal import Decimal
from typing import Any

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case
from portal.orgs.actions import plant
from portal.orgs.models import Unit, User
from safety_grid.actions import hold, mark_out, open_rounds, plan_drill
from safety_grid.actions.plans import set_plan
from safety_grid.flow import DRILLS, ROUNDS
from safety_grid.models import RoundPlan, RoundSpot
from tests.conftest import photo_of
from tests.district import MONDAY, hire

ITEMS = [{"code": "HZ-01-2", "title": "疏散通道畅通", "category": "HZ-01"}]
RULE: dict[str, object] = {"every": "day", "time": "10:00"}
PLAN = {
    "title": "周查", "who": "", "every": "week", "day": "5", "times": "08:00", "hours": "9", "items": ["HZ-01-2"], "is_on": "on",
}  # fmt: skip

PLAN_OF_PROGRAM = {name: said for name, said in PLAN.items() if name != "who"} | {"is_on": True}


def head_of(school: Unit) -> User:
    """A safety head of theirs, none of the table's people."""
    name = f"safety-{school.code}"
    return User.objects.filter(username=name).first() or hire(name, "安全办", school, ("safety_head", school))


def plan_of(school: Unit) -> RoundPlan:
    """A plan of the school."""
    found = RoundPlan.objects.filter(unit=school).first()
    said: dict[str, Any] = {
        "title": "日查",
        "who": "",
        "rule": RULE,
        "hours": Decimal(10),
        "places": [],
        "items": ITEMS,
    }
    return found or set_plan(None, unit=school, by=head_of(school), **said)


def watch_of(school: Unit) -> int:
    """Somebody's post at the school's gate, with hours."""
    by = head_of(school)
    person = hire(f"gate-{school.code}", "门岗", school, ("teacher", school))
    cell = mark_out(unit=school, by=by, begins=MONDAY.time().replace(hour=7), ends=MONDAY.time().replace(hour=8))
    return hold(cell=cell, person=person, since=clock.today().replace(day=1), by=by).pk


def bring(state: str, room: Unit, person: User) -> Case:
    """The round (held by this person) or drill of this state."""
    school = room.school
    assert school is not None
    if state.startswith("演练"):
        return _drill(state, school)
    number = RoundPlan.objects.count()
    spot = plant(name=f"点位 {number}", kind="room", parent=room.get_parent(), by="clock")
    cell = mark_out(unit=spot, by=head_of(school))
    if state != "巡查没人负责":
        hold(cell=cell, person=person, by=head_of(school))
    said: dict[str, Any] = {
        "title": f"日查 {number}",
        "who": "",
        "rule": RULE,
        "hours": Decimal(10),
        "places": [spot],
        "items": ITEMS,
    }
    plan = set_plan(None, unit=school, by=head_of(school), **said)
    data = {"unit": school.pk, "plan": plan.pk}
    case = open_rounds(filled(ROUNDS, ROUNDS.opening, case=None, by="clock", data=data), by="clock")[0]
    return move(case, "close_missed", by="clock") if state == "巡查漏查" else case


def _drill(state: str, school: Unit) -> Case:
    by = head_of(school)
    data = {"unit": school.pk, "topic": "fire", "planned_on": str(clock.today())}
    case = plan_drill(filled(DRILLS, DRILLS.opening, case=None, by=by, data=data), by=by)
    assert isinstance(case, Case)
    return move(case, "hold_drill", by=by, data=held([str(photo_of(by).pk)])) if state == "演练待复盘" else case


def held(photo: list[str]) -> dict[str, Any]:
    """What is entered after a drill."""
    row = {"group": "一班", "exit": "东门", "people": 40, "seconds": 95}
    return {"held_at": clock.now().isoformat(), "results": [row], "photos": photo}


def said(step: str, room: Unit, photo: list[str]) -> dict[str, Any]:
    """What fits the form of a step; the place checked is that of the newest round."""
    spot = RoundSpot.objects.order_by("-pk").first() if step == "check_spot" else None
    reason = {"reason": "有原因"}
    bodies: dict[str, dict[str, Any]] = {
        "check_spot": {"spot": spot.pk if spot else 0, **reason, "items": [{"item": "HZ-01-2", "outcome": "ok"}]},
        "hand_round": {"assignee": "rita", **reason},
        "excuse": reason,
        "explain": reason,
        "hold_drill": held(photo),
        "replan_drill": {"planned_on": "2026-11-20", **reason},
        "review_drill": {"words": "有序"},
        "find_hazard": {"unit": room.pk, "topic": "HZ-01", "photos": photo},
        "cancel_drill": reason,
    }
    return bodies.get(step, {})
