"""One of fifty equal submissions wins at every step of a question to the canteen."""

from datetime import timedelta
from typing import Any

import pytest

from canteen.flow import QUESTIONS, RATINGS, RECTIFICATIONS
from canteen.models import Rating
from portal import clock
from portal.cases.actions import move
from portal.cases.flow import address_of
from portal.cases.models import Case
from portal.ledger.models import Event
from portal.orgs.models import User
from tests.access.ratings import in_every_state as fixes_of
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
FIX: dict[str, tuple[str, str, dict[str, Any]]] = {
    "arrange": ("整改待安排", "jiang", {"assignee": "chef", "due_on": "day", "measures": "少放油"}),
    "finish_rectification": ("整改进行中", "chef", {"outcome": "换了做法"}),
    "check_rectification": ("整改待核验", "hu", {}),
    "send_back_rectification": ("整改待核验", "hu", {"reason": "还是咸"}),
    "ask_once_more": ("整改待决定", "hu", {}),
    "settle_unrated": ("整改待决定", "hu", {"reason": "看过了"}),
}
SPINE = {"nudge", "acknowledge", "follow", "unfollow", "comment"}


def test_the_table_has_every_step() -> None:
    assert set(STEPS) | SPINE == {step.name for step in QUESTIONS.steps if step.role != "clock"}


def test_the_table_has_every_step_of_a_rectification() -> None:
    assert set(FIX) | SPINE == {step.name for step in RECTIFICATIONS.steps if step.role != "clock"}
    assert {step.name for step in RATINGS.steps if step.role != "clock"} == SPINE


@pytest.mark.parametrize("name", sorted(FIX))
def test_fifty_equal_posts_put_right_once(name: str, place: District, cast: Cast) -> None:
    kitchen, state = kitchen_of(place), FIX[name][0]
    case = fixes_of(place)[state]
    chef = User.objects.get(username="own-chef")
    who = {"jiang": kitchen.jiang, "chef": chef, "hu": cast.hu}[FIX[name][1]]
    named = {"chef": chef.pk, "day": (clock.today() + timedelta(days=9)).isoformat()}
    body = {key: named.get(value, value) for key, value in FIX[name][2].items()}
    answers = fifty(
        who, f"{address_of(case)}{name}/", [body | {"version": case.version, "key": f"{name}-once"}] * FIFTY
    )
    assert answers.count(302) >= 1
    assert set(answers) <= {302, 403, 404, 409, 412, 422}
    assert Event.objects.filter(address=case.address, verb=name).count() == 1
    assert Rating.objects.filter(topic="again", links__target=case.pk).count() == {
        "check_rectification": 1, "ask_once_more": 2, "settle_unrated": 1,
    }.get(name, 0)  # fmt: skip
    demand_sound_ledger()


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
