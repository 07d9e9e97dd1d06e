"""Questions to the canteen of the table: one in every state it asks for, and what fits each of their steps."""

from typing import Any

from canteen.actions import ask
from canteen.flow import QUESTIONS
from canteen.models import Question
from portal.cases.actions import filled, move
from portal.cases.models import Case
from tests.canteen.cast import canteen_of
from tests.district import District, hire

STATES = ("提问待答复", "提问已答复")


def said(step: str) -> dict[str, Any]:
    """What fits the form of a step."""
    return {
        "answer": {"words": "每天早上现做。", "listed": True},
        "ask_again": {"words": "谁来看的"},
        "take_off_list": {"reason": "写错了"},
        "comment": {"words": "在一楼窗口"},
        "nudge": {"words": "请尽快"},
    }.get(step, {})


def in_every_state(place: District) -> dict[str, Case]:
    """Asked and answered by none of the table's people."""
    canteen, school = canteen_of(place), place.school
    asker = hire("own-asker", "问的人", school, ("teacher", school))
    manager = hire("own-manager", "答的人", school, ("canteen_manager", school))
    found: dict[str, Case] = {}
    for state in STATES:
        data = {"canteen": canteen.pk, "words": f"豆腐新鲜吗（{state}）"}
        case = ask(filled(QUESTIONS, QUESTIONS.opening, case=None, by=asker, data=data), by=asker)
        if state == "提问已答复":
            move(case, "answer", by=manager, data=said("answer"))
        found[state] = Question.objects.get(pk=case.pk)
    return found
