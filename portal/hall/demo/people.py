"""Everybody of the district: the cast, staff in their posts, pupils in their classes, and parents."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password

from portal import clock
from portal.ledger.actions import CLOCK
from portal.orgs.actions import Posting, Ward, appoint_many, enrol, enter_people, entrust
from portal.orgs.models import Student, Unit, User

from .affairs import accounts, affair_demos
from .cast import ADMIN, Account, Opening, heads_of
from .district import District, School, year_of_entry
from .names import Names

OFFICE = ("办公室", "后勤装备科", "纪检监察室")


@dataclass
class Roll:
    """People still to be entered, with their posts; one password is hashed once and serves everybody."""

    district: District
    names: Names
    password: str
    people: list[User] = field(default_factory=list)
    posts: list[tuple[User, str, Unit]] = field(default_factory=list)

    def add(self, username: str, name: str, home: Unit | None, posts: Sequence[tuple[str, Unit]] = ()) -> User:
        """Writes somebody down, and their posts."""
        person = User(username=username, name=name, home=home, password=self.password, password_set_on=clock.today())
        self.people.append(person)
        self.posts += [(person, role, unit) for role, unit in posts]
        return person

    def enter(self, *, by: User | str, since: date) -> None:
        """Opens the accounts and appoints everybody."""
        enter_people(self.people, by=by)
        appoint_many([Posting(person, role, unit) for person, role, unit in self.posts], by=by, since=since)
        for person, role, unit in self.posts:
            if unit.school_id and unit.code in self.district.schools:
                school = self.district.schools[unit.code]
                school.posts.setdefault(role, []).append(person.username)
        self.people, self.posts = [], []


def people_district(district: District) -> User:
    """Enters everybody and returns the admin, who has done it."""
    cast = accounts()
    names = Names(district.chance, {one.name for one in cast})
    roll = Roll(district, names, make_password(settings.DEMO_PASSWORD))
    since = min(date(year_of_entry(clock.today()), 8, 20), clock.today())
    for one in cast:
        if one.username == ADMIN:
            _write_down(roll, one)
    roll.enter(by=CLOCK, since=since)
    admin = district.person(ADMIN)
    for one in cast:
        if one.username != ADMIN:
            _write_down(roll, one)
    for number, section in enumerate(OFFICE, 1):
        roll.add(f"ju{number:02d}", names.grown_up(), district.place(section))
    for opening in _openings(district):
        _fill(roll, opening)
    for school in district.schools.values():
        _teachers(roll, school)
    roll.enter(by=admin, since=since)
    Families(roll, admin, since).enter()
    return admin


def _write_down(roll: Roll, account: Account) -> None:
    district = roll.district
    posts = [(role, district.place(key)) for role, key in account.posts if district.has(key)]
    roll.add(
        account.username, account.name, district.place(account.home) if district.has(account.home) else None, posts
    )


def _openings(district: District) -> Iterator[Opening]:
    codes = list(district.schools)
    for code in codes:
        yield from heads_of(code)
    for demo in affair_demos():
        yield from demo.openings(codes)


def _fill(roll: Roll, opening: Opening) -> None:
    """Somebody new for this post, at those of its schools that stand."""
    schools = [roll.district.schools[code].unit for code in opening.at]
    name = opening.name or roll.names.grown_up()
    roll.add(_staff_number(roll, opening.at[0]), name, schools[0], [(opening.role, unit) for unit in schools])


def _teachers(roll: Roll, school: School) -> None:
    """Teachers, the first of them class teachers; the cast has its class already."""
    led = {unit.pk for _, role, unit in roll.posts if role == "class_teacher"}
    classes = [one for one in school.classes if one.pk not in led]
    for number in range(school.plan["teachers"]):
        posts = [("teacher", school.unit)]
        if number < len(classes):
            posts.append(("class_teacher", classes[number]))
        roll.add(_staff_number(roll, school.code), roll.names.grown_up(), school.unit, posts)


def _staff_number(roll: Roll, code: str) -> str:
    """工号: the school's code and a running number, such as sm0107."""
    taken = sum(one.username.startswith(code.lower()) for one in roll.people)
    return f"{code.lower()}{taken + 1:02d}"


@dataclass
class Families:
    """Pupils, class by class, with one or two guardians each; some have a brother or sister in another class."""

    roll: Roll
    admin: User
    since: date
    pupils: list[tuple[Student, Unit]] = field(default_factory=list)
    wards: list[tuple[User, Student, str, bool]] = field(default_factory=list)
    schools_of: dict[str, list[Unit]] = field(default_factory=dict)

    def enter(self) -> None:
        """Writes the families of every school down, then enters them all."""
        self._cast()
        for school in self.roll.district.schools.values():
            self._school(school)
        for person in self.roll.people:
            posts = [("parent", unit) for unit in self.schools_of.get(person.username, ())]
            self.roll.posts += [(person, role, unit) for role, unit in posts]
        self.roll.enter(by=self.admin, since=self.since)
        enrol(self.pupils, since=self.since, by=self.admin)
        wards = [Ward(*one) for one in self.wards]
        entrust(wards, since=self.since, by=self.admin)
        for school in self.roll.district.schools.values():
            school.parents = school.posts.get("parent", [])

    def _cast(self) -> None:
        """平雅琴 has two children at two schools, a father has lost custody, 沈知行 signs in himself, a teacher is a mother."""
        district = self.roll.district
        mother = district.person("pingyaqin")
        self._child("陆子乔", district.place("LX01/2/2"), [(mother, "母亲", True)])
        keeps, lost = self._guardian("乔月华", district.place("LX01")), self._guardian("宋伯承", None)
        self._child("宋一诺", district.place("LX01/3/1"), [(keeps, "母亲", True), (lost, "父亲", False)])
        if district.has("YG01"):
            self._child("陆景然", district.place("YG01/0/1"), [(mother, "母亲", True)])
            father = self._guardian("沈国良", district.place("YG01"))
            student = self._child("沈知行", district.place("YG01/1/1"), [(father, "父亲", True)])
            student.account = district.person("shenzhixing")
        if district.has("LX02"):
            teacher = district.person(district.schools["LX01"].posts["teacher"][3])
            self._child(self.roll.names.child(teacher.name[0]), district.place("LX02/1/1"), [(teacher, "母亲", True)])
            self.roll.posts.append((teacher, "parent", district.place("LX02")))

    def _school(self, school: School) -> None:
        chance, names = self.roll.district.chance, self.roll.names
        family: list[tuple[User, str, bool]] = []
        for number in range(school.plan["pupils"]):
            unit = school.classes[number % len(school.classes)]
            if not (family and chance.happens(0.07)):
                family = self._parents(school.unit)
            surname = next(
                (person.name[0] for person, relation, _ in family if relation == "父亲"), family[0][0].name[0]
            )
            self._child(names.child(surname), unit, family)

    def _parents(self, school: Unit) -> list[tuple[User, str, bool]]:
        """A mother, a father, both, or a grandmother."""
        kinds = self.roll.district.chance.choice((("母亲",), ("父亲",), ("父亲", "母亲"), ("父亲", "母亲"), ("祖母",)))
        names = [self.roll.names.grown_up(woman=relation != "父亲") for relation in kinds]
        return [(self._guardian(name, school), relation, True) for name, relation in zip(names, kinds, strict=True)]

    def _guardian(self, name: str, school: Unit | None) -> User:
        person = self.roll.add(f"jz{len(self.roll.people) + 1:04d}", name, None)
        if school is not None:
            self.schools_of[person.username] = [school]
        return person

    def _child(self, name: str, unit: Unit, family: list[tuple[User, str, bool]]) -> Student:
        code = unit.school.code if unit.school else ""
        student = Student(name=name, number=f"{code}{unit.entry_year}{len(self.pupils) + 1:03d}")
        self.pupils.append((student, unit))
        self.wards += [(person, student, relation, custody) for person, relation, custody in family]
        return student
