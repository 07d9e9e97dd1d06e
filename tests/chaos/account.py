"""The account of the clock: what was due by hand, and what was fired, written and told, how often."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle, islice

from django.db import connection

from portal import clock
from portal.cases.models import Deadline, Escalation
from portal.ledger.models import Event
from portal.ledger.verification import verify
from portal.notices.models import Notice
from repairs.models import Ticket
from tests.district import Cast, District
from tests.repairs.test_loop import reported

# A report of RP-03 (answer within 2 h, repair within 24 h by the wall clock; rungs at 80 %, 100 %, +4, +24 and +48 h)
# so many hours ago: how many rungs of each clock are due by now.
DUE = {
    1.8: {"respond": 1, "resolve": 0},
    3.0: {"respond": 2, "resolve": 0},
    7.0: {"respond": 3, "resolve": 0},
    21.0: {"respond": 3, "resolve": 1},
    30.0: {"respond": 4, "resolve": 3},
    80.0: {"respond": 5, "resolve": 5},
}
WHOM = ("dora", "lin", "vera", "hu", "ouyang")  # whom each rung tells

Rung = tuple[int, str, int]  # case, clock, number


@dataclass(frozen=True)
class Late:
    """A report made some hours ago that nobody has answered."""

    ticket: Ticket
    hours: float


def open_late(place: District, cast: Cast, count: int) -> list[Late]:
    """So many late reports, of every age in turn."""
    now, late = clock.now(), []
    for hours in islice(cycle(DUE), count):
        with clock.at(now - timedelta(hours=hours)):
            late.append(Late(reported(place, cast.rita), hours))
    return late


@dataclass
class Account:
    """Due, and what became of it in the three places that must agree."""

    due: Counter[Rung] = field(default_factory=Counter)
    fired: Counter[Rung] = field(default_factory=Counter)
    written: Counter[Rung] = field(default_factory=Counter)
    promised: Counter[tuple[int, int]] = field(default_factory=Counter)
    told: Counter[tuple[int, int]] = field(default_factory=Counter)

    @property
    def lost(self) -> int:
        """Rungs that never fired, records and notices that are missing."""
        return sum(map(Counter.total, (self.due - self.fired, self.due - self.written, self.promised - self.told)))

    @property
    def doubled(self) -> int:
        """Rungs, records and notices there are too many of."""
        return sum(map(Counter.total, (self.fired - self.due, self.written - self.due, self.told - self.promised)))


def account_of(late: Iterable[Late], cast: Cast) -> Account:
    """What the clock owed to these cases, and what it did; every rung told the one it must tell."""
    by_case = {one.ticket.pk: one for one in late}
    account = Account(due=due_of(by_case))
    for row in Escalation.objects.filter(case__in=by_case).select_related("deadline"):
        account.fired[row.case_id, row.deadline.clock, row.rung] += 1
        assert row.told == [getattr(cast, WHOM[row.rung]).pk]
        account.promised.update((row.case_id, person) for person in row.told)
    addresses = {one.ticket.address: key for key, one in by_case.items()}
    for event in Event.objects.filter(address__in=addresses, verb="escalated"):
        account.written[addresses[event.address], event.facts["clock"], event.facts["rung"]] += 1
    for about, person in Notice.objects.filter(about__in=addresses, verb="escalated").values_list("about", "to"):
        account.told[addresses[about], person] += 1
    return account


def due_of(late: dict[int, Late]) -> Counter[Rung]:
    """By the hand-written table for a clock that runs; up to where it got for a clock or a round somebody stopped."""
    due: Counter[Rung] = Counter()
    for row in Deadline.objects.filter(case__in=late):
        stopped = row.rung if row.done_at else None
        count = DUE[late[row.case_id].hours][row.clock] if stopped is None else stopped
        due.update((row.case_id, row.clock, rung) for rung in range(count))
        for number in range(1, row.round):
            rungs = sorted(row.escalations.filter(round=number).values_list("rung", flat=True))
            assert rungs == list(range(len(rungs)))
            due.update((row.case_id, row.clock, rung) for rung in rungs)
    return due


def nothing_is_due(at: datetime) -> bool:
    """Whether the clock has nothing left to do."""
    return not Deadline.objects.filter(done_at=None, paused_at=None, next_rung_at__lte=at).exists()


def demand_sound_ledger() -> None:
    """Every chain of the whole database holds, up to the head its holder carries."""
    proof = verify(overdue=False)
    assert proof.sound, proof.flaw


def deadlocks() -> int:
    """How many the database has had to break up so far."""
    with connection.cursor() as cursor:
        cursor.execute("select deadlocks from pg_stat_database where datname = current_database()")
        return int(cursor.fetchone()[0])
