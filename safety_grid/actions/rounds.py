"""巡查: the clock opens a plan's rounds for whoever answers for the places; a place checked; failures become hazards."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects

from portal import clock
from portal.cases.actions import Wanted, filled, open_cases
from portal.cases.actors import Actor, is_clock
from portal.cases.flow import FLOWS, address_of
from portal.cases.forms import StepForm
from portal.cases.ladders import told
from portal.cases.models import Case
from portal.errors import NotAllowed, Refused
from portal.ledger.actions import CLOCK
from portal.notices.actions import tell
from portal.orgs.access import holders
from portal.orgs.models import Absence, Unit, User
from portal.orgs.roles import HEADS
from safety_grid.flow.rounds import ROUNDS
from safety_grid.models import Cell, Round, RoundPlan, RoundSpot
from safety_grid.queries.roster import Roster, nearest

FOUND = "found"  # the link of a hazard to the round it was found on
REPEATED, LATELY = 3, timedelta(days=7)  # so many missed rounds of one person within a week are told to the heads
Places = list[tuple[Unit, Cell | None]]
PLACES = Unit.objects.filter(closed_on=None).select_related("school").order_by("path")


def open_rounds(form: StepForm, *, by: Actor, **more: Any) -> list[Case]:
    """Opens one round for each person who answers for places of the plan that day, and one for the places of nobody.

    Only the clock does. None where the plan has no places today.
    """
    return open_every_round([form], by=by)[0]


@transaction.atomic
def open_every_round(forms: Sequence[StepForm], *, by: Actor) -> list[list[Case]]:
    """The same for many plans at once: the rounds of each. Who answers for what is asked once for all of them."""
    if not is_clock(by):
        raise NotAllowed("巡查由系统按计划开出。", who="系统", instead="要改频次和点位，请到巡查计划。")
    plans = [form.cleaned_data["plan"] for form in forms]
    prefetch_related_objects(plans, "unit__school", "schedule", Prefetch("places", PLACES))
    slots = [_slot(plan) for plan in plans]
    roster = _roster(plans, slots)
    found = [
        (n, _wanted(plan, person, places, slot, form), places)
        for n, (form, plan, slot) in enumerate(zip(forms, plans, slots, strict=True))
        for person, places in whose(plan, slot, roster).items()
    ]
    cases = open_cases(ROUNDS, [wanted for _, wanted, _ in found], by=CLOCK)
    RoundSpot.objects.bulk_create(
        [
            RoundSpot(round_id=case.pk, unit=unit, cell=cell)
            for case, (_, _, places) in zip(cases, found, strict=True)
            for unit, cell in places
        ],
        batch_size=500,
    )
    opened: list[list[Case]] = [[] for _ in forms]
    for case, (n, _, _) in zip(cases, found, strict=True):
        opened[n].append(case)
    return opened


def _roster(plans: Sequence[RoundPlan], slots: Sequence[datetime]) -> Roster:
    """Who answers for the places of these plans' schools around their moments; plans of a post need no roster."""
    days = [slot.astimezone(clock.SCHOOL_TIME).date() for slot in slots]
    return Roster([plan.unit for plan in plans if not plan.who], min(days), max(days))


def _slot(plan: RoundPlan) -> datetime:
    """The planned moment; now where that day is over, because the clock stood still."""
    now, planned = clock.now(), plan.schedule.next_at if plan.schedule else None
    same = planned is not None and planned.astimezone(clock.SCHOOL_TIME).date() == clock.today()
    return planned if planned is not None and same else now


def whose(plan: RoundPlan, slot: datetime, roster: Roster) -> dict[User | None, Places]:
    """The plan's places by who is to walk there; under none those nobody answers for."""
    wanted = list(plan.places.all())
    if plan.who:
        return {_holder_of(plan.who, plan.unit): [(one, None) for one in wanted or [plan.unit]]}
    found = roster.below(plan.unit).between(slot, slot + timedelta(hours=float(plan.hours)))
    held = [one for one in found if one.holding is not None]
    spots: Places = [(one, None) for one in wanted] or [(one.cell.unit, one.cell) for one in found]
    sorted_out: dict[User | None, Places] = {}
    for unit, cell in dict.fromkeys(spots):
        own = [one for one in held if cell is not None and one.cell == cell]
        watches = own or nearest(unit, held)
        found_here: list[tuple[User | None, Cell | None]] = [(one.person, one.cell) for one in watches]
        for person, at in found_here or [(None, cell)]:
            places = sorted_out.setdefault(person, [])
            if (unit, at) not in places:
                places.append((unit, at))
    return sorted_out


def _holder_of(role: str, unit: Unit) -> User | None:
    """Whoever holds the role there and is present today, or stands in; the first by name."""
    today = clock.today()
    people = list(holders([role], unit.path).order_by("name", "pk"))
    rows = Absence.objects.filter(person__in=people, since__lte=today, until__gte=today).select_related("substitute")
    away = {row.person_id: row.substitute for row in rows}
    here = [one for one in people if one.pk not in away]
    return next(iter([*here, *(one for one in away.values() if one.is_active)]), None)


def _wanted(plan: RoundPlan, person: User | None, places: Places, slot: datetime, form: StepForm) -> Wanted:
    """One person's round of a plan."""
    one = places[0][0]
    title = f"{plan.title}：{one.place}" if len(places) == 1 else f"{plan.title}（{len(places)} 个点位）"
    columns = {"plan": plan, "slot": slot, "meant_for": person, "assignee": person, "items": plan.items}
    where = one if len(places) == 1 else plan.unit
    return Wanted(where, title, form, topic=plan.code, columns=columns | {"hours": plan.hours})


def mark_spot(
    case: Round, *, by: Actor, at: datetime, spot: RoundSpot, code: str, items: list[dict[str, Any]], **_: Any
) -> dict[str, Any]:
    """Effect of a place's check: it is done, by sticker or without; each failed item is a hazard of its own."""
    spot = RoundSpot.objects.select_for_update(of=("self",)).select_related("unit").get(pk=spot.pk)
    if spot.done_at is not None:
        raise Refused("这个点位已经查过了。", instead="请看下一个点位。")
    spot.done_at, spot.done_by = at, by if isinstance(by, User) else None
    spot.proof = RoundSpot.BY_CODE if code else RoundSpot.UNPROVEN
    spot.outcomes = {one["item"]: one["outcome"] for one in items}
    spot.save(update_fields=["done_at", "done_by", "proof", "outcomes"])
    known = {one["code"]: one for one in case.items}
    found = [_report(case, spot, known[one["item"]], one, by=by) for one in items if one["outcome"] == "failed"]
    facts = {"spot": spot.pk, "unit": spot.unit, "failed": len(found), "proof": spot.proof}
    return facts | ({"found": [one.number for one in found]} if found else {})


def _report(case: Round, spot: RoundSpot, item: dict[str, Any], said: dict[str, Any], *, by: Actor) -> Case:
    """A failed item as a hazard, through the hazard's own form; it belongs to the round."""
    flow = FLOWS["safety_grid.hazard"]
    words = said["words"] or item["title"]
    data: dict[str, Any] = {"unit": spot.unit_id, "topic": item["category"], "words": words}
    data["photos"] = [str(one.pk) for one in said["photos"]]
    form = filled(flow, flow.opening, case=None, by=by, data=data)
    return flow.open_action()(form, by=by, link=(case, FOUND))


def tell_of_repeated_misses(case: Round, *, by: Actor, at: datetime, **_: Any) -> None:
    """Effect of a missed round: the third of one person within a week is told to the school's heads."""
    if case.meant_for_id is None:
        return
    missed = Round.objects.filter(meant_for=case.meant_for_id, state="missed", closed_at__gte=at - LATELY).count() + 1
    if missed < REPEATED:
        return
    tell(
        told(case, HEADS),
        about=case.address,
        verb="missed_again",
        title=f"一周内漏查 {missed} 次：{case.meant_for}"[:120],
        body=f"{case.number} · {case.title}。请问清原因。",
        url=address_of(case),
        at=at,
    )
