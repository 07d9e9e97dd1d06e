"""What a canteen buys and from whom, in the table: an ingredient, a supplier, and what fits their forms."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from canteen.actions import add_ingredient, open_renewals
from canteen.flow import RENEWALS
from canteen.models import Ingredient, Inquiry, Supplier
from portal.cases.actions import filled, move
from portal.cases.models import Case
from portal.orgs.models import Unit
from tests.canteen import prices
from tests.canteen.suppliers import code_of, supplier_at
from tests.district import MONDAY

from .kitchen import canteen_at, officer_of

STATES = ("询价", "证件")  # what the states of its cases begin with
WHY_BACK = {"reason": "有原因"}

PORK = {"name": "猪肉", "category": "CE-03", "measure": "公斤"}
OIL = {"name": "青禾油脂厂", "uscc": code_of(77)}
NUMBERS = {
    "name": "第一食堂", "mode": "own", "meals": ["lunch"], "diners": 480, "sample_grams": 125, "sample_hours": 48,
    "price_gap": "10", "weight_gap": "5", "satisfied": 85, "surplus_rule": "within", "surplus_limit": "2",
    "seats": 4, "same_signers": 20, "silent_minutes": 10,
}  # fmt: skip


def ingredient_at(school: Unit) -> Ingredient:
    """Something that school buys."""
    found = Ingredient.objects.filter(school=school).first()
    return found or add_ingredient(school=school, name="大米", category="CE-01", by="clock")


def supplier_there(school: Unit) -> Supplier:
    """Somebody who delivers there."""
    return Supplier.objects.filter(school=school).first() or supplier_at(school)


def _here(**said: Any) -> Callable[[Any, Any, str], dict[str, Any]]:
    return lambda world, who, whose: {"school": world.place.school.pk, **said}


def _just(**said: Any) -> Callable[[Any, Any, str], dict[str, Any]]:
    return lambda world, who, whose: said


def _paper(world: Any, who: Any, whose: str) -> dict[str, Any]:
    return {"kind": "other", "number": "1", "papers": [str(who.photo.pk)] if who.photo else []}


CONTRACT = _just(since="2026-09-01", until="2027-08-31", tender="公开招标")
MARKS = _just(goods="5", price="4", service="5")
WHY = _just(why="以次充好")
FORMS = {
    "/canteen/places/add/": _here(name="第二食堂", mode="own", meals=["lunch"], diners=100),
    "/canteen/places/{canteen}/": _just(**NUMBERS),
    "/canteen/ingredients/add/": _here(**PORK),
    "/canteen/ingredients/{ingredient}/": _just(**PORK),
    "/canteen/suppliers/add/": _here(**OIL),
    "/canteen/suppliers/{supplier}/edit/": _just(**OIL),
    "/canteen/suppliers/{supplier}/certificate/": _paper,
    "/canteen/suppliers/{supplier}/contract/": CONTRACT,
    "/canteen/suppliers/{supplier}/rate/": MARKS,
    "/canteen/suppliers/{supplier}/ban/": WHY,
    "/api/v1/canteen/places": _here(name="第二食堂", mode="own", meals=["lunch"], diners=100),
    "/api/v1/canteen/places/{canteen}": _just(**NUMBERS),
    "/api/v1/canteen/ingredients": _here(**PORK),
    "/api/v1/canteen/ingredients/{ingredient}": _just(**PORK),
    "/api/v1/canteen/suppliers": _here(**OIL),
    "/api/v1/canteen/suppliers/{supplier}": _just(**OIL),
    "/api/v1/canteen/suppliers/{supplier}/certificates": _paper,
    "/api/v1/canteen/suppliers/{supplier}/contracts": CONTRACT,
    "/api/v1/canteen/suppliers/{supplier}/ratings": MARKS,
    "/api/v1/canteen/suppliers/{supplier}/ban": WHY,
    "/api/v1/canteen/suppliers/{supplier}/take-back": WHY,
}


def bring(state: str, room: Unit) -> Case:
    """An inquiry or a renewal in this state, at the room's school."""
    school = room.school
    assert school is not None
    case = _renewal(school) if state.startswith("证件") else _inquiry(state, school)
    if "已超时" in state:
        Case.objects.filter(pk=case.pk).update(due_at=MONDAY - timedelta(hours=1))
    return case


def _renewal(school: Unit) -> Case:
    supplier_at(school, "快到期公司", until=MONDAY.date() + timedelta(days=10))
    form = filled(RENEWALS, RENEWALS.opening, case=None, by="clock", data={"unit": school.pk})
    made = open_renewals(form, by="clock")
    return made[0]


def _inquiry(state: str, school: Unit) -> Case:
    canteen_at(school)
    buyer = officer_of(school, "canteen_buyer")
    if "待询价" in state:
        return prices.listed(prices.opened(school), buyer)
    case = prices.asked(school, buyer)
    return (
        move(case, "inquire_again", by=officer_of(school, "canteen_manager"), data=WHY_BACK)
        if "待送" in state
        else case
    )


def said(step: str, photo: list[str]) -> dict[str, Any] | None:
    """What fits the form of a step; none where it is not about buying."""
    if step in ("renew", "let_end"):
        return WHY_BACK if step == "let_end" else {"number": "新 1", "until": "2029-12-31", "papers": photo}
    if step not in ("quote", "list_items", "inquire_again", "skip", "choose"):
        return None
    case = Inquiry.objects.order_by("-pk").first()  # the one just brought
    if case is None:
        return None
    foods = prices.food(case.school)
    bodies: dict[str, Any] = {
        "quote": {
            "kind": "market",
            "name": "小摊",
            "photos": photo,
            "lines": [{"ingredient": foods[0].pk, "price": "5"}],
        },
        "list_items": {"lines": [{"ingredient": foods[0].pk, "quantity": "50"}]},
        "inquire_again": WHY_BACK,
        "skip": WHY_BACK,
    }
    return prices.choice(case) if step == "choose" else bodies.get(step)


def _school(world: Any, who: Any, whose: str) -> dict[str, Any]:
    canteen_at(world.place.school)
    return {"unit": world.place.school.pk}


FORMS |= {"/api/v1/canteen/inquiries": _school, "/api/v1/canteen/renewals": _school}
