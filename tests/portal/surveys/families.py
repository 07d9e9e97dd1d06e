"""Families of the tests: who has custody of whom, in which class."""

from portal import clock
from portal.orgs.actions import plant
from portal.orgs.models import Enrolment, Guardianship, Student, Unit, User
from tests.district import District, hire


def class_of(place: District, name: str = "三年级2班", *, far: bool = False) -> Unit:
    """A class of the school, or of the other one."""
    school = place.far_school if far else place.school
    found = Unit.objects.filter(path__startswith=school.path, kind="class", name=name).first()
    return found or plant(name=name, kind="class", parent=school, by="clock")


def parent(username: str, *pupils: Student) -> User:
    """A guardian with custody of these pupils."""
    person = User.objects.filter(username=username).first() or hire(username, f"家长{username}", None)
    for pupil in pupils:
        Guardianship.objects.create(guardian=person, student=pupil, relation="家长", since=clock.today())
    return person


def pupil(number: str, school_class: Unit, account: User | None = None) -> Student:
    """A pupil enrolled today."""
    made = Student.objects.create(name=f"学生{number}", number=number, account=account)
    Enrolment.objects.create(student=made, school_class=school_class, since=clock.today())
    return made
