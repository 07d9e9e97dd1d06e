"""Importing a table: each line judged by one form, every bad line named, nothing written before a person has seen it.

An affair gives the form of a line and what it makes of the lines (new, changed, the same). The page shows that as a
plan; its digest comes back with the confirmation, so that what is written is what was seen.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from django import forms

from portal.errors import BadInput

from .out import Column, Kind, Sheet, workbook
from .reading import as_text, rows_of

NAMED = 200  # bad lines named on a page; all of them in the file of mistakes


@dataclass(frozen=True)
class Line:
    """One line of the file by its number in Excel (the heading is 1), with its clean values."""

    number: int
    clean: dict[str, Any]


@dataclass(frozen=True)
class Mistake:
    """Why a line cannot be taken."""

    number: int
    reason: str

    def __str__(self) -> str:
        return f"第 {self.number} 行：{self.reason}"


@dataclass
class Table:
    """What was read: good lines, bad ones, and whether anything may be written."""

    lines: list[Line] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


@dataclass(frozen=True)
class Importer:
    """One kind of import: `row` judges a line, its labels are the headings; `key` names the fields no two lines share.

    `kinds` says which columns are numbers or days (else text), `choices` what a template offers in a drop-down.
    """

    title: str
    row: Callable[..., forms.Form]
    fields: Mapping[str, forms.Field]
    key: tuple[str, ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    most: int = 5000

    def columns(self) -> list[Column]:
        """The headings of template and export."""
        return [
            Column(
                str(one.label),
                self.kinds.get(name, Kind.TEXT),
                required=one.required,
                choices=self.choices.get(name, ()),
            )
            for name, one in self.fields.items()
        ]

    def template(self, instructions: Sequence[str], rows: Iterable[Sequence[Any]] = ()) -> bytes:
        """The file to fill in, with how to do it on its first sheet."""
        return workbook([Sheet(self.title, self.columns(), rows)], instructions=instructions)

    def read(self, file: IO[bytes], **more: Any) -> Table:
        """Every line judged; `more` goes to its form. Refused: a file without these headings, without lines, or with too many."""
        rows = rows_of(file, sheet=self.title, most_rows=self.most)
        places = self._places(rows[0] if rows else [])
        table, seen = Table(), dict[tuple[Any, ...], int]()
        for number, cells in enumerate(rows[1:], 2):
            typed = {name: as_text(cells[at]) for name, at in places.items() if at < len(cells)}
            if any(typed.values()):
                self._judge(table, seen, number, typed, more)
        if not table.lines and not table.mistakes:
            raise BadInput("表里没有内容。请从第 2 行起填写。")
        return table

    def _places(self, heading: Sequence[Any]) -> dict[str, int]:
        titles = [str(one).strip() for one in heading]
        missing = [str(one.label) for one in self.fields.values() if one.required and str(one.label) not in titles]
        if missing:
            raise BadInput(
                f"第 1 行缺少这些列：{'、'.join(missing)}。请用模板填写。", instead="下载模板，把内容粘贴进去。"
            )
        return {name: titles.index(str(one.label)) for name, one in self.fields.items() if str(one.label) in titles}

    def _judge(
        self, table: Table, seen: dict[tuple[Any, ...], int], number: int, typed: dict[str, str], more: dict[str, Any]
    ) -> None:
        form = self.row(typed, **more)
        if not form.is_valid():
            said = dict.fromkeys(str(line) for lines in form.errors.values() for line in lines)
            table.mistakes.append(Mistake(number, " ".join(said)))
            return
        key = tuple(form.cleaned_data[name] for name in self.key)
        first = seen.setdefault(key, number) if key else number
        if first != number:
            table.mistakes.append(Mistake(number, f"和第 {first} 行重复。"))
        else:
            table.lines.append(Line(number, form.cleaned_data))


@dataclass(frozen=True)
class Change:
    """What one line would do: `new`, `changed` (with what, in words) or `same`."""

    line: Line
    what: str
    words: str = ""
    row: Any = None


@dataclass(frozen=True)
class Plan:
    """What an import would do, shown before anything is written."""

    changes: Sequence[Change] = ()
    mistakes: Sequence[Mistake] = ()

    def count(self, what: str) -> int:
        """How many lines would do this."""
        return sum(change.what == what for change in self.changes)

    @property
    def new(self) -> int:
        """Lines that add something."""
        return self.count("new")

    @property
    def changed(self) -> int:
        """Lines that change something."""
        return self.count("changed")

    @property
    def same(self) -> int:
        """Lines that say what is there already."""
        return self.count("same")

    @property
    def named(self) -> Sequence[Mistake]:
        """The bad lines shown on the page."""
        return self.mistakes[:NAMED]

    @property
    def shown(self) -> list[Change]:
        """The first changes shown on the page."""
        return [change for change in self.changes if change.what != "same"][:50]

    @property
    def digest(self) -> str:
        """The name of this plan: another file, or other books meanwhile, give another."""
        told = [[change.line.number, change.what, change.words] for change in self.changes]
        told += [[mistake.number, mistake.reason] for mistake in self.mistakes]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
