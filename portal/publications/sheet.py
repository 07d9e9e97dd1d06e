"""How small a poster must be drawn so that it is one sheet: by an estimate of its height, since no script measures it."""

import re
from collections.abc import Iterator

from .faces import Face

SHEET = 1020  # pixels of height that an A4 sheet holds between its margins; A3 holds as much, drawn larger
LINE, SIGNS = 28, 42  # of running text: its height, and how many signs stand in it
PICTURE = 250  # as high as the stylesheet lets one be
FRAME = 95 + 165  # head and foot
STEPS = range(100, 45, -5)  # percent, each a class of the stylesheet


def drawn_at(face: Face) -> int:
    """At how many percent it is drawn; 0 where not even the smallest is one sheet, and the paper ends with a word on it."""
    needed = 100 * SHEET / (FRAME + sum(_parts(face)))
    return next((step for step in STEPS if step <= needed), 0)


def _parts(face: Face) -> Iterator[int]:
    """The height of each part, in pixels at full size."""
    if face.figures:
        yield 118 * -(-len(face.figures) // 5)
    for table in face.tables:
        if table.only or not table.long:
            rows = len(table.bars) if table.only else len(table.rows)
            yield 68 + 33 * (rows + bool(table.total)) + 26 * bool(table.said)
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


def _text(words: str) -> int:
    return 12 + LINE * max(1, -(-len(words) // SIGNS))
