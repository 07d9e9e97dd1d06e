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
RECEIPT = "回执"  # no token: programs do not come with it
WITNESSES = ("未登录", "教师", "局管理员")
STOPS = ({"登"}, {"码"}, {"密"})
STEPS = ("steps", "steps_of_programs")


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
        return (cell for _, cell in self.numbered())

    def numbered(self) -> Iterator[tuple[int, "Cell"]]:
        """Every cell with the number of its column."""
        for person, said in self.outcomes.items():
            for row in self.rows:
                if person == RECEIPT and row.by_program:
                    continue
                for at, (column, expected) in enumerate(zip(self.columns, said, strict=True)):
                    state = self.states[at] if self.states else row.state
                    yield at, Cell(row.address, row.verb or column, state, person, column, expected)

    def asked(self) -> Iterator["Cell"]:
        """The cells the suite asks, the same ones every day; with WHOLE_TABLE=1 it asks them all.

        People who share a line of outcomes are one kind, and take turns from address to address. At each address every
        column is asked for each of its outcomes; kinds with the same outcome there take turns too, so that over the
        addresses of a grid each kind is asked at each column. Every kind is asked at every address what steps it may
        take, and about other schools and counties.

        What an address lacks for everybody is asked of one of WITNESSES, and who is stopped before anybody looks at a
        case is asked at the first column.
        """
        if WHOLE:
            yield from self.cells()
            return
        addresses = list(dict.fromkeys(row.address for row in self.rows))
        sent = {
            (address, at): self._sent_to(addresses, turn, at)
            for turn, address in enumerate(addresses)
            for at in range(len(self.columns))
        }
        yield from (cell for at, cell in self.numbered() if cell.person in sent[cell.address, at])

    def _sent_to(self, addresses: list[str], turn: int, at: int) -> set[str]:
        """Who is asked about this column at the address of this turn."""
        if {said[at] for said in self.outcomes.values()} == {"非"}:
            return {WITNESSES[(turn + at) % len(WITNESSES)]}
        kinds: dict[tuple[str, ...], list[str]] = {}
        for name, said in self.outcomes.items():
            if name != RECEIPT and not (at and self.stops(name)):
                kinds.setdefault(said, []).append(name)
        alone = self.outcomes[RECEIPT] not in kinds and not (at and self.stops(RECEIPT))
        if self.file not in STEPS and "外" not in self.columns[at]:
            kinds = _in_turn(kinds, turn, at, len(addresses))
        first = turn + crc32(str(self).encode())
        return {people[first % len(people)] for people in kinds.values()} | ({RECEIPT} if alone else set())

    def stops(self, name: str) -> bool:
        """Whether this person is stopped before anybody looks at a case, and the columns are about cases."""
        return set(self.outcomes[name]) in STOPS and self.columns[0] not in VERBS


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


def _in_turn(
    kinds: dict[tuple[str, ...], list[str]], turn: int, at: int, addresses: int
) -> dict[tuple[str, ...], list[str]]:
    """So many of the kinds with the same outcome at this column that all have had their turn after the last address."""
    chosen = {}
    for outcome in dict.fromkeys(said[at] for said in kinds):
        alike = [said for said in kinds if said[at] == outcome]
        number = -(-len(alike) // addresses)
        for step in range(number):
            said = alike[(at + turn * number + step) % len(alike)]
            chosen[said] = kinds[said]
    return chosen


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
