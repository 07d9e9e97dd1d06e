"""What a canteen buys and from whom, in the table: an ingredient, a supplier, and what fits their forms."""

from collections.abc import Callable
from typing import Any

from canteen.actions import add_ingredient
from canteen.models import Ingredient, Supplier
from portal.orgs.models import Unit
from tests.canteen.suppliers import code_of, supplier_at

PORK = {"name": "猪肉", "category": "CE-03", "measure": "公斤"}
OIL = {"name": "青禾油脂厂", "uscc": code_of(77)}
NUMBERS = {
    "name": "第一食堂", "mode": "own", "meals": ["lunch"], "diners": 480, "sample_grams": 125, "sample_hours": 48,
    "price_gap": "10", "weight_gap": "5", "satisfied": 85, "surplus_rule": "within", "surplus_limit": "2",
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
