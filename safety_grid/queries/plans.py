"""Questions about round plans: those of a school, what may be looked at, and a rhythm in words."""

from typing import Any

from django.db.models import QuerySet

from portal.errors import NotThere
from portal.orgs.access import scope
from portal.orgs.models import Unit, User
from portal.orgs.roles import HEADS
from portal.orgs.roles import title as role_title
from safety_grid.models import Cell, RoundPlan

from .reference import CheckItem, check_items

PLANNERS = ("safety_head", *HEADS)
WALKERS = ("guard", "safety_head", "logistics_head", "vice_principal", "principal")
OTHER = "HZ-99"  # the category of items a school adds itself


def schools_of(by: User) -> QuerySet[Unit]:
    """The schools whose rounds the person plans, in the order of the tree."""
    tree = Unit.objects.none()
    for path in scope(by, *PLANNERS):
        tree = tree | Unit.objects.open().filter(path__startswith=path, kind="school")
    return tree


def school_for(by: User, asked: str) -> Unit:
    """The school asked for by its number, else the first; not there for those who plan nowhere."""
    schools = list(schools_of(by)[:50])
    found = next((one for one in schools if str(one.pk) == asked), None if asked else next(iter(schools), None))
    if found is None:
        raise NotThere
    return found


def plans_of(school: Unit) -> QuerySet[RoundPlan]:
    """A school's plans, those in force first."""
    return (
        RoundPlan.objects.filter(unit=school)
        .select_related("schedule", "unit")
        .order_by("-schedule__is_on", "code", "pk")
    )


def plan_for(by: User, pk: int) -> RoundPlan:
    """A plan the person may change."""
    found = RoundPlan.objects.filter(pk=pk, unit__in=schools_of(by)).select_related("schedule", "unit").first()
    if found is None:
        raise NotThere
    return found


def places_of(school: Unit) -> QuerySet[Unit]:
    """Places of the school that somebody answers for, at most 400."""
    cells = Cell.objects.filter(closed_on=None, unit__path__startswith=school.path)
    return Unit.objects.open().filter(pk__in=cells.values("unit"))


def offered_items(plan: RoundPlan | None) -> dict[str, CheckItem]:
    """The reference's items and the plan's own."""
    own = {one["code"]: CheckItem(**one) for one in (plan.items if plan else [])}
    return check_items() | own


def initial_of(plan: RoundPlan) -> dict[str, Any]:
    """A plan as its form begins."""
    schedule = plan.schedule
    rule: dict[str, Any] = dict(schedule.rule) if schedule else {}
    return {
        "title": plan.title,
        "who": plan.who,
        "every": rule.get("every", "day"),
        "day": _joined(rule.get("day", "")),
        "months": _joined(rule.get("months", "")),
        "times": _joined(rule.get("time", "07:00")),
        "school_days": bool(rule.get("school_days")),
        "hours": f"{plan.hours.normalize():f}",
        "places": [one.pk for one in plan.places.all()],
        "items": [one["code"] for one in plan.items],
        "is_on": bool(schedule and schedule.is_on),
    }


def walker(plan: RoundPlan) -> str:
    """Who walks, in words."""
    return role_title(plan.who) if plan.who else "各点位的责任人"


def _many(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _joined(value: Any) -> str:
    return ",".join(_many(value)) if value != "" else ""
