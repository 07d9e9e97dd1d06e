"""What becomes due to other systems when a case changes; written in the transaction of the step that makes it due."""

from portal import clock
from portal.cases.models import Case
from portal.orgs.models import prefixes

from .actions import queue
from .matters import MATTERS, Matter
from .models import Line, System


def changed(case: Case, entered: str | None) -> None:
    """Gives the case its record with every system of its place, and puts in the outbox what they are to be told.

    Cases of a closed circle have no record anywhere. Nothing is asked of the database for kinds nobody reports.
    """
    matter = MATTERS.get(case.kind)
    if matter is None or case.circle:
        return
    systems = System.objects.filter(kind=case.kind, unit__path__in=prefixes(case.unit_path)).order_by("pk")
    for system in systems:
        follow(system, case, matter, entered)


def follow(system: System, case: Case, matter: Matter, entered: str | None = None) -> bool:
    """The case's record with one system, and the report it owes now, if any; the case is locked. Answers whether it owed one."""
    line = _line(system, case)
    moment = owed(system, line, case, matter, entered) if system.on else ""
    if moment:
        queue(line, moment, case=case, matter=matter)
    return bool(moment)


def owed(system: System, line: Line, case: Case, matter: Matter, entered: str | None) -> str:
    """What the system is to be told now: the moment of the state entered, or the first one of a case it was never told of.

    So a case that comes to be of a chosen sort later (graded anew, say) is reported then.
    """
    if not line.seq and (case.state not in matter.owing or matter.sort_of(case) not in system.sorts):
        return ""
    moment = matter.moment_of(entered) if entered else None
    if moment is not None and moment.code in system.moments:
        return moment.code
    first = matter.moments[0].code
    return first if not line.seq and first in system.moments else ""


def _line(system: System, case: Case) -> Line:
    """The record of this case, locked; a new one says that nothing is due."""
    lines = Line.objects.select_for_update(of=("self",)).select_related("system__unit")
    fresh = {"moved_at": clock.now()}
    line, _ = lines.get_or_create(system=system, case_id=case.pk, defaults=fresh)
    return line
