"""退还方案: what is done with a surplus, who gets what back, its second signature, and the day it was done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from canteen.actions.accounts import plan_refund, refund_done, sign_plan
from canteen.apps import READERS
from canteen.forms.books import RefundDoneForm, RefundPlanForm
from canteen.models import RefundPlan
from canteen.queries import books
from canteen.queries import refunds as queries
from canteen.queries.meals import KEEPERS
from canteen.queries.places import the_canteen
from portal import clock
from portal.errors import NotThere
from portal.hall.settings.asking import sent
from portal.orgs.access import holds
from portal.orgs.policies import guard, holding, person
from portal.publications.periods import Every, period_of
from portal.sheets.out import Column, Kind, Sheet, answer, workbook

from .frame import HERE, asking, books_of, crumbs

READING, KEEPING = holding(*READERS), holding("canteen_accountant")
SEALING, TILL = holding(*books.SEALERS), holding(*KEEPERS)
SHOWN = 50
COLUMNS = (Column("学号"), Column("姓名"), Column("本学期消费（元）", Kind.MONEY), Column("退还（元）", Kind.MONEY))


@guard(GET=KEEPING, POST=KEEPING)
def surplus(request: HttpRequest, pk: int) -> HttpResponse:
    """登记结余退还方案 of a term."""
    by, canteen = person(request), the_canteen(person(request), pk, "canteen_accountant", closed=True)
    form = RefundPlanForm(sent(request))

    def effect() -> str:
        return _page(plan_refund(canteen, by=by, **form.cleaned_data))

    words = f"{canteen.name}：{canteen.get_surplus_rule_display()}。方案要另一个人签字，会写进学期决算公示。"
    return asking(request, form, effect, books_of(canteen), title="结余退还方案", act="登记", words=words).answer()


@guard(GET=READING)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: how much, how, by whom, signed, done; each family's part for those who keep books and till."""
    by = person(request)
    one = queries.plan_for(by, pk)
    path = one.canteen.unit.path
    shares = queries.shares_of(one) if holds(by, KEEPERS, path) else None
    context: dict[str, Any] = {
        "plan": one,
        "term": period_of(Every.TERM, one.term).title,
        "gone": queries.gone_back(one, clock.today()),
    }
    context |= {"shares": shares and shares[:SHOWN], "n": len(shares or []), "here": HERE}
    context |= {"told": shares is not None, "keeps": holds(by, "canteen_accountant", path) and one.done_on is None}
    context |= {"signs": one.signed_at is None and one.by_id != by.pk and holds(by, books.SEALERS, path)}
    return render(request, "canteen/plan.html", context | {"crumbs": crumbs(books_of(one.canteen), ("退还方案", ""))})


@guard(GET=TILL)
def shares(request: HttpRequest, pk: int) -> HttpResponse:
    """Each family's part as a table."""
    by = person(request)
    one = queries.plan_for(by, pk)
    if not holds(by, KEEPERS, one.canteen.unit.path):
        raise NotThere
    rows = [[share.number, share.name, share.eaten, share.amount] for share in queries.shares_of(one)]
    return answer(workbook([Sheet("退还明细", COLUMNS, rows)]), f"退还明细 {one.term}")


@guard(POST=SEALING)
@require_POST
def signing(request: HttpRequest, pk: int) -> HttpResponse:
    """签字同意."""
    by = person(request)
    one = sign_plan(queries.plan_for(by, pk), by=by)
    messages.success(request, "已签字。")
    return redirect("canteen:plan", one.pk)


@guard(GET=KEEPING, POST=KEEPING)
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """登记已退还."""
    by = person(request)
    one = queries.plan_for(by, pk)
    the_canteen(by, one.canteen_id, "canteen_accountant", closed=True)
    form = RefundDoneForm(sent(request), initial={"on": clock.today()})

    def effect() -> str:
        return _page(refund_done(one, by=by, **form.cleaned_data))

    words = f"{one.canteen.name}，{one.amount:.2f} 元；账上已退 {queries.gone_back(one, clock.today()):.2f} 元。"
    return asking(request, form, effect, books_of(one.canteen), title="登记已退还", act="登记", words=words).answer()


def _page(one: RefundPlan) -> str:
    return reverse("canteen:plan", args=[one.pk])
