"""A small district: bureau, town, Rita's school with a building and a room, and Sam's school next door."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from portal.clock import SCHOOL_TIME
from portal.orgs.models import Unit, UnitKind, User
from portal.worktime import actions


def at(text):
    """A moment in China: `at("2026-03-02 08:00")`."""
    return datetime.fromisoformat(text).replace(tzinfo=SCHOOL_TIME)


def plant(parent, name, kind):
    unit = Unit(name=name, kind=kind)
    return Unit.objects.add_child(parent, instance=unit) if parent else Unit.objects.add_root(instance=unit)


@pytest.fixture
def district(db):
    """Read afresh, because the tree counts its children behind the rows in hand."""
    bureau = plant(None, "云溪县教育局", UnitKind.BUREAU)
    town = plant(bureau, "林溪镇", UnitKind.TOWN)
    school = plant(town, "林溪中学", UnitKind.SCHOOL)
    building = plant(school, "教学楼", UnitKind.BUILDING)
    room = plant(building, "203", UnitKind.ROOM)
    sams = plant(Unit.objects.get(pk=town.pk), "河东小学", UnitKind.SCHOOL)
    rows = {"bureau": bureau, "town": town, "school": school, "building": building, "room": room, "sams": sams}
    return SimpleNamespace(**{name: Unit.objects.get(pk=unit.pk) for name, unit in rows.items()})


@pytest.fixture
def hu(district):
    """Hu heads the school and keeps its calendar."""
    return User.objects.create_user("hu", "胡校长", home=district.school)


@pytest.fixture
def told(monkeypatch):
    """What listeners were told, in order."""
    heard = []
    monkeypatch.setattr(actions, "_on_change", [])

    @actions.on_calendar_changed
    def hear(*, path, since, until, by):
        heard.append((path, since, until, by))

    return heard
