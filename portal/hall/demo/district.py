"""The district as it stands: units, schools with their places, and who holds which post there."""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from portal import clock
from portal.orgs.actions import Sketch, plant, plant_many
from portal.orgs.models import Unit, User

from .chance import Chance
from .hours import Hours

FIRST_HALF = 8  # a school year begins after the summer: from this month on it is this year's
Plan = dict[str, Any]


@dataclass
class School:
    """One school: its rooms and grounds, its classes, and the usernames of those who hold a role there."""

    unit: Unit
    plan: Plan
    places: list[Unit] = field(default_factory=list)
    classes: list[Unit] = field(default_factory=list)
    posts: dict[str, list[str]] = field(default_factory=dict)
    parents: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        """Its code, as in the numbers of its cases."""
        return str(self.unit.code)

    def holder(self, role: str) -> str:
        """The first of those who hold a role; nothing when it is vacant."""
        return next(iter(self.posts.get(role, ())), "")


@dataclass
class District:
    """The bureau with its schools; people are looked up by username."""

    chance: Chance
    bureau: Unit
    schools: dict[str, School] = field(default_factory=dict)
    _places: dict[str, Unit] = field(default_factory=dict)
    _awake: dict[str, User] = field(default_factory=dict)

    @cached_property
    def hours(self) -> Hours:
        """When people work and wake here; ask once the calendar is set up."""
        return Hours()

    def place(self, key: str) -> Unit:
        """A unit by its key: `bureau`, a town's or section's name, a school's code, or `LX01/2/1` for a class."""
        return self._places[key]

    def has(self, key: str) -> bool:
        """Whether a unit of this key was planted."""
        return key in self._places

    def name(self, key: str, unit: Unit) -> Unit:
        """Gives a unit its key."""
        self._places[key] = unit
        return unit

    def person(self, username: str) -> User:
        """Somebody of the district, with what they held when they were first asked for."""
        if username not in self._awake:
            self._awake[username] = User.objects.select_related("home__school").get(username=username)
        return self._awake[username]

    def wake_up(self) -> None:
        """Asks everybody afresh from now on: somebody is away, or has left."""
        self._awake.clear()


def planned() -> Plan:
    """The plan of the whole district."""
    plan: Plan = json.loads((Path(__file__).parent / "places.json").read_text(encoding="utf-8"))
    return plan


def year_of_entry(day: date) -> int:
    """The year in which those entered who are in their first year on this day."""
    return day.year if day.month >= FIRST_HALF else day.year - 1


def plant_district(chance: Chance, *, schools: int) -> District:
    """Plants the bureau, its sections and towns, and the first so many schools with all their places and classes."""
    plan = planned()
    district = District(chance, plant(name=plan["bureau"], kind="bureau", by="clock"))
    district.name("bureau", district.bureau)
    for kind, names in (("section", plan["sections"]), ("town", plan["towns"])):
        for name in names:
            district.name(name, plant(name=name, kind=kind, parent=district.bureau, by="clock"))
    for one in plan["schools"][:schools]:
        _plant_school(district, one)
    return district


def _plant_school(district: District, plan: Plan) -> None:
    unit = plant(
        name=plan["name"],
        kind="school",
        parent=district.place(plan["town"] or "bureau"),
        code=plan["code"],
        stage=plan["stage"],
        public=plan.get("public", True),
        by="clock",
    )
    school = School(district.name(plan["code"], unit), plan)
    district.schools[school.code] = school
    planted = plant_many([*sketches_of(plan["places"]), *_classes(plan["cohorts"])], parent=unit, by="clock")
    school.places = [one for one in planted if one.kind in ("room", "outdoor")]
    school.classes = [one for one in planted if one.kind == "class"]
    for one in school.classes:
        years = year_of_entry(clock.today()) - (one.entry_year or 0)
        number = one.name.partition("级")[2].removesuffix("班")
        district.name(f"{school.code}/{years}/{number}", one)


def sketches_of(lines: list[str]) -> list[Sketch]:
    """Buildings with floors and rooms from lines such as `教学楼/一层/101 教室、102 教室`; `~` begins a line of grounds."""
    tree: dict[str, Any] = {}
    grounds: list[Sketch] = []
    for line in lines:
        if line.startswith("~"):
            grounds += [Sketch(name, "outdoor") for name in line[1:].split("、")]
            continue
        *above, rooms = line.split("/")
        here = tree
        for name in above:
            here = here.setdefault(name, {})
        here.update({name: {} for name in rooms.split("、")})
    return [_sketch(name, below) for name, below in tree.items()] + grounds


def _sketch(name: str, below: dict[str, Any], *, top: bool = True) -> Sketch:
    kind = "building" if top else "floor" if below else "room"
    return Sketch(name, kind, tuple(_sketch(one, under, top=False) for one, under in below.items()))


def _classes(cohorts: list[int]) -> list[Sketch]:
    """One class for each number of years since its cohort entered; the second of the same cohort is its class 2."""
    first, known, found = year_of_entry(clock.today()), dict[int, int](), []
    for years in cohorts:
        known[years] = known.get(years, 0) + 1
        found.append(Sketch(f"{first - years}级{known[years]}班", "class", more={"entry_year": first - years}))
    return found
