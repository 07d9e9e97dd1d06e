"""Reference data of rounds and drills: checklists by category, and the frequencies schools begin with."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class CheckItem:
    """One line of a checklist; `category` is the hazard category a failure belongs to."""

    code: str
    title: str
    category: str


@cache
def check_items() -> dict[str, CheckItem]:
    """Every item of the reference, by code, in the order of the categories."""
    read = _read("checklists.json")["categories"]
    items = [CheckItem(row["code"], row["title"], one["code"]) for one in read for row in one["items"]]
    return {one.code: one for one in items}


@cache
def reference_plans() -> dict[str, dict[str, Any]]:
    """The plans of docs/rules.md 3.5 by code."""
    return {one["code"]: one for one in _read("rounds.json")["plans"]}


@cache
def drill_kinds() -> dict[str, str]:
    """Kinds of drill by code."""
    return dict(_read("drills.json")["kinds"])


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text("utf-8"))
