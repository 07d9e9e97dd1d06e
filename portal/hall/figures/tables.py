"""Tables of figures as plain values: one and the same for the page and for Excel."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.rollups.asking import Reading
from portal.rollups.book import Figure, How
from portal.sheets.out import Column, Kind, Sheet

FINE = "正常"


@dataclass(frozen=True)
class Cell:
    """One value: what Excel gets, what the page says, where it leads, how it looks (as a light, `tone` is its colour and sign); `meter` fills a bar (0 to 96)."""

    value: Any
    text: str
    url: str = ""
    tone: str = ""
    meter: str = ""
    note: str = ""


@dataclass(frozen=True)
class Head:
    """A column's heading; `short` is said beside each value on a phone."""

    title: str
    kind: Kind = Kind.TEXT
    short: str = ""

    @property
    def num(self) -> bool:
        """Whether it is set to the right."""
        return self.kind != Kind.TEXT


@dataclass
class Table:
    """One table under its stable code; the first column names the row. `lights` draws cells as lights, `heat` on a ground the warmer the more."""

    code: str
    title: str
    note: str
    heads: list[Head]
    rows: list[list[Cell]] = field(default_factory=list)
    empty: str = ""
    lights: bool = False
    heat: bool = False
    rules: str = ""
    export_url: str = ""

    @property
    def drawn(self) -> list[tuple[Cell, list[tuple[Head, Cell]]]]:
        """Rows for the page: the first cell, then each other with its heading."""
        return [(row[0], list(zip(self.heads[1:], row[1:], strict=True))) for row in self.rows]

    def sheet(self) -> Sheet:
        """The same for Excel."""
        columns = [Column(head.title, head.kind) for head in self.heads]
        return Sheet(self.title, columns, [[cell.value for cell in row] for row in self.rows])


def head_of(figure: Figure) -> Head:
    """The column of a figure."""
    if figure.how.is_percent:
        return Head(figure.title, Kind.SHARE)
    unit = f"（{figure.unit}）" if figure.how in (How.MIDDLE, How.MEAN, How.AMOUNT) else ""
    return Head(f"{figure.title}{unit}", Kind.MONEY if figure.how == How.AMOUNT else Kind.NUMBER, figure.title)


def light_heads(figures: Sequence[Figure]) -> list[Head]:
    """The columns of these figures, with a word beside each value on a phone."""
    heads = [(one, head_of(one)) for one in figures]
    return [Head(head.title, head.kind, (one.light and one.light.word) or one.title[:5]) for one, head in heads]


def cell_of(reading: Reading, url: str = "") -> Cell:
    """A figure's value in a table, with how many cases lie behind it."""
    value: Decimal | None = reading.value
    if value is not None and reading.figure.how.is_percent:
        value = value / 100
    text = reading.words + ("%" if reading.figure.how.is_percent and reading.value is not None else "")
    behind = f"{reading.n}/{reading.over}" if reading.figure.how == How.SHARE and reading.over else ""
    return Cell(value, text, url if reading.n else "", note=behind)


def light_of(reading: Reading, url: str, *, idle: bool) -> Cell:
    """A figure as a light with its word: 超时 4, 正常, 92%; none where there is nothing to judge, a plain value without a rule."""
    if idle or reading.value is None:
        return Cell(
            None,
            "无" if idle or not reading.over else f"仅 {reading.over} {reading.figure.word}",
            tone="off",
        )
    if reading.figure.light is None:
        return cell_of(reading, url)
    tone = reading.tone or "off"
    if reading.figure.how == How.LIVE:
        word = f"{reading.figure.light.word if reading.figure.light else ''} {reading.n}" if reading.n else FINE
    else:
        word = reading.words + ("%" if reading.figure.how.is_percent else "")
    value = reading.value / 100 if reading.figure.how.is_percent else reading.value
    return Cell(value, word, url if reading.n else "", tone)


def meter_of(reading: Reading, url: str) -> Cell:
    """A share with its bar."""
    cell = cell_of(reading, url)
    if reading.value is None:
        return cell
    filled = f"{96 * reading.value / 100:.1f}"
    return Cell(cell.value, cell.text, cell.url, "late" if reading.tone == "late" else "", filled, cell.note)


def rules_of(figures: Sequence[Figure]) -> str:
    """What the lights mean, in words."""
    said = []
    for one in figures:
        if one.light is None:
            continue
        if one.how == How.LIVE:
            said.append(f"{one.title}：有就是红，没有就是绿")
        else:
            red, amber, word = one.light.red, one.light.amber, "低于" if one.light.high_is_good else "达到"
            both = "（多或少）" if one.light.either else ""
            said.append(f"{one.title}{both}：{word} {red}{one.unit} 红，{word} {amber}{one.unit} 黄")
    return "；".join(said) + "。不足 5 件的不判。"
