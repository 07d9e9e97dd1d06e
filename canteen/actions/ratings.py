"""评分与整改: the clock asks the diners, counts when the survey has closed, and opens what must be put right."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from canteen.flow.ratings import RATINGS, RECTIFICATIONS
from canteen.models import Canteen, Dish, Occasion, Rating, Rectification
from canteen.queries import ratings as queries
from canteen.queries.places import canteens_of
from portal import clock
from portal.cases.actions import filled, move, open_case
from portal.cases.actors import Actor, is_clock
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.errors import NotAllowed
from portal.ledger.actions import CLOCK
from portal.surveys.access import Whom
from portal.surveys.actions import issue, on_closed
from portal.surveys.models import Per, Survey
from portal.surveys.questions import Asked, Outcome

KIND = "canteen.satisfaction"  # of the publication
OPEN, AGAIN, EVENING = timedelta(days=7), timedelta(days=7), time(20, 0)
TERMS = (6, 12)  # months in which the term's survey comes beside the month's
PURPOSE = "canteen.rating"
ABOUT = "评的是菜和服务，不是人。没吃过的可以不评。"


@transaction.atomic
def open_ratings(form: StepForm, *, by: Actor, **more: Any) -> list[Case]:
    """Asks the diners of a school's canteens about the month's dishes, and twice a year about the canteen as a whole.

    Only the clock does. None for a canteen that has served nothing.
    """
    if not is_clock(by):
        raise NotAllowed("评分由系统每月发起。", who="系统", instead="要改日子，请到定期事项。")
    today, opened = clock.today(), []
    for canteen in canteens_of(form.cleaned_data["unit"].school):
        dishes = queries.served_lately(canteen, today)
        if dishes:
            opened.append(ask_diners(canteen, Occasion.MONTH, f"{today.month} 月菜品", queries.questions_on(dishes)))
            if today.month in TERMS:
                opened.append(ask_diners(canteen, Occasion.TERM, "本学期满意度", queries.questions_of_term()))
    return opened


def ask_diners(canteen: Canteen, occasion: str, title: str, questions: list[Asked], **more: Any) -> Case:
    """One survey of families and staff, one ballot a household, and the case that follows it."""
    ends = datetime.combine(clock.today() + OPEN, EVENING, clock.SCHOOL_TIME)
    survey = issue(
        unit=canteen.school, title=f"{canteen.name}：{title}", about=ABOUT, questions=questions, by=CLOCK, closes_at=ends,
        asks=Whom(staff=True, parents=True, students=True), per=Per.HOUSEHOLD, kind=KIND, purpose=PURPOSE,
    )  # fmt: skip
    form = filled(RATINGS, RATINGS.opening, case=None, by=CLOCK, data={"unit": canteen.unit.pk})
    columns = {"canteen": canteen, "survey": survey}
    return open_case(
        RATINGS, unit=canteen.unit, title=survey.title, by=CLOCK, form=form, topic=occasion, columns=columns, **more
    )


def count_when_closed(survey: Survey) -> None:
    """When its survey has closed, the rating is counted by the clock."""
    case = Rating.objects.filter(survey=survey, is_open=True).first()
    if case is not None:
        move(case, "count_ratings", by=CLOCK)


def put_right(case: Rating, *, by: Actor, at: datetime, **_: Any) -> dict[str, Any]:
    """Effect of counting: each thing below the canteen's line gets a rectification, but for what is asked about again."""
    if case.topic == Occasion.AGAIN:
        return {}
    opened = [begin_rectification(case, one) for one in queries.below(case)]
    return {"opened": [one.number for one in opened]}


def open_rectification(form: StepForm, *, by: Actor, **more: Any) -> Case:
    """Rectifications are opened by what the diners said, by nobody else."""
    raise NotAllowed("整改由评分结果开出。", who="系统", instead="看到问题，请用“问食堂”或报隐患。")


def begin_rectification(case: Rating, outcome: Outcome) -> Case:
    """Opens what must be put right because of one score of a rating."""
    question = outcome.question
    kind, _, key = question.about.partition(":")
    dish = Dish.objects.filter(pk=int(key)).first() if kind == "dish" else None
    form = filled(RECTIFICATIONS, RECTIFICATIONS.opening, case=None, by=CLOCK, data={"unit": case.unit_id})
    columns = {"canteen": case.canteen, "dish": dish, "about": question.about, "name": question.title}
    return open_case(
        RECTIFICATIONS, unit=case.unit, title=f"{question.title}：满意度 {outcome.satisfaction}，低于 {case.canteen.satisfied}", by=CLOCK,
        form=form, link=(case, queries.BELOW),
        columns=columns | {"satisfaction": outcome.satisfaction, "line": case.canteen.satisfied},
    )  # fmt: skip


def ask_diners_again(case: Rectification, *, by: Actor, at: datetime, **_: Any) -> dict[str, Any]:
    """Effect of a check that was passed: the same people are asked the same question once more."""
    questions = [Asked("score", case.name, about=case.about), queries.REMARK]
    again = ask_diners(case.canteen, Occasion.AGAIN, f"{case.name}（复评）", questions, link=(case, queries.RESURVEY))
    return {"again": again}


on_closed(PURPOSE, count_when_closed)
