"""退还方案: a plan to give a surplus back, what the books say has gone, and what each family's part of it is."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import Q, Sum

from canteen.models import Canteen, Entry, MealMoney, RefundPlan
from portal import clock
from portal.errors import NotThere
from portal.orgs.models import User
from portal.publications.periods import Every, period_of
from portal.wire.paging import Keyset, Page, page_of

from .books import REFUND, ZERO, readable_books

FEN = Decimal("0.01")
BY_TERM: Keyset[RefundPlan] = Keyset(("term",), (str,), lambda one: (one.term,), falling=True)


@dataclass(frozen=True)
class Share:
    """One pupil's part, by what was eaten in the term, both in 元."""

    number: str
    name: str
    eaten: Decimal
    amount: Decimal


def plan_for(user: User, pk: int) -> RefundPlan:
    """One plan, for those who read the books it belongs to; not there for others."""
    mine = readable_books(user).order_by().values("pk")
    rows = RefundPlan.objects.select_related("canteen__school", "canteen__place", "by", "signed_by")
    found = rows.filter(pk=pk, canteen__in=mine).first()
    if found is None:
        raise NotThere
    return found


def plans(canteen: Canteen, asked: dict[str, Any]) -> Page[RefundPlan]:
    """A page of a canteen's plans, the newest term first."""
    rows = canteen.refund_plans.select_related("canteen__school", "canteen__place", "by", "signed_by")

    def ask(bounds: Q, back: bool, n: int) -> list[RefundPlan]:
        return list(rows.filter(bounds).order_by("term" if back else "-term")[:n])

    return page_of(ask, BY_TERM, cursor=asked.get("cursor") or "", limit=asked.get("limit"))


def gone_back(plan: RefundPlan, until: date) -> Decimal:
    """What the sealed books say has gone back to pupils from the day the plan was made to another, in 元; without what
    another plan that was done since then has counted as its own."""
    since = _day(plan)
    others = list(RefundPlan.objects.filter(canteen=plan.canteen_id, done_on__gte=since).exclude(pk=plan.pk))
    days = min([since, *map(_day, others)]), until
    rows = Entry.objects.filter(canteen=plan.canteen_id, category=REFUND, seal__isnull=False, dated__range=days)
    gone = rows.aggregate(total=Sum("amount"))["total"] or ZERO
    return max(gone - sum((one.amount for one in others), ZERO), ZERO)


def _day(plan: RefundPlan) -> date:
    """The day it was made."""
    return plan.at.astimezone(clock.SCHOOL_TIME).date()


def shares_of(plan: RefundPlan) -> list[Share]:
    """Who gets what back: the plan's amount in the measure of what each ate in the term, to the fen, together exactly it.

    Nobody where the card system's moves were not brought in.
    """
    period = period_of(Every.TERM, plan.term)
    rows = MealMoney.objects.filter(
        canteen=plan.canteen_id, kind=MealMoney.EATEN, day__range=(period.since, period.until)
    ).order_by()
    pupils = rows.values_list("student__number", "student__name", "student").annotate(total=Sum("amount"))
    eaten = [(number, name, -total) for number, name, _, total in sorted(pupils)]
    whole = sum((one for *_, one in eaten), ZERO)
    exact = [plan.amount * one / whole for *_, one in eaten]
    parts = [one.quantize(FEN, ROUND_DOWN) for one in exact]
    left = int((plan.amount - sum(parts, ZERO)) / FEN) if parts else 0
    for at in sorted(range(len(parts)), key=lambda at: parts[at] - exact[at])[:left]:
        parts[at] += FEN
    return [Share(number, name, one, part) for (number, name, one), part in zip(eaten, parts, strict=True)]
