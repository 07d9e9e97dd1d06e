"""Ways the tests bring books about."""

from datetime import date, datetime
from decimal import Decimal

from canteen.actions.books import book, close_month, seal
from canteen.actions.meals import count_meal
from canteen.flow import WEEKLY
from canteen.models import Canteen, Entry
from portal import clock
from portal.cases.actions import filled, move
from portal.cases.flow import Flow
from portal.cases.models import Case
from portal.orgs.actions import plant
from portal.orgs.models import Enrolment, Guardianship, Student, Unit, User
from portal.publications.running import publish_due
from tests.canteen.cast import Kitchen
from tests.district import Cast, District

TODAY, OCTOBER_DAY = date(2026, 11, 16), date(2026, 10, 12)


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
    room = room or plant(name="一年级 1 班", kind="class", parent=place.school, by="clock")
    child = Student.objects.create(name=name, number=number)
    Enrolment.objects.create(student=child, school_class=room, since=date(2026, 9, 1))
    if parent is not None:
        Guardianship.objects.create(guardian=parent, student=child, relation="母亲", since=date(2026, 9, 1))
    return child


WEEK = "2026-W46"
LAST, FRIDAY = date(2026, 11, 13), datetime(2026, 11, 13, 17, 0, tzinfo=clock.SCHOOL_TIME)


def a_week(canteen: Canteen, kitchen: Kitchen) -> None:
    """The week of 9 November: five lunches, what was paid for and what it cost, all of it sealed."""
    for n in range(5):
        day = date(2026, 11, 9 + n)
        count_meal(canteen, day=day, meal="lunch", students=500, staff=18, by=kitchen.chu)
    for category, amount, more in (
        ("CI-01", "22500.00", {}), ("CI-02", "810.00", {}), ("CE-03", "7386.00", {}), ("CE-07", "3214.50", {}),
        ("CE-01", "2760.00", {}), ("CE-05", "1128.00", {}), ("CE-06", "1020.00", {}), ("CE-08", "1458.00", {}),
        ("CE-02", "980.00", {}), ("CE-09", "642.00", {}), ("CE-10", "386.40", {}), ("CE-20", "1000.00", {}),
        ("CE-22", "684.00", {}), ("CE-30", "2100.00", {}), ("CE-40", "268.00", {}),
    ):  # fmt: skip
        booked(canteen, kitchen, category, amount, date(2026, 11, 10), **more)


def opened(canteen: Canteen, flow: Flow, period: str) -> Case:
    """The duty of one period, opened by the clock."""
    form = filled(flow, flow.opening, case=None, by="clock", data={"unit": canteen.school.pk, "period": period})
    made = flow.open_action()(form, by="clock")
    assert isinstance(made, Case), "the clock had nothing to open"
    return made


def signed_by_three(case: Case, kitchen: Kitchen) -> Case:
    """Prepared by the accountant, checked by the manager, signed by the committee."""
    for step, by in (("prepare", kitchen.kuai), ("check", kitchen.jiang), ("sign", kitchen.mei)):
        case = move(case, step, by=by)
    return case


def a_week_out(canteen: Canteen, kitchen: Kitchen) -> None:
    """That week lived, signed, and published on Friday at five."""
    with clock.at(on(LAST, 14)):
        a_week(canteen, kitchen)
        signed_by_three(opened(canteen, WEEKLY, WEEK), kitchen)
    with clock.at(FRIDAY):
        publish_due()


def signed_by_six(case: Case, kitchen: Kitchen, cast: Cast) -> Case:
    """A month as the public form is signed: by those three, the head of logistics, the vice principal and the principal."""
    case = signed_by_three(case, kitchen)
    for step, by in (("agree", cast.lin), ("approve", cast.vera), ("publish", cast.hu)):
        case = move(case, step, by=by)
    return case


def kindergarten(canteen: Canteen, kitchen: Kitchen) -> None:
    """A month in the fields of the Shanghai kindergartens' public form: opening, booked, used and closing by food,
    diner-days, staff's meals apart, this month and the year so far."""
    for month, days in ((9, 20), (10, 16)):
        for n in range(1, days + 1):
            count_meal(canteen, day=date(2026, month, n), meal="lunch", students=120, staff=20, by=kitchen.chu)
    for day, category, amount, diners in (
        (date(2026, 9, 3), "CI-01", "43200.00", ""), (date(2026, 9, 3), "CI-02", "4000.00", ""),
        (date(2026, 9, 10), "CE-01", "6200.00", ""), (date(2026, 9, 10), "CE-03", "21000.00", ""),
        (date(2026, 9, 10), "CE-06", "9800.00", ""), (date(2026, 9, 10), "CE-10", "4000.00", "staff"),
        (date(2026, 9, 20), "CE-20", "5900.00", ""),
        (date(2026, 10, 8), "CI-01", "34560.00", ""), (date(2026, 10, 8), "CI-02", "3200.00", ""),
        (date(2026, 10, 9), "CI-03", "1000.00", ""), (date(2026, 10, 20), "CE-60", "360.00", ""),
        (date(2026, 10, 12), "CE-01", "5000.00", ""), (date(2026, 10, 12), "CE-03", "17000.00", ""),
        (date(2026, 10, 12), "CE-06", "8000.00", ""), (date(2026, 10, 12), "CE-10", "3200.00", "staff"),
        (date(2026, 10, 25), "CE-20", "5200.00", ""),
    ):  # fmt: skip
        booked(canteen, kitchen, category, amount, day, diners=diners)
    closings = {"CE-01": "400.00", "CE-03": "0", "CE-06": "0", "CE-10": "0"}
    for month, left in (("2026-09", closings), ("2026-10", closings | {"CE-01": "900.50"})):
        counted = {code: Decimal(amount) for code, amount in left.items()}
        close_month(
            canteen, month, counted=counted, by=kitchen.kuai, analysis="节前备货，下月减量" if left != closings else ""
        )


def middle_school(canteen: Canteen, kitchen: Kitchen) -> None:
    """November in the fields of a Tongling middle school's public form: three-meal and lunch-only diners, staff's meals as
    an account of their own, the year so far, reasons and measures."""
    canteen.meals = ["breakfast", "lunch", "dinner"]
    canteen.save(update_fields=["meals"])
    for n in range(20):
        day = date(2026, 11, 2 + n)
        for meal, students, staff in (("breakfast", 320, 0), ("lunch", 900, 45), ("dinner", 320, 0)):
            count_meal(canteen, day=day, meal=meal, students=students, staff=staff, by=kitchen.chu)
    for day, category, amount, diners in (
        (date(2026, 10, 9), "CI-01", "250000.00", ""), (date(2026, 10, 9), "CE-03", "248000.00", "students"),
        (date(2026, 11, 3), "CI-01", "271200.00", ""), (date(2026, 11, 3), "CI-02", "9000.00", ""),
        (date(2026, 11, 3), "CI-03", "12000.00", "students"), (date(2026, 11, 4), "CE-01", "48210.35", "students"),
        (date(2026, 11, 4), "CE-03", "120988.20", "students"), (date(2026, 11, 4), "CE-07", "61000.10", "students"),
        (date(2026, 11, 5), "CE-03", "8450.00", "staff"), (date(2026, 11, 25), "CE-20", "15300.40", ""),
        (date(2026, 11, 25), "CE-22", "6020.55", ""), (date(2026, 11, 28), "CE-30", "39000.00", ""),
    ):  # fmt: skip
        booked(canteen, kitchen, category, amount, day, diners=diners)
    close_month(canteen, "2026-10", counted={"CE-03": Decimal("1500.00")}, by=kitchen.kuai)
    left = {"CE-01": Decimal("2100.35"), "CE-03": Decimal("2400.00"), "CE-07": Decimal(0)}
    said = "肉价上涨，本月略亏。措施：多用时令菜，集中采购。"
    close_month(canteen, "2026-11", counted=left, analysis=said, by=kitchen.kuai)
