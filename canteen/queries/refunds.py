"""退还方案: a plan to give a surplus back, what the books say has gone, and what each family's part of it is."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import Q, Sum

from canteen.models import Canteen, Entry, MealMoney, RefundPlan
from portal import clock
from portal.errors import NotThere
from portal.orgs.models import User
from portal.publications.periods import Every, Period, period_of
from portal.wire.paging import Keyset, Page, page_of

from .accounts import closed_account, year_begins
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


@dataclass(frozen=True)
class Standing:
    """What stands at the end of a term, since its school year began, both in 元: the surplus (below zero a deficit), and the
    income it is measured by."""

    balance: Decimal
    income: Decimal


def standing_at(canteen: Canteen, period: Period) -> Standing | None:
    """累计结余 and 累计收入 of the school year up to the end of a term (CR-24: the cumulative number), by its closed months; none
    where the books begin after it.

    What plans give back belongs to their own term: of an earlier one of this year what has not gone yet is taken off; what
    has gone since the year began of an earlier year's, or already of this term's, is put back.
    """
    if not canteen.entries.filter(day__lte=period.until).exists():
        return None
    begins = year_begins(period.since)
    account, back, owed = closed_account([canteen], begins, period.until), ZERO, ZERO
    for plan in RefundPlan.objects.filter(canteen=canteen, term__lte=period.code).order_by("term"):
        gone = _gone(plan, period.until)
        if plan.term != period.code and period_of(Every.TERM, plan.term).since >= begins:
            owed += plan.amount - gone
        else:
            back += gone - _gone(plan, begins - timedelta(days=1))
    return Standing(account.balance + back - owed, account.income + back)


def _gone(plan: RefundPlan, until: date) -> Decimal:
    """What of a plan had gone back by a day, in 元; never more than it says."""
    if plan.done_on is not None and plan.done_on <= until:
        return plan.amount
    return min(gone_back(plan, until), plan.amount)


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
