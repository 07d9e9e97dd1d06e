"""演练: planning one (the clock does too, by schedule), and keeping what was measured."""

from datetime import datetime
from typing import Any

from portal import clock
from portal.cases.actions import open_case
from portal.cases.actors import Actor, is_clock
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.errors import NotAllowed
from portal.orgs.access import may
from portal.orgs.models import Stage, User
from safety_grid.flow.drills import CHIEFS, DRILLS
from safety_grid.models import Drill, DrillResult
from safety_grid.queries.reference import drill_kinds

QUARTERS = (3, 6, 9, 12)


def plan_drill(form: StepForm, *, by: Actor, **more: Any) -> Case | list[Case]:
    """Plans a drill of a school or a part of it. Refused for others than its safety head and heads; the clock may, too.

    By the clock a kindergarten's comes once a quarter (docs/rules.md 3.5, IP-14): none in the other months.
    """
    said = form.cleaned_data
    unit, kind = said["unit"], drill_kinds()[said["topic"]]
    if isinstance(by, User) and not may(by, CHIEFS, unit.path):
        raise NotAllowed("演练由学校的安全办主任或校长计划。", who="安全办主任、校长")
    if is_clock(by) and unit.stage == Stage.KINDERGARTEN and clock.today().month not in QUARTERS:
        return []
    opener = by if isinstance(by, User) else None
    title = f"{unit.name} {kind}演练"
    return open_case(DRILLS, unit=unit, title=title, by=by, opener=opener, form=form, topic=said["topic"], **more)


def record_drill(case: Drill, *, by: Actor, at: datetime, results: list[dict[str, Any]], **_: Any) -> dict[str, Any]:
    """Effect of holding: each group's people, exit and seconds."""
    DrillResult.objects.bulk_create([DrillResult(drill_id=case.pk, **row) for row in results])
    return {"people": sum(row["people"] for row in results), "slowest": max(row["seconds"] for row in results)}
