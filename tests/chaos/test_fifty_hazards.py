"""One of fifty equal submissions wins at every step of a hazard and of a concern; nothing is opened or carried twice."""

from typing import Any

import pytest

from portal import clock
from portal.cases.actions import move
from portal.cases.flow import address_of
from portal.cases.models import Case, Deadline
from portal.cases.sweep import sweep
from portal.ledger.models import Event
from portal.orgs.models import User
from repairs.models import Ticket
from safety_grid.flow import CONCERNS, FLOW
from tests.chaos.account import demand_sound_ledger
from tests.chaos.test_fifty import FIFTY, fifty
from tests.conftest import photo_of
from tests.district import Cast, District
from tests.safety_grid.cast import Grid, grid_of
from tests.safety_grid.hazards import five, raised, reported
from tests.safety_grid.test_visits import anonymous

pytestmark = [pytest.mark.chaos, pytest.mark.usefixtures("cast")]
REASON = {"reason": "有原因"}
# Who takes which step, from which state, with what: written by hand, every step but those the clock alone takes.
STEPS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "vouch": ("unconfirmed", "an", {}),
    "dismiss": ("unconfirmed", "an", REASON),
    "register": ("reported", "an", {"topic": "HZ-03", "grade": "general", "assignee": "gao"}),
    "refer": ("reported", "an", {"note": "整面墙在动"}),
    "refuse": ("reported", "an", REASON),
    "merge": ("reported", "an", {"into": "another"}),
    "withdraw": ("reported", "rita", {}),
    "fix_now": ("registered", "gao", {}),
    "plan": ("registered", "gao", {"five": "gao"}),
    "start": ("planned", "gao", {}),
    "finish": ("working", "gao", {"after": "photo"}),
    "close_out": ("to_check", "an", {}),
    "send_back": ("to_check", "an", REASON),
    "accept": ("to_accept", "song", {}),
    "recheck_ok": ("to_recheck", "an", {}),
    "recheck_bad": ("to_recheck", "an", REASON),
    "reassign": ("working", "an", {"assignee": "bao", **REASON}),
    "regrade": ("working", "song", {"grade": "general", "colour": "red", **REASON}),
    "to_repair": ("working", "gao", {"unit": "room", "topic": "RP-04", "words": "窗扇松动"}),
    "ask_time": ("working", "gao", {"asked_on": "later", **REASON}),
    "grant_time": ("asked", "an", {"due_on": "later"}),
    "refuse_time": ("asked", "an", REASON),
    "supervise": ("working", "song", {}),
    "report_week": ("supervised", "gao", {"progress": "到货"}),
    "nudge": ("late", "hu", {}),
    "acknowledge": ("late", "an", {}),
    "follow": ("reported", "song", {}),
    "unfollow": ("followed", "song", {}),
    "comment": ("reported", "rita", {"words": "在二楼"}),
}
CARE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "take_up": ("received", "xin", {"assignee": "xin"}),
    "find_nothing": ("received", "xin", REASON),
    "call_officer": ("received", "xin", REASON),
    "hand_on": ("caring", "xin", {"assignee": "yi", **REASON}),
    "wind_up": ("caring", "xin", {"outcome": "谈过了"}),
    "settle_concern": ("to_review", "yi", {}),
    "take_back": ("to_review", "yi", REASON),
}
SPINE = {"nudge", "acknowledge", "follow", "unfollow", "comment"}
GENERAL = {"registered": 1, "planned": 2, "working": 3, "to_check": 4, "asked": 3}
MAJOR = {"supervised": 2, "to_accept": 3, "to_recheck": 4}


def test_the_table_has_every_step() -> None:
    assert set(STEPS) == {step.name for step in FLOW.steps if step.role != "clock"}
    assert set(CARE) | SPINE == {step.name for step in CONCERNS.steps}


def said(name: str, who: User, place: District, grid: Grid) -> dict[str, Any]:
    """What the step asks, people, places, days and photos filled in."""
    data = (STEPS | CARE)[name][2]
    day = (clock.today().replace(day=1)).isoformat()
    named: dict[str, Any] = {person: getattr(grid, person).pk for person in ("gao", "bao", "xin", "yi")} | {
        "room": place.room.pk
    }
    named |= {"another": reported(place, User.objects.get(username="vera")).number} if name == "merge" else {}
    named |= {"later": five(who, days=20)["due_on"], "day": day}
    if "five" in data:
        return five(grid.gao)
    return {key: str(photo_of(who).pk) if value == "photo" else named.get(value, value) for key, value in data.items()}


def stand(state: str, place: District, cast: Cast, grid: Grid) -> Case:
    """A hazard in this state."""
    if state == "unconfirmed":
        return anonymous(place, cast)
    case = reported(place, cast.rita)
    major = state in MAJOR
    way = ("register", "plan", "finish", "accept") if major else ("register", "plan", "start", "finish")
    for name in way[: (MAJOR | GENERAL).get(state, 0)]:
        who = {"register": cast.hu if major else grid.an, "accept": grid.song}.get(name, grid.gao)
        data = said(name, who, place, grid) | ({"grade": "major"} if name == "register" and major else {})
        move(case, name, by=who, data=data)
    if state == "asked":
        move(case, "ask_time", by=grid.gao, data=said("ask_time", grid.gao, place, grid))
    if state == "followed":
        move(case, "follow", by=grid.song)
    if state == "late":
        Case.objects.filter(pk=case.pk).update(due_at=clock.now())
        Deadline.objects.filter(case=case).update(next_rung_at=clock.now(), rung=1)
        sweep()
    return Case.objects.get(pk=case.pk)


def care(state: str, place: District, cast: Cast, grid: Grid) -> Case:
    """A concern in this state."""
    case = raised(place, cast.rita)
    for name in ("take_up", "wind_up")[: ("received", "caring", "to_review").index(state)]:
        move(case, name, by=grid.xin, data=said(name, grid.xin, place, grid))
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("name", sorted({**STEPS, **CARE}))
def test_fifty_equal_posts_of_a_step_happen_once(name: str, place: District, cast: Cast) -> None:
    grid = grid_of(place)
    state, actor, _ = (STEPS | CARE)[name]
    who = getattr(grid, actor, None) or getattr(cast, actor)
    case = (care if name in CARE else stand)(state, place, cast, grid)
    body = said(name, who, place, grid) | {"version": case.version, "key": f"{name}-once"}
    answers = fifty(who, f"{address_of(case)}{name}/", [body] * FIFTY)
    assert answers.count(302) >= 1
    assert set(answers) <= {302, 403, 404, 409, 412, 422}
    assert Event.objects.filter(address=case.address, verb=name).count() == 1
    assert Ticket.objects.filter(links__target=case.pk).count() == (1 if name == "to_repair" else 0)
    demand_sound_ledger()
