"""How small a poster must be drawn, and in how many columns, so that it is one sheet: by an estimate, since no script measures it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil

from .faces import Face, TableFace

SHEET = 1020  # pixels of height that an A4 sheet holds between its margins; A3 holds as much, drawn larger
LINE, SIGNS = 28, 42  # of running text: its height, and how many signs stand in it
FRAME = 95 + 165  # head and foot
PICTURE = 250  # as high as the stylesheet lets one be
ROW, ABOVE, SAID = 33, 68, 26  # of a table: a row, its title and heads, the line below
CLOSE, CLOSE_ABOVE = 24, 60  # the same in two columns
WIDE, GAP, SIGN = 703, 28, 15  # of the sheet, between columns, and of a sign in them
MANY, NARROW = 3, 5  # tables, and columns of one, that may stand in two columns
STEPS = range(100, 40, -5)  # percent, each a class of the stylesheet
SMALL = 70  # from here on a larger sheet is recommended


@dataclass(frozen=True)
class Sheet:
    """How one sheet is drawn: at how many percent, 0 where not even the smallest holds all and the paper ends with a word on it."""

    percent: int
    columns: int = 1

    @property
    def is_small(self) -> bool:
        """Whether a larger sheet would be kinder to the eye."""
        return self.percent < SMALL


def drawn_at(face: Face) -> Sheet:
    """As large as all of it fits: in one column, or many tables in two where that lets them be larger."""
    tables = [one for one in face.tables if one.only or not one.long]
    around = FRAME + sum(_parts(face))
    whole = _fitting(lambda _: around + sum(_height(one) for one in tables))
    if whole >= SMALL or len(tables) < MANY or any(len(one.heads) > NARROW for one in tables):
        return Sheet(whole)
    halves = _fitting(lambda step: around + _longer([_close(one, step) for one in tables]))
    return Sheet(halves, 2) if halves > whole else Sheet(whole)


def _fitting(height: Callable[[int], float]) -> int:
    """The largest step at which so much fits, 0 where none is small enough."""
    return next((step for step in STEPS if height(step) * step <= 100 * SHEET), 0)


def _longer(heights: list[int]) -> int:
    """The longer of two columns in which tables stand whole and in their order, as the browser balances them."""
    return min(max(sum(heights[:at]), sum(heights[at:])) for at in range(1, len(heights)))


def _height(table: TableFace) -> int:
    rows = len(table.bars) if table.only else len(table.rows)
    return ABOVE + ROW * (rows + bool(table.total)) + SAID * bool(table.said)


def _close(table: TableFace, step: int) -> int:
    """A table in half the width: rows stand closer, and take more lines the larger they are drawn."""
    room = (WIDE * 100 / step - GAP) / 2 / SIGN - len(table.heads)
    lines = sum(ceil(sum(_wide(cell.words) for cell in row) / room) for row in table.rows)
    lines = len(table.bars) if table.only else lines
    return CLOSE_ABOVE + CLOSE * (lines + bool(table.total)) + SAID * bool(table.said)


def _parts(face: Face) -> Iterator[int]:
    """The height of each part beside the tables, in pixels at full size."""
    if face.figures:
        yield 118 * -(-len(face.figures) // 5)
    for about, words in face.wall:
        yield _text(about + words)
    for words in face.words:
        yield _text(words)
    html = str(face.html)
    yield PICTURE * html.count("<img ")
    yield sum(
        _text(re.sub(r"<[^>]+>", "", block))
        for block in re.split(r"</?(?:p|h\d|li|tr|blockquote)[^>]*>|<br>", html)
        if block
    )


def _wide(words: str) -> float:
    """How many signs wide it is; letters and digits are half as wide."""
    return sum(0.55 if sign.isascii() else 1 for sign in words)


def _text(words: str) -> int:
    return 12 + LINE * max(1, -(-len(words) // SIGNS))
