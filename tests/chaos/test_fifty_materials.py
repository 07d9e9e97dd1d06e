"""One of fifty equal submissions wins at every step of a request for materials; nothing is handed out twice."""

from itertools import count
from typing import Any

import pytest

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.flow import address_of
from portal.cases.models import Case, Deadline
from portal.cases.sweep import sweep
from portal.ledger.models import Event
from repairs.actions import request_materials
from repairs.flow import MATERIALS
from repairs.models import Materials
from tests.chaos.account import demand_sound_ledger
from tests.chaos.test_fifty import FIFTY, fifty
from tests.conftest import photo_of
from tests.district import Cast, District

pytestmark = [pytest.mark.chaos, pytest.mark.usefixtures("cast")]
NUMBERS = count(1)
ROW = {"quantity": "4", "measure": "个", "price": "10"}
# Who takes which step, from which state, with what: written by hand, every step but those of every flow.
STEPS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "approve": ("to_vice", "vera", {}),
    "decline": ("to_vice", "vera", {"reason": "先用旧的"}),
    "add_quotes": ("to_vice", "wu", {"quotes": "photo"}),
    "recall": ("to_vice", "lin", {}),
    "buy": ("to_buy", "wu", {"supplier": "县五金", "lines-0-quantity": "4", "lines-0-price": "8", "receipt": "photo"}),
    "reprice": ("to_buy", "wu", {"amount": "60", "reason": "涨价"}),
    "check_in": ("to_accept", "lin", {"lines-0-quantity": "4"}),
    "send_goods_back": ("to_accept", "lin", {"reason": "型号不对"}),
    "hand_out": ("to_issue", "wu", {"lines-0-quantity": "4"}),
    "give_back": ("issued", "wu", {"lines-0-quantity": "1"}),
    "nudge": ("late", "hu", {"words": "请尽快"}),
    "acknowledge": ("late", "lin", {}),
    "follow": ("to_vice", "ouyang", {}),
    "unfollow": ("followed", "ouyang", {}),
    "comment": ("to_vice", "lin", {"words": "急用"}),
}
WAY = ("approve", "buy", "check_in", "hand_out")
STATES = ("to_vice", "to_buy", "to_accept", "to_issue", "issued")


def test_the_table_has_every_step() -> None:
    assert set(STEPS) == {step.name for step in MATERIALS.steps}


def said(name: str, case: Materials, cast: Cast) -> dict[str, Any]:
    """What the step asks, with its photo and the line it is about."""
    _, who, data = STEPS[name]
    photo = str(photo_of(getattr(cast, who)).pk) if "photo" in data.values() else ""
    line = {"lines-0-line": case.lines.get().pk} if any(key.startswith("lines-") for key in data) else {}
    return {key: photo if value == "photo" else value for key, value in data.items()} | line


def stand(state: str, place: District, cast: Cast) -> Materials:
    """A request of the head of logistics in this state."""
    row = ROW | {"item": f"角阀 {next(NUMBERS)}"}  # what an earlier test bought is in the store
    data = {"unit": place.school.pk, "category": "water", "lines": [row], "reason": "补货"}
    form = filled(MATERIALS, MATERIALS.opening, case=None, by=cast.lin, data=data)
    case = Materials.objects.get(pk=request_materials(form, by=cast.lin).pk)
    for name in WAY[: STATES.index(state) if state in STATES else 0]:
        move(case, name, by=getattr(cast, STEPS[name][1]), data=said(name, case, cast))
    if state == "followed":
        move(case, "follow", by=cast.ouyang)
    if state == "late":
        Case.objects.filter(pk=case.pk).update(due_at=clock.now())
        Deadline.objects.filter(case=case).update(next_rung_at=clock.now(), rung=1)
        sweep()
    return Materials.objects.get(pk=case.pk)


@pytest.mark.parametrize("name", sorted(STEPS))
def test_fifty_equal_posts_of_a_step_happen_once(name: str, place: District, cast: Cast) -> None:
    state, who, _ = STEPS[name]
    case = stand(state, place, cast)
    body = said(name, case, cast) | {"version": case.version, "key": f"{name}-once"}
    answers = fifty(getattr(cast, who), f"{address_of(case)}{name}/", [body] * FIFTY)
    assert answers.count(302) >= 1
    assert set(answers) <= {302, 403, 404, 409, 412, 422}
    assert Event.objects.filter(address=case.address, verb=name).count() == 1
    demand_sound_ledger()
