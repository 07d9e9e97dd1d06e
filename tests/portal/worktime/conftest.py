"""A small district: bureau, town, Hu's school with a building and a room, and Sam's school next door."""

from dataclasses import dataclass
from datetime import date

import pytest

from portal.orgs.models import Unit, UnitKind, User
from portal.worktime import actions

Told = tuple[str, date, date | None, User | str]


@dataclass
class District:
    bureau: Unit
    town: Unit
    school: Unit
    building: Unit
    room: Unit
    sams: Unit


def grow(parent: Unit | None, name: str, kind: UnitKind) -> Unit:
    """A unit below `parent`, whose row is read afresh because the tree counts its children behind our back."""
    unit = Unit(name=name, kind=kind)
    if parent is None:
        return Unit.objects.add_root(instance=unit)
    return Unit.objects.add_child(Unit.objects.get(pk=parent.pk), instance=unit)


@pytest.fixture
def district(db: None) -> District:
    bureau = grow(None, "云溪县教育局", UnitKind.BUREAU)
    town = grow(bureau, "林溪镇", UnitKind.TOWN)
    school = grow(town, "林溪中学", UnitKind.SCHOOL)
    building = grow(school, "教学楼", UnitKind.BUILDING)
    room = grow(building, "203", UnitKind.ROOM)
    sams = grow(town, "河东小学", UnitKind.SCHOOL)
    return District(bureau, town, school, building, room, sams)


@pytest.fixture
def hu(district: District) -> User:
    """Hu heads the school and keeps its calendar."""
    return User.objects.create_user("hu", "胡校长", home=district.school)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Told]:
    """What listeners are told, in order."""
    heard: list[Told] = []
    monkeypatch.setattr(actions, "_on_change", [])

    @actions.on_calendar_changed
    def hear(*, path: str, since: date, until: date | None, by: User | str) -> None:
        heard.append((path, since, until, by))

    return heard
