"""Many at once, as an import or the demo brings them: places, people, posts, pupils and their guardians."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import F, Q

from portal import clock
from portal.errors import BadInput
from portal.ledger.actions import begin
from portal.orgs import rules
from portal.orgs.models import Appointment, Enrolment, Guardianship, Post, Student, Unit, UnitKind, User, held_on
from portal.orgs.roles import conflicting
from portal.orgs.rules import Actor

from .posts import appoint
from .units import label_below, lock_tree


@dataclass(frozen=True)
class Sketch:
    """A place or class to be planted, with what stands below it."""

    name: str
    kind: str
    below: tuple["Sketch", ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Posting:
    """A person to be appointed to a role at a unit."""

    person: User
    role: str
    unit: Unit


@dataclass(frozen=True)
class Ward:
    """A pupil entrusted to a guardian, who is the child's 父亲, 母亲, …"""

    guardian: User
    student: Student
    relation: str
    custody: bool = True


@transaction.atomic
def plant_many(sketches: Sequence[Sketch], *, parent: Unit, by: Actor) -> list[Unit]:
    """Adds places and classes with all below them inside a school, in as many statements as one; the order is the sketches'.

    Refused where a kind has no place.
    """
    lock_tree()
    parent = Unit.objects.select_related("school").get(pk=parent.pk)
    rules.in_use(parent)
    last = Unit.objects.get_last_child(parent)
    first = Unit._str2int(last.path[-Unit.steplen :]) + 1 if last else 1
    units = [unit for step, one in enumerate(sketches, first) for unit in _grown(one, parent, step)]
    begin(units, "planted", by=by, facts=[{"kind": one.kind, "under": parent} for one in units])
    Unit.objects.bulk_create(units)
    Unit.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(sketches))
    return units


@transaction.atomic
def enter_people(people: Sequence[User], *, by: Actor) -> list[User]:
    """Opens accounts, passwords as they are set on the rows; each account's chain begins with it.

    Refused for a username or phone that is in use, and for anybody but an admin of every place they belong to.
    """
    for home in {one.home_id: one.home for one in people if one.home}.values():
        rules.admin_at(home, by)
    _refuse_known(people)
    begin(people, "entered", by=by, facts=[{"home": one.home} for one in people])
    return User.objects.bulk_create(people)


@transaction.atomic
def appoint_many(posts: Iterable[Posting], *, by: Actor, since: date | None = None) -> int:
    """任职 of many from `since` (today) on; refused as one appointment is, and then nobody is appointed.

    Posts nobody holds already and that conflict with nothing held cannot clash: they are written in four statements.
    """
    posts, since = list(posts), since or clock.today()
    simple, others = _apart(posts)
    for unit in {one.unit.pk: one.unit for one in simple}.values():
        rules.in_use(unit)
    for place, role in {(one.unit.school_id or one.unit.pk, one.role): (one.unit, one.role) for one in simple}.values():
        rules.admin_at(place.school or place, by, role)  # nobody gives posts in a part of a school alone
    for one in simple:
        rules.known_role_here(one.person, one.role, one.unit)
    _appoint(simple, since, by)
    for one in others:
        appoint(person=one.person, role=one.role, unit=one.unit, since=since, by=by)
    return len(posts)


@transaction.atomic
def enrol(pupils: Sequence[tuple[Student, Unit]], *, since: date, by: Actor) -> list[Student]:
    """New pupils, each into a class from `since` on. Refused for a unit that is no class and a number in use."""
    for unit in {one.pk: one for _, one in pupils}.values():
        rules.admin_at(unit, by)
        rules.in_use(unit)
        if unit.kind != UnitKind.CLASS:
            raise BadInput(f"{unit.name}不是班级。", errors={"school_class": [f"{unit.name}不是班级。"]})
    numbers = [student.number for student, _ in pupils]
    _refuse_twice(
        "number", "学号", numbers, Student.objects.filter(number__in=numbers).values_list("number", flat=True)
    )
    students = Student.objects.bulk_create(student for student, _ in pupils)
    Enrolment.objects.bulk_create(Enrolment(student=one, school_class=unit, since=since) for one, unit in pupils)
    return students


@transaction.atomic
def entrust(wards: Sequence[Ward], *, since: date, by: Actor) -> int:
    """Guardians of pupils from `since` on. Refused for anybody but an admin of every class the pupils are in."""
    pupils = {one.student.pk for one in wards}
    for unit in Unit.objects.filter(
        pk__in=Enrolment.objects.filter(held_on(since), student__in=pupils).values("school_class")
    ):
        rules.admin_at(unit, by)
    made = Guardianship.objects.bulk_create(
        Guardianship(
            guardian=one.guardian, student=one.student, relation=one.relation, custody=one.custody, since=since
        )
        for one in wards
    )
    return len(made)


def _grown(sketch: Sketch, parent: Unit, step: int) -> list[Unit]:
    """A unit and all below it, with their paths, before any is saved."""
    unit = Unit(name=sketch.name, kind=sketch.kind, depth=parent.depth + 1, numchild=len(sketch.below), **sketch.more)
    rules.fits_under(unit.kind, parent)
    unit.path = Unit._get_path(parent.path, unit.depth, step)
    unit.school, unit.label = parent.school, label_below(parent, unit)
    return [unit, *(low for number, one in enumerate(sketch.below, 1) for low in _grown(one, unit, number))]


def _refuse_known(people: Sequence[User]) -> None:
    names, phones = [one.username for one in people], [one.phone for one in people if one.phone]
    known = User.objects.filter(Q(username__in=names) | Q(phone__in=phones)).values_list("username", "phone")
    _refuse_twice("username", "工号", names, {name for name, _ in known} & set(names))
    _refuse_twice("phone", "手机号", phones, {phone for _, phone in known if phone} & set(phones))


def _refuse_twice(field: str, called: str, given: Sequence[str], known: Iterable[str]) -> None:
    twice = sorted({one for one, times in Counter(given).items() if times > 1} | set(known))
    if twice:
        sentence = f"{called} {twice[0]} 已被使用。"
        raise BadInput(sentence, errors={field: [f"{called} {one} 已被使用。" for one in twice]})


def _apart(posts: Sequence[Posting]) -> tuple[list[Posting], list[Posting]]:
    """Posts that cannot clash with what their person holds or gets here, and those that must be asked one by one."""
    mine: dict[int, list[Posting]] = {}
    for one in posts:
        mine.setdefault(one.person.pk, []).append(one)
    held: dict[int, list[tuple[str, int]]] = {}
    rows = Appointment.objects.filter(person__in=mine).values_list("person_id", "role", "unit_id")
    for person, role, unit in rows:
        held.setdefault(person, []).append((role, unit))
    busy = {person for person, new in mine.items() if _may_clash(new, held.get(person, []))}
    return [one for one in posts if one.person.pk not in busy], [one for one in posts if one.person.pk in busy]


def _may_clash(new: Sequence[Posting], held: Sequence[tuple[str, int]]) -> bool:
    """Whether somebody gets the same post twice, or one that conflicts with another anywhere; dates are not looked at."""
    wanted = [(one.role, one.unit.pk) for one in new]
    known = set(held)
    twice = len(set(wanted)) < len(wanted) or not known.isdisjoint(wanted)
    roles, others = {role for role, _ in wanted}, {role for role, _ in known}
    conflict = any(conflicting(one, other) for one, other in combinations(sorted(roles), 2))
    return twice or conflict or any(conflicting(one, other) for one in roles for other in others)


def _appoint(posts: Sequence[Posting], since: date, by: Actor) -> None:
    granted = since <= clock.today()
    rows = [Appointment(person=one.person, role=one.role, unit=one.unit, since=since, granted=granted) for one in posts]
    facts = [{"person": one.person, "role": one.role, "unit": one.unit, "since": since} for one in rows]
    begin(rows, "appointed", by=by, facts=facts)
    Appointment.objects.bulk_create(rows)
    if granted:
        there = Permission.objects.filter(content_type__app_label="orgs", content_type__model="unit")
        permissions = {one.codename: one for one in there}
        Post.objects.bulk_create(
            Post(user=one.person, permission=permissions[one.role], content_object=one.unit) for one in posts
        )
