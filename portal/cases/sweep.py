"""One pass of the clock: rungs that are due, steps the clock takes, cases it opens. Any number may run at once."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from portal import clock
from portal.errors import Refused
from portal.ledger.actions import CLOCK, entry, write
from portal.notices.actions import Message, tell_many
from portal.orgs.actions import settle_appointments
from portal.orgs.models import User
from portal.orgs.roles import title as role_title
from portal.worktime.calendars import Calendars
from portal.worktime.spans import Measure, Span

from .actions import locked, move
from .bulk import set_columns
from .deadlines import ladder_of, next_rung_at
from .flow import HOLDER, Ladder, Rung, address_of, flow_of
from .ladders import Whom
from .models import Case, Deadline, Escalation, Heartbeat
from .schedules import open_due

BATCH = 500
RETRY = timedelta(minutes=10)
log = logging.getLogger(__name__)
Watch = Callable[[], int]
_watches: list[Watch] = []


def on_sweep(function: Watch) -> Watch:
    """Registers what else the clock looks at in each pass: `function()` says how much it did. Twice at once does no harm."""
    _watches.append(function)
    return function


@dataclass
class Fired:
    """One rung of one deadline that is due now."""

    deadline: Deadline
    case: Case
    rung: Rung
    number: int
    due_at: datetime


def sweep(*, limit: int = 20) -> int:
    """Fires everything that is due, in batches of 500, then opens what comes again; returns how many rungs, steps and cases.

    A morning's thousands of openings keep no rung waiting. Twice at once does no harm.
    """
    settle_appointments()
    fired = 0
    for _ in range(limit):
        batch = fire_batch()
        fired += batch
        if batch < BATCH:
            break
    fired += open_due()
    fired += sum(_looked(one) for one in _watches)
    if not Heartbeat.objects.filter(name="sweep").update(at=clock.now()):
        Heartbeat.objects.update_or_create(name="sweep", defaults={"at": clock.now()})
    return fired


def _looked(watch: Watch) -> int:
    """One watch; its trouble is not the clock's."""
    try:
        return watch()
    except OperationalError:
        raise
    except Exception:
        log.exception("a watch failed and looks again in the next pass")
        return 0


def fire_batch() -> int:
    """Fires one batch of what is due. If that fails, one row at a time, so that one bad case does not stop the clock."""
    try:
        return _fire()
    except OperationalError:  # the database's trouble, not a case's: the next sweep starts afresh
        raise
    except Exception:
        log.exception("a batch failed and is fired one row at a time")
    rows = _due(clock.now()).order_by("next_rung_at").values_list("pk", flat=True)[:BATCH]
    return sum(_fire_alone(one) for one in list(rows))


def _fire_alone(deadline: int) -> int:
    """Fires one row, or sets it aside for ten minutes and says why."""
    try:
        return _fire(deadline)
    except OperationalError:
        raise
    except Exception:
        log.exception("deadline %s failed and is tried again in ten minutes", deadline)
    return Deadline.objects.filter(pk=deadline, done_at=None).update(next_rung_at=clock.now() + RETRY)


@transaction.atomic
def _fire(only: int | None = None) -> int:
    """Claims due deadlines with their cases, skipping those another sweep holds, and fires them in a few statements."""
    at = clock.now()
    due = _claim(at, only)
    cases = {one.case_id: one.case for one in due}
    for one in due:
        one.case = cases[one.case_id]  # two clocks of one case write to one chain
    taken = [one for one in due if flow_of(one.case).clock(one.clock).then]
    for deadline in taken:
        _take(deadline, at)
    moved = {one.case_id for one in taken}  # their other clocks are not what they were: the next batch asks again
    _raise([one for one in due if one.case_id not in moved], at)
    return len(due)


def _claim(at: datetime, only: int | None) -> list[Deadline]:
    """Due rows locked together with their cases, and read only then: a row joined while others write may be stale."""
    due = _due(at) if only is None else _due(at).filter(pk=only)
    locked = due.select_for_update(skip_locked=True, of=("self", "case")).select_related("case").only("case__kind")
    keys = [one.pk for one in locked.order_by("next_rung_at")[:BATCH]]
    if not keys:
        return []
    rows = Deadline.objects.select_related("case__unit", "case__assignee", "setting").filter(pk__in=keys)
    return list(rows.order_by("next_rung_at", "pk"))


def _due(at: datetime) -> QuerySet[Deadline]:
    """Running clocks whose next rung has come."""
    return Deadline.objects.filter(done_at=None, paused_at=None, next_rung_at__lte=at)


def _take(deadline: Deadline, at: datetime) -> None:
    """The step the clock takes by itself; if a rule refuses it, it is tried again in ten minutes."""
    step = flow_of(deadline.case).clock(deadline.clock).then
    try:
        with transaction.atomic():
            move(locked(deadline.case), step, by=CLOCK)
    except Refused:
        Deadline.objects.filter(pk=deadline.pk).update(next_rung_at=at + RETRY)


def _raise(deadlines: list[Deadline], at: datetime) -> None:
    """Escalations, ledger entries, notices and the next rung of every claimed deadline."""
    if not deadlines:
        return
    ladders = {one.pk: ladder_of(one, flow_of(one.case)) for one in deadlines}
    whom = Whom(telling=True)
    for one in deadlines:
        whom.need(one.case, [rung.tells for rung in ladders[one.pk]])
    whom.load()
    calendars = Calendars()
    fired = [row for one in deadlines for row in _climb(one, ladders[one.pk], whom, calendars, at)]
    escalations = [_escalation(row, whom, calendars, at) for row in fired]
    Escalation.objects.bulk_create(escalations)
    write(
        entry(row.case, "escalated", by=CLOCK, at=at, facts=_facts(row, made))
        for row, made in zip(fired, escalations, strict=True)
    )
    set_columns(Case, {one.case for one in deadlines}, chain_seq="integer", chain_head="text")
    set_columns(Deadline, deadlines, rung="integer", next_rung_at="timestamptz")
    _tell(zip(fired, escalations, strict=True), at)


def _climb(deadline: Deadline, ladder: Ladder, whom: Whom, calendars: Calendars, at: datetime) -> Iterable[Fired]:
    """Every rung due by now; a vacant post passes to the next rung at once."""
    flow, calendar = flow_of(deadline.case), calendars.of(deadline.case.unit_path)
    while deadline.rung < len(ladder) and deadline.next_rung_at is not None and deadline.next_rung_at <= at:
        rung, due_at = ladder[deadline.rung], deadline.next_rung_at
        yield Fired(deadline, deadline.case, rung, deadline.rung, due_at)
        deadline.rung += 1
        deadline.next_rung_at = next_rung_at(deadline, flow, calendar)
        vacant = rung.tells != HOLDER and not whom.of(deadline.case, rung.tells)
        if vacant and deadline.next_rung_at is not None:
            deadline.next_rung_at = min(deadline.next_rung_at, at)


def _escalation(row: Fired, whom: Whom, calendars: Calendars, at: datetime) -> Escalation:
    people = whom.of(row.case, row.rung.tells)
    ack_by = None
    if row.rung.ack is not None and people:
        measure = Measure.WALL if row.deadline.measure == Measure.WALL else Measure.HOURS
        ack_by = calendars.of(row.case.unit_path).add(at, Span(Decimal(row.rung.ack), measure))
    return Escalation(
        deadline=row.deadline,
        case_id=row.case.pk,
        round=row.deadline.round,
        rung=row.number,
        role=row.rung.tells,
        told=people,
        vacant=not people,
        due_at=row.due_at,
        at=at,
        ack_by=ack_by,
    )


def _facts(row: Fired, made: Escalation) -> dict[str, object]:
    return {
        "clock": row.deadline.clock,
        "rung": row.number,
        "role": row.rung.tells,
        "told": made.told,
        "vacant": made.vacant or None,
        "due_at": row.due_at,
    }


def _tell(rows: Iterable[tuple[Fired, Escalation]], at: datetime) -> None:
    """A reminder to the holder before the time is up; afterwards a report to the rung's post, with who holds it."""
    people: dict[int, User] = {}
    rows = [(row, made) for row, made in rows if made.told]
    people = User.objects.in_bulk({person for _, made in rows for person in made.told})
    messages = defaultdict(list)
    for row, made in rows:
        for person in made.told:
            if person in people:
                messages[row.deadline.pk, row.number].append(people[person])
    tell_many([_message(row, messages[row.deadline.pk, row.number], at) for row, _ in rows])


def _message(row: Fired, people: list[User], at: datetime) -> Message:
    case, flow = row.case, flow_of(row.case)
    clock_title = flow.clock(row.deadline.clock).title
    holder = case.assignee.name if case.assignee else role_title(case.turn)
    early = row.rung.share is not None and row.rung.share < 1
    lead = (
        f"{clock_title}快到时限"
        if early
        else f"{clock_title}已超时，上报到您"
        if row.rung.tells != HOLDER
        else f"{clock_title}已超时"
    )
    return Message(
        people=people,
        about=case.address,
        verb="escalated",
        title=f"{lead}：{case.title}"[:120],
        body=f"{case.number} · {case.unit.place} · 现在由{holder}负责",
        url=address_of(case),
        urgent=case.urgent,
        at=at,
    )
