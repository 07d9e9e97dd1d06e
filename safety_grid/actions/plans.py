"""巡查计划: a school's own rhythm, places and checklist; the reference's plans to begin with."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction

from portal import clock
from portal.cases.schedules import plan as plan_schedule
from portal.cases.schedules import replan
from portal.errors import BadInput, NotAllowed, Stale
from portal.ledger.actions import append
from portal.orgs.access import may
from portal.orgs.models import Unit, User
from safety_grid.flow.rounds import ROUNDS
from safety_grid.models import RoundPlan
from safety_grid.queries.plans import PLANNERS
from safety_grid.queries.reference import check_items, reference_plans


@transaction.atomic
def set_plan(
    plan: RoundPlan | None,
    *,
    unit: Unit,
    title: str,
    who: str,
    rule: dict[str, object],
    hours: Decimal,
    places: Iterable[Unit],
    items: list[dict[str, Any]],
    is_on: bool = True,
    code: str = "",
    by: User,
    seen: int | None = None,
) -> RoundPlan:
    """A new plan, or another form of this one from now on; rounds opened before stay as they are.

    Refused for others than the school's safety head and heads, for a name taken, and where somebody was first.
    """
    if not may(by, PLANNERS, unit.path):
        raise NotAllowed("巡查计划由学校的安全办主任或校长设置。", who="安全办主任、校长")
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # two at once: one after the other
    plan = (
        RoundPlan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
        if plan
        else RoundPlan(unit=unit, code=code)
    )
    if seen is not None and plan.pk and seen != plan.version:
        raise Stale("这个计划刚刚被别人改过，这次没有写入。", instead="请看过新的内容再改。")
    if RoundPlan.objects.filter(unit=unit, title=title).exclude(pk=plan.pk).exists():
        raise BadInput("这所学校已有同名的计划。", errors={"title": ["这所学校已有同名的计划，换个名称。"]})
    verb = "changed" if plan.pk else "made"
    plan.title, plan.who, plan.hours, plan.items = title, who, hours, items
    plan.version += 1
    plan.save()
    plan.places.set(places)
    _keep_rhythm(plan, rule, is_on, by=by)
    facts = {"who": who, "hours": hours, "rule": rule, "is_on": is_on, "version": plan.version}
    facts["items"] = [one["code"] for one in items]
    append(plan, verb, by=by, at=clock.now(), facts=facts)
    return plan


def _keep_rhythm(plan: RoundPlan, rule: dict[str, object], is_on: bool, *, by: User) -> None:
    """The schedule behind the plan; it keeps the name it was made with, which is the plan's number."""
    if plan.schedule is None:
        made = plan_schedule(
            kind=ROUNDS.kind, unit=plan.unit, title=f"巡查计划 {plan.pk}", rule=rule, data={"plan": plan.pk}, by=by
        )
        plan.schedule = made
        plan.save(update_fields=["schedule"])
        if is_on:
            return
    if plan.schedule.rule != rule or plan.schedule.is_on != is_on:
        plan.schedule = replan(plan.schedule, rule=rule, is_on=is_on, by=by)


@transaction.atomic
def adopt_reference(unit: Unit, *, by: User) -> int:
    """The reference's plans that need no places of their own, those the school does not have yet; says how many."""
    have = set(RoundPlan.objects.filter(unit=unit).values_list("code", flat=True))
    titles = set(RoundPlan.objects.filter(unit=unit).values_list("title", flat=True))
    known, made = check_items(), 0
    for code, one in reference_plans().items():
        if not one["adopt"] or code in have or one["title"] in titles:
            continue
        items = [
            {"code": known[item].code, "title": known[item].title, "category": known[item].category}
            for item in one["items"]
        ]
        set_plan(
            None, unit=unit, title=one["title"], who=one["who"], rule=dict(one["rule"]), hours=Decimal(one["hours"]),
            places=[], items=items, code=code, by=by,
        )  # fmt: skip
        made += 1
    return made
