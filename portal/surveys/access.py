"""Whom a survey asks, who may issue one, and who sees what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from portal import clock
from portal.errors import NotAllowed, NotThere
from portal.orgs.access import holds, may, scope
from portal.orgs.models import Enrolment, Guardianship, Student, Unit, UnitKind, User, held_on, prefixes
from portal.orgs.roles import keepers, title

from .models import Per, Survey, Voter

KEEPS, TEACHER = "surveys", "class_teacher"


@dataclass(frozen=True)
class Whom:
    """The kinds of people a survey asks."""

    staff: bool = False
    parents: bool = False
    students: bool = False

    @property
    def words(self) -> str:
        """In words."""
        asked = (("教职工", self.staff), ("家长", self.parents), ("学生", self.students))
        return "、".join(words for words, is_asked in asked if is_asked)


def whom(survey: Survey) -> Whom:
    """Whom this survey asks."""
    return Whom(survey.asks_staff, survey.asks_parents, survey.asks_students)


def may_issue(by: User, path: str, *, ask: bool = False) -> bool:
    """Whether a post of theirs issues surveys at this place."""
    return may(by, keepers(KEEPS), path) if ask else holds(by, keepers(KEEPS), path)


def refuse_foreign_issuer(by: User | str, unit: Unit) -> None:
    """Surveys are issued by the posts that keep them at the place or above it."""
    if isinstance(by, User) and not may_issue(by, unit.path, ask=True):
        who = "、".join(title(code) for code in keepers(KEEPS))
        raise NotAllowed("您不能在这个单位发问卷。", who=who, instead="请从“问卷”里选择您任职的单位。")


def issuing_places(user: User) -> QuerySet[Unit]:
    """Schools, classes and offices at or below a post of theirs that issues surveys."""
    there = Q(pk__in=[])
    for path in scope(user, *keepers(KEEPS)):
        there |= Q(path__startswith=path)
    kinds = (UnitKind.BUREAU, UnitKind.SECTION, UnitKind.TOWN, UnitKind.SCHOOL, UnitKind.CLASS)
    return Unit.objects.open().filter(there, kind__in=kinds).select_related("school")


def pupils_of(user: User) -> QuerySet[Student]:
    """The pupils this person has custody of today."""
    live = Guardianship.objects.filter(held_on(clock.today()), guardian=user, custody=True)
    return Student.objects.filter(pk__in=live.values("student"))


def pupils_at(path: str) -> QuerySet[Student]:
    """Pupils enrolled in classes below a place today."""
    there = Enrolment.objects.filter(held_on(clock.today()), school_class__path__startswith=path)
    return Student.objects.filter(pk__in=there.values("student"))


def keys_of(survey: Survey, user: User) -> list[str]:
    """Under which names this person's ballot stands on the roll, sorted; none: the survey does not ask them.

    A household is a pupil's guardians together: one of them answers for every pupil of theirs that is asked for.
    """
    path, keys = survey.unit.path, set()
    if not user.is_active:
        return []
    if survey.asks_staff and _is_staff(user, path):
        keys.add(f"person:{user.pk}")
    if survey.asks_parents:
        mine = list(pupils_at(path).filter(pk__in=pupils_of(user).values("pk")).values_list("pk", flat=True))
        keys |= {f"pupil:{pk}" for pk in mine} if survey.per == Per.HOUSEHOLD else {f"person:{user.pk}" for _ in mine}
    if survey.asks_students and pupils_at(path).filter(account=user).exists():
        keys.add(f"person:{user.pk}")
    return sorted(keys)


def _is_staff(user: User, path: str) -> bool:
    """Staff belong to the unit by their home, and are no pupils."""
    home = user.home
    return home is not None and home.path.startswith(path) and not Student.objects.filter(account=user).exists()


def invited(survey: Survey) -> int:
    """How many are asked today: people, and pupils with a guardian where one ballot is a household's."""
    path, total = survey.unit.path, 0
    people = User.objects.none()
    if survey.asks_staff:
        people = User.objects.filter(is_active=True, student=None, home__path__startswith=path)
    if survey.asks_students:
        people = people | User.objects.filter(is_active=True, pk__in=pupils_at(path).values("account"))
    if survey.asks_parents:
        custody = Guardianship.objects.filter(held_on(clock.today()), custody=True, guardian__is_active=True)
        custody = custody.filter(student__in=pupils_at(path).values("pk"))
        if survey.per == Per.HOUSEHOLD:
            total += custody.order_by().values("student").distinct().count()
        else:
            people = people | User.objects.filter(pk__in=custody.values("guardian"))
    return total + people.order_by().values("pk").distinct().count()


def asking(user: User) -> QuerySet[Survey]:
    """Surveys open now that ask this person and that neither they nor their household has answered. One question."""
    day, at = clock.today(), clock.now()
    mine, home = Q(pk__in=[]), user.home.path if user.home else ""
    on_roll = Voter.objects.filter(survey=OuterRef("pk"), key=f"person:{user.pk}")
    if home:
        mine |= Q(asks_staff=True, unit__path__in=prefixes(home)) & ~Q(Exists(Student.objects.filter(account=user)))
        mine &= ~Q(Exists(on_roll))
    there = Enrolment.objects.filter(held_on(day), school_class__path__startswith=OuterRef("unit__path"))
    mine |= Q(asks_students=True) & Q(Exists(there.filter(student__account=user))) & ~Q(Exists(on_roll))
    live = Guardianship.objects.filter(held_on(day), guardian=user, custody=True).values("student")
    theirs = there.filter(student__in=live)
    key = Concat(Value("pupil:"), Cast(OuterRef("student"), CharField()))
    unheard = theirs.filter(~Exists(Voter.objects.filter(survey=OuterRef(OuterRef("pk")), key=key)))
    mine |= Q(asks_parents=True, per=Per.HOUSEHOLD) & Q(Exists(unheard))
    mine |= Q(asks_parents=True, per=Per.PERSON) & Q(Exists(theirs)) & ~Q(Exists(on_roll))
    now = Survey.objects.filter(mine, closed_at=None, withdrawn_at=None, opened_at__lte=at, closes_at__gt=at)
    return now.select_related("unit").order_by("closes_at", "pk")


def the_survey(user: User, code: str) -> Survey:
    """The survey of this code, for those it asks, those who answer for it and the class teachers of those it asks; not
    there for anybody else."""
    known = Survey.objects.select_related("unit__school", "issuer").filter(code=code)
    survey = known.first() if code.isascii() and code.isprintable() else None
    if survey is None or not (answers_for(user, survey) or keys_of(survey, user) or classes_of(user, survey)):
        raise NotThere
    return survey


def answers_for(user: User, survey: Survey) -> bool:
    """Whether they issued it, or their post issues surveys at its unit: they read remarks and may withdraw it."""
    return may_issue(user, survey.unit.path)


def classes_of(user: User, survey: Survey) -> list[Unit]:
    """The person's own classes that a survey of their school (or above) asks. No question where there is none."""
    mine = [path for path in scope(user, TEACHER) if path.startswith(survey.unit.path)]
    if not mine or not (survey.asks_parents or survey.asks_students):
        return []
    return classes_at(mine)


def classes_at(paths: Iterable[str]) -> list[Unit]:
    """The classes that are at these paths."""
    return list(Unit.objects.open().filter(path__in=list(paths), kind=UnitKind.CLASS).order_by("path"))
