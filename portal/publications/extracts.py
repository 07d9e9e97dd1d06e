"""What a poster leaves out: the lines of a long table on sheets of their own, those of one supplier (or whatever the table
is taken apart by) together."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from .faces import Face, table_of
from .models import Publication

LINES = 25  # of a table on one sheet
Rows = list[list[Any]]


@dataclass(frozen=True)
class Extract:
    """One sheet: what its lines have in common (blank: nothing), which of how many of those, and its table as published."""

    of: str
    number: int
    sheets: int
    table: dict[str, Any]

    @property
    def title(self) -> str:
        """What it is called."""
        which = f"第 {self.number} 张，共 {self.sheets} 张" if self.sheets > 1 else ""
        return " ".join(one for one in (self.table["title"], self.of, which) if one)

    def face(self, whole: Face) -> Face:
        """The sheet's content: its table, and who answers for all of it."""
        return replace(whole, figures=[], tables=[table_of(self.table, None)], words=[], wall=[], marks=[])


def extracts_of(made: Publication) -> list[Extract]:
    """The sheets of all its long tables, in their order; none where the poster shows everything."""
    tables = json.loads(made.payload).get("content", {}).get("tables", [])
    return [sheet for one in tables if one.get("first") for sheet in _sheets(one)]


def on_sheet(made: Publication, whole: Face, number: int) -> dict[str, Any]:
    """What the page of a poster shows: all its sheets, and the one of this number in the place of the whole, if it has one."""
    sheets = extracts_of(made)
    if not 0 < number <= len(sheets):
        return {"sheets": sheets}
    one = sheets[number - 1]
    return {"sheets": sheets, "sheet": one, "number": number, "face": one.face(whole)}


def _sheets(table: dict[str, Any]) -> Iterable[Extract]:
    codes = [one["code"] for one in table["columns"]]
    at = codes.index(table["apart"]) if table.get("apart") in codes else None
    groups: dict[str, Rows] = {}
    for row in table["rows"]:
        groups.setdefault("" if at is None else str(row[at]), []).append(row)
    for of, rows in groups.items():
        pages = [rows[begin : begin + LINES] for begin in range(0, len(rows), LINES)]
        for number, page in enumerate(pages, 1):
            said = table | {"rows": page, "first": 0, "total": _total(table, page)}
            yield Extract(of, number, len(pages), _without(said, at) if at else said)


def _without(table: dict[str, Any], at: int) -> dict[str, Any]:
    """The table without the column that says the same in every line: its title says it."""
    parts = {name: table[name][:at] + table[name][at + 1 :] for name in ("columns", "total") if table[name]}
    return table | parts | {"rows": [row[:at] + row[at + 1 :] for row in table["rows"]]}


def _total(table: dict[str, Any], rows: Rows) -> list[Any]:
    """The sums of the sheet, of the columns the whole table adds up."""
    whole = table.get("total") or []
    if not whole:
        return []
    added = [
        f"{sum((Decimal(row[at]) for row in rows if row[at] is not None), Decimal(0)):.2f}"
        if one not in ("", None) and column["shown"] == "money" else one
        for at, (one, column) in enumerate(zip(whole, table["columns"], strict=True))
    ]  # fmt: skip
    return ["本张合计", *added[1:]]
