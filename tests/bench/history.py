"""Years of tickets, written by COPY with explicit ids: most are over, a few are open, and a share of those are late.

Another affair's cases are written by the same means: a class that says what its own rows are (`hazards`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, ClassVar

from django.db import connection, transaction
from django.db.models import Max

from portal import clock
from portal.cases.flow import Flow
from portal.cases.models import Case, CaseNumber, CaseParty, Deadline, Escalation
from portal.ledger.digests import digest_of
from portal.ledger.models import Event
from repairs.flow import FLOW
from repairs.queries import topics

from .copying import Copy, settle, unhurried, without_indexes
from .district import District, School

YEARS = timedelta(days=3 * 365)
FAULTS = (
    "灯不亮",
    "水龙头漏水",
    "门锁坏了",
    "窗户关不上",
    "插座没电",
    "空调不制冷",
    "投影仪黑屏",
    "地砖松动",
    "墙皮脱落",
    "下水道堵塞",
)
RARE, RARE_ROWS, ABSENT = "鹦鹉笼", 12, "量子计算"
OPEN_STATES = {"reported": 15, "accepted": 10, "assigned": 20, "working": 30, "finished": 25}
OVER_STATES = {"closed": 80, "unreviewed": 15, "withdrawn": 3, "rejected": 2}
BATCH = 20_000


@dataclass
class History:
    """What has been written so far, and how to write more of it."""

    flow: ClassVar[Flow] = FLOW
    opens: ClassVar[dict[str, int]] = OPEN_STATES
    overs: ClassVar[dict[str, int]] = OVER_STATES
    hands: ClassVar[tuple[str, str]] = ("dispatcher", "technician")  # who deals with them, and who puts them right

    district: District
    chance: Random = field(default_factory=lambda: Random(7))
    cases: int = 0
    open: int = 0
    numbers: Counter[tuple[int, int]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.now = clock.now()
        self.topics = self._topics()
        shares = [0.3 + 2.2 * self.chance.random() for _ in self.district.schools]
        self.shares = [4.0, *shares[1:-1], 0.0]  # the first is large, the last is quiet
        self.case, self.own = Copy(Case), Copy(self.flow.model)
        self.deadline, self.party = Copy(Deadline, "id"), Copy(CaseParty, "id")
        self.escalation, self.event = Copy(Escalation, "id"), Copy(Event, "id")
        assert "case_ptr_id" in self.own.columns

    def grow(self, upto: int, *, share_open: float) -> None:
        """Writes cases up to the id `upto`; most open ones are among the newest tenth. The quiet school has the oldest."""
        self._catch_up()
        first, many = self.cases + 1, upto - self.cases
        quiet = min(500, many // 40) if first == 1 else 0
        recent = upto - many // 10
        likely, unlikely = min(0.9 * share_open / 0.1, 1.0), 0.1 * share_open / 0.9
        with transaction.atomic(), unhurried(), without_indexes(Case, self.flow.model, CaseParty, Deadline):
            for start in range(first, upto + 1, BATCH):
                ids = range(start, min(start + BATCH, upto + 1))
                schools = self.chance.choices(self.district.schools, self.shares, k=len(ids))
                for pk, school in zip(ids, schools, strict=True):
                    at = self.now - YEARS * (1 - (pk - first) / many) - timedelta(days=4)
                    is_open = pk > first + quiet and self.chance.random() < (likely if pk > recent else unlikely)
                    self._case(pk, self.district.quiet if pk < first + quiet else school, at, is_open)
                self.send()
            self.cases = upto
            self._note_numbers()
        settle()

    def more_open(self, school: School, state: str, many: int) -> list[str]:
        """Further open cases of one school, for the benchmark to work on; their numbers."""
        self._catch_up()
        made = [self._open(self.cases + nth, school, state) for nth in range(1, many + 1)]
        with transaction.atomic():
            self.send()
            self.cases += many
            self._note_numbers()
        return made

    def send(self) -> None:
        """Writes everything added, the referenced rows first."""
        for one in (self.case, self.own, self.party, self.event, self.deadline):
            one.send()

    def _case(self, pk: int, school: School, at: datetime, is_open: bool) -> None:
        if is_open:
            self._open(pk, school, self._of(self.opens))
            return
        state = self._of(self.overs)
        took = timedelta(hours=2 + 90 * self.chance.random())
        done = self.flow.state(state).final == "done"
        self._write(
            pk,
            school,
            state,
            at,
            closed_at=at + took,
            moved_at=at + took,
            stars=4 if state == "closed" else None,
            worked=done,
        )

    def _open(self, pk: int, school: School, state: str) -> str:
        """An open case; a quarter of those at work have let their time pass."""
        self.open += 1
        spent = {"reported": 2.0, "accepted": 20.0, "finished": 40.0}.get(state, 64.0) * self.chance.random()
        at = self.now - timedelta(hours=spent)
        due = at + timedelta(hours=48)
        ends = self.now + timedelta(hours=8 + 60 * self.chance.random())
        near = {"reported": at + timedelta(hours=2), "finished": ends}.get(state, due)
        number = self._write(
            pk, school, state, at, due_at=near, moved_at=at, worked=state in ("assigned", "working", "finished")
        )
        if state == "reported":
            self._clock(pk, "respond", at, 2, near)
        if state == "finished":
            self.deadline.add(**_row(pk, "sign_off", at, 3, ends, measure="days", next_rung_at=ends))
            self.deadline.add(**_row(pk, "resolve", at, 48, due, paused_at=self.now - timedelta(hours=1)))
        else:
            self._clock(pk, "resolve", at, 48, due)
        return number

    def _clock(self, pk: int, name: str, at: datetime, hours: int, due: datetime) -> None:
        """A running clock that has risen as far as it should have by an hour from now: while we measure, none is due."""
        moments = [
            at + timedelta(hours=hours * float(rung.share))
            if rung.share
            else due + timedelta(hours=float(rung.plus or 0))
            for rung in self.flow.clock(name).late
        ]
        rung = sum(moment <= self.now + timedelta(hours=1) for moment in moments)
        following = moments[rung] if rung < len(moments) else None
        self.deadline.add(**_row(pk, name, at, hours, due, rung=rung, next_rung_at=following))

    def _write(
        self, pk: int, school: School, state: str, at: datetime, *, worked: bool, stars: int | None = None, **more: Any
    ) -> str:
        chance, posts, year = self.chance, school.posts, at.year
        unit, path, place = chance.choice(school.areas)
        topic, opener = chance.choice(self.topics), chance.choice(posts["teacher"])
        desk, fixer = self.hands
        worker = chance.choice(posts[fixer]) if worked else None
        self.numbers[school.unit.pk, year] += 1
        number = f"{self.flow.prefix}-{school.unit.code}-{year}-{self.numbers[school.unit.pk, year]:05d}"
        token = self.flow.state(state)
        head = self._reported(pk, unit, opener, at) if not token.final else ""
        fault = RARE if pk % 83 == 0 and pk // 83 <= RARE_ROWS else chance.choice(FAULTS)
        self.case.add(
            id=pk, chain_seq=1 if head else 0, chain_head=head, kind=self.flow.kind, number=number, unit_id=unit, unit_path=path,
            topic=topic, title=f"{place} {fault}", state=state, grade=self._grade(), turn="" if token.final else token.turn,
            is_open=not token.final, opener_id=opener, assignee_id=worker, opened_at=at, version=3 if worked else 0, **more,
        )  # fmt: skip
        self.own.add(case_ptr_id=pk, **self._own(at, stars))
        for person in dict.fromkeys((opener, posts[desk][0] if state != "reported" else None, worker)):
            if person is not None:
                self.party.add(case_id=pk, person_id=person, as_what=CaseParty.HANDLED)
        return number

    def _topics(self) -> list[str]:
        """The codes of its kinds."""
        return list(topics())

    def _own(self, at: datetime, stars: int | None) -> dict[str, Any]:
        """What a ticket's own row says."""
        return {"speed": stars, "quality": stars}

    def _grade(self) -> str:
        """How grave one is; tickets have no grades."""
        return ""

    def _reported(self, pk: int, unit: int, opener: int, at: datetime) -> str:
        """The first event of an open case's chain; its digest."""
        facts = {"unit": unit, "opener": opener, "priority": 3, "to": "reported"}
        row = {
            "address": f"case:{pk}",
            "seq": 1,
            "verb": "report",
            "who": f"person:{opener}",
            "at": at,
            "facts": facts,
            "before": "",
        }
        digest = digest_of(**row)
        self.event.add(**row, digest=digest)
        return digest

    def _of(self, shares: dict[str, int]) -> str:
        return self.chance.choices(list(shares), list(shares.values()))[0]

    def _catch_up(self) -> None:
        """The portal has opened cases, too."""
        self.cases = Case.objects.aggregate(last=Max("pk"))["last"] or 0
        for row in CaseNumber.objects.filter(prefix=self.flow.prefix):
            self.numbers[row.school_id, row.year] = row.last

    def _note_numbers(self) -> None:
        """The counters and the sequence go on where the copied rows end."""
        rows = [
            CaseNumber(school_id=school, prefix=self.flow.prefix, year=year, last=last)
            for (school, year), last in self.numbers.items()
        ]
        CaseNumber.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["school", "prefix", "year"], update_fields=["last"]
        )
        with connection.cursor() as cursor:
            cursor.execute("select setval(pg_get_serial_sequence('cases_case', 'id'), %s)", [self.cases])


def _row(
    pk: int, name: str, at: datetime, amount: int, due: datetime, *, measure: str = "wall", **more: Any
) -> dict[str, Any]:
    return {
        "case_id": pk,
        "clock": name,
        "started_at": at,
        "amount": Decimal(amount),
        "measure": measure,
        "due_at": due,
        **more,
    }


def bells(people: Iterable[int], each: int = 20) -> None:
    """Unread notices for everybody."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into notices_notice (to_id, about, verb, title, body, url, urgent, at)
            select person, 'case:' || (person * 31 + n), 'accept', '受理：灯不亮', '', '/desk/', false, now()
            from unnest(%s::bigint[]) person, generate_series(1, %s) n""",
            [list(people), each],
        )
