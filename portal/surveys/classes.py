"""A class's part in a survey: its class teacher sees how many have answered, never who or what, and may remind all of them."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from portal import clock
from portal.errors import NotThere, WrongStep
from portal.ledger.actions import append
from portal.ledger.models import Event
from portal.notices.actions import tell
from portal.orgs.access import scope
from portal.orgs.models import Guardianship, Student, Unit, User, held_on, prefixes
from portal.templatetags.sunlit import when

from .access import TEACHER, classes_at, classes_of, pupils_at
from .models import Per, Survey

# Of each survey and class: under how many names of the roll somebody has answered, and how many names there are.
_ROLL = """
with pupil as (
    select survey.id as survey, room.id as room, survey.per, survey.asks_parents, survey.asks_students, held.student_id as student
    from surveys_survey survey join orgs_unit above on above.id = survey.unit_id
    join orgs_unit room on room.id = any(%(classes)s) and room.path like above.path || '%%'
    join orgs_unit place on place.path like room.path || '%%'
    join orgs_enrolment held on held.school_class_id = place.id and held.since <= %(today)s
        and (held.until is null or held.until >= %(today)s)
    where survey.id = any(%(surveys)s)
), name as (
    select pupil.survey, pupil.room, case when pupil.per = %(household)s then 'pupil:' || pupil.student else 'person:' || guard.guardian_id end as key
    from pupil join orgs_guardianship guard on guard.student_id = pupil.student and guard.custody and guard.since <= %(today)s
        and (guard.until is null or guard.until >= %(today)s)
    join orgs_user person on person.id = guard.guardian_id and person.is_active where pupil.asks_parents
    union
    select pupil.survey, pupil.room, 'person:' || student.account_id from pupil join orgs_student student on student.id = pupil.student
    join orgs_user person on person.id = student.account_id and person.is_active where pupil.asks_students
)
select name.survey, name.room, count(voter.id), count(*) from name
left join surveys_voter voter on voter.survey_id = name.survey and voter.key = name.key group by name.survey, name.room
"""


@dataclass(frozen=True)
class ClassPart:
    """One class in one survey: households or people of it that have answered, of those asked."""

    survey: Survey
    school_class: Unit
    voted: int
    invited: int

    @property
    def percent(self) -> int:
        """Answered of those asked, in whole percent."""
        return round(100 * self.voted / self.invited) if self.invited else 0

    @property
    def is_open(self) -> bool:
        """Whether somebody may still be reminded."""
        return is_open(self.survey) and self.voted < self.invited


def is_open(survey: Survey) -> bool:
    """Whether it may be answered now."""
    return survey.closed_at is None and survey.withdrawn_at is None and survey.closes_at > clock.now()


def parts_of(user: User, survey: Survey) -> list[ClassPart]:
    """How each of the person's classes takes part."""
    return _parts([survey], classes_of(user, survey))


def parts_now(user: User) -> list[ClassPart]:
    """The same of every survey that is open now; as many questions for twenty of them as for one."""
    mine = scope(user, TEACHER)
    if not mine:
        return []
    above = {path for one in mine for path in prefixes(one)}
    at = clock.now()
    rows = Survey.objects.filter(Q(asks_parents=True) | Q(asks_students=True), unit__path__in=above)
    rows = rows.filter(closed_at=None, withdrawn_at=None, opened_at__lte=at, closes_at__gt=at).select_related("unit")
    surveys = list(rows.order_by("closes_at", "pk")[:20])
    return _parts(surveys, classes_at(mine)) if surveys else []


def part_of(survey: Survey, school_class: Unit) -> ClassPart:
    """How one class takes part."""
    return _parts([survey], [school_class])[0]


def _parts(surveys: list[Survey], classes: list[Unit]) -> list[ClassPart]:
    """Each survey's classes among these. One question: names of the roll are counted there and told to nobody."""
    pairs = [(one, room) for one in surveys for room in classes if room.path.startswith(one.unit.path)]
    if not pairs:
        return []
    named: dict[str, Any] = {
        "surveys": [one.pk for one in surveys],
        "classes": [one.pk for one in classes],
        "today": clock.today(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROLL, named | {"household": Per.HOUSEHOLD.value})
        counted = {(survey, room): (voted, invited) for survey, room, voted, invited in cursor.fetchall()}
    return [ClassPart(one, room, *counted.get((one.pk, room.pk), (0, 0))) for one, room in pairs]


@transaction.atomic
def remind(survey: Survey, school_class: int, *, by: User) -> int:
    """Reminds everybody of one's class whom a survey asks, whether they have answered or not: so no notice tells who has.

    Once a day and class. Refused: a class that is not one's own, a survey that is over, a class that has answered.
    """
    survey = Survey.objects.select_for_update(of=("self",)).select_related("unit").get(pk=survey.pk)
    mine = next((one for one in classes_of(by, survey) if one.pk == school_class), None)
    if mine is None:
        raise NotThere
    at = clock.now()
    if not is_open(survey):
        raise WrongStep("这份问卷已经结束，不用再提醒。")
    part = part_of(survey, mine)
    if part.voted >= part.invited:
        raise WrongStep("本班都答了，不用再提醒。")
    since = clock.midnight(clock.today())
    if Event.objects.filter(address=survey.address, verb="reminded", at__gte=since, facts__class=mine.pk).exists():
        raise WrongStep("今天已经提醒过一次。", instead="请明天再看参与情况。")
    append(survey, "reminded", by=by, at=at, facts={"class": mine.pk})
    title = f"{mine.name}：请答“{survey.title}”"
    body = f"{when(survey.closes_at)} 截止。已经答过的不用理会。"
    return tell(_asked(survey, mine), about=survey.address, verb="survey_reminded", title=title,
                url=f"/surveys/{survey.code}/", at=at, body=body)  # fmt: skip


def _asked(survey: Survey, school_class: Unit) -> list[User]:
    """Everybody of a class whom the survey asks."""
    there = Q(pk__in=[])
    if survey.asks_parents:
        there |= Q(pk__in=_guardians(school_class).values("guardian"))
    if survey.asks_students:
        there |= Q(pk__in=_pupils(school_class).values("account"))
    return list(User.objects.filter(there, is_active=True).order_by("pk"))


def _guardians(school_class: Unit) -> QuerySet[Guardianship]:
    held = Guardianship.objects.filter(held_on(clock.today()), custody=True, guardian__is_active=True)
    return held.filter(student__in=pupils_at(school_class.path).values("pk")).order_by()


def _pupils(school_class: Unit) -> QuerySet[Student]:
    return pupils_at(school_class.path).filter(account__is_active=True).order_by()
