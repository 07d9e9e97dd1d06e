"""One of fifty equal submissions wins at every step of a question to the canteen."""

from typing import Any

import pytest

from canteen.flow import QUESTIONS
from portal.cases.actions import move
from portal.cases.flow import address_of
from portal.cases.models import Case
from portal.ledger.models import Event
from tests.canteen.cast import canteen_of, kitchen_of
from tests.canteen.test_questions import asked
from tests.chaos.account import demand_sound_ledger
from tests.chaos.test_fifty import FIFTY, fifty
from tests.district import Cast, District

pytestmark = [pytest.mark.chaos, pytest.mark.usefixtures("cast")]
ANSWER = {"words": "每天早上现做。", "listed": "on"}
# Who takes which step, from which state, with what; the spine's own steps are those of tickets.
STEPS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "answer": ("asked", "jiang", ANSWER),
    "recall": ("asked", "rita", {}),
    "thank": ("answered", "rita", {}),
    "ask_again": ("answered", "rita", {"words": "谁来看的"}),
    "take_off_list": ("answered", "jiang", {"reason": "写错了"}),
}
SPINE = {"nudge", "acknowledge", "follow", "unfollow", "comment"}


def test_the_table_has_every_step() -> None:
    assert set(STEPS) | SPINE == {step.name for step in QUESTIONS.steps if step.role != "clock"}


@pytest.mark.parametrize("name", sorted(STEPS))
def test_fifty_equal_posts_of_a_step_happen_once(name: str, place: District, cast: Cast) -> None:
    kitchen = kitchen_of(place)
    state, actor, data = STEPS[name]
    who = getattr(kitchen, actor, None) or getattr(cast, actor)
    case: Case = asked(cast.rita, canteen_of(place))
    if state == "answered":
        move(case, "answer", by=kitchen.jiang, data={"words": "好", "listed": True})
    case = Case.objects.get(pk=case.pk)
    body = data | {"version": case.version, "key": f"{name}-once"}
    answers = fifty(who, f"{address_of(case)}{name}/", [body] * FIFTY)
    assert answers.count(302) >= 1
    assert set(answers) <= {302, 403, 404, 409, 412, 422}
    assert Event.objects.filter(address=case.address, verb=name).count() == 1
    demand_sound_ledger()
