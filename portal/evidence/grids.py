"""The grid laid over a photo for covering parts of it: near square cells, each named by its row and column, from 1."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

NAME = re.compile(r"[1-9][0-9]?-[1-9][0-9]?")
COLUMNS, COLUMNS_OF_TALL, LEAST_ROWS, MOST_ROWS = 12, 6, 2, 24
TALL = 2  # times as high as wide: fewer columns, so that a cell stays large enough for a finger


@dataclass(frozen=True)
class Grid:
    """So many columns and rows over a photo of `width` by `height` pixels. A cell's number counts along the rows from 0."""

    width: int
    height: int

    @property
    def columns(self) -> int:
        """12; 6 over a photo more than twice as high as wide."""
        return COLUMNS_OF_TALL if self.height > TALL * self.width else COLUMNS

    @property
    def rows(self) -> int:
        """As many as make the cells near square, 2 to 24."""
        return max(LEAST_ROWS, min(MOST_ROWS, round(self.columns * self.height / max(1, self.width))))

    @property
    def size(self) -> int:
        """How many cells."""
        return self.columns * self.rows

    def name(self, number: int) -> str:
        """`3-5`: third row, fifth column."""
        return f"{number // self.columns + 1}-{number % self.columns + 1}"

    def number(self, name: str) -> int | None:
        """The number of a cell so named; none where the grid has no such cell."""
        if not NAME.fullmatch(name):
            return None
        row, column = map(int, name.split("-"))
        return (row - 1) * self.columns + column - 1 if row <= self.rows and column <= self.columns else None

    def boxes(self, numbers: Iterable[int]) -> list[tuple[int, int, int, int]]:
        """Where these cells lie: left, top, right and bottom in pixels. Together the cells leave no pixel out."""
        found = []
        for row, column in (divmod(number, self.columns) for number in numbers):
            left, right = (self.width * at // self.columns for at in (column, column + 1))
            top, bottom = (self.height * at // self.rows for at in (row, row + 1))
            found.append((left, top, right, bottom))
        return found
