"""Runs: at its moment a kind is published at every school in one go, each school in a transaction of its own.

What is worked off are rows, so a run killed at any moment goes on where it was, and any number of workers share it. A
school whose data do not hold together stops only itself, is told why, and is tried again every hour.
"""

import logging
from datetime import timedelta

from django.db import OperationalError, transaction

from portal import clock
from portal.cases.actions import locked, move
from portal.cases.flow import flow_of
from portal.errors import Refused
from portal.ledger.actions import CLOCK, append
from portal.notices.actions import tell
from portal.orgs.access import holders
from portal.orgs.roles import title as role_title

from .models import Issue, Run, RunItem
from .openings import adopt, open_due_runs, run_address, try_again
from .queries import READY

SPARE = timedelta(seconds=8)  # of the ten until the next wake-up
BROKEN = "公示时系统出错，已经记下。请联系系统管理员；其他学校不受影响。"
State = RunItem.State
log = logging.getLogger(__name__)


def publish_due(limit: int | None = None) -> int:
    """Opens the runs whose moment has come and works on what waits, for eight seconds or `limit` schools; says how many."""
    open_due_runs()
    adopt()
    try_again()
    done, until = 0, clock.now() + SPARE
    while done != limit and _work_next():
        done += 1
        if clock.now() >= until:
            break
    close_finished()
    return done


@transaction.atomic
def _work_next() -> bool:
    """The next school that waits, unless another worker has it; false when none is left."""
    waiting = RunItem.objects.select_for_update(skip_locked=True, of=("self",)).filter(state=State.WAITING)
    item = waiting.select_related("run", "unit__school").order_by("pk").first()
    if item is None:
        return False
    before = item.said
    try:
        with transaction.atomic():
            item.state, item.said = _outcome(item)
    except OperationalError:  # the database's trouble, not the school's: the next wake-up starts afresh
        raise
    except Refused as no:
        item.state, item.said = State.REFUSED, f"{no.sentence}{no.instead}"[:300]
    except Exception:
        log.exception("run %s cannot publish at %s", item.run_id, item.unit_id)
        item.state, item.said = State.REFUSED, BROKEN
    item.at = clock.now()
    item.save(update_fields=["state", "said", "at"])
    if item.state == State.REFUSED and item.said != before:
        _tell_why(item)
    return True


def _outcome(item: RunItem) -> tuple[State, str]:
    """Publishes at one school if it may be published; says how it stands now."""
    run = item.run
    issue = Issue.objects.select_related("case").filter(kind=run.kind, unit=item.unit, period=run.period).first()
    if issue is not None and issue.current:
        return State.PUBLISHED, ""
    if issue is None or issue.case is None:
        return State.UNSIGNED, "这一期还没有开出来。"
    if issue.case.state not in READY:
        stands = flow_of(issue.case).state(issue.case.state).title
        return State.UNSIGNED, f"{stands}，现在由{role_title(issue.case.turn or run.about.posts[0])}负责。"
    move(locked(issue.case), "publish", by=CLOCK)
    return State.PUBLISHED, ""


def close_finished() -> None:
    """Says in each run's chain that all its schools have been worked on, once."""
    waiting = RunItem.objects.filter(state=State.WAITING).values("run")
    for pk in list(Run.objects.filter(finished_at=None).exclude(pk__in=waiting).values_list("pk", flat=True)):
        _close(pk)


@transaction.atomic
def _close(pk: int) -> None:
    run = Run.objects.select_for_update().get(pk=pk)
    if run.finished_at is not None or run.items.filter(state=State.WAITING).exists():
        return
    run.finished_at = clock.now()
    states = list(run.items.values_list("state", flat=True))
    counts = {state: states.count(state) for state in (State.PUBLISHED, State.REFUSED, State.UNSIGNED)}
    append(run, "finished", by=CLOCK, at=run.finished_at, facts={str(name): n for name, n in counts.items()})
    run.save(update_fields=["finished_at"])


def _tell_why(item: RunItem) -> None:
    """The posts that answer for it at this school are told what is wrong."""
    run = item.run
    tell(
        holders(run.about.posts, item.unit.path),
        about=run.address,
        verb="refused",
        title=f"没有公示：{run.title}"[:120],
        body=f"{item.unit.name}：{item.said}",
        url=run_address(run),
        urgent=True,
        at=clock.now(),
    )
