"""How small a poster must be drawn, and in how many columns, so that it is one sheet, and on how many sheets it stands so that
people before the wall can read it: by an estimate, since no script measures it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from django.utils.safestring import SafeString

from .faces import Face, TableFace

SHEET = 1020  # pixels of height that an A4 sheet holds between its margins; A3 holds as much, drawn larger
LINE, SIGNS = 28, 42  # of running text: its height, and how many signs stand in it
FRAME = 95 + 165  # head and foot
PICTURE = 250  # as high as the stylesheet lets one be
ROW, ABOVE, SAID = 33, 68, 26  # of a table: a row, its title and heads, the line below
CLOSE, CLOSE_ABOVE = 24, 60  # the same in two columns
WIDE, GAP, SIGN = 703, 28, 15  # of the sheet, between columns, and of a sign in them
WIDEST = 70  # percent from which on one column is large enough
FIGURES = 4  # of a row
MANY, NARROW = 3, 5  # tables, and columns of one, that may stand in two columns
STEPS = range(100, 40, -5)  # percent, each a class of the stylesheet
SMALL = {"a4": 65, "a3": 45}  # percent: drawn smaller, nobody reads it from before the wall (some 8 points)
LONGEST = 30  # rows of one table on a sheet that is not small


@dataclass(frozen=True)
class Sheet:
    """How one sheet is drawn: at how many percent, 0 where not even the smallest holds all and the paper ends with a word on it."""

    percent: int
    columns: int = 1


@dataclass(frozen=True)
class Paper:
    """One sheet of a poster: what stands on it, and how it is drawn."""

    face: Face
    drawn: Sheet


def papers_of(face: Face, *, size: str, one: bool = False) -> list[Paper]:
    """The poster's sheets of this size: `one` where the writing stays large or somebody wants just one, else as few as keep it
    large. Tables stay in their order, and whole where a sheet holds them; what is said beside them stands on the last."""
    whole, least = drawn_at(face), SMALL[size]
    tables = [part for table in face.tables if table.only or not table.long for part in _pieces(table)]
    made = [Paper(face, whole)]
    for sheets in range(2, len(tables) + 1):
        if one or min(paper.drawn.percent for paper in made) >= least:
            break
        runs = _even(tables, sheets, _figures(face))
        made = [Paper(part, drawn_at(part)) for part in _parts_of(face, runs)]
    return made


def _parts_of(face: Face, runs: Sequence[list[TableFace]]) -> Iterator[Face]:
    for at, tables in enumerate(runs, 1):
        first, last = at == 1, at == len(runs)
        yield replace(
            face, tables=tables, figures=face.figures if first else [], html=face.html if first else SafeString(""),
            words=face.words if last else [], wall=face.wall if last else [],
        )  # fmt: skip


def _even(tables: list[TableFace], sheets: int, above: int) -> list[list[TableFace]]:
    """The tables in at most so many runs, the tallest as low as can be; `above` the first stand figures."""
    room = max(_height(one) for one in tables)
    while len(runs := _filled(tables, room, above)) > sheets:
        room += ROW
    return runs


def _filled(tables: list[TableFace], room: int, above: int) -> list[list[TableFace]]:
    """Runs of tables, each as long as it may be."""
    runs: list[list[TableFace]] = [[]]
    high = above
    for one in tables:
        if runs[-1] and high + _height(one) > room:
            runs.append([])
            high = 0
        runs[-1].append(one)
        high += _height(one)
    return runs


def _pieces(table: TableFace) -> Iterator[TableFace]:
    """A table too long for a readable sheet in pieces; its sums and what is said of it stand below the last."""
    rows, bars = table.rows, table.bars
    count = len(bars) if table.only else len(rows)
    for begin in range(0, count or 1, LONGEST):
        last = begin + LONGEST >= count
        end = begin + LONGEST
        yield replace(
            table, rows=rows[begin:end], bars=bars[begin:end], total=table.total if last else [],
            sums=table.sums if last else None, said=table.said if last else "",
        )  # fmt: skip


def drawn_at(face: Face) -> Sheet:
    """As large as all of it fits: in one column, or many tables in two where that lets them be larger."""
    tables = [one for one in face.tables if one.only or not one.long]
    around = FRAME + sum(_parts(face))
    whole = _fitting(lambda _: around + sum(_height(one) for one in tables))
    if whole >= WIDEST or len(tables) < MANY or any(len(one.heads) > NARROW for one in tables):
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
    yield _figures(face)
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


def _figures(face: Face) -> int:
    return 118 * -(-len(face.figures) // FIGURES)


def _wide(words: str) -> float:
    """How many signs wide it is; letters and digits are half as wide."""
    return sum(0.55 if sign.isascii() else 1 for sign in words)


def _text(words: str) -> int:
    return 12 + LINE * max(1, -(-len(words) // SIGNS))
