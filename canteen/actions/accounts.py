"""周账、月报、学期决算: the verbs that open their cases, and what is done with a surplus."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from canteen.flow import MONTHS, TERMS, WEEKLY
from canteen.models import Canteen, Entry, RefundPlan
from canteen.queries.accounts import open_months
from canteen.queries.books import SEALERS, week_span
from canteen.queries.places import canteens_in
from canteen.queries.refunds import gone_back, standing_at
from canteen.rules.accounts import plan_fits, published_stays
from portal import clock
from portal.cases.actors import Actor
from portal.cases.flow import Flow
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.errors import BadInput, NotAllowed, Refused, WrongStep
from portal.ledger.actions import append
from portal.orgs.access import may
from portal.orgs.models import Unit, User
from portal.publications.duties import open_duty
from portal.publications.kinds import kind_of
from portal.publications.periods import Every, opened_on, period_of
from portal.worktime.calendars import calendar_for

from .books import locked


def open_weeklyaccount(form: StepForm, *, by: Actor, **more: Any) -> Case | list[Case]:
    """Opens what a school owes for one week. The clock opens none where no canteen cooks, and none for weeks without school."""
    return _open(WEEKLY, form, by, more)


def open_monthlyaccount(form: StepForm, *, by: Actor, **more: Any) -> Case | list[Case]:
    """Opens what a school owes for one month (CP-03)."""
    return _open(MONTHS, form, by, more)


def open_termaccount(form: StepForm, *, by: Actor, **more: Any) -> Case | list[Case]:
    """Opens what a school owes for one term (CP-07)."""
    return _open(TERMS, form, by, more)


@transaction.atomic
def plan_refund(canteen: Canteen, term: str, *, amount: Decimal, how: str, by: User) -> RefundPlan:
    """登记结余退还方案 of a term; said again before it is done it replaces what was said, the chain keeps both.

    Refused, once every month of the term is closed: less than must go back, more than the year's surplus; once the term's
    account is out: less than it said.
    """
    canteen, period = _kept(canteen, by), period_of(Every.TERM, term)
    if period.until < clock.today() and not open_months([canteen], period.since, period.until):
        plan_fits(standing_at(canteen, period), canteen, amount, period.title)
    said: dict[str, Any] = {
        "amount": amount,
        "how": how,
        "by": by,
        "at": clock.now(),
        "signed_by": None,
        "signed_at": None,
    }
    made, fresh = RefundPlan.objects.get_or_create(canteen=canteen, term=term, defaults=said)
    if made.done_on is not None:
        raise WrongStep("这一学期的结余已经退还，方案不能再改。")
    if not fresh:
        published_stays(made, amount)
        for name, value in said.items():
            setattr(made, name, value)
        made.save(update_fields=list(said))
    append(made, "planned", by=by, at=clock.now(), facts={"canteen": canteen, "term": term, "amount": amount})
    return made


@transaction.atomic
def sign_plan(plan: RefundPlan, *, by: User) -> RefundPlan:
    """签字同意 a plan, by a second person (CR-18). Refused: the one who made it, one that is signed or done."""
    if not may(by, SEALERS, plan.canteen.unit.path):
        raise NotAllowed("退还方案由食堂管理员、总务主任或校领导签字。", who="食堂管理员、总务主任、分管副校长、校长")
    locked(plan.canteen)
    plan = RefundPlan.objects.select_for_update(of=("self",)).select_related("canteen__school", "by").get(pk=plan.pk)
    if plan.by_id == by.pk:
        raise Refused("您做的方案，不能由您签字。", rule="印鉴由两人分管（CR-18）", instead="请另一位负责人签字。")
    if plan.signed_at is not None:
        raise WrongStep("这个方案已经签过字了。")
    plan.signed_by, plan.signed_at = by, clock.now()
    plan.save(update_fields=["signed_by", "signed_at"])
    append(plan, "signed", by=by, at=clock.now(), facts={"amount": plan.amount})
    return plan


@transaction.atomic
def refund_done(plan: RefundPlan, *, on: date, by: User) -> RefundPlan:
    """登记已退还. Refused: a day to come, one that is done or unsigned, while the books say that less went back (CE-60)."""
    _kept(plan.canteen, by)
    plan = RefundPlan.objects.select_for_update().get(pk=plan.pk)
    if plan.done_on is not None:
        raise WrongStep("已经登记过退还日期。")
    if plan.signed_at is None:
        raise WrongStep("方案还没有第二个人签字。", instead="请先请食堂管理员或校领导签字。")
    if on > clock.today():
        raise BadInput("日期不能晚于今天。", errors={"on": ["不能晚于今天。"]})
    gone = gone_back(plan, on)
    if gone < plan.amount:
        raise Refused(
            f"账上只退了 {gone:.2f} 元，方案是 {plan.amount:.2f} 元。", rule="结余全部退还学生（CR-25）",
            instead="请先把退费记入账本（科目 CE-60）并复核。",
        )  # fmt: skip
    plan.done_on = on
    plan.save(update_fields=["done_on"])
    append(plan, "refunded", by=by, at=clock.now(), facts={"amount": plan.amount, "on": on})
    return plan


def _open(flow: Flow, form: StepForm, by: Actor, more: dict[str, Any]) -> Case | list[Case]:
    school: Unit = form.cleaned_data["unit"].school
    kind = kind_of(flow.kind)
    said = form.cleaned_data.get("period")
    period = period_of(kind.every, said) if said else opened_on(kind.every, clock.today(), kind.opens)
    span = week_span(period) if flow is WEEKLY else (period.since, period.until)
    if isinstance(by, User):
        if not canteens_in(school, span[0]):
            raise Refused("本校还没有启用食堂。", instead="请先启用食堂。")
        return open_duty(flow, form, by=by, **more)
    return open_duty(flow, form, by=by, **more) if _cooked(school, *span) else []


def _cooked(school: Unit, since: date, until: date) -> bool:
    """Whether a canteen of the school had anything to account for: school days while it was open, or entries all the same.

    A week is asked for the days its account covers: a Saturday with school belongs to the week after it.
    """
    canteens = canteens_in(school, since)
    if not canteens:
        return False
    calendar = calendar_for(school.path)
    last = min(until, max(one.closed_on or until for one in canteens))
    days = (since + timedelta(days=n) for n in range((last - since).days + 1))
    return (
        any(map(calendar.is_school_day, days))
        or Entry.objects.filter(canteen__in=canteens, day__range=(since, until)).exists()
    )


def _kept(canteen: Canteen, by: User) -> Canteen:
    if not may(by, "canteen_accountant", canteen.unit.path):
        raise NotAllowed("结余方案由食堂会计登记。", who="食堂会计")
    return locked(canteen)
