"""What money and food of a canteen are booked under: the reference's categories (docs/rules.md 2.4)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOOD_GROUP, NEVER = "食材", "never"


@dataclass(frozen=True)
class Category:
    """One category: `CE-` expenses, of which CE-01 to CE-12 are food, and `CI-` income.

    `from_fee` says whether students' meal money may pay it: yes, region, contract, warn, no, never; `income` for income.
    """

    code: str
    name: str
    group: str
    from_fee: str
    about: str = ""
    proposed: bool = False

    @property
    def is_food(self) -> bool:
        """Whether it is something to eat, so that stock is kept of it."""
        return self.group == FOOD_GROUP

    @property
    def is_income(self) -> bool:
        """Whether money comes in under it."""
        return self.code.startswith("CI-")

    @property
    def is_forbidden(self) -> bool:
        """Whether nothing may be booked under it (CR-20, CR-21)."""
        return self.from_fee == NEVER


@cache
def categories() -> dict[str, Category]:
    """Every category by its code, in the order of the forms."""
    path = Path(__file__).parent.parent / "data" / "categories.json"
    rows = json.loads(path.read_text("utf-8"))["categories"]
    return {row["code"]: Category(**row) for row in rows}


FOOD = [(one.code, one.name) for one in categories().values() if one.is_food]
