"""Questions about surveys: one person's lists, and what the answers to one say, once enough have come."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from portal import clock
from portal.orgs.access import scope
from portal.orgs.models import User
from portal.orgs.roles import keepers
from portal.wire.amounts import rounded

from .access import KEEPS, invited, keys_of
from .models import Question, Remark, Survey, Voter
from .questions import Outcome, outcome_of

PAGE = 20


@dataclass(frozen=True)
class Standing:
    """How a survey stands for everybody: `code` open, counting, closed or withdrawn, and how many have answered."""

    code: str
    words: str
    voted: int
    invited: int

    @property
    def share(self) -> Decimal | None:
        """Answered of those asked, from 0 to 1; none where nobody is asked."""
        return rounded(Decimal(self.voted) / self.invited, Decimal("0.001")) if self.invited else None

    @property
    def percent(self) -> int:
        """The same in whole percent, for a bar."""
        return round(100 * self.voted / self.invited) if self.invited else 0


@dataclass(frozen=True)
class Result:
    """What the answers say; `hidden` while it is open, withdrawn, or too few have answered."""

    survey: Survey
    standing: Standing
    outcomes: tuple[Outcome, ...] = ()
    remarks: tuple[str, ...] = ()
    hidden: str = ""


def standing_of(survey: Survey) -> Standing:
    """Open, or over; with the response so far."""
    asked = survey.invited if survey.invited is not None else max(invited(survey), survey.voted)
    if survey.withdrawn_at is not None:
        return Standing("withdrawn", "已作废", survey.voted, asked)
    if survey.closed_at is not None:
        return Standing("closed", "已结束", survey.voted, asked)
    if survey.closes_at <= clock.now():
        return Standing("counting", "已截止，正在计票", survey.voted, asked)
    return Standing("open", "正在进行", survey.voted, asked)


def result_of(survey: Survey) -> Result:
    """Every question's outcome and the remarks let through, in an order by chance."""
    standing = standing_of(survey)
    if standing.code != "closed":
        why = {"withdrawn": "这份问卷作废了，没有结果。"}.get(standing.code, "结束以后才有结果，现在谁也看不到。")
        return Result(survey, standing, hidden=why)
    if survey.ballots < survey.least:
        return Result(survey, standing, hidden=f"答的不足 {survey.least} 份。为免认出谁答了什么，不显示结果。")
    said = Count("remarks", filter=Q(remarks__isnull=False))
    questions = Question.objects.filter(survey=survey).annotate(said=said).order_by("place")
    outcomes = tuple(outcome_of(one, survey.least, one.said) for one in questions)
    shown = remarks_of(survey).filter(state=Remark.SHOWN).values_list("text", flat=True)[:200]
    return Result(survey, standing, outcomes, tuple(shown))


def remarks_of(survey: Survey) -> QuerySet[Remark]:
    """What was written, shuffled anew each time."""
    return Remark.objects.filter(question__survey=survey).order_by("?")


def has_answered(survey: Survey, user: User) -> bool:
    """Whether nothing is left for this person to answer: they or their household have."""
    keys = keys_of(survey, user)
    return bool(keys) and Voter.objects.filter(survey=survey, key__in=keys).count() == len(keys)


def kept(user: User) -> QuerySet[Survey]:
    """Surveys of the places where a post of theirs issues them."""
    there = Q(pk__in=[])
    for path in scope(user, *keepers(KEEPS)):
        there |= Q(unit__path__startswith=path)
    return Survey.objects.filter(there).select_related("unit")


def kept_by(user: User, *, before: int | None = None) -> list[Survey]:
    """The same, newest first, one more than a page."""
    rows = kept(user)
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE + 1])
