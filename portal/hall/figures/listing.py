"""各校: every school of a unit beside each other, a page at a time, in the order of any figure, found by name or town."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.http import HttpRequest

from portal.orgs.models import Unit
from portal.rollups.asking import Tallied
from portal.rollups.book import Figure, How

from .board import Board
from .sections import lights_of, named
from .tables import Head, Table, light_heads, rules_of

SIZE = 20  # schools of a page
BEST = "best"


@dataclass
class Listing:
    """What an address asks of the list: by which figure (none: the tree's order), the best first or the worst, in which
    town, with which words in the name, after which school."""

    board: Board
    towns: Sequence[Unit]
    by: Figure | None = None
    best: bool = False
    town: Unit | None = None
    words: str = ""
    after: int = 0
    found: list[Unit] = field(default_factory=list)

    @classmethod
    def of(cls, request: HttpRequest, board: Board, towns: Sequence[Unit]) -> "Listing":
        """From an address; anything it does not know counts as not said."""
        asked, chapter = request.GET, board.chapter
        by = chapter.named.get(f"{chapter.affair}.{asked.get('by', '')}")
        columns = [*chapter.lights, *([by] if by is not None and by not in chapter.lights else [])]
        town = next((one for one in towns if str(one.pk) == asked.get("town", "")), None)
        after, words = asked.get("after", ""), asked.get("q", "").strip()[:40]
        made = cls(replace(board, only=tuple(columns)), towns, by, asked.get("order") == BEST, town, words)
        made.after = int(after) if after.isdecimal() and len(after) < 18 else 0
        inside = [one for one in board.schools if town is None or one.is_under(town.path)]
        made.found = made.sorted([one for one in inside if words in one.name])
        return made

    def sorted(self, schools: list[Unit]) -> list[Unit]:
        """In the order of the figure; schools of which it says nothing come last, and the same stand as in the tree."""
        known = {one.pk: self.value(self.board.of([one])) for one in schools} if self.by else {}
        rising = (self.by.high_is_good is not False) != self.best if self.by else True

        def place(one: Unit) -> tuple[bool, Decimal, str]:
            value = known.get(one.pk)
            return value is None, (value or Decimal(0)) * (1 if rising else -1), one.path

        return sorted(schools, key=place)

    def value(self, counted: Tallied) -> Decimal | None:
        """What a school is sorted by; a surplus by how far it lies from nothing."""
        if self.by is None:
            return None
        value = counted.read(self.by).value
        either = self.by.light is not None and self.by.light.either
        return abs(value) if value is not None and either else value

    @property
    def sorts(self) -> str:
        """What it is sorted by, as the address names it."""
        return self.by.name.partition(".")[2] if self.by else ""

    @property
    def orders(self) -> tuple[str, str]:
        """What the two orders are called: of what is neither good nor bad, the least first or the most."""
        neutral = self.by is not None and self.by.high_is_good is None
        return ("少的在前", "多的在前") if neutral else ("差的在前", "好的在前")

    @property
    def page(self) -> list[Unit]:
        """The schools after the one it goes on from."""
        begins = next((at for at, one in enumerate(self.found, 1) if one.pk == self.after), 0)
        return self.found[begins : begins + SIZE]

    @property
    def more(self) -> int:
        """The school the next page goes on from; 0 where there is none."""
        shown = self.page
        return shown[-1].pk if shown and shown[-1] is not self.found[-1] else 0

    def table(self) -> Table:
        """The page's schools, each with its lights and what it is sorted by."""
        columns = list(self.board.figures)
        heads = [Head("学校"), *light_heads(columns)]
        table = Table(
            "schools",
            "各校",
            "点任一格看清单",
            heads,
            lights=True,
            rules=rules_of(columns),
            empty="没有找到这样的学校。",
        )
        for school in self.page:
            table.rows.append([named(school), *lights_of(self.board, columns, self.board.of([school]), school)])
        return table

    def choices(self) -> list[tuple[str, str]]:
        """What it may be sorted by: every figure but middles, of which single schools have too few cases."""
        rows = [one for one in self.board.chapter.figures if one.how != How.MIDDLE]
        return [(one.name.partition(".")[2], one.title) for one in rows]
