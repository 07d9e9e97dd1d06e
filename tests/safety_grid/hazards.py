"""Hazards in every state, opened and moved by the engine as the pages do it."""

from datetime import date, timedelta
from typing import Any

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case
from portal.orgs.models import User
from safety_grid.actions import report
from safety_grid.flow import FLOW
from safety_grid.models import Concern, Hazard
from tests.conftest import photo_of
from tests.district import District
from tests.safety_grid.cast import Grid


def opened(place: District, by: User, **data: Any) -> Case:
    """Whatever the report form opens."""
    said = {"unit": place.room.pk, "topic": "HZ-03", "words": "窗扇松动", "photos": [str(photo_of(by).pk)]} | data
    return report(filled(FLOW, FLOW.opening, case=None, by=by, data=said), by=by)


def reported(place: District, by: User, **data: Any) -> Hazard:
    """A hazard just reported."""
    return Hazard.objects.get(pk=opened(place, by, **data).pk)


def raised(place: District, by: User, **data: Any) -> Concern:
    """A concern just raised, by the same form."""
    return Concern.objects.get(pk=opened(place, by, **{"topic": "HZ-16", "words": "有人总被堵在厕所"} | data).pk)


def registered(
    place: District, grid: Grid, by: User, *, grade: str = "general", assignee: User | None = None, **data: Any
) -> Hazard:
    """A hazard graded (a major one by the principal, given as `by`'s school's) and given to Gao."""
    hazard = reported(place, by, **data)
    who = User.objects.get(username="hu") if grade == "major" else grid.an
    said = {"topic": hazard.topic, "grade": grade, "assignee": (assignee or grid.gao).pk}
    move(hazard, "register", by=who, data=said)
    return Hazard.objects.get(pk=hazard.pk)


def five(who: User, days: int = 5, **more: Any) -> dict[str, Any]:
    """The five items of a plan."""
    day: date = clock.today() + timedelta(days=days)
    return {
        "measures": "更换合页，加装限位器",
        "assignee": who.pk,
        "money": "320.00",
        "due_on": day.isoformat(),
        "interim": "窗下拉警戒线，不开窗",
    } | more


def proof(who: User, name: str = "after") -> dict[str, Any]:
    """A photo just taken."""
    return {name: [str(photo_of(who).pk)]}
