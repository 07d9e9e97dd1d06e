"""One of fifty equal submissions wins at every step of a round and of a drill; a problem found is one hazard."""

from typing import Any

import pytest

from portal import clock
from portal.cases.actions import move
from portal.cases.flow import address_of
from portal.cases.models import Case, Deadline
from portal.cases.sweep import sweep
from portal.ledger.models import Event
from safety_grid.flow import DRILLS, ROUNDS
from safety_grid.models import Hazard
from tests.access import rounds
from tests.chaos.account import demand_sound_ledger
from tests.chaos.test_fifty import FIFTY, fifty
from tests.conftest import photo_of
from tests.district import Cast, District

pytestmark = [pytest.mark.chaos, pytest.mark.usefixtures("cast")]
REASON = {"reason": "有原因"}
FAILED = {"reason": "贴纸掉了", "items-0-item": "HZ-01-2", "items-0-outcome": "failed", "items-0-photos": "photo"}
RESULT = {"results-0-group": "一班", "results-0-exit": "东门", "results-0-people": "40", "results-0-seconds": "95"}
# Who takes which step, from which state, with what: written by hand, every step people take.
STEPS: dict[str, dict[str, tuple[str, str, dict[str, Any]]]] = {
    "rounds": {
        "check_spot": ("巡查待巡查", "rita", FAILED),
        "hand_round": ("巡查没人负责", "hu", {"assignee": "rita", **REASON}),
        "excuse": ("巡查待巡查", "hu", REASON),
        "explain": ("巡查漏查", "rita", REASON),
        "nudge": ("late 巡查待巡查", "hu", {"words": "请尽快"}),
        "acknowledge": ("late 巡查待巡查", "vera", {}),
        "follow": ("巡查待巡查", "hu", {}),
        "unfollow": ("followed 巡查待巡查", "hu", {}),
        "comment": ("巡查待巡查", "rita", {"words": "在二楼"}),
    },
    "drills": {
        "hold_drill": ("演练待演练", "hu", {**RESULT, "held_at": "now", "photos": "photo"}),
        "review_drill": ("演练待复盘", "hu", {"words": "有序"}),
        "find_hazard": ("演练待复盘", "hu", {"unit": "room", "topic": "HZ-01", "photos": "photo"}),
        "replan_drill": ("演练待演练", "hu", {"planned_on": "", **REASON}),
        "cancel_drill": ("演练待演练", "hu", REASON),
        "nudge": ("late 演练待演练", "hu", {"words": "请尽快"}),
        "acknowledge": ("late 演练待演练", "vera", {}),
        "follow": ("演练待演练", "vera", {}),
        "unfollow": ("followed 演练待演练", "hu", {}),
        "comment": ("演练待演练", "hu", {"words": "备好哨子"}),
    },
}
BOTH = [(kind, name) for kind, steps in STEPS.items() for name in steps]


def test_the_table_has_every_step() -> None:
    by_hand = set(STEPS["rounds"]) | {"close_missed"}
    assert (by_hand, set(STEPS["drills"])) == ({one.name for one in ROUNDS.steps}, {one.name for one in DRILLS.steps})


def stand(state: str, place: District, cast: Cast) -> Case:
    """A round of Rita's, or a drill, in this state."""
    how, _, plain = state.rpartition(" ")
    case = rounds.bring(plain, place.room, cast.rita)
    if how == "followed":
        move(case, "follow", by=cast.hu)
    if how == "late":
        Case.objects.filter(pk=case.pk).update(due_at=clock.now())
        Deadline.objects.filter(case=case, clock__in=("walk", "hold")).update(next_rung_at=clock.now(), rung=2)
        sweep()
    return Case.objects.get(pk=case.pk)


def said(case: Case, data: dict[str, Any], place: District, by: Any) -> dict[str, Any]:
    """The step's body with its photo, place and moment."""
    given = {
        "photo": lambda: str(photo_of(by).pk),
        "room": lambda: place.room.pk,
        "now": lambda: clock.now().isoformat(),
    }
    body = {name: given[value]() if value in given else value for name, value in data.items()}
    spot = getattr(case, "round", None) if "items-0-item" in data else None
    return body | ({"spot": spot.spots.get().pk} if spot else {})


@pytest.mark.parametrize(("kind", "name"), BOTH)
def test_fifty_equal_posts_of_a_step_happen_once(kind: str, name: str, place: District, cast: Cast) -> None:
    state, who, data = STEPS[kind][name]
    case, by = stand(state, place, cast), getattr(cast, who)
    body = said(case, data, place, by) | {"version": case.version, "key": f"{kind}-{name}-once"}
    before = Hazard.objects.count()
    answers = fifty(by, f"{address_of(case)}{name}/", [body] * FIFTY)
    assert answers.count(302) >= 1
    assert set(answers) <= {302, 403, 404, 409, 412, 422}
    assert Event.objects.filter(address=case.address, verb=name).count() == 1
    assert Hazard.objects.count() - before == int(name in ("check_spot", "find_hazard"))
    demand_sound_ledger()
