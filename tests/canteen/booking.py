"""Ways the tests bring books about."""

from datetime import date, datetime
from decimal import Decimal

from canteen.actions.books import book, seal
from canteen.models import Canteen, Entry
from portal import clock
from portal.orgs.actions import plant
from portal.orgs.models import Enrolment, Guardianship, Student, Unit, User
from tests.canteen.cast import Kitchen
from tests.district import District

TODAY = date(2026, 11, 16)


def on(day: date, hour: int = 9) -> datetime:
    """An hour of a day at the school."""
    return datetime(day.year, day.month, day.day, hour, 0, tzinfo=clock.SCHOOL_TIME)


def booked(
    canteen: Canteen,
    kitchen: Kitchen,
    category: str,
    amount: str,
    dated: date = TODAY,
    *,
    sealed: bool = True,
    **more: str,
) -> Entry:
    """An entry by the accountant, sealed by the manager."""
    said = {"words": "测试", "diners": ""} | more
    entry = book(canteen, dated=dated, category=category, amount=Decimal(amount), by=kitchen.kuai, **said)
    if sealed:
        seal(entry, by=kitchen.jiang)
    return entry


def pupil(place: District, number: str, name: str, parent: User | None = None) -> Student:
    """A pupil of the school's first class, with a parent who has custody."""
    room = Unit.objects.filter(school=place.school, kind="class").first()
    room = room or plant(name="一年级 1 班", kind="class", parent=place.school)
    child = Student.objects.create(name=name, number=number)
    Enrolment.objects.create(student=child, school_class=room, since=date(2026, 9, 1))
    if parent is not None:
        Guardianship.objects.create(guardian=parent, student=child, relation="母亲", since=date(2026, 9, 1))
    return child
