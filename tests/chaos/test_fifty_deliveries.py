"""One of fifty equal submissions wins at every step of a delivery; nothing comes into stock twice."""

from typing import Any

import pytest

from canteen.flow import DELIVERIES
from canteen.models import Delivery, FoodMove
from portal import clock
from portal.cases.actions import move
from portal.cases.flow import address_of
from portal.cases.models import Case, Deadline
from portal.cases.sweep import sweep
from portal.ledger.models import Event
from tests.canteen.cast import Kitchen, canteen_of, kitchen_of
from tests.canteen.orders import fresh, on_scale, ordered
from tests.chaos.account import demand_sound_ledger
from tests.chaos.test_fifty import FIFTY, fifty
from tests.district import Cast, District

pytestmark = [pytest.mark.chaos, pytest.mark.usefixtures("cast")]
# Who takes which step, from which state, with what: written by hand, every step but the clock's own.
STEPS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "weigh_in": ("ordered", "bo", {}),
    "sign_delivery": ("weighed", "yan", {}),
    "countersign": ("to_keeper", "bo", {}),
    "reweigh": ("to_keeper", "bo", {"reason": "没有去皮"}),
    "return_goods": ("stocked", "bo", {"reason": "有虫", "lines-0-quantity": "1"}),
    "call_off": ("ordered", "cai", {"reason": "改日再要"}),
    "nudge": ("late", "jiang", {"words": "请尽快"}),
    "acknowledge": ("late", "jiang", {}),
    "follow": ("weighed", "tang", {}),
    "unfollow": ("followed", "tang", {}),
    "comment": ("weighed", "cai", {"words": "在路上耽误了"}),
}
WAY, STATES = ("weigh_in", "sign_delivery", "countersign"), ("ordered", "weighed", "to_keeper", "stocked")


def test_the_table_has_every_step() -> None:
    assert set(STEPS) == {step.name for step in DELIVERIES.steps}


def said(name: str, case: Delivery, kitchen: Kitchen) -> dict[str, Any]:
    """What the step asks, as a page sends it."""
    _, who, data = STEPS[name]
    if name == "weigh_in":
        asked = on_scale(case, getattr(kitchen, who))
        lines = {f"lines-{at}-{key}": value for at, row in enumerate(asked["lines"]) for key, value in row.items()}
        return lines | {"photos": asked["photos"]}
    line = case.lines.order_by("pk").first()
    return data | ({"lines-0-line": line.pk} if line and name == "return_goods" else {})


def stand(state: str, place: District, kitchen: Kitchen) -> Delivery:
    """A delivery ordered by Cai in this state."""
    case = ordered(place, canteen_of(place), kitchen.cai)
    wanted = {"late": "weighed", "followed": "weighed"}.get(state, state)
    for name in WAY[: STATES.index(wanted)]:
        who = getattr(kitchen, STEPS[name][1])
        move(case, name, by=who, data=on_scale(case, who) if name == "weigh_in" else {})
    if state == "followed":
        move(case, "follow", by=kitchen.tang)
    if state == "late":
        Case.objects.filter(pk=case.pk).update(due_at=clock.now())
        Deadline.objects.filter(case=case, clock="sign").update(next_rung_at=clock.now(), rung=1)
        sweep()
    return fresh(case)


@pytest.mark.parametrize("name", sorted(STEPS))
def test_fifty_equal_posts_of_a_step_happen_once(name: str, place: District, cast: Cast) -> None:
    kitchen = kitchen_of(place)
    state, who, _ = STEPS[name]
    case = stand(state, place, kitchen)
    body = said(name, case, kitchen) | {"version": case.version, "key": f"{name}-once"}
    answers = fifty(getattr(kitchen, who), f"{address_of(case)}{name}/", [body] * FIFTY)
    assert answers.count(302) >= 1
    assert set(answers) <= {302, 403, 404, 409, 412, 422}
    assert Event.objects.filter(address=case.address, verb=name).count() == 1
    if name == "countersign":
        assert FoodMove.objects.filter(case=case.pk).count() == 3
    demand_sound_ledger()
