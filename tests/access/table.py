"""The access table as it is written in `table/*.txt`: plain grids of people by columns, read here and nowhere derived.

`table/README.md` says how to read and how to add a row.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from .people import EVERYBODY

FOLDER = Path(__file__).parent / "table"
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OUTCOMES = {
    "可": "done, or the page",
    "拒": "403: another role's",
    "无": "404: for this person it is not there",
    "登": "to the sign-in page, 401 for programs",
    "码": "to the second factor first, 403 for programs",
    "密": "to a new password first, 403 for programs",
    "非": "405: the address has no such verb",
    "规": "let in, but a rule refuses it with a sentence (409, 412, 422)",
    "有": "on the list",
    "—": "not on the list, or nobody of that name comes this way",
}

WHOLE = os.environ.get("WHOLE_TABLE") == "1"
WITNESSES = ("未登录", "教师", "局管理员")
STOPS = ({"登"}, {"码"}, {"密"})


@dataclass(frozen=True)
class Row:
    """What is asked: an address with a verb (blank: the column is the verb), and where the case stands then.

    `事件` instead of a verb: something happens, and the question is who is told.
    """

    address: str
    verb: str = ""
    state: str = ""

    @property
    def by_program(self) -> bool:
        """Asked with a token and JSON, not from a page."""
        return self.address.startswith("/api/")


@dataclass
class Grid:
    """One grid of the table: the same outcomes for each of its addresses."""

    title: str
    file: str
    rows: list[Row] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    states: tuple[str, ...] = ()  # of each column, where they differ
    outcomes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.file}-{self.title}"

    def cells(self) -> Iterator["Cell"]:
        """Every cell, person by person."""
        for person, said in self.outcomes.items():
            for row in self.rows:
                if person == "回执" and row.by_program:
                    continue  # a receipt is no token: for programs its holder is nobody
                for at, (column, expected) in enumerate(zip(self.columns, said, strict=True)):
                    state = self.states[at] if self.states else row.state
                    yield Cell(row.address, row.verb or column, state, person, column, expected)

    def asked(self) -> Iterator["Cell"]:
        """The cells the suite asks; with WHOLE_TABLE=1 it asks them all.

        Each address is asked of one person of every kind (those who share a line of outcomes), another for each address
        of the grid; where the grid has but one address, of two.
        What an address lacks for everybody is asked of WITNESSES, and who is stopped before anybody looks at a case is
        asked at the first column.
        """
        if WHOLE:
            yield from self.cells()
            return
        lacking = {at for at in range(len(self.columns)) if {said[at] for said in self.outcomes.values()} == {"非"}}
        stopped = {name for name, said in self.outcomes.items() if set(said) in STOPS and self.columns[0] not in VERBS}
        addresses = list(dict.fromkeys(row.address for row in self.rows))
        sent_to = {one: self._sent_to(turn, 1 if addresses[1:] else 2) for turn, one in enumerate(addresses)}
        for cell in self.cells():
            at = self.columns.index(cell.column)
            if at in lacking:
                wanted = cell.person in WITNESSES
            else:
                wanted = cell.person in sent_to[cell.address] and not (at and cell.person in stopped)
            if wanted:
                yield cell

    def _sent_to(self, turn: int, number: int) -> set[str]:
        """Who is sent to the address of this turn: so many of each kind."""
        kinds: dict[tuple[str, ...], list[str]] = {}
        for name, said in self.outcomes.items():
            kinds.setdefault(said, []).append(name)
        turn += crc32(self.title.encode())
        return {people[(turn + step) % len(people)] for people in kinds.values() for step in range(number)}


@dataclass(frozen=True)
class Cell:
    """One question and the answer the table gives to it."""

    address: str
    verb: str
    state: str
    person: str
    column: str
    expected: str

    def __str__(self) -> str:
        column = "" if self.column == self.verb else f" {self.column}"
        return f"{self.verb} {self.address} {self.state} · {self.person}{column}"


def grids(*names: str) -> list[Grid]:
    """The grids of these files, or of all."""
    paths = [FOLDER / f"{name}.txt" for name in names] if names else sorted(FOLDER.glob("*.txt"))
    return [grid for path in paths for grid in _read(path)]


def cells(*names: str) -> list[Cell]:
    """Every cell of these files, or of all."""
    return [cell for grid in grids(*names) for cell in grid.cells()]


def _read(path: Path) -> Iterator[Grid]:
    groups: dict[str, list[str]] = {"所有人": list(EVERYBODY)}
    grid: Grid | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split()
        try:
            if not words or words[0].startswith("#"):
                continue
            if words[0] == "组":
                groups[words[1]] = _named(words[3:], groups)
            elif words[0].startswith("【"):
                if grid is not None:
                    yield _whole(grid)
                grid = Grid(line.strip("【】 "), path.stem)
            elif grid is not None:
                _line(grid, words, groups)
            else:
                raise ValueError("nothing has a title yet")
        except ValueError as error:
            raise ValueError(f"{path.name}:{number}: {error}") from error
    if grid is not None:
        yield _whole(grid)


def _line(grid: Grid, words: list[str], groups: dict[str, list[str]]) -> None:
    if words[0] == "列":
        grid.columns = tuple(words[1:])
    elif words[0] == "在":
        grid.states = tuple(words[1:])
    elif words[0] == "事件":
        grid.rows.append(Row(words[1], words[0]))
    elif words[0] in VERBS:
        grid.rows.append(Row(words[1], words[0], words[2] if len(words) > 2 else ""))
    elif words[0].startswith("/"):
        grid.rows.append(Row(words[0], "", words[1] if len(words) > 1 else ""))
    else:
        people, said = words[: -len(grid.columns)], tuple(words[-len(grid.columns) :])
        wrong = set(said) - set(OUTCOMES)
        if wrong or not people:
            raise ValueError(f"{len(grid.columns)} outcomes are wanted; unknown: {sorted(wrong)}")
        grid.outcomes |= dict.fromkeys(_named(people, groups), said)


def _named(words: list[str], groups: dict[str, list[str]]) -> list[str]:
    unknown = [word for word in words if word not in groups and word not in EVERYBODY]
    if unknown:
        raise ValueError(f"nobody is called {unknown}")
    return [name for word in words for name in groups.get(word, [word])]


def _whole(grid: Grid) -> Grid:
    """Every grid answers for everybody."""
    missing = set(EVERYBODY) - set(grid.outcomes)
    if missing or not grid.rows or not grid.columns or (grid.states and len(grid.states) != len(grid.columns)):
        raise ValueError(f"{grid.file}, {grid.title}: rows, columns or people are missing: {sorted(missing)}")
    return grid
