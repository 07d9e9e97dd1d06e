"""A menu's grams beside the norm for the age (docs/rules.md 2.6): advice, never a refusal."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from canteen.models import Meal, Serving
from portal.orgs.models import Unit
from portal.wire.amounts import rounded

Meals = Mapping[tuple[date, str], list[Serving]]


@cache
def norms() -> dict[str, Any]:
    """The reference's grams (canteen/data/nutrition.json)."""
    path = Path(__file__).parent.parent / "data" / "nutrition.json"
    said: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return said


def grams_of(servings: Iterable[Serving]) -> dict[str, Decimal]:
    """Grams for one head by the norm's items."""
    known = {code: one["code"] for one in norms()["items"] for code in one["from"]}
    found: dict[str, Decimal] = {}
    for one in servings:
        for part in one.dish.parts.all():
            item = known.get(part.ingredient.category)
            if item:
                found[item] = found.get(item, Decimal(0)) + part.grams
    return found


def groups_in(servings: Iterable[Serving]) -> set[str]:
    """Which of the four groups of food (cereal; plant; animal; milk and soy) are in a meal."""
    grams = grams_of(servings)
    return {one["group"] for one in norms()["items"] if one["group"] and grams.get(one["code"])}


@dataclass(frozen=True)
class Advice:
    """One line of the norm: the week's mean grams at a lunch beside what is advised. `says` is short, over or right."""

    title: str
    grams: Decimal
    low: int
    high: int
    says: str

    @property
    def words(self) -> str:
        """In a word."""
        return {"short": "偏少", "over": "偏多", "right": "合适"}[self.says]


def ages_of(school: Unit) -> list[tuple[str, str]]:
    """The age groups of a school's stage, all where it is not said."""
    found = [(one["code"], one["title"]) for one in norms()["ages"] if school.stage in one["stages"]]
    return found or [(one["code"], one["title"]) for one in norms()["ages"]]


def advice_on(meals: Meals, age: str) -> list[Advice]:
    """The week's mean lunch beside the norm of an age group; nothing where no lunch is planned at all."""
    planned = _lunches(meals)
    rows = []
    for item in norms()["items"] if planned else []:
        low, high = item["grams"][age]
        total = sum((grams_of(one).get(item["code"], Decimal(0)) for one in planned), Decimal(0))
        mean = rounded(total / len(planned), Decimal("0.1"))
        slack = Decimal("0.1")  # a tenth either way is right
        says = "short" if mean < low * (1 - slack) else "over" if mean > high * (1 + slack) else "right"
        rows.append(Advice(item["title"], mean, low, high, says))
    return rows


@dataclass(frozen=True)
class Energy:
    """Kilocalories and grams of protein of the week's mean lunch, as far as the ingredients say."""

    kcal: Decimal
    protein: Decimal
    unknown: int


def energy_of(meals: Meals) -> Energy | None:
    """The mean of lunch; `unknown` is how many kinds of ingredient say nothing. None where nothing is known."""
    planned = _lunches(meals)
    parts = [part for servings in planned for serving in servings for part in serving.dish.parts.all()]
    known = [part for part in parts if part.ingredient.kcal is not None]
    if not known:
        return None
    mean = Decimal(100 * len(planned))
    kcal = sum((part.grams * (part.ingredient.kcal or 0) for part in known), Decimal(0)) / mean
    protein = sum((part.grams * (part.ingredient.protein or 0) for part in known), Decimal(0)) / mean
    unknown = {part.ingredient_id for part in parts if part.ingredient.kcal is None}
    return Energy(rounded(kcal, Decimal(1)), rounded(protein, Decimal("0.1")), len(unknown))


def _lunches(meals: Meals) -> list[list[Serving]]:
    """What is served at each lunch that is planned."""
    return [servings for (_, meal), servings in meals.items() if meal == Meal.LUNCH]
