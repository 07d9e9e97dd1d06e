"""What lower rooms ask of cases, registered when the portal starts."""

from django.db import transaction

from portal import clock
from portal.evidence.gates import on_cover, on_view
from portal.evidence.who import on_visitor
from portal.ledger.actions import CLOCK, append
from portal.orgs.actions import on_person_left, on_unit_moved
from portal.worktime.actions import on_calendar_changed
from portal.worktime.calendars import Calendars
from portal.worktime.spans import Measure

from .actions import pass_on, repath
from .deadlines import nearest, recompute
from .flow import flow_of
from .models import Case, Deadline
from .photos import KEEPER, may_view
from .receipts import visitor


def start() -> None:
    """Evidence asks who may see a case's photos; the tree, the calendar and the people say when they have changed."""
    on_view("case", may_view)
    on_cover("case", KEEPER)
    on_visitor(visitor)
    on_unit_moved(repath)
    on_unit_moved(recount)  # a school that moves follows the calendar of its new place
    on_calendar_changed(recount)
    on_person_left(pass_on)


@transaction.atomic
def recount(*, path: str = "", **_: object) -> None:
    """After the calendar changed: running clocks in school time are worked out again; each change is in the chain."""
    at, calendars = clock.now(), Calendars()
    school_time = Deadline.objects.filter(done_at=None, case__unit_path__startswith=path).exclude(measure=Measure.WALL)
    for case in Case.objects.select_for_update().filter(pk__in=school_time.values("case"), is_open=True).order_by("pk"):
        live = list(Deadline.objects.select_related("setting").filter(case=case, done_at=None))
        before = {one.clock: one.due_at for one in live}
        for deadline in live:
            recompute(deadline, flow_of(case), calendars.of(case.unit_path))
            deadline.save(update_fields=["due_at", "provisional", "next_rung_at"])
        moved = {one.clock: one.due_at for one in live if one.due_at != before[one.clock]}
        if moved:
            append(case, "recounted", by=CLOCK, at=at, facts={"due": moved})
            Case.objects.filter(pk=case.pk).update(due_at=nearest(live))
