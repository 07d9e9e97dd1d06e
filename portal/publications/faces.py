"""How a publication looks: figures, tables and bars as plain values, from its stored payload and the one before."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.safestring import SafeString

from portal.templatetags.sunlit import money

from . import rich
from .models import Publication

SAME = "持平"
MEASURED = re.compile(r"[\d.]+ [^\d\s]{1,4}")  # a quantity and its unit
BEFORE = ((re.compile(r"\d{4}-W"), "上周"), (re.compile(r"\d{4}-\d\d"), "上月"), (re.compile(r"\d{4}-\d"), "上学期"))


@dataclass(frozen=True)
class FigureFace:
    """A number at the top with how it compares."""

    title: str
    value: str
    unit: str
    note: str
    change: str = ""
    was: bool = False


@dataclass(frozen=True)
class MarkFace:
    """A number drawn large; `part` is its share in percent, to a tenth, for the ring."""

    title: str
    value: str
    part: str
    drawn: str
    label: str
    said: str
    verdict: str
    good: bool


@dataclass(frozen=True)
class Cell:
    """One cell: its words, whether it is a number, the heading of its column, and whether a change is up or down."""

    words: str
    number: bool
    head: str
    tone: str = ""


@dataclass(frozen=True)
class Bar:
    """One row drawn: percent of the longest, of this period and of the one before, and the change in words.

    `was` is the value before, `part` this row's share of all rows in percent: for paper.
    """

    name: str
    now: int
    then: int
    value: str
    change: str
    was: str = ""
    part: str = ""


NARROW = 4  # columns that stand side by side on a phone


@dataclass(frozen=True)
class TableFace:
    """A table ready to be written down: the rows shown at once and the `rest`, and its column of bars where it has one.

    `drawn` names that column; `only` says that the bars stand for the table.
    """

    title: str
    heads: list[tuple[str, bool]]
    rows: list[list[Cell]]
    total: list[Cell]
    said: str
    bars: list[Bar] = field(default_factory=list)
    drawn: str = ""
    compared: bool = False
    only: bool = False
    under: bool = False
    long: bool = False
    rest: list[list[Cell]] = field(default_factory=list)
    sums: Bar | None = None

    @property
    def how_many(self) -> int:
        """Rows in all."""
        return len(self.rows) + len(self.rest)

    @property
    def folds(self) -> bool:
        """A phone shows a row as a few lines, for the columns would not stand side by side on it."""
        return self.long or len(self.heads) - self.under > NARROW


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
    marks: list[MarkFace] = field(default_factory=list)
    lead: str = ""
    wall: list[tuple[str, str]] = field(default_factory=list)
    category: str = ""
    files: tuple[tuple[str, str, str], ...] = ()


def face_of(made: Publication, earlier: Publication | None = None, *, at: str = "") -> Face:
    """The page's content; with an `earlier` publication, compared with it. `at` is the version's own page, where pictures are."""
    then = json.loads(earlier.payload) if earlier is not None else {}
    return face_from(json.loads(made.payload), then, at)


def face_from(payload: dict[str, Any], then: dict[str, Any], at: str = "") -> Face:
    """The same from payloads at hand."""
    said, old = payload.get("content", {}), then.get("content", {})
    past_figures = {one["code"]: one for one in old.get("figures", [])}
    past_tables = {one["code"]: one for one in old.get("tables", [])}
    return Face(
        [_figure(one, past_figures.get(one["code"])) for one in said.get("figures", [])],
        [table_of(one, past_tables.get(one["code"])) for one in said.get("tables", [])],
        said.get("words", []),
        rich.shown(said.get("html", ""), _pictures(said, at).get),
        [(one["part"], one["post"]) for one in (*said.get("posts", []), *payload.get("signed", []))],
        said.get("summary", ""),
        next((words for code, words in BEFORE if code.match(then.get("period", {}).get("code", ""))), "上期"),
        [_mark(one) for one in said.get("marks", [])],
        said.get("lead", ""),
        [(one["about"], one["words"]) for one in said.get("wall", [])],
        said.get("category", ""),
        tuple((one["id"], one["name"], size_of(one["bytes"])) for one in said.get("files", [])),
    )


def shown(value: Any, kind: str) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return "—"
    if kind == "money":
        return money(value)
    if kind == "share":
        return f"{_number(value) * 100:.1f}%"
    if kind == "change":
        return signed(_number(value)) if value else SAME
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
    return signed((new - old) / abs(old))


def signed(moved: Decimal) -> str:
    """A change in percent with its sign; what would be written as nothing is the same as before."""
    words = f"{abs(moved) * 100:.1f}%"
    return SAME if words == "0.0%" else f"{'+' if moved > 0 else '−'}{words}"


def size_of(count: int) -> str:
    """A file's size as people say it."""
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{max(1, round(count / 1024))} KB"


def _figure(one: dict[str, Any], past: dict[str, Any] | None) -> FigureFace:
    moved, how = "", one.get("against", "change")
    if past is not None and how == "was":
        moved = shown(past["value"], past["shown"])
    elif past is not None and how == "change" and one["value"] is not None and past["value"] is not None:
        if one["shown"] == "share":
            points = (_number(one["value"]) - _number(past["value"])) * 100
            moved = SAME if not points else f"{'+' if points > 0 else '−'}{abs(points):.1f} 个百分点"
        else:
            moved = change(one["value"], past["value"], one["shown"])
    return FigureFace(
        one["title"], shown(one["value"], one["shown"]), one.get("unit", ""), one.get("note", ""), moved, how == "was"
    )


def _pictures(said: dict[str, Any], at: str) -> dict[str, rich.Drawn]:
    """The pictures of a version by their ids; none where no page of it is at hand."""
    rows = said.get("pictures", []) if at else []
    return {one["id"]: rich.Drawn(f"{at}pictures/{one['id']}.jpg", one["width"], one["height"]) for one in rows}


def _mark(one: dict[str, Any]) -> MarkFace:
    part = f"{_number(one['value']) * 100:.1f}" if one["drawn"] == "ring" else ""
    value = f"{part}%" if part else str(one["value"])
    label, said, verdict = (one.get(name, "") for name in ("label", "said", "verdict"))
    return MarkFace(one["title"], value, part, one["drawn"], label, said, verdict, bool(one["good"]))


def table_of(one: dict[str, Any], past: dict[str, Any] | None) -> TableFace:
    """A table as it was published, beside the same of the period before."""
    columns, first = one["columns"], one.get("first") or len(one["rows"])
    bars, drawn = _bars(one, past) if one.get("bars") else ([], "")
    right = [_right(column, (row[at] for row in one["rows"])) for at, column in enumerate(columns)]
    rows = [_cells(row, columns, right) for row in one["rows"]]
    return TableFace(
        one["title"],
        [(column["title"], is_right) for column, is_right in zip(columns, right, strict=True)],
        rows[:first],
        _cells(one["total"], columns, right) if one.get("total") else [],
        one.get("said", ""),
        bars,
        drawn,
        past is not None,
        only=bool(one.get("drawn")),
        under=bool(one.get("under")),
        long=bool(one.get("first")),
        rest=rows[first:],
        sums=_sums(one, past) if bars and one.get("total") else None,
    )


def _right(column: dict[str, Any], values: Iterable[Any]) -> bool:
    """Whether a column stands on the right: numbers, and quantities written with their unit (76 公斤)."""
    written = [str(one) for one in values if one]
    return column["shown"] != "text" or (bool(written) and all(MEASURED.fullmatch(one) for one in written))


def _cells(row: list[Any], columns: list[dict[str, Any]], right: list[bool]) -> list[Cell]:
    return [
        Cell(shown(value, column["shown"]), is_right, column["title"], _tone(value, column["shown"]))
        for value, column, is_right in zip(row, columns, right, strict=True)
    ]


def _tone(value: Any, kind: str) -> str:
    """A price that went up or down."""
    number = _number(value) if kind == "change" else Decimal(0)
    return "up" if number > 0 else "down" if number < 0 else ""


def _sums(one: dict[str, Any], past: dict[str, Any] | None) -> Bar:
    """The last line of a table of bars, with what it was before."""
    at = next(n for n, column in enumerate(one["columns"]) if column["code"] == one["bars"])
    kind, now = one["columns"][at]["shown"], one["total"][at]
    total = past["total"] if past and len(past.get("total", [])) > at else None
    was, moved = (shown(total[at], kind), change(now, total[at], kind)) if total else ("", "")
    return Bar(str(one["total"][0]), 0, 0, shown(now, kind), moved, was)


def _bars(one: dict[str, Any], past: dict[str, Any] | None) -> tuple[list[Bar], str]:
    """Bars of one column beside the same rows before, the longest of both 100."""
    at = next(n for n, column in enumerate(one["columns"]) if column["code"] == one["bars"])
    column = one["columns"][at]
    then = {row[0]: row[at] for row in past["rows"]} if past and len(past["columns"]) > at else {}
    whole = sum((_number(row[at]) for row in one["rows"]), Decimal(0))
    longest = max((_number(value) for value in (*(row[at] for row in one["rows"]), *then.values())), default=Decimal(0))

    def part(value: Any) -> int:
        number = max(_number(value), Decimal(0))
        return max(1, round(100 * number / longest)) if longest > 0 and number else 0

    bars = []
    for row in one["rows"]:
        moved, was = change(row[at], then.get(row[0], 0), column["shown"]) if past else "", ""
        if past:
            was = shown(then.get(row[0], 0), column["shown"])
        share = f"{100 * _number(row[at]) / whole:.1f}" if whole > 0 else ""
        value = shown(row[at], column["shown"])
        bars.append(Bar(str(row[0]), part(row[at]), part(then.get(row[0])), value, moved, was, share))
    return bars, column["title"]


def _number(value: Any) -> Decimal:
    try:
        return Decimal(str(value if value is not None else 0))
    except InvalidOperation:
        return Decimal(0)
