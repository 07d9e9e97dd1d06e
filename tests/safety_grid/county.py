"""A county as one has reported it: 3,552 cells all held, 1,917 hazards of which 1,848 are closed, 92 % of the staff at work on them."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from portal.ledger.actions import entry, write
from portal.orgs.actions import plant
from portal.orgs.models import Unit, User
from safety_grid.flow import FLOW
from safety_grid.models import Cell, Hazard, Holding, Level
from safety_grid.queries.hazards import categories
from tests.district import MONDAY

TOWNS, SCHOOLS, ROOMS, STAFF, AT_WORK = 3, 24, 6, 25, 23
CELLS, HAZARDS, CLOSED, MAJOR = 3552, 1917, 1848, 17


@dataclass(frozen=True)
class County:
    """The units by level, and the staff of each school."""

    bureau: Unit
    towns: list[Unit]
    schools: list[Unit]
    rooms: list[list[Unit]]
    staff: list[list[User]]


def build_county() -> County:
    """Units by their own action; people, cells and hazards in bulk, with the hazards' events in the ledger."""
    bureau = plant(name="青禾县教育局", kind="bureau", by="clock")
    towns = [plant(name=f"第{n + 1}镇", kind="town", parent=bureau, by="clock") for n in range(TOWNS)]
    schools = [
        plant(name=f"第{n + 1}小学", kind="school", parent=towns[n % TOWNS], code=f"XX{n:02}", stage="PRI", by="clock")
        for n in range(SCHOOLS)
    ]
    rooms = [
        [plant(name=f"{r + 1} 号楼", kind="building", parent=school, by="clock") for r in range(ROOMS)]
        for school in schools
    ]
    people = [
        User(username=f"t{n}-{k}", name=f"老师{n}-{k}", home=schools[n]) for n in range(SCHOOLS) for k in range(STAFF)
    ]
    made = User.objects.bulk_create(people)
    staff = [made[n * STAFF : (n + 1) * STAFF] for n in range(SCHOOLS)]
    county = County(bureau, towns, schools, rooms, staff)
    _cells(county)
    _hazards(county)
    return county


def _cells(county: County) -> None:
    """One for each office and school, the rest posts in several hours; every one of them held."""
    cells = [Cell(unit=county.bureau, level=Level.BUREAU)] + [Cell(unit=one, level=Level.TOWN) for one in county.towns]
    cells += [Cell(unit=one, level=Level.SCHOOL) for one in county.schools]
    for n in range(CELLS - len(cells)):
        at = n // (SCHOOLS * ROOMS)  # the next hours of the same place
        room = county.rooms[n % SCHOOLS][n // SCHOOLS % ROOMS]
        cells.append(Cell(unit=room, begins=time(7, at), ends=time(8, at)))
    made = Cell.objects.bulk_create(cells)
    day = (MONDAY - timedelta(days=60)).date()
    Holding.objects.bulk_create(
        Holding(cell=cell, person=county.staff[n % SCHOOLS][n % STAFF], since=day, first=day)
        for n, cell in enumerate(made)
    )


def _hazards(county: County) -> None:
    """Over two weeks of this month at places of every school, in every category, reported by people of the school."""
    topics = [code for code, one in categories().items() if not one.private]
    events = []
    for n in range(HAZARDS):
        at = MONDAY - timedelta(days=1 + n % 14)
        school, turn = n % SCHOOLS, n // SCHOOLS
        at_school = turn % 7 == 6  # the school as a whole, not one of its buildings
        hazard = hazard_at(
            county.schools[school] if at_school else county.rooms[school][turn % ROOMS], n, topic=topics[n % len(topics)], opened_at=at,
            closed_at=at + timedelta(hours=12) if n < CLOSED else None, grade="major" if n >= HAZARDS - MAJOR else "general",
        )  # fmt: skip
        events.append(entry(hazard, "report", by=county.staff[school][turn % AT_WORK], at=at))
        hazard.save()
    write(events)


def hazard_at(unit: Unit, n: int, *, state: str = "", **columns: Any) -> Hazard:
    """One hazard as the engine would leave it, without its clocks."""
    school = unit.school or unit
    open_ = columns.get("closed_at") is None
    state = state or ("registered" if open_ else "closed_out")
    base = {
        "kind": FLOW.kind,
        "number": f"YH-{school.code}-2026-{n:05}",
        "title": f"{unit.name} 隐患",
        "unit_path": unit.path,
    }
    found = columns["opened_at"].date()
    return Hazard.objects.create(
        unit=unit, state=state, is_open=open_, moved_at=columns["opened_at"], found_on=found, **base, **columns
    )
