"""Every day: what we say we have reported, against what the other side says it has."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from portal import clock
from portal.outbox import Outbox, Outcome, Outgoing, Pace

from .actions import enter_answer
from .connectors.connector import Known
from .connectors.registry import carrying, known
from .models import Finding, Line, Reconciliation, Report, System

FROM = 6  # o'clock in the morning
LOOK_BACK = timedelta(days=60)
MARGIN = timedelta(minutes=1)  # what went within it before the question may be known to one side only
MOST = 5000  # differences kept of one day
PACE = Pace(30, least=timedelta(minutes=1), most=timedelta(minutes=30))
SENT = Outgoing.State.SENT


@dataclass(frozen=True)
class Ours:
    """One record of ours: the case's number, the last report the other side took, the receipt number."""

    line: int
    number: str
    seq: int
    receipt: str


@dataclass(frozen=True)
class Heard:
    """What a system said it has, and when it was asked."""

    asked_at: datetime
    theirs: list[Known]


def reconcile(limit: int = 10) -> int:
    """From six in the morning on, asks each system once a day what it has; answers how many were compared.

    A system that does not answer is asked again later the same day. Any number may run at once.
    """
    moment = clock.now()
    if moment.astimezone(clock.SCHOOL_TIME).hour >= FROM:
        for system in System.objects.filter(on=True, connector__in=carrying()).order_by("pk"):
            Reconciliation.objects.get_or_create(system=system, day=clock.today(), defaults={"next_at": moment})
    return OUTBOX.deliver(limit)


def compare(system: System, said: Heard) -> Iterator[Finding]:
    """The differences: missing there, unknown here, and records that do not say the same."""
    heard: dict[str, list[Known]] = defaultdict(list)
    for one in said.theirs:
        heard[one.number].append(one)
    ours = {one.number: one for one in _ours(system, heard, said.asked_at)}
    settled = set(_settled(system, said.asked_at))
    for number, mine in ours.items():
        if number not in heard and mine.line in settled:
            words = _words(mine.seq, mine.receipt)
            yield Finding(kind=Finding.Kind.MISSING, number=number, line_id=mine.line, ours=words)
    for number, many in sorted(heard.items()):
        theirs = "；".join(_words(one.seq, one.receipt) for one in many)[:200]
        known_here = ours.get(number)
        if known_here is None:
            yield Finding(kind=Finding.Kind.UNKNOWN, number=number, theirs=theirs)
        elif _differs(known_here, many):
            words = _words(known_here.seq, known_here.receipt)
            kind = Finding.Kind.DIFFERING
            yield Finding(kind=kind, number=number, line_id=known_here.line, ours=words, theirs=theirs)


def _differs(mine: Ours, many: list[Known]) -> bool:
    """More than one record of one case, a report of ours they never took, or another receipt number."""
    one = many[0]
    return len(many) > 1 or one.seq < mine.seq or bool(mine.receipt and one.receipt and one.receipt != mine.receipt)


def _ours(system: System, heard: Iterable[str], asked_at: datetime) -> Iterator[Ours]:
    """What we had reported when we asked, as far as it is recent or the other side names it."""
    lines = Line.objects.filter(system=system, seq__gt=0)
    lines = lines.filter(Q(moved_at__gte=asked_at - LOOK_BACK) | Q(case__number__in=list(heard)))
    before = Q(reports__state=SENT, reports__sent_at__lte=asked_at - MARGIN)
    rows = lines.annotate(taken=Max("reports__seq", filter=before))
    for pk, number, taken, receipt in rows.values_list("pk", "case__number", "taken", "receipt").order_by("pk"):
        yield Ours(pk, number, taken or 0, receipt)


def _settled(system: System, asked_at: datetime) -> QuerySet[Report, int]:
    """Lines of which something was taken, long enough before we asked for both sides to know."""
    period = (asked_at - LOOK_BACK + MARGIN, asked_at - MARGIN)
    rows = Report.objects.filter(line__system=system, state=SENT, sent_at__range=period)
    return rows.values_list("line", flat=True).distinct()


def _words(seq: int, receipt: str) -> str:
    return f"第 {seq} 报 · 回执号 {receipt}" if receipt else f"第 {seq} 报 · 没有回执号"


def _ask(row: Reconciliation) -> Heard:
    moment = clock.now()
    return Heard(moment, list(known(row.system, moment - LOOK_BACK, at=moment)))


def _settle(row: Reconciliation, outcome: Outcome, moment: datetime) -> None:
    """The day's differences, and receipt numbers that came late."""
    if not outcome.taken:
        return
    heard: Heard = outcome.answer
    _enter_late_receipts(row.system, heard.theirs, moment)
    found = list(compare(row.system, heard))
    for one in found:
        one.reconciliation = row
    Finding.objects.bulk_create(found[:MOST], batch_size=1000)
    ours = Line.objects.filter(pk__in=_settled(row.system, heard.asked_at)).count()
    theirs = len({one.number for one in heard.theirs})
    Reconciliation.objects.filter(pk=row.pk).update(ours=ours, theirs=theirs, found=len(found))


def _enter_late_receipts(system: System, theirs: list[Known], moment: datetime) -> None:
    """A record that was taken without a receipt number gets the one they name now."""
    numbers = {one.number: one.receipt for one in theirs if one.receipt}
    waiting = Line.objects.filter(system=system, state=Line.State.SENT, case__number__in=list(numbers))
    for line in waiting.select_related("case").order_by("pk"):
        last = Report.objects.filter(line=line, state=SENT).order_by("-seq").first()
        if last is not None:
            enter_answer(last, receipt=numbers[line.case.number], at=moment, by=f"connector:{system.code}")


def _due(rows: QuerySet[Reconciliation], moment: datetime) -> QuerySet[Reconciliation]:
    return rows.filter(system__on=True).select_related("system").order_by("next_at", "id")


OUTBOX = Outbox(Reconciliation, due=_due, send=_ask, pace=PACE, settle=_settle)
