"""The canteen of the table: what it cooks, in every state the table asks for, and what fits each form."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from canteen.actions import (
    add_dish,
    add_ingredient,
    book_meal,
    enter_health_card,
    open_accompanies,
    open_controls,
    open_particulars,
    open_purchases,
    open_samplings,
    open_weekmenu,
    set_camera,
    set_meal,
)
from canteen.actions.accounts import plan_refund, sign_plan
from canteen.actions.books import book, close_month, seal
from canteen.actions.kitchen import find_silent
from canteen.flow import (
    ACCOMPANIES,
    CONTROLS,
    MEALS,
    MENUS,
    MONTHS,
    PARENT_MEALS,
    PARTICULARS,
    PURCHASES,
    SAMPLINGS,
    SUPPLIES,
    TERMS,
    WEEKLY,
)
from canteen.models import BookMonth, Camera, Canteen, Control, Dish, Entry, Ingredient, MealMoney, RefundPlan, Sample
from portal import clock
from portal.cases.actions import filled, move, open_case
from portal.cases.flow import Flow
from portal.cases.models import Case
from portal.orgs.actions import plant
from portal.orgs.models import Enrolment, Student, Unit, User
from tests.district import MONDAY, hire

DAY = date(2026, 11, 24)
NEXT = date(2026, 11, 23)
STATES = ("菜谱", "食堂", "留样", "陪餐", "管控", "预约", "掉线")  # what the states of its cases begin with
CAMERA = {"spot": "K03", "name": "2 号灶台", "stream": "https://camera.example.com/live/index.m3u8"}
ACCOUNTS = {"食堂周账": WEEKLY, "食堂月账": MONTHS, "食堂学期账": TERMS}
SIGNED = (
    ("prepare", "canteen_accountant", "待制表"), ("check", "canteen_manager", "待核对"), ("sign", "meal_committee", "待签字"),
)  # fmt: skip
HEADS_SIGN = (("agree", "logistics_head", "待审核"), ("approve", "vice_principal", "待审批"))
REASON = {"reason": "有原因"}


def canteen_at(school: Unit) -> Canteen:
    """The school's canteen."""
    found = Canteen.objects.filter(school=school, closed_on=None).order_by("pk").first()
    return found or Canteen.objects.create(
        school=school, name="第一食堂", meals=["lunch"], diners=500, opened_on=clock.today()
    )


def dish_at(school: Unit) -> Dish:
    """Something it cooks."""
    canteen_at(school)
    rice = Ingredient.objects.filter(school=school, name="大米").first()
    rice = rice or add_ingredient(school=school, name="大米", category="CE-01", by="clock")
    found = Dish.objects.filter(school=school, retired_on=None).first()
    parts = [{"ingredient": rice, "grams": Decimal(100)}]
    return found or add_dish(school=school, name="米饭", course="staple", parts=parts, price=Decimal(1), by="clock")


def entry_at(school: Unit, day: date = date(2026, 11, 12)) -> Entry:
    """An amount in its books that nobody has sealed."""
    said = {"category": "CE-20", "amount": Decimal(60), "words": "燃气"}
    accountant = officer_of(school, "canteen_accountant")
    return book(canteen_at(school), dated=day, by=accountant, **said)  # type: ignore[arg-type]


def closable_at(school: Unit) -> Canteen:
    """The canteen, with an October that can be closed."""
    entry = entry_at(school, date(2026, 10, 12))
    seal(entry, by=officer_of(school, "canteen_manager"))
    return canteen_at(school)


def month_at(school: Unit) -> BookMonth:
    """September, closed."""
    seal(entry_at(school, date(2026, 9, 10)), by=officer_of(school, "canteen_manager"))
    return close_month(canteen_at(school), "2026-09", counted={}, by=officer_of(school, "canteen_accountant"))


def plan_at(school: Unit, term: str = "2026-1") -> RefundPlan:
    """A plan to give ten 元 back, unsigned."""
    accountant = officer_of(school, "canteen_accountant")
    return plan_refund(canteen_at(school), term, amount=Decimal(10), how="退到饭卡", by=accountant)


def signed_plan_at(school: Unit) -> RefundPlan:
    """A plan of another term, signed, and what it gives back is booked."""
    manager = officer_of(school, "canteen_manager")
    plan = sign_plan(plan_at(school, "2025-2"), by=manager)
    said = {"category": "CE-60", "amount": Decimal(10), "words": "退餐费"}
    accountant = officer_of(school, "canteen_accountant")
    seal(book(canteen_at(school), dated=clock.today(), by=accountant, **said), by=manager)  # type: ignore[arg-type]
    return plan


def pupil_at(school: Unit) -> Student:
    """A pupil of the school with money on the card."""
    number = f"2026{school.pk:06d}"
    found = Student.objects.filter(number=number).first()
    if found is None:
        room = Unit.objects.filter(school=school, kind="class").first()
        room = room or plant(name="一年级 1 班", kind="class", parent=school, by="clock")
        found = Student.objects.create(name="陈一诺", number=number)
        Enrolment.objects.create(student=found, school_class=room, since=date(2026, 9, 1))
        MealMoney.objects.create(
            canteen=canteen_at(school), student=found, day=NEXT, kind="paid", amount=200, serial=number, at=clock.now()
        )
    return found


def planned(school: Unit) -> Dish:
    """A dish, on the menu of a week to come."""
    dish = dish_at(school)
    set_meal(canteen_at(school), day=clock.today() + timedelta(days=7), meal="lunch", dishes=[dish], by="clock")
    return dish


def officer_of(school: Unit, role: str) -> User:
    """Somebody in this post there, none of the table's people."""
    name = f"{role.replace('_', '-')}-{school.code}".lower()
    return User.objects.filter(username=name).first() or hire(name, "食堂的人", school, (role, school))


def bring(state: str, room: Unit, person: User) -> Case:
    """The case of this state, at the room's school."""
    school = room.school
    assert school is not None
    plain = state.partition("，")[0]
    if plain.startswith("食堂采购"):
        case = _purchases(plain, school)
    elif plain.startswith(("食堂供应商", "食堂陪餐")):
        case = _unsigned(SUPPLIES if "供应商" in plain else MEALS, school)
    elif plain.startswith("食堂证照"):
        case = _particulars(plain, school)
    elif plain.startswith("食堂"):
        case = _account(plain, school)
    else:
        case = _menu(plain, school) if plain.startswith("菜谱") else _duty(plain, school)
    if "已超时" in state:
        Case.objects.filter(pk=case.pk).update(due_at=MONDAY - timedelta(hours=1))
    return case


def _purchases(state: str, school: Unit) -> Case:
    """Last week's purchases, checked where the state says so."""
    canteen_at(school)
    case = open_purchases(
        filled(PURCHASES, PURCHASES.opening, case=None, by="clock", data={"unit": school.pk}), by="clock"
    )
    return move(case, "check", by=officer_of(school, "canteen_accountant")) if "待公示" in state else case


def _unsigned(flow: Flow, school: Unit) -> Case:
    """What the clock publishes by itself, not out yet and in time."""
    Canteen.objects.filter(pk=canteen_at(school).pk).update(opened_on=date(2026, 9, 1))
    form = filled(flow, flow.opening, case=None, by="clock", data={"unit": school.pk})
    case = flow.open_action()(form, by="clock")
    assert isinstance(case, Case)
    Case.objects.filter(pk=case.pk).update(due_at=MONDAY + timedelta(hours=9))
    return case


def _particulars(state: str, school: Unit) -> Case:
    """This term's licence and people, looked through where the state says so."""
    canteen = canteen_at(school)
    Canteen.objects.filter(pk=canteen.pk).update(phone="0838-5550126", licence="JY1", licence_until=date(2028, 1, 1))
    form = filled(PARTICULARS, PARTICULARS.opening, case=None, by="clock", data={"unit": school.pk})
    case = open_particulars(form, by="clock")
    assert isinstance(case, Case)
    return move(case, "check", by=officer_of(school, "canteen_manager")) if "待公示" in state else case


def _menu(state: str, school: Unit) -> Case:
    for at in range(5):
        set_meal(canteen_at(school), day=NEXT + timedelta(days=at), meal="lunch", dishes=[dish_at(school)], by="clock")
    case = open_weekmenu(filled(MENUS, MENUS.opening, case=None, by="clock", data={"unit": school.pk}), by="clock")
    assert isinstance(case, Case)
    return move(case, "check", by=officer_of(school, "food_safety_officer")) if "待签字" in state else case


def _account(state: str, school: Unit) -> Case:
    """An account of the canteen's books, signed as far as the state says; what deliveries booked is sealed."""
    for entry in canteen_at(school).entries.filter(seal=None, by=None).select_related("canteen"):
        seal(entry, by=officer_of(school, "canteen_accountant"))
    flow = next(flow for words, flow in ACCOUNTS.items() if state.startswith(words))
    case = flow.open_action()(filled(flow, flow.opening, case=None, by="clock", data={"unit": school.pk}), by="clock")
    assert isinstance(case, Case)
    parts = SIGNED + HEADS_SIGN if flow is MONTHS else SIGNED
    for _, role, _ in parts:
        officer_of(school, role)
    for step, role, waits in parts:
        if waits in state:
            break
        case = move(case, step, by=officer_of(school, role))
    return case


def _duty(state: str, school: Unit) -> Case:
    """Samples, a leader's meal, a control or a parent's booking of today."""
    if state.startswith("预约"):
        return _booked(state, school)
    if state.startswith("掉线"):
        return silent_at(school)
    flow, opens = {
        "留样": (SAMPLINGS, open_samplings), "陪餐": (ACCOMPANIES, open_accompanies), "管控": (CONTROLS, open_controls),
    }[state[:2]]  # fmt: skip
    set_meal(canteen_at(school), day=clock.today(), meal="lunch", dishes=[dish_at(school)], by="clock")
    case = opens(filled(flow, flow.opening, case=None, by="clock", data={"unit": school.pk}), by="clock")[0]
    if state == "留样留样中":
        move(case, "keep_samples", by=officer_of(school, "canteen_chef"), data=said("keep_samples", []))
        Sample.objects.update(until=clock.now() - timedelta(hours=1))
    return Case.objects.get(pk=case.pk)


def _booked(state: str, school: Unit) -> Case:
    by = officer_of(school, "parent")
    set_meal(
        canteen_at(school), day=clock.today(), meal="lunch", dishes=[dish_at(school)], by="clock"
    )  # even on a Sunday
    data = {"canteen": canteen_at(school).pk, "day": clock.today(), "meal": "lunch"}
    case = book_meal(filled(PARENT_MEALS, PARENT_MEALS.opening, case=None, by=by, data=data), by=by)
    return move(case, "give_opinion", by=by, data=said("give_opinion", [])) if "待答复" in state else case


def sample_at(school: Unit) -> str:
    """The label's code of a sample there."""
    _duty("留样留样中", school)
    return Sample.objects.latest("pk").code


def sampled(school: Unit) -> str:
    """The number of a meal of today whose samples are kept, whatever day it is."""
    canteen, dish = canteen_at(school), dish_at(school)
    form = filled(SAMPLINGS, SAMPLINGS.opening, case=None, by="clock", data={"unit": school.pk})
    columns = {"canteen": canteen, "day": clock.today(), "meal": "lunch"}
    set_meal(canteen, day=clock.today(), meal="lunch", dishes=[dish], by="clock")
    case = open_case(SAMPLINGS, unit=canteen.unit, title="午餐留样", by="clock", form=form, columns=columns)
    return move(case, "keep_samples", by=officer_of(school, "canteen_chef"), data=said("keep_samples", [])).number


def camera_at(school: Unit) -> int:
    """A camera there, which nobody answers for."""
    canteen = canteen_at(school)
    found = Camera.objects.filter(canteen=canteen, retired_on=None).first()
    stream = "https://camera.example.com/live/index.m3u8"
    return (found or set_camera(None, canteen=canteen, spot="K03", name="1 号灶台", stream=stream, by="clock")).pk


def silent_at(school: Unit) -> Case:
    """The case of a camera that has been silent for an hour."""
    Camera.objects.filter(pk=camera_at(school)).update(seen_at=clock.now() - timedelta(hours=1))
    find_silent()
    return Case.objects.get(kind="canteen.outage")


def health_at(school: Unit) -> int:
    """Somebody's health certificate there."""
    until = clock.today() + timedelta(days=20)
    return enter_health_card(canteen_at(school), name="小陈", job="洗消", until=until, by="clock").pk


def said(step: str, photo: list[str]) -> dict[str, Any]:
    """What fits the form of a step; nothing where it is not the canteen's. Dishes and items are those of the newest case."""
    if step == "keep_samples":
        dish = Dish.objects.order_by("-pk").first()
        return {"samples": [{"dish": dish.pk if dish else 0, "grams": 150}]}
    if step == "discard_sample":
        sample = Sample.objects.order_by("-pk").first()
        return {"code": sample.code if sample else ""}
    if step == "fill_control":
        case = Control.objects.order_by("pk").first()
        return {"outcomes": [{"item": one["code"], "outcome": "ok"} for one in (case.items if case else [])]}
    bodies: dict[str, dict[str, Any]] = {
        "sign_menu": {"note": "看过"},
        "not_served": REASON,
        "excuse_control": REASON,
        "record_meal": {"score": 4, "words": "菜热"},
        "give_opinion": {"score": 3, "words": "偏咸"},
        "cancel_booking": {"reason": "有事"},
        "note_outage": {"words": "网线断了，下午修好"},
        "answer_opinion": {"words": "明天起少放盐"},
    }
    return bodies.get(step, {})


def dish_form(school: Unit, name: str = "稀饭") -> dict[str, Any]:
    """A dish of this school."""
    dish_at(school)
    return {"name": name, "course": "staple", "style": "hot", "parts": [{"ingredient": "大米", "grams": "50"}]}
