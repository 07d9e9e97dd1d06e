"""What a publication says, as plain values: figures, tables, words. One spelling for digest, page, Excel and programs."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

MISREAD = str.maketrans("OIL", "011")  # no code has these letters: people read them for these digits
PRINTED = re.compile(r"(?<![0-9A-F])[0-9A-F]{4}([-–—\s][0-9A-F]{4}){3}(?![0-9A-F])")  # a code as it is printed
Shown = Literal["text", "count", "money", "share", "hours", "change"]
Against = Literal["change", "was", "none"]


@dataclass(frozen=True)
class Figure:
    """One number at the top: its name, its value (元 as Decimal, a share from 0 to 1) and how it is shown.

    `against` says how it stands beside the period before: by how much it changed, what it was then, or nothing.
    """

    code: str
    title: str
    value: Decimal | int | None
    shown: Shown = "count"
    unit: str = ""
    note: str = ""
    against: Against = "change"


@dataclass(frozen=True)
class Mark:
    """One number drawn large beside the tables: a share as a `ring`, or a `score` with how that stands (`verdict`)."""

    code: str
    title: str
    value: Decimal
    drawn: Literal["ring", "score"] = "ring"
    label: str = ""
    said: str = ""
    verdict: str = ""
    good: bool = True


@dataclass(frozen=True)
class Column:
    """One column of a table. A `change` is a share of what was, above or below zero, and is drawn with its sign."""

    code: str
    title: str
    shown: Shown = "text"


@dataclass(frozen=True)
class Table:
    """A table: rows in the order of the columns, the first of which names the row; `total` is its last line.

    `bars` is the column drawn as bars beside the same rows of the period before; `drawn` bars stand for the table, which
    is then only in the files. `said` explains, under the table. Of a long one the page shows the `first` rows and the rest
    on request; the paper on the wall leaves it out, and has sheets of its own for the lines that say the same in the column
    `apart`. `under`: the second column stands below the name of the row.
    """

    code: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    total: Sequence[Any] = ()
    bars: str = ""
    said: str = ""
    drawn: bool = False
    first: int = 0
    under: bool = False
    apart: str = ""


@dataclass(frozen=True)
class File:
    """A document that belongs to it: its id in the evidence, name, digest and size in bytes."""

    id: str
    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Picture:
    """A picture its text shows: its id in the evidence, what it shows, digest, size in bytes and in pixels."""

    id: str
    alt: str
    sha256: str
    bytes: int
    width: int
    height: int


@dataclass(frozen=True)
class Content:
    """All that one publication says; `html` is safe rich text (announcements), `summary` one line for lists and feeds.

    `lead` stands below the title; `wall` are lines (what about, words) for the paper that hangs on a wall.
    """

    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()
    words: Sequence[str] = ()
    summary: str = ""
    html: str = ""
    posts: Sequence[tuple[str, str]] = field(default_factory=tuple)
    marks: Sequence[Mark] = ()
    lead: str = ""
    wall: Sequence[tuple[str, str]] = ()
    category: str = ""
    files: Sequence[File] = ()
    pictures: Sequence[Picture] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it: amounts as strings, so that no program rounds them."""
        said: dict[str, Any] = {
            "figures": [_named(one) for one in self.figures],
            "tables": [_table(one) for one in self.tables],
            "words": list(self.words),
            "summary": self.summary,
        }
        if self.html:
            said["html"] = self.html
        if self.category:
            said["category"] = self.category
        if self.files:
            said["files"] = [vars(one) for one in self.files]
        if self.pictures:
            said["pictures"] = [vars(one) for one in self.pictures]
        if self.posts:
            said["posts"] = [{"part": part, "post": post} for part, post in self.posts]
        if self.marks:
            said["marks"] = [_mark(one) for one in self.marks]
        if self.lead:
            said["lead"] = self.lead
        if self.wall:
            said["wall"] = [{"about": about, "words": words} for about, words in self.wall]
        return said


@dataclass(frozen=True)
class Signed:
    """Content as it was signed: its stored spelling, and who gave which signature when, by post."""

    text: str
    signatures: Sequence[tuple[str, str, datetime]]

    def plain(self) -> dict[str, Any]:
        """As it was stored when it was prepared."""
        said: dict[str, Any] = json.loads(self.text)
        return said

    @property
    def post(self) -> str:
        """Who answers for it: the last to sign."""
        return self.signatures[-1][1]


def canonical(payload: Any) -> str:
    """The one spelling that is digested: sorted keys, no spaces, Decimals as strings. Refused: binary fractions."""
    _refuse_floats(payload)
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_spelled)


def digest_of(text: str) -> str:
    """SHA-256 of a canonical payload."""
    return hashlib.sha256(text.encode()).hexdigest()


def code_of(digest: str) -> str:
    """The verification code people type: the beginning of the digest, in groups of four (7F3A-91C2-04BE-88D1)."""
    return "-".join(digest[at : at + 4].upper() for at in range(0, 16, 4))


def typed_code(text: str) -> str:
    """A code as it was typed or scanned, in its one spelling; empty when it cannot be one."""
    plain = unicodedata.normalize("NFKC", text).upper().translate(MISREAD)
    found = PRINTED.search(plain)  # pasted with the words beside it
    tail = (
        found[0] if found else plain.strip().rstrip("/").rpartition("/")[2]
    )  # a scanned code is the end of an address
    signs = "".join(sign for sign in tail if sign not in "- \t·—–")
    whole = len(signs) == 16 and all(sign in "0123456789ABCDEF" for sign in signs)
    return code_of(signs) if whole else ""


def _named(figure: Figure) -> dict[str, Any]:
    parts = {"unit": figure.unit, "note": figure.note, "against": figure.against.replace("change", "")}
    said = {"code": figure.code, "title": figure.title, "shown": figure.shown, "value": figure.value}
    return said | {name: value for name, value in parts.items() if value}


def _mark(mark: Mark) -> dict[str, Any]:
    parts = {"label": mark.label, "said": mark.said, "verdict": mark.verdict}
    said = {"code": mark.code, "title": mark.title, "value": mark.value, "drawn": mark.drawn, "good": mark.good}
    return said | {name: value for name, value in parts.items() if value}


def _table(table: Table) -> dict[str, Any]:
    columns = [{"code": one.code, "title": one.title, "shown": one.shown} for one in table.columns]
    parts: dict[str, Any] = {"total": list(table.total), "bars": table.bars, "said": table.said}
    parts |= {"drawn": table.drawn, "first": table.first, "under": table.under, "apart": table.apart}
    said = {"code": table.code, "title": table.title, "columns": columns, "rows": [list(row) for row in table.rows]}
    return said | {name: value for name, value in parts.items() if value}


def _spelled(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a publication does not know how to write {type(value).__name__}")


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("amounts of a publication are Decimals, never floats")
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        _refuse_floats(one)
