"""The grid brought in from Excel: what each line would do, and doing it as it was seen, all of it or nothing."""

from typing import Any

from django.db import transaction

from portal import clock
from portal.errors import BadInput, Refused, Stale
from portal.orgs.models import User
from portal.sheets.importing import Change, Line, Mistake, Plan, Table
from safety_grid.models import Cell, Holding
from safety_grid.queries.grid import lasting
from safety_grid.rules import cells as rules

from .cells import change_cell, put_in_charge, replace_substitute
from .many import Spot, set_up_many

WRITTEN = {"title": "名称", "level": "层级", "duties": "职责", "days": "哪些天"}
Held = dict[int, list[Holding]]


def plan(table: Table) -> Plan:
    """What each line would do to the grid as it is now; four questions however many lines."""
    units = {line.clean["unit"].pk: line.clean["unit"] for line in table.lines}
    cells = {(one.unit_id, one.begins, one.ends): one for one in Cell.objects.filter(unit__in=units, closed_on=None)}
    held: Held = {}
    for one in lasting(cell.pk for cell in cells.values()):
        held.setdefault(one.cell_id, []).append(one)
    changes: list[Change] = []
    mistakes = list(table.mistakes)
    for line in table.lines:
        try:
            changes.append(_change(line, cells, held))
        except Refused as refused:
            mistakes.append(Mistake(line.number, refused.sentence))
    return Plan(changes, sorted(mistakes, key=lambda one: one.number))


@transaction.atomic
def carry_out(table: Table, *, seen: str, by: User) -> Plan:
    """Writes what was `seen` in the preview. Refused: any bad line; a grid that has changed since."""
    now = plan(table)
    if now.mistakes:
        raise BadInput(f"有 {len(now.mistakes)} 行不对，整张表都没有写入。")
    if now.digest != seen:
        raise Stale("网格在您预览之后有变化，这次没有写入。", instead="请看过新的预览再确认。")
    set_up_many([_spot(change.line) for change in now.changes if change.what == "new"], by=by)
    for change in now.changes:
        if change.what == "changed":
            _write(change.row, change.line, by=by)
    return now


def _change(line: Line, cells: dict[Any, Cell], held: Held) -> Change:
    """What one line does; refused for people who do not work there."""
    said = line.clean
    for name in ("person", "substitute"):
        if said[name] is not None:
            rules.works_here(said[name], said["unit"])
    cell = cells.get((said["unit"].pk, said["begins"], said["ends"]))
    if cell is None:
        return Change(line, "new", f"新设，{said['person'].name}负责" if said["person"] else "新设，还没有责任人")
    words = "；".join([*_differences(cell, said), *_other_people(said, held.get(cell.pk, []))])
    return Change(line, "changed" if words else "same", words, cell)


def _differences(cell: Cell, said: dict[str, Any]) -> list[str]:
    changed = [words for name, words in WRITTEN.items() if said[name] and said[name] != getattr(cell, name)]
    return [f"改{'、'.join(changed)}"] if changed else []


def _other_people(said: dict[str, Any], held: list[Holding]) -> list[str]:
    if said["person"] is None:
        return []
    mine = next((one for one in held if one.person_id == said["person"].pk), None)
    if mine is None:
        before = "、".join(one.person.name for one in held)
        return [f"责任人 {before or '无'} → {said['person'].name}"]
    if said["substitute"] is not None and mine.substitute_id != said["substitute"].pk:
        return [f"代班 {mine.substitute.name if mine.substitute else '无'} → {said['substitute'].name}"]
    return []


def _spot(line: Line) -> Spot:
    names = ("unit", "title", "level", "duties", "begins", "ends", "days", "person", "substitute", "since")
    return Spot(**{name: line.clean[name] for name in names})


def _write(cell: Cell, line: Line, *, by: User) -> None:
    said = line.clean
    changed = {name: said[name] for name in WRITTEN if said[name]}
    cell = change_cell(cell, by=by, **changed)
    if said["person"] is None:
        return
    held = list(lasting([cell.pk]))
    mine = next((one for one in held if one.person_id == said["person"].pk), None)
    if mine is None:
        put_in_charge(
            cell=cell, person=said["person"], since=clock.today(), substitute=said["substitute"], instead=True, by=by
        )
    elif said["substitute"] is not None and mine.substitute_id != said["substitute"].pk:
        replace_substitute(mine, substitute=said["substitute"], by=by)
