"""Excel out: tables of any length as one workbook that opens anywhere and runs nothing.

Whatever a person typed is text in the file, never a formula (OWASP, CSV injection): cells that begin with `=`, `+`, `-`,
`@` or a control character are marked as quoted text. Numbers stay numbers, negative ones too.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from portal import clock
from portal.clock import SCHOOL_TIME

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575  # what Excel holds beside the header
MOST_SIGNS = 32_767  # in one cell
MOST_LISTED = 255  # signs of a drop-down written into the rule itself; longer ones stand on a sheet of their own
TYPED_ROWS = 5_000  # rows of a template that offer the drop-down
CHOICES = "选项"
_RISKY = re.compile(r"^[=+\-@\x00-\x1f\x7f]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")


class Kind(StrEnum):
    """What a column holds. Ids, numbers of cases and phone numbers are text; a share is 0 to 1 and shown in per cent."""

    TEXT, NUMBER, MONEY, SHARE, DATE, DATETIME = "text", "number", "money", "share", "date", "datetime"


SHOWN: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"num_format": "@", "text_wrap": True},
    Kind.NUMBER: {},
    Kind.MONEY: {"num_format": "#,##0.00"},
    Kind.SHARE: {"num_format": "0.0%"},
    Kind.DATE: {"num_format": "yyyy-mm-dd"},
    Kind.DATETIME: {"num_format": "yyyy-mm-dd hh:mm"},
}
WIDTHS = {Kind.TEXT: 22, Kind.NUMBER: 11, Kind.MONEY: 14, Kind.SHARE: 11, Kind.DATE: 12, Kind.DATETIME: 17}


@dataclass(frozen=True)
class Column:
    """One column: its heading, what it holds, how wide (in characters; 0: by kind), and what a template offers."""

    title: str
    kind: Kind = Kind.TEXT
    width: float = 0
    required: bool = False
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class Sheet:
    """One table: rows are sequences in the order of the columns, read once; None is an empty cell."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]] = ()


def workbook(sheets: Sequence[Sheet], *, instructions: Sequence[str] = (), at: datetime | None = None) -> bytes:
    """The tables as one .xlsx; `instructions` become a first sheet, one line each. Memory does not grow with the rows."""
    out = BytesIO()
    with TemporaryDirectory(prefix="sheets-") as folder:
        book = xlsxwriter.Workbook(out, {"constant_memory": True, "tmpdir": folder})
        moment = (at or clock.now()).astimezone(SCHOOL_TIME).replace(tzinfo=None)
        book.set_properties({"created": moment, "author": "阳光校务"})
        if instructions:
            _write_instructions(book, instructions)
        titles = _titles([sheet.title for sheet in sheets], taken=[one.name for one in book.worksheets()])
        lists = _Lists(book)
        for title, sheet in zip(titles, sheets, strict=True):
            _write(book, title, sheet, lists)
        lists.write()
        book.close()
    return out.getvalue()


def answer(content: bytes, name: str) -> HttpResponse:
    """The workbook as a download called `name` (without the ending); nobody else's cache keeps it."""
    response = HttpResponse(content, content_type=MIME)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def safe(text: str) -> str:
    """What can be written into a cell: no signs XML does not know, no more than Excel holds."""
    return cut(_UNWRITABLE.sub("", text), MOST_SIGNS)


def cut(text: str, most: int) -> str:
    """The beginning of a text that Excel counts as no more than `most` signs: it counts rare characters twice."""
    units = text.encode("utf-16-le")
    return text if len(units) <= 2 * most else units[: 2 * most].decode("utf-16-le", "ignore")


def _titles(wanted: Iterable[str], *, taken: Iterable[str]) -> list[str]:
    """Names Excel takes: 31 signs, none of []:*?/\\', no two the same however written."""
    seen = {one.lower() for one in [*taken, CHOICES]}
    found: list[str] = []
    for title in wanted:
        clean = _NOT_IN_TITLES.sub(" ", safe(title)).strip() or "表"
        name, n = cut(clean, 31), 2
        while name.lower() in seen:
            name, n = f"{cut(clean, 30 - len(str(n)))} {n}", n + 1
        seen.add(name.lower())
        found.append(name)
    return found


class _Lists:
    """Drop-downs too long for a rule: each becomes a column of one hidden sheet."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.columns: list[list[str]] = []

    def source(self, choices: Sequence[str]) -> list[str] | str:
        """What the rule names: the words themselves, or where they stand."""
        words = [safe(one) for one in choices]
        if len(",".join(words)) <= MOST_LISTED and not any("," in one or one[:1] == "=" for one in words):
            return words
        self.columns.append(words)
        letter = xlsxwriter.utility.xl_col_to_name(len(self.columns) - 1)
        return f"='{CHOICES}'!${letter}$1:${letter}${len(words)}"

    def write(self) -> None:
        """Writes them row by row, as a file of constant memory wants it."""
        if not self.columns:
            return
        page = self.book.add_worksheet(CHOICES)
        page.hide()
        for row in range(max(map(len, self.columns))):
            for at, words in enumerate(self.columns):
                if row < len(words):
                    page.write_string(row, at, words[row])


def _write_instructions(book: Any, lines: Sequence[str]) -> None:
    page = book.add_worksheet("填写说明")
    page.set_column(0, 0, 90)
    shown = book.add_format({"text_wrap": True, "valign": "top"})
    for at, line in enumerate(lines):
        page.write_string(at, 0, safe(line), shown)


def _write(book: Any, title: str, sheet: Sheet, lists: _Lists) -> None:
    page = book.add_worksheet(title)
    page.freeze_panes(1, 0)
    formats = [book.add_format(SHOWN[column.kind] | {"valign": "top"}) for column in sheet.columns]
    quoted = book.add_format(SHOWN[Kind.TEXT] | {"valign": "top", "quote_prefix": True})
    for at, column in enumerate(sheet.columns):
        fit = max(WIDTHS[column.kind], 2 * len(column.title) + 2) if not column.width else column.width
        page.set_column(at, at, fit, formats[at])
        colour = "#B3261E" if column.required else "#0F5A5A"
        head = book.add_format({"bold": True, "font_color": "white", "bg_color": colour, "valign": "vcenter"})
        page.write_string(0, at, safe(column.title), head)
        if column.choices:
            page.data_validation(1, at, TYPED_ROWS, at, {"validate": "list", "source": lists.source(column.choices)})
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        if last > MOST_ROWS:
            raise ValueError(f"Excel holds no more than {MOST_ROWS} rows; make several sheets")
        for at, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            _cell(page, last, at, column.kind, value, formats[at], quoted)
    if last:
        page.autofilter(0, 0, last, len(sheet.columns) - 1)


def _cell(page: Any, row: int, at: int, kind: Kind, value: Any, shown: Any, quoted: Any) -> None:
    """One cell. A value that is not of its column's kind is written as the text it is."""
    if value is None or value == "":
        return
    counts = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    if kind in (Kind.NUMBER, Kind.MONEY, Kind.SHARE) and counts and abs(value) < Decimal("1e15"):
        page.write_number(row, at, float(value), shown)
    elif kind in (Kind.DATE, Kind.DATETIME) and isinstance(value, date) and value.year >= 1900:
        if isinstance(value, datetime) and value.tzinfo is not None:
            value = value.astimezone(SCHOOL_TIME).replace(tzinfo=None)
        page.write_datetime(row, at, value, shown)
    else:
        text = str(value)
        page.write_string(row, at, safe(text), quoted if _RISKY.match(text) else shown)
