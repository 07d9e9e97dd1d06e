"""Questions about ratings: what a month served, what a rating said, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from canteen.apps import READERS
from canteen.models import Canteen, Dish, Occasion, Rating, Rectification, Serving
from portal import clock
from portal.cases.flow import flow_of
from portal.orgs.access import report_scope, scope
from portal.orgs.models import User
from portal.surveys.models import Ask, Survey
from portal.surveys.queries import result_of
from portal.surveys.questions import Asked, Outcome
from portal.templatetags.sunlit import full_day
from portal.wire.amounts import rounded

BELOW, RESURVEY = "below", "resurvey"  # links: what was found low in a rating; the rating that asks again
MONTH = timedelta(days=31)
MOST = 12  # dishes people are asked about at once
PAGE = 12
PARTS = (("quality", "饭菜质量"), ("price", "价格"), ("hygiene", "卫生"), ("service", "服务"))  # CR-06
REMARK = Asked(Ask.WORDS, "还想对食堂说的", required=False)


def served_lately(canteen: Canteen, until: date) -> list[Dish]:
    """The dishes served most often in the month before a day."""
    rows = Serving.objects.filter(canteen=canteen, day__gt=until - MONTH, day__lte=until)
    often = rows.order_by().values("dish").annotate(n=Count("pk")).order_by("-n", "dish")[:MOST]
    found = Dish.objects.in_bulk([row["dish"] for row in often])
    return [found[row["dish"]] for row in often]


def questions_on(dishes: Sequence[Dish], windows: Sequence[str] = ()) -> list[Asked]:
    """Stars for each dish and each counter (CR-07); nobody has to judge what they have not eaten or where they never stood."""
    stars = [Asked(Ask.SCORE, one.name, required=False, about=f"dish:{one.pk}") for one in dishes]
    stars += [Asked(Ask.SCORE, one, required=False, about=f"window:{one}") for one in windows]
    return [*stars, REMARK]


def questions_of_term() -> list[Asked]:
    """Quality, price, hygiene and service."""
    return [*(Asked(Ask.SCORE, name, about=f"part:{code}") for code, name in PARTS), REMARK]


def judged(survey: Survey) -> list[Outcome]:
    """The scores of a survey that may be shown."""
    return [one for one in result_of(survey).outcomes if one.satisfaction is not None]


def below(rating: Rating) -> list[Outcome]:
    """What fell below the canteen's line."""
    line = rating.canteen.satisfied
    return [one for one in judged(rating.survey) if one.satisfaction is not None and one.satisfaction < line]


def last_again(case: Rectification) -> Rating | None:
    """The rating that asked again last."""
    return (
        Rating.objects.filter(links__target=case.pk, links__kind=RESURVEY)
        .select_related("survey__unit", "canteen")
        .order_by("-pk")
        .first()
    )


@dataclass(frozen=True)
class Line:
    """One rating of the list: its survey, what each thing got, and what is put right because of it."""

    rating: Rating
    outcomes: list[Outcome]
    fixes: list[tuple[Rectification, str]]
    hidden: str
    mean: Decimal | None


@dataclass(frozen=True)
class Score:
    """What the diners of a school gave its canteens when they were asked last: points of 100 over all answers, the line they
    are held to, who answered of those asked, and when it closed."""

    points: Decimal
    line: int
    voted: int
    invited: int
    on: date

    @property
    def response(self) -> Decimal | None:
        """Answered of those asked, from 0 to 1."""
        return rounded(Decimal(self.voted) / self.invited, Decimal("0.001")) if self.invited else None

    @property
    def percent(self) -> str:
        """The same in words, without its sign; nothing where nobody was asked."""
        return f"{self.response * 100:.1f}" if self.response is not None else ""

    @property
    def is_good(self) -> bool:
        """Whether it reaches the line."""
        return self.points >= self.line


def last_score(canteens: Sequence[Canteen], before: datetime) -> Score | None:
    """The last month's rating of each of these canteens that had closed by a moment, taken together; none without a result.

    Every answer weighs the same; a question too few have answered counts with nobody.
    """
    rows = Rating.objects.filter(
        canteen__in=canteens, topic=Occasion.MONTH, survey__closed_at__lt=before, state="rated"
    )
    last = rows.select_related("survey__unit", "canteen").order_by("canteen", "-survey__closed_at").distinct("canteen")
    ratings, given, n = list(last), Decimal(0), 0
    for one in (said for rating in ratings for said in judged(rating.survey)):
        given, n = given + (one.satisfaction or Decimal(0)) * one.n, n + one.n
    if not n:
        return None
    surveys = [one.survey for one in ratings]
    closed = max(one.closed_at for one in surveys if one.closed_at)
    return Score(
        rounded(given / n, Decimal("0.1")), min(one.canteen.satisfied for one in ratings),
        sum(one.voted for one in surveys), sum(one.invited or 0 for one in surveys), closed.astimezone(clock.SCHOOL_TIME).date(),
    )  # fmt: skip


def canteens_shown(user: User) -> QuerySet[Canteen]:
    """The canteens of one's own schools and of one's posts."""
    there = Q(pk__in=[])
    for path in {*report_scope(user), *scope(user, *READERS)}:
        there |= Q(school__path__startswith=path)
    return (
        Canteen.objects.filter(there, closed_on=None).select_related("school", "place").order_by("school__path", "pk")
    )


def ratings_of(canteen: Canteen) -> list[Line]:
    """The canteen's newest ratings."""
    rows = Rating.objects.filter(canteen=canteen).select_related("survey__unit", "canteen").order_by("-pk")[:PAGE]
    return [_line(one) for one in rows]


def _line(one: Rating) -> Line:
    result = result_of(one.survey)
    found = [said for said in result.outcomes if said.satisfaction is not None]
    fixes = Rectification.objects.filter(links__target=one.pk, links__kind=BELOW).order_by("pk")
    points = [said.satisfaction for said in found if said.satisfaction is not None]
    mean = rounded(sum(points, Decimal(0)) / len(points), Decimal("0.1")) if points else None
    return Line(one, found, [(fix, flow_of(fix).state(fix.state).title) for fix in fixes], result.hidden, mean)


def facts_of(case: Rectification) -> list[tuple[str, str]]:
    """What the case's page says beside what every case shows."""
    found = [("评的是", f"{case.canteen.name} · {case.name}"), ("满意度", f"{case.satisfaction}，线是 {case.line}")]
    if case.due_on is not None:
        found.append(("整改时限", full_day(case.due_on)))
    return [*found, ("再整改", f"{case.rework} 次")] if case.rework else found


def facts_of_rating(case: Rating) -> list[tuple[str, str]]:
    """The same of a rating."""
    survey = case.survey
    voted = f"{survey.voted} / {survey.invited}" if survey.invited is not None else f"{survey.voted}"
    return [
        ("食堂", case.canteen.name),
        ("截止", f"{survey.closes_at.astimezone(clock.SCHOOL_TIME):%m-%d %H:%M}"),
        ("已答", voted),
    ]


def papers_of(case: Rating) -> list[tuple[str, str]]:
    """The survey itself."""
    return [("看问卷和结果", f"/surveys/{case.survey.code}/")]
