"""The benchmark's district: a bureau, towns, schools with their areas, and the people who hold posts there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from portal.orgs.actions import Posting, Sketch, appoint_many, enter_people, plant, plant_many
from portal.orgs.models import Unit, User

TOWNS = 10
STAFF = ("principal", "vice_principal", "logistics_head", "dispatcher", "technician", "technician", "safety_head")
STEMS = ("教室", "实验室", "办公室", "厕所", "走廊", "食堂", "宿舍", "操场")


@dataclass
class School:
    """One school: its areas as (id, path, name), and who holds which role there by id."""

    unit: Unit
    areas: list[tuple[int, str, str]]
    posts: dict[str, list[int]]


@dataclass
class District:
    """Every school, the largest first, the quiet one last; the officers of repairs and of safety read them all."""

    schools: list[School]
    officer: int
    safety: int

    @property
    def large(self) -> School:
        """The school with the most cases, where the benchmark's people work."""
        return self.schools[0]

    @property
    def quiet(self) -> School:
        """A school whose few cases are all old."""
        return self.schools[-1]


@transaction.atomic
def build(*, schools: int, areas: int, people: int) -> District:
    """Plants and appoints through the same actions people use."""
    bureau = plant(name="青禾县教育局", kind="bureau", code="B", by="clock")
    towns = [plant(name=f"第{number + 1}镇", kind="town", parent=bureau, by="clock") for number in range(TOWNS)]
    units = [
        plant(
            name=f"第{number + 1}小学",
            kind="school",
            parent=towns[number % TOWNS],
            code=f"S{number + 1:03d}",
            by="clock",
        )
        for number in range(schools)
    ]
    grown = [
        plant_many(_sketches(share), parent=unit, by="clock")
        for unit, share in zip(units, _shares(areas, schools), strict=True)
    ]
    officer, safety, *staff = enter_people(_people(bureau, units, people), by="clock")
    offices = [Posting(officer, "repairs_officer", bureau), Posting(safety, "safety_officer", bureau)]
    postings = [*offices, *_postings(units, staff)]
    appoint_many(postings, by="clock")
    found = [
        School(unit, [(one.pk, one.path, one.name) for one in places], {})
        for unit, places in zip(units, grown, strict=True)
    ]
    by_unit = {school.unit.pk: school for school in found}
    for one in postings[len(offices) :]:
        by_unit[one.unit.pk].posts.setdefault(one.role, []).append(one.person.pk)
    return District(found, officer.pk, safety.pk)


def _shares(many: int, among: int) -> list[int]:
    return [many // among + (number < many % among) for number in range(among)]


def _sketches(areas: int) -> Sequence[Sketch]:
    """One building with all areas but itself below it."""
    rooms = tuple(Sketch(f"{number + 101} {STEMS[number % len(STEMS)]}", "room") for number in range(areas - 1))
    return [Sketch("教学楼", "building", rooms)]


def _people(bureau: Unit, schools: list[Unit], many: int) -> list[User]:
    homes = [
        bureau,
        bureau,
        *(unit for unit, share in zip(schools, _shares(many - 2, len(schools)), strict=True) for _ in range(share)),
    ]
    nobody = make_password(None)
    return [
        User(username=f"p{number:05d}", name=_name(number), home=home, password=nobody)
        for number, home in enumerate(homes)
    ]


def _name(number: int) -> str:
    """A Chinese name of three characters."""
    family, first, last = "王李张刘陈杨赵黄周吴", "建春秀志晓国明丽文海", "平芳军兰燕强华英杰梅"
    return family[number % 10] + first[number // 10 % 10] + last[number // 100 % 10]


def _postings(schools: list[Unit], staff: list[User]) -> Iterator[Posting]:
    """Each school's first people hold its posts; all others teach."""
    there = {unit.pk: unit for unit in schools}
    seen: dict[int, int] = {}
    for person in staff:
        assert person.home_id is not None
        nth = seen[person.home_id] = seen.get(person.home_id, -1) + 1
        yield Posting(person, STAFF[nth] if nth < len(STAFF) else "teacher", there[person.home_id])
