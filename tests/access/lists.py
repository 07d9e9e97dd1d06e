"""Asks the table's lists: one case for each column, all there at once, person by person."""

from collections.abc import Container, Iterable, Iterator
from typing import Any

from portal.cases.models import Case
from repairs.models import Ticket

from .asking import holds
from .people import EVERYBODY, Visitor
from .table import Grid, grids
from .world import World, undone

LISTS = grids("lists")


def side_by_side(world: World, people: Iterable[str] = EVERYBODY) -> Iterator[tuple[str, list[Ticket]]]:
    """Person by person: one case for each column as it stands to this person, and no others at their school."""
    first = LISTS[0]
    with undone():
        Case.objects.all().update(unit=world.far_room, unit_path=world.far_room.path)
        cases = [world.walk(state, f"顶灯不亮，第{n:02d}件") for n, state in enumerate(first.states)]
        for name in people:
            with undone():
                for case, column in zip(cases, first.columns, strict=True):
                    world.relate(case, world.people[name], column)
                yield name, cases


def wrong_lists(
    world: World,
    people: Iterable[str] = EVERYBODY,
    asked: list[Grid] = LISTS,
    sent: Container[tuple[str, str]] | None = None,
) -> Iterator[str]:
    """What stands on a list and should not, or does not and should; `sent` names who is asked for which list."""
    for name, cases in side_by_side(world, people):
        for grid in asked:
            for row in grid.rows:
                if sent is not None and (name, row.address) not in sent:
                    continue
                page = open_list(world.people[name], row.address)
                for column, state, case, expected in zip(
                    grid.columns, grid.states, cases, grid.outcomes[name], strict=True
                ):
                    if holds(page, case.number) != expected:
                        yield f"{row.address} · {name} {column}（{state}）: not {expected}"


def wrong_lists_today(world: World) -> Iterator[str]:
    """The same, asked of those the suite sends to each list (see `Grid.asked`)."""
    sent = {(cell.person, cell.address) for grid in LISTS for cell in grid.asked()}
    return wrong_lists(world, [name for name in EVERYBODY if name in {who for who, _ in sent}], sent=sent)


def open_list(who: Visitor, address: str) -> Any:
    """The list as its person gets it; a search leads on to its page."""
    if address.startswith("/api/"):
        return who.by_program("GET", address, {})
    return who.browser.get(address, follow=True)
