"""A month of repairs at one school, counted from the tickets and their clocks themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, Subquery, Sum

from portal.cases.models import Deadline
from portal.orgs.models import Unit
from portal.wire.amounts import rounded
from repairs.models import StockMove, Ticket

from .tickets import topics

DONE = ("closed", "unreviewed")
TENTH = Decimal("0.1")


@dataclass
class MonthOf:
    """One kind of fault in one month: reported, done, of these late, still open at its end, hours from report to done, and
    what materials cost (元, handed out less returned).
    """

    name: str
    reported: int = 0
    done: int = 0
    late: int = 0
    still: int = 0
    took: timedelta = timedelta()
    cost: Decimal = Decimal("0.00")

    @property
    def hours(self) -> Decimal | None:
        """Mean hours from report to done, by the wall clock, to a tenth; none where nothing was done."""
        if not self.done:
            return None
        seconds = Decimal(self.took // timedelta(seconds=1))
        return rounded(seconds / 3600 / self.done, TENTH)

    def add(self, other: "MonthOf") -> None:
        """Adds another kind to a total."""
        self.reported += other.reported
        self.done += other.done
        self.late += other.late
        self.still += other.still
        self.took += other.took
        self.cost += other.cost


def month_of(school: Unit, since: datetime, until: datetime) -> tuple[list[MonthOf], MonthOf]:
    """Repairs of a school between two moments, by kind of fault in the order of the kinds, and all together.

    Done is signed off or closed after silence within the time; late is a repair clock that ran out before it was
    finished; refused and withdrawn reports count as reported only.
    """
    kinds: dict[str, MonthOf] = {}
    for row in _rows(school, since, until):
        name = topics()[row["topic"]].name if row["topic"] in topics() else "其他"
        kind = kinds.setdefault(row["topic"], MonthOf(name))
        kind.reported += since <= row["opened_at"] < until
        over = row["closed_at"]
        if over is not None and over < until:
            if over >= since and row["state"] in DONE:
                kind.done += 1
                kind.late += bool(row["due"] and row["finished"] and row["finished"] > row["due"])
                kind.took += over - row["opened_at"]
        else:
            kind.still += 1
    for topic, cost in costs_of(school, since, until).items():
        kinds.setdefault(topic, MonthOf(topics()[topic].name if topic in topics() else "其他")).cost += cost
    order = list(topics())
    listed = [
        kinds[code] for code in sorted(kinds, key=lambda code: order.index(code) if code in order else len(order))
    ]
    everything = MonthOf("合计")
    for one in listed:
        everything.add(one)
    return listed, everything


def _rows(school: Unit, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Tickets that were open at some time in between, with their repair clock. One question."""
    clock = Deadline.objects.filter(case=OuterRef("pk"), clock="resolve").order_by("-pk")
    rows = Ticket.objects.filter(unit__school=school, opened_at__lt=until, circle="").filter(
        Q(closed_at=None) | Q(closed_at__gte=since)
    )
    found: Any = (
        rows.annotate(due=Subquery(clock.values("due_at")[:1]), finished=Subquery(clock.values("done_at")[:1]))
        .order_by("pk")
        .values("topic", "state", "opened_at", "closed_at", "due", "finished")
    )
    return list(found)


def costs_of(school: Unit, since: datetime, until: datetime) -> dict[str, Decimal]:
    """元 of materials handed out less what came back, between two moments, by the kind of fault they were asked for."""
    moves = StockMove.objects.filter(item__school=school, at__gte=since, at__lt=until)
    handed = moves.filter(kind__in=[StockMove.ISSUE, StockMove.RETURN])
    rows: Any = handed.order_by().values_list("case__topic").annotate(spent=-Sum("amount"))
    return {topic or "": spent for topic, spent in rows}
