"""How a publication looks: figures, tables and bars as plain values, from its stored payload and the one before."""

import json
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.safestring import SafeString

from portal.templatetags.sunlit import money

from . import rich
from .models import Publication

SAME = "持平"


@dataclass(frozen=True)
class FigureFace:
    """A number at the top with how it compares."""

    title: str
    value: str
    unit: str
    note: str
    change: str = ""


@dataclass(frozen=True)
class Bar:
    """One row drawn: percent of the longest, of this period and of the one before, and the change in words."""

    name: str
    now: int
    then: int
    value: str
    change: str
    tone: str


@dataclass(frozen=True)
class TableFace:
    """A table ready to be written down; `cells` are (words, is a number, heading)."""

    title: str
    heads: list[tuple[str, bool]]
    rows: list[list[tuple[str, bool, str]]]
    total: list[tuple[str, bool, str]]
    said: str
    bars: list[Bar] = field(default_factory=list)
    drawn: str = ""
    compared: bool = False


@dataclass(frozen=True)
class Face:
    """All that a publication's page shows of its content."""

    figures: list[FigureFace]
    tables: list[TableFace]
    words: list[str]
    html: SafeString
    posts: list[tuple[str, str]]
    summary: str
    before: str = ""


def face_of(made: Publication, earlier: Publication | None = None) -> Face:
    """The page's content; with an `earlier` publication, compared with it."""
    then = json.loads(earlier.payload) if earlier is not None else {}
    return face_from(json.loads(made.payload), then)


def face_from(payload: dict[str, Any], then: dict[str, Any]) -> Face:
    """The same from payloads at hand."""
    said, old = payload.get("content", {}), then.get("content", {})
    past_figures = {one["code"]: one for one in old.get("figures", [])}
    past_tables = {one["code"]: one for one in old.get("tables", [])}
    return Face(
        [_figure(one, past_figures.get(one["code"])) for one in said.get("figures", [])],
        [_table(one, past_tables.get(one["code"])) for one in said.get("tables", [])],
        said.get("words", []),
        rich.shown(said.get("html", "")),
        [(one["part"], one["post"]) for one in said.get("posts", [])],
        said.get("summary", ""),
        then.get("period", {}).get("title", ""),
    )


def shown(value: Any, kind: str) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return "—"
    if kind == "money":
        return money(value)
    if kind == "share":
        return f"{_number(value) * 100:.1f}%"
    return str(value) if kind in ("text", "hours") else f"{value}"


def change(now: Any, then: Any, kind: str = "money") -> str:
    """How a number has changed since: money in percent of what it was, what is counted by how many."""
    new, old = _number(now), _number(then)
    if new == old:
        return SAME
    if kind == "count":
        return f"{'+' if new > old else '−'}{abs(new - old):f}"
    if not old:
        return "上期为 0"
    moved = (new - old) / abs(old) * 100
    return f"{'+' if moved > 0 else '−'}{abs(moved):.1f}%"


def _figure(one: dict[str, Any], past: dict[str, Any] | None) -> FigureFace:
    moved = ""
    if past is not None and one["value"] is not None and past["value"] is not None:
        if one["shown"] == "share":
            points = (_number(one["value"]) - _number(past["value"])) * 100
            moved = SAME if not points else f"{'+' if points > 0 else '−'}{abs(points):.1f} 个百分点"
        else:
            moved = change(one["value"], past["value"], one["shown"])
    return FigureFace(one["title"], shown(one["value"], one["shown"]), one.get("unit", ""), one.get("note", ""), moved)


def _table(one: dict[str, Any], past: dict[str, Any] | None) -> TableFace:
    columns = one["columns"]
    bars, drawn = _bars(one, past) if one.get("bars") else ([], "")
    return TableFace(
        one["title"],
        [(column["title"], column["shown"] != "text") for column in columns],
        [_cells(row, columns) for row in one["rows"]],
        _cells(one["total"], columns) if one.get("total") else [],
        one.get("said", ""),
        bars,
        drawn,
        past is not None,
    )


def _cells(row: list[Any], columns: list[dict[str, Any]]) -> list[tuple[str, bool, str]]:
    return [
        (shown(value, column["shown"]), column["shown"] != "text", column["title"])
        for value, column in zip(row, columns, strict=True)
    ]


def _bars(one: dict[str, Any], past: dict[str, Any] | None) -> tuple[list[Bar], str]:
    """Bars of one column beside the same rows before, the longest of both 100."""
    at = next(n for n, column in enumerate(one["columns"]) if column["code"] == one["bars"])
    column = one["columns"][at]
    then = {row[0]: row[at] for row in past["rows"]} if past and len(past["columns"]) > at else {}
    longest = max((_number(value) for value in (*(row[at] for row in one["rows"]), *then.values())), default=Decimal(0))

    def part(value: Any) -> int:
        number = max(_number(value), Decimal(0))
        return max(1, round(100 * number / longest)) if longest > 0 and number else 0

    bars = []
    for row in one["rows"]:
        moved = change(row[at], then.get(row[0], 0), column["shown"]) if past else ""
        bars.append(Bar(str(row[0]), part(row[at]), part(then.get(row[0])), shown(row[at], column["shown"]), moved, ""))
    return bars, column["title"]


def _number(value: Any) -> Decimal:
    try:
        return Decimal(str(value if value is not None else 0))
    except InvalidOperation:
        return Decimal(0)
