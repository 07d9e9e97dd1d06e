"""What every page of the settings carries: its title, the way back, and marks of keyset pages."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

Step = tuple[str, Any]  # words and address
PAGE = 30


def frame(title: str, *above: Step, words: str = "") -> dict[str, Any]:
    """Title, one line under it, and the way here below 设置: pages above as (words, address)."""
    way = [("设置", reverse("settings")), *above]
    return {"title": title, "words": words, "crumbs": [*way, (title, "")], "back": way[-1][1]}


def typed_words(request: HttpRequest) -> str:
    """What was typed into a search box, at most 40 characters."""
    return request.GET.get("q", "").strip()[:40]


def paged(rows: Iterable[Any], size: int = PAGE) -> tuple[list[Any], Any]:
    """One page of rows asked for with one more, and the last row shown when there is another page."""
    asked = list(rows)
    return asked[:size], asked[size - 1] if len(asked) > size else None
