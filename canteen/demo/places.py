"""Every school of the demo opens its canteen, and lists what it buys."""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from canteen.actions import add_ingredient, open_canteen
from canteen.models import Canteen, Meal
from portal.hall.demo.district import District, School
from portal.orgs.models import Unit

NAME = "食堂"
BOARDING = ("JUN", "SEN", "VOC")  # stages whose canteens cook three times a day
ALL = ("LX01", "SM01", "YG01")  # the first schools, which ask prices
PRICED, FEW = 8, 2  # how much they list, and how much the others do; the very first lists everything


def begin(district: District) -> None:
    """A canteen each, kept by its manager, with its ingredients."""
    for code, school in district.schools.items():
        manager = district.person(school.holder("canteen_manager"))
        building = Unit.objects.filter(school=school.unit, kind="building", name=NAME).first()
        open_canteen(
            school=school.unit, name=NAME, place=building, meals=_meals(school), diners=school.plan["pupils"] * 9,
            phone="0838-555 0126", licence=f"JY35106{sum(map(ord, code)):07d}", licence_until=date(2028, 8, 31), by=manager,
        )  # fmt: skip
        for row in pantry()[: None if code == ALL[0] else PRICED if code in ALL else FEW]:
            add_ingredient(school=school.unit, by=manager, **row)


def the_canteen(district: District, code: str) -> Canteen:
    """The canteen of a school of the demo."""
    return Canteen.objects.select_related("school", "place").get(school=district.schools[code].unit)


@cache
def pantry() -> list[dict[str, Any]]:
    """What is bought, as the columns of an ingredient."""
    rows = json.loads((Path(__file__).parent / "pantry.json").read_text("utf-8"))["ingredients"]
    numbers = ("grams", "kcal", "protein")
    return [{name: Decimal(value) if name in numbers else value for name, value in row.items()} for row in rows]


def _meals(school: School) -> list[str]:
    return [one.value for one in Meal] if school.plan["stage"] in BOARDING else [Meal.LUNCH.value]
