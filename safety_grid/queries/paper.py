"""The grid on paper: the board of a school on one A3 sheet, and a card for each spot."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.db.models import Q

from portal.orgs.models import Unit
from portal.stickers.models import Sticker
from portal.stickers.queries import living
from safety_grid.models import Cell

from .grid import Node, Watcher, open_cells, tree_of, watchers

CARDS = 6  # on one A4 sheet
SHEETS = 10  # in one go
DUTIES = 4  # lines on a card
CROWDED, FULL = 60, 120  # spots of a board from which on it is written smaller


@dataclass(frozen=True)
class Entry:
    """One line of the board: what it is called, how deep it stands, who answers for it; a floor says `of` which building."""

    name: str
    depth: int
    hours: str = ""
    watched: bool = True
    names: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True)
class Block:
    """One building or ground of the board with all its spots."""

    head: Entry
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Board:
    """All spots of a school; `size` says how small it must be written to fit its sheet."""

    own: tuple[Entry, ...]
    blocks: tuple[Block, ...]
    count: int

    @property
    def size(self) -> str:
        """large, medium or small."""
        return "large" if self.count <= CROWDED else "medium" if self.count <= FULL else "small"


@dataclass(frozen=True)
class Card:
    """What hangs at one spot; without a sticker of the place there is no code to scan."""

    cell: Cell
    watchers: list[Watcher]
    sticker: Sticker | None
    duties: list[str] = field(default_factory=list)


def board_of(school: Unit) -> Board:
    """The whole grid of a school as lines, in the order of the tree."""
    root, count = tree_of(school, whole=True)
    own = tuple(_entry(one, 0) for one in root.cells)
    return Board(own, tuple(_block(node) for node in root.below), count)


def cards_of(unit: Unit, *, after: int = 0, only: int = 0) -> list[Card]:
    """Cards of the spots at a unit and below, one batch and one more; or of one spot alone."""
    rows = open_cells(unit.path).order_by("pk").filter(pk__gt=after)
    cells = list((rows.filter(pk=only) if only else rows)[: CARDS * SHEETS + 1])
    today = watchers(Q(cell__in=cells))
    codes = {one.unit_id: one for one in living().filter(about="", unit__in=[one.unit_id for one in cells])}
    return [Card(one, today.get(one.pk, []), codes.get(one.unit_id), one.duties.splitlines()[:DUTIES]) for one in cells]


def _block(node: Node) -> Block:
    main = node.main
    head = _entry(main, 0) if main else Entry(node.unit.name, 0, watched=False)
    return Block(head, tuple(_lines(node, 1)))


def _lines(node: Node, depth: int) -> Iterator[Entry]:
    """Everything below; what has places of its own names what it lies in, for a column may begin with it."""
    yield from (_entry(one, depth) for one in node.others)
    for below in node.below:
        main = below.main
        line = _entry(main, depth) if main else Entry(below.unit.name, depth, watched=False)
        yield replace(line, of=node.unit.name) if below.below else line
        yield from _lines(below, depth + 1)


def _entry(cell: Cell, depth: int) -> Entry:
    names = tuple(one.holding.person.name for one in cell.today)  # type: ignore[attr-defined]
    return Entry(cell.name, depth, cell.hours, names=names)
