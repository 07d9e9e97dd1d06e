"""The grid as people look at it: the tree of a school, one spot with its past, and which grids a person may read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, DateField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Substr

from portal import clock
from portal.errors import NotThere
from portal.orgs.access import holds, scope, tops
from portal.orgs.models import Post, Unit, User, held_on, prefixes
from safety_grid.apps import READERS, WRITERS
from safety_grid.models import Cell, Holding, held_at

from .cells import absent, stand_in, substitute_of

HISTORY = 30  # holdings of one cell on its page
PAGE = 30


@dataclass(frozen=True)
class Watcher:
    """Who answers for a cell today: the holder, and who stands in while they are away."""

    holding: Holding
    away: bool
    substitute: User | None

    @property
    def words(self) -> str:
        """As the tree says it: the name, or the one who stands in."""
        name = self.holding.person.name
        if not self.away:
            return name
        return f"{self.substitute.name}（代{name}）" if self.substitute else f"{name}（请假无人代）"


@dataclass
class Node:
    """One place of the tree with its own cells and what lies below."""

    unit: Unit
    cells: list[Cell] = field(default_factory=list)
    below: list["Node"] = field(default_factory=list)
    is_open: bool = False

    @property
    def main(self) -> Cell | None:
        """The cell that stands for the place itself: that of no particular hours."""
        return next((one for one in self.cells if not one.hours and not one.title), None)

    @property
    def vacant(self) -> int:
        """How many spots here and below nobody holds today."""
        mine = sum(not one.today for one in self.cells)  # type: ignore[attr-defined]
        return mine + sum(one.vacant for one in self.below)

    @property
    def others(self) -> list[Cell]:
        """Cells of particular hours or names, shown as leaves."""
        return [one for one in self.cells if one is not self.main]


def starts(by: User) -> list[Unit]:
    """The tops of the grids a person reads: the schools they have a post in, and all below offices they serve at; one query."""
    units = Unit.objects.filter(path__in=scope(by, *READERS)).select_related("school").order_by()
    found = {one.path: one for one in (one.school or one for one in units)}
    return [found[path] for path in tops(found)]


def readable(by: User) -> list[str]:
    """The trees whose grid a person reads."""
    return [one.path for one in starts(by)]


def unit_for(by: User, pk: object) -> Unit:
    """A unit whose grid this person reads; to others it is not there."""
    words = str(pk or "")
    unit = Unit.objects.select_related("school").filter(pk=int(words)).first() if _is_id(words) else None
    if unit is None or not any(unit.path.startswith(path) for path in readable(by)):
        raise NotThere
    return unit


def cell_for(by: User, pk: int) -> Cell:
    """A cell this person reads, closed ones included."""
    cell = Cell.objects.select_related("unit__school").filter(pk=pk).first()
    if cell is None or not any(cell.unit.path.startswith(path) for path in readable(by)):
        raise NotThere
    return cell


def keeps(by: User, path: str) -> bool:
    """Whether the person keeps the grid there: for buttons."""
    return holds(by, WRITERS, path)


def open_cells(path: str) -> QuerySet[Cell]:
    """Cells in use at a unit and below, in the order of the tree, those of no particular hours first."""
    rows = Cell.objects.filter(closed_on=None, unit__path__startswith=path).select_related("unit__school")
    return rows.order_by("unit__path", "begins", "pk")


def held_today() -> QuerySet[Holding]:
    """Holdings that last at this moment, whatever the hours of their cells."""
    at, today = clock.now(), clock.today()
    begun = Q(began_at=None) | Q(began_at__lte=at)
    rows = Holding.objects.filter(begun, held_at(today, at))
    return rows.annotate(duty_day=Value(today, output_field=DateField()))


def watchers(where: Q) -> dict[int, list[Watcher]]:
    """Who answers today, by cell; one query."""
    at = clock.now()
    rows = held_today().filter(where).annotate(away=Exists(absent("person", at)), stand_in=stand_in(at))
    found: dict[int, list[Watcher]] = {}
    for one in rows.select_related("person", "substitute", "cell__unit").order_by("since", "pk"):
        found.setdefault(one.cell_id, []).append(Watcher(one, one.away, substitute_of(one)))
    return found


def tree_of(top: Unit, *, to: Cell | None = None, whole: bool = False) -> tuple[Node, int]:
    """The places of a unit that are watched, with everything between, as a tree; and how many cells that are.

    Open down to the cell looked at; `whole` opens everything. Three queries. Each cell carries its `today`.
    """
    cells = list(open_cells(top.path))
    today = watchers(Q(cell__closed_on=None, cell__unit__path__startswith=top.path))
    paths = {path for one in cells for path in prefixes(one.unit.path) if path.startswith(top.path)}
    units = Unit.objects.filter(path__in=paths | {top.path}).select_related("school").order_by("path")
    nodes = {one.path: Node(one, is_open=whole or one.path == top.path) for one in units}
    for cell in cells:
        cell.today = today.get(cell.pk, [])  # type: ignore[attr-defined]
        nodes[cell.unit.path].cells.append(cell)
    for path, node in nodes.items():
        if path != top.path:
            nodes[path[: -Unit.steplen]].below.append(node)
        node.is_open = node.is_open or (to is not None and to.unit.path.startswith(path))
    return nodes[top.path], len(cells)


def offices_below(top: Unit, *, after: str = "") -> list[Unit]:
    """One page, and one more, of the offices and schools right below a unit, with how many cells lie in each and how
    many of them nobody holds."""
    kinds = ("section", "town", "school")
    rows = Unit.objects.open().filter(path__startswith=top.path, depth=top.depth + 1, kind__in=kinds)
    return list((rows.filter(path__gt=after) if after else rows)[: PAGE + 1])


def counts_of(units: list[Unit]) -> list[tuple[Unit, int, int]]:
    """The same for each unit of one level; one query however many they are."""
    if not units:
        return []
    length, first, last = len(units[0].path), units[0].path, units[-1].path
    empty = ~Exists(held_today().filter(cell=OuterRef("pk")))
    rows = Cell.objects.filter(closed_on=None, unit__path__gte=first, unit__path__lt=last + "~").order_by()
    tops = rows.annotate(top=Substr("unit__path", 1, length)).values("top")
    told = tops.annotate(cells=Count("pk"), vacant=Count("pk", filter=empty))
    known = {top: (cells, vacant) for top, cells, vacant in told.values_list("top", "cells", "vacant")}
    return [(one, *known.get(one.path, (0, 0))) for one in units]


def way_to(unit: Unit, mine: Iterable[Unit]) -> list[Unit]:
    """The units above this one from the tops of the grids the person reads down; one query, none where there is nothing above."""
    above = {
        path for path in prefixes(unit.path) if path != unit.path and any(path.startswith(top.path) for top in mine)
    }
    return list(Unit.objects.filter(path__in=above).order_by("path")) if above else []


def history(cell: Cell) -> list[Holding]:
    """Who answered for a cell and those it follows, the latest first."""
    line = [cell.pk]
    before = cell.follows
    while before is not None and len(line) < HISTORY:
        line.append(before.pk)
        before = before.follows
    rows = Holding.objects.filter(cell__in=line).select_related("person", "substitute")
    return list(rows.order_by("-since", "-pk")[:HISTORY])


def staff(path: str) -> QuerySet[User]:
    """Who could answer for a spot there: everybody who works at the schools and offices of this tree."""
    return User.objects.filter(is_active=True, student=None, home__path__startswith=path)


def without_spot(path: str) -> QuerySet[User]:
    """Staff who hold no cell today."""
    return staff(path).filter(~Exists(held_today().filter(person=OuterRef("pk"))))


def vacant(path: str) -> QuerySet[Cell]:
    """Cells nobody holds today."""
    return open_cells(path).filter(~Exists(held_today().filter(cell=OuterRef("pk"))))


def tied_to(unit: Unit) -> list[tuple[User, Unit]]:
    """Leaders tied to this unit or one above it (包乡包校), the nearest first."""
    posts = Post.objects.filter(
        permission__codename="tied_leader", content_object__path__in=prefixes(unit.path), user__is_active=True
    )
    rows = posts.select_related("user", "content_object").order_by("-content_object__path", "pk")
    return [(one.user, one.content_object) for one in rows]


def heads_of(unit: Unit) -> list[str]:
    """First responsible for a school: its principals; for an office its heads."""
    posts = Post.objects.filter(
        permission__codename__in=("principal", "director"), content_object=unit, user__is_active=True
    )
    return list(posts.order_by("pk").values_list("user__name", flat=True)[:2])


def lasting(cells: Iterable[int]) -> QuerySet[Holding]:
    """Holdings that last or are to come."""
    return (
        Holding.objects.filter(lasting_now(), cell__in=cells)
        .select_related("person", "substitute")
        .order_by("since", "pk")
    )


def lasting_now() -> Q:
    """Holdings that have not ended."""
    return Q(ended_at=None) & (held_on(clock.today()) | Q(since__gt=clock.today()))


def _is_id(words: str) -> bool:
    return words.isascii() and words.isdecimal() and len(words) < 18


def sheet_of(path: str) -> Iterator[list[object]]:
    """The grid of a unit and all below as rows of the Excel file, read a thousand at a time; the first holder named."""
    levels = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}
    held: dict[int, Holding] = {}
    rows = Holding.objects.filter(lasting_now(), cell__closed_on=None, cell__unit__path__startswith=path)
    for one in rows.select_related("person", "substitute").order_by("-since", "-pk"):
        held[one.cell_id] = one
    for cell in open_cells(path).iterator(chunk_size=1000):
        unit = cell.unit
        mine = held.get(cell.pk)
        top = unit.school or unit
        hours = [f"{cell.begins:%H:%M}", f"{cell.ends:%H:%M}"] if cell.begins and cell.ends else ["", ""]
        who = [mine.person.username, mine.person.name] if mine else ["", ""]
        other = mine.substitute.username if mine and mine.substitute else ""
        what = [top.code or top.name, unit.label, cell.title, levels[cell.level], cell.get_days_display(), *hours]
        yield [*what, *who, other, mine.first.isoformat() if mine else "", cell.duties]
