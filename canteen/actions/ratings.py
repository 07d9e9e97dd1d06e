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
from portal.cases.models import Case, CaseLink
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
EVERYBODY = Whom(staff=True, parents=True, students=True)
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
            asked = queries.questions_on(dishes, canteen.windows)
            opened.append(ask_diners(canteen, Occasion.MONTH, f"{today.month} 月菜品", asked))
            opened += ask_of_term(canteen) if today.month in TERMS else []
    return opened


def ask_of_term(canteen: Canteen) -> list[Case]:
    """CR-06: two surveys a term on quality, price, hygiene and service, one of pupils and staff, one of parents."""
    return [
        ask_diners(canteen, Occasion.TERM, f"本学期满意度（{asks.words}）", queries.questions_of_term(), asks=asks)
        for asks in (Whom(staff=True, students=True), Whom(parents=True))
    ]


def ask_diners(
    canteen: Canteen, occasion: str, title: str, questions: list[Asked], asks: Whom = EVERYBODY, **more: Any
) -> Case:
    """One survey and the case that follows it; where parents are asked, one ballot a household."""
    ends = datetime.combine(clock.today() + OPEN, EVENING, clock.SCHOOL_TIME)
    survey = issue(
        unit=canteen.school, title=f"{canteen.name}：{title}", about=ABOUT, questions=questions, by=CLOCK, closes_at=ends,
        asks=asks, per=Per.HOUSEHOLD if asks.parents else Per.PERSON, kind=KIND, purpose=PURPOSE,
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
    """Effect of counting: each thing below the canteen's line is put right, once, whatever was said of it in how many
    surveys; but for what is asked about again."""
    if case.topic == Occasion.AGAIN:
        return {}
    under_way = {one.about: one for one in Rectification.objects.filter(canteen=case.canteen, is_open=True)}
    opened = []
    for outcome in queries.below(case):
        known = under_way.get(outcome.question.about)
        if known is None:
            opened.append(begin_rectification(case, outcome))
        else:
            CaseLink.objects.get_or_create(source=known, target=case, kind=queries.BELOW)
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
