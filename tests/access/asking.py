"""Asks one cell of the table as its person would, and says in the table's own words what came of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from portal.cases.models import Case
from portal.evidence.covering import cover
from portal.evidence.models import Piece

from .forms import FORMS
from .people import Visitor
from .table import VERBS, Cell
from .things import PLACED, TAKEN, link, thing
from .world import World, undone

STATUS = {401: "登", 403: "拒", 404: "无", 405: "非", 409: "规", 412: "规", 422: "规", 429: "慢"}
FIRST = {"两步验证": "码", "新密码": "密"}
TURNED = {"/sign-in/?next=": "登", "/me/second-factor/?next=": "码", "/me/password/?next=": "密"}


@dataclass(frozen=True)
class Stage:
    """What stands there for all who are asked the same: a case brought once for its state, and what is no one person's."""

    case: Case | None
    things: dict[str, str]


def wrong(world: World, cells: Iterable[Cell]) -> Iterator[str]:
    """The cells in which the portal does something else than the table says, as they are found."""
    for standing, there in groupby(sorted(cells, key=_asked), key=_standing):
        with undone():
            case = world.bring(standing) if standing else None
            for _, alike in groupby(there, key=_asked):
                yield from _wrong_alike(world, case, list(alike))


def _wrong_alike(world: World, case: Case | None, alike: list[Cell]) -> Iterator[str]:
    """Those of one question to many people."""
    with undone():
        stage = Stage(case, _things(world, alike[0]))
        for cell in alike:
            found = ask(world, cell, stage)
            if found != cell.expected:
                yield f"{cell}: {found}, not {cell.expected}"


def ask(world: World, cell: Cell, stage: Stage) -> str:
    """One cell, undone afterwards."""
    who = world.people[cell.person]
    with undone():
        address, marks = _placed(world, cell, who, stage)
        answer = send(world, cell, who, address)
        return holds(answer, *marks) if cell.expected in "有—" else outcome(answer)


def send(world: World, cell: Cell, who: Visitor, address: str) -> Any:
    """The request of a cell, by page or by program."""
    data = said(world, cell, who)
    if address.startswith("/api/"):
        return who.by_program(cell.verb, address, data)
    return who.by_page(cell.verb, address, as_inputs(data))


def as_inputs(data: dict[str, Any]) -> dict[str, Any]:
    """Lines as a page sends them: one input a value."""
    lines = {name: rows for name, rows in data.items() if isinstance(rows, list) and rows and isinstance(rows[0], dict)}
    inputs = {
        f"{name}-{at}-{field}": value
        for name, rows in lines.items()
        for at, row in enumerate(rows)
        for field, value in row.items()
    }
    return {name: value for name, value in data.items() if name not in lines} | inputs


def outcome(answer: Any) -> str:
    """What the person got, in one sign of the table."""
    status = answer.status_code
    if status in (301, 302):
        return next((sign for start, sign in TURNED.items() if answer["Location"].startswith(start)), "可")
    if status == 403 and "first-do" in answer.content.decode():
        return next(sign for words, sign in FIRST.items() if words in answer.json()["detail"])
    return "可" if 200 <= status < 300 else STATUS.get(status, str(status))


def holds(answer: Any, *marks: str) -> str:
    """Whether a page or list has one of these marks; what one is not let into has none."""
    page = answer.content.decode() if answer.status_code == 200 else ""
    return "有" if any(mark in page for mark in marks) else "—"


def said(world: World, cell: Cell, who: Visitor) -> dict[str, Any]:
    """What fits the form behind an address, so that nothing but access can refuse it."""
    if cell.verb == "GET":
        return {}
    if "{case}" in cell.address and "drafts" not in cell.address:
        named = "/materials/" in cell.address or "/safety_grid/" in cell.address or "/canteen/" in cell.address
        case = world.cases.get(cell.state) if named and cell.state else None
        return world.said(cell.address.rstrip("/").rpartition("/")[2], who, case=case)
    fill = FORMS.get(cell.address.partition("?")[0])
    return fill(world, who, whose(cell)) if fill else {}


def whose(cell: Cell) -> str:
    """Whose thing it is; where the column is a verb, one's own."""
    return "自己的" if cell.column in VERBS else cell.column


def _cover(photo: Piece, case: Case) -> None:
    """By whoever uploaded it, who sees the case while it is done."""
    opener = Case.objects.values_list("opener", flat=True).get(pk=case.pk)  # as the column has made it
    Case.objects.filter(pk=case.pk).update(opener=photo.uploader)
    cover(photo.pk, [0], by=photo.uploader)
    Case.objects.filter(pk=case.pk).update(opener=opener)


def _asked(cell: Cell) -> tuple[str, str, str, str]:
    """What is the same for everybody who is asked it; first where the case stands, for bringing it there costs most."""
    return _standing(cell), cell.address, cell.state, cell.column


def _standing(cell: Cell) -> str:
    """Where the case stands that this speaks of; nothing where it speaks of none."""
    if cell.state or "{case}" in cell.address or "{photo}" in cell.address:
        return cell.state or _usual(cell.address)
    return ""


def _things(world: World, cell: Cell) -> dict[str, str]:
    """Sets out what else the address speaks of, for the people to come one after the other."""
    return {
        name: thing(world, name, world.people["未登录"], whose(cell))
        for name in PLACED
        if f"{{{name}}}" in cell.address
    }


def _usual(address: str) -> str:
    """Where a case stands, when the table does not say."""
    if "/months" in address:
        return "安全月报待核对"
    return "月报待核对" if "monthlies" in address or "drafts" in address else "待受理"


def _placed(world: World, cell: Cell, who: Visitor, stage: Stage) -> tuple[str, tuple[str, ...]]:
    """The address with its blanks filled, after the case has become what the column says; and what to look for."""
    address, marks = cell.address.replace("{room}", str(world.place.room.pk)), ()
    if (case := stage.case) is not None:
        marks = (case.number, case.title)
        if cell.column not in VERBS:
            world.relate(case, who, cell.column)
        address = address.replace("{case}", case.number)
        if "{photo}" in address:
            photo = Piece.objects.get(address=case.address, role="photos")
            address = address.replace("{photo}", str(photo.pk))
            if address.endswith("/original"):
                _cover(photo, case)
    elif cell.expected in "有—":
        marks = (link(world, address, who, whose(cell)),)
    for name, placed in stage.things.items():
        address = address.replace(f"{{{name}}}", placed)
    for name in TAKEN:
        if f"{{{name}}}" in address:
            address = address.replace(f"{{{name}}}", thing(world, name, who, whose(cell)))
    return address, marks
