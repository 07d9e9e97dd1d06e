"""Ratings and rectifications of the table: one in every state it asks for, and what fits each of their steps."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from canteen.actions.ratings import ask_diners, begin_rectification
from canteen.models import Rating, Rectification
from canteen.queries.ratings import questions_of_term
from portal import clock
from portal.cases.actions import move
from portal.cases.actors import CLOCK
from portal.cases.models import Case
from portal.orgs.models import User
from portal.surveys.questions import Outcome
from tests.canteen.cast import canteen_of
from tests.district import District, hire

WAY = ("arrange", "finish_rectification", "check_rectification", "resurveyed")
STATES = {"整改待安排": 0, "整改进行中": 1, "整改待核验": 2, "整改待复评": 3, "整改待决定": 4}


def said(step: str) -> dict[str, Any]:
    """What fits the form of a step."""
    return {
        "arrange": {
            "assignee": User.objects.get(username="own-chef").pk,
            "due_on": (clock.today() + timedelta(days=9)).isoformat(),
            "measures": "少放油",
        },
        "finish_rectification": {"outcome": "换了做法"},
        "send_back_rectification": {"reason": "还是咸"},
        "settle_unrated": {"reason": "看过了"},
        "comment": {"words": "在一楼窗口"},
        "nudge": {"words": "请尽快"},
    }.get(step, {})


def in_every_state(place: District) -> dict[str, Case]:
    """Arranged, put right and checked by none of the table's people."""
    canteen, school = canteen_of(place), place.school
    chef = User.objects.filter(username="own-chef").first() or hire(
        "own-chef", "改的人", school, ("canteen_chef", school)
    )
    head = User.objects.filter(username="own-head").first() or hire("own-head", "验的人", school, ("principal", school))
    takers = {"arrange": head, "finish_rectification": chef, "check_rectification": head, "resurveyed": CLOCK}
    rating = Rating.objects.get(pk=ask_diners(canteen, "term", "本学期满意度", questions_of_term()).pk)
    found: dict[str, Case] = {"评分进行中": rating}
    for state, steps in STATES.items():
        question = rating.survey.questions.all()[0]
        outcome = Outcome(question, 5, False, Decimal("3.00"), Decimal("60.0"))
        case = begin_rectification(rating, outcome)
        for step in WAY[:steps]:
            move(case, step, by=takers[step], data=said(step))
        found[state] = Rectification.objects.get(pk=case.pk)
    return found
