"""A county's hazards: as many as its tickets, counted by the portal's own counting; their dashboard beside a count from scratch."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db import connection, transaction
from django.db.models import Q

from portal.cases.models import Case
from portal.orgs.models import Unit
from portal.rollups.counting import count_again
from portal.rollups.folding import BATCH
from portal.rollups.models import Counted, Daily
from safety_grid.figures import CHAPTER
from safety_grid.flow import FLOW
from safety_grid.models import Cell, Holding
from safety_grid.queries.hazards import categories

from . import figures
from .copying import settle, unhurried, without_indexes
from .district import District, School
from .figures import Book
from .history import History
from .scenarios import Bench, Scenario

# Every hazard looked at, as if nothing had been counted before.
SCRATCH = """
select t.tally, u.school_id, count(*) from cases_case c join safety_grid_hazard h on h.case_ptr_id = c.id join orgs_unit u on u.id = c.unit_id
cross join lateral (select (c.opened_at at time zone 'Asia/Shanghai')::date opened, (c.closed_at at time zone 'Asia/Shanghai')::date closed,
    c.state = 'closed_out' done, c.grade = 'major' major) d
cross join lateral (values ('safety_grid.found', d.opened, true), ('safety_grid.found_major', d.opened, d.major),
    ('safety_grid.settled', d.opened, d.done), ('safety_grid.settled_major', d.opened, d.done and d.major),
    ('safety_grid.closed', d.closed, d.done), ('safety_grid.closed_major', d.closed, d.done and d.major)) t(tally, day, counts)
where c.circle = '' and c.state not in ('unconfirmed', 'refused', 'withdrawn', 'dismissed') and c.unit_path like %(below)s
    and t.counts and t.day between %(since)s and %(until)s group by 1, 2"""
# What folding had written of those opened before a day, by kind, by place, with how long they took.
OLDER = """insert into rollups_daily (tally, topic, unit_id, unit_path, day, bin, n, amount)
select t.tally, coalesce(c.topic, ''), p.id, p.path, t.day, t.bin, count(*), 0
from cases_case c join safety_grid_hazard h on h.case_ptr_id = c.id join orgs_unit u on u.id = c.unit_id
cross join lateral (select (c.opened_at at time zone 'Asia/Shanghai')::date opened, (c.closed_at at time zone 'Asia/Shanghai')::date closed,
    c.state = 'closed_out' done, c.grade = 'major' major,
    least(120, 1 + ceil(ln(greatest(0.1, extract(epoch from c.closed_at - c.opened_at) / 86400) / 0.1) / ln(1.1))) bin) d
cross join lateral (values ('safety_grid.found', d.opened, true, 0, u.school_id), ('safety_grid.place', d.opened, true, 0, u.id),
    ('safety_grid.found_major', d.opened, d.major, 0, u.school_id), ('safety_grid.settled', d.opened, d.done, 0, u.school_id),
    ('safety_grid.settled_major', d.opened, d.done and d.major, 0, u.school_id), ('safety_grid.closed', d.closed, d.done, 0, u.school_id),
    ('safety_grid.closed_major', d.closed, d.done and d.major, 0, u.school_id), ('safety_grid.closed_place', d.closed, d.done, 0, u.id),
    ('safety_grid.took', d.closed, d.done, d.bin, u.school_id)) t(tally, day, counts, bin, at) join orgs_unit p on p.id = t.at
where c.state not in ('unconfirmed', 'refused', 'withdrawn', 'dismissed') and t.counts and not c.is_open and c.opened_at < %s
group by grouping sets ((1, 3, 4, 5, 6), (1, c.topic, 3, 4, 5, 6))
having grouping(c.topic) = 1 or t.tally not in ('safety_grid.took', 'safety_grid.closed_place')"""
RECENT = timedelta(days=120)  # more than this term so far
BOOK = Book(CHAPTER, "hazards", SCRATCH, ("found", "found_major", "settled", "settled_major", "closed", "closed_major"))


class Hazards(History):
    """Hazards over three years in every category, one in twenty major; those open have one clock."""

    flow = FLOW
    opens: ClassVar[dict[str, int]] = {
        "reported": 10, "registered": 20, "planned": 20, "working": 30, "supervised": 5, "to_check": 15,
    }  # fmt: skip
    overs: ClassVar[dict[str, int]] = {"closed_out": 94, "refused": 3, "withdrawn": 2, "dismissed": 1}
    hands = ("safety_head", "teacher")
    clocks: ClassVar[dict[str, str]] = {
        "reported": "register", "registered": "at_once", "supervised": "weekly", "to_check": "check",
    }  # fmt: skip

    def _topics(self) -> list[str]:
        return [code for code, one in categories().items() if not one.private]

    def _own(self, at: datetime, stars: int | None) -> dict[str, Any]:
        return {"found_on": at.date()}

    def _grade(self) -> str:
        return "major" if self.chance.random() < 0.05 else "general"

    def _open(self, pk: int, school: School, state: str) -> str:
        """An open hazard; a quarter have let their time pass."""
        self.open += 1
        at = self.now - timedelta(hours=64 * self.chance.random())
        due = at + timedelta(hours=48)
        number = self._write(pk, school, state, at, due_at=due, moved_at=at, worked=state != "reported")
        self._clock(pk, self.clocks.get(state, "rectify"), at, 48, due)
        return number


def watched(district: District) -> None:
    """Every area is a cell that a teacher of its school answers for."""
    cells = Cell.objects.bulk_create(
        [Cell(unit_id=pk) for school in district.schools for pk, *_ in school.areas], batch_size=1000
    )
    whose = [
        school.posts["teacher"][n % len(school.posts["teacher"])]
        for school in district.schools
        for n, _ in enumerate(school.areas)
    ]
    day = date(2024, 9, 1)
    held = [Holding(cell=cell, person_id=who, since=day, first=day) for cell, who in zip(cells, whose, strict=True)]
    Holding.objects.bulk_create(held, batch_size=1000)


def counted(since: datetime) -> int:
    """Counts open hazards and those since a moment by the portal's own counting, older ones by SQL as folding had; says how many the portal did."""
    after = many = 0
    mine = Case.objects.filter(Q(is_open=True) | Q(opened_at__gte=since), kind=FLOW.kind).order_by("pk")
    with transaction.atomic(), unhurried(), without_indexes(Counted, Daily), connection.cursor() as cursor:
        cursor.execute(OLDER, [since])
        while ids := list(mine.filter(pk__gt=after).values_list("pk", flat=True)[:BATCH]):
            many, after = many + count_again(ids), ids[-1]
    settle()
    return many


def scenarios(bench: Bench) -> Iterator[Scenario]:
    """The county's month and what is open now; whole pages of the officer's county and of one school's safety head."""
    district = bench.history.district
    head = district.large.posts["safety_head"][0]
    yield from figures.county(bench.limit, BOOK)
    readers = (
        ("safety officer", district.safety, Unit.objects.get(depth=1)),
        ("safety head", head, district.large.unit),
    )
    yield from figures.pages(bench, BOOK, readers)
