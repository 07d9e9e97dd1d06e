"""Food that schools do not serve (CR-11)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize


@dataclass(frozen=True)
class Ban:
    """Why something is not for a school's menu."""

    what: str
    why: str


@cache
def banned_foods() -> dict[str, Any]:
    """The reference's list (canteen/data/banned_foods.json)."""
    path = Path(__file__).parent.parent / "data" / "banned_foods.json"
    said: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return said


def letters(said: str) -> str:
    """Its letters and digits alone: whatever is written between the signs of a word, it is the same word."""
    return "".join(sign for sign in normalize("NFKC", said) if sign.isalnum())


def ban_on(name: str, style: str, ingredients: list[Any]) -> Ban | None:
    """Why a dish of this name, style and these ingredients is not for schools; none where it is."""
    known = banned_foods()
    if style in known["styles"]:
        return Ban(name, known["styles"][style])
    for one in ingredients:
        if one.banned:
            return Ban(one.label, one.why or "本校已禁用这种食材")
    for said in (name, *(one.name for one in ingredients)):
        for row in known["words"]:
            if any(word in letters(said) for word in row["words"]):
                return Ban(said, row["why"])
    return None
