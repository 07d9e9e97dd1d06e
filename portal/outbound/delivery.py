"""Sending what other systems are owed: in order for each case, sparing a system that does not answer, for about four days."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from portal import clock
from portal.cases.flow import FLOWS
from portal.cases.models import Case
from portal.outbox import Outbox, Outcome, Outgoing, Pace

from .actions import enter_answer
from .connectors.connector import Rejected
from .connectors.registry import carrying, hand_over
from .listening import follow
from .matters import MATTERS
from .models import Line, Report, System

PACE = Pace(100, least=timedelta(minutes=1), most=timedelta(hours=1))
REST = Pace(0, least=timedelta(seconds=10), most=timedelta(minutes=10))  # of a system that did not answer
LOOKED_AT = 200  # cases in one pass after a system was switched on


def deliver(limit: int = 200) -> int:
    """Looks up what a system just switched on is owed, then sends up to `limit` due reports; answers how many were taken.

    Any number may run at once: nothing is sent by two of them. Refused inside a transaction.
    """
    catch_up()
    return OUTBOX.deliver(limit)


@transaction.atomic
def catch_up() -> int:
    """Open cases that a system switched on lately was never told of; one batch of one system at a time."""
    systems = System.objects.select_for_update(skip_locked=True, of=("self",)).exclude(catching_up=None)
    system = systems.filter(on=True).select_related("unit").order_by("pk").first()
    if system is None:
        return 0
    matter, model = MATTERS[system.kind], FLOWS[system.kind].model
    told = Line.objects.filter(system=system, case=OuterRef("pk"), seq__gt=0)
    rows = model._base_manager.filter(is_open=True, circle="", state__in=matter.owing, pk__gt=system.catching_up or 0)
    rows = (
        rows.filter(~Exists(told), unit_path__startswith=system.unit.path)
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    cases: list[Case] = list(rows.select_related("unit__school")[:LOOKED_AT])
    after = cases[-1].pk if len(cases) == LOOKED_AT else None
    System.objects.filter(pk=system.pk).update(catching_up=after)
    return sum(follow(system, case, matter) for case in cases)


def _due(rows: QuerySet[Report], moment: datetime) -> QuerySet[Report]:
    """Of systems that are on, take reports by themselves and do not rest; of each case the first that is not yet taken."""
    before = Report.objects.filter(line=OuterRef("line"), seq__lt=OuterRef("seq")).exclude(state=Outgoing.State.SENT)
    rested = Q(line__system__resting_until=None) | Q(line__system__resting_until__lte=moment)
    rows = rows.filter(rested, ~Exists(before), line__system__on=True, line__system__connector__in=carrying())
    return rows.select_related("line__system", "line__case").order_by("next_at", "id")


def _ready(report: Report) -> bool:
    """Whether its system is still on, and has not been found silent since the claim."""
    rested = Q(resting_until=None) | Q(resting_until__lte=clock.now())
    return System.objects.filter(rested, pk=report.line.system_id, on=True).exists()


def _settle(report: Report, outcome: Outcome, moment: datetime) -> None:
    """The record of the case follows the answer, and the system rests or is well again."""
    system, by = report.line.system, f"connector:{report.line.system.code}"
    if outcome.taken:
        enter_answer(report, receipt=outcome.answer.receipt, at=moment, by=by)
    elif isinstance(outcome.refusal, Rejected):
        enter_answer(report, reason=outcome.refusal.reason, at=moment, by=by)
    rows = System.objects.filter(pk=system.pk)
    if outcome.taken or outcome.refusal:
        rows.exclude(failures=0).update(failures=0, resting_until=None)
    else:
        rows.update(failures=F("failures") + 1, resting_until=moment + REST.wait(min(system.failures + 1, 30)))


OUTBOX = Outbox(
    Report,
    due=_due,
    send=lambda report: hand_over(report, at=clock.now()),
    pace=PACE,
    ready=_ready,
    settle=_settle,
)
