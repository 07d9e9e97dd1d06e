"""就餐人数和餐费: counting a meal, a family's own meal money, and the till of those who keep it."""

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from canteen.actions.meals import COUNTERS, count_meal, refund
from canteen.apps import READERS
from canteen.forms.meals import BRINGING, HOW, MONEY, BalancesForm, CountForm, RefundForm
from canteen.models import MealCount
from canteen.queries import meals as queries
from canteen.queries.books import fixed_account
from canteen.queries.places import the_canteen
from portal import clock
from portal.errors import NotThere
from portal.hall.settings.asking import sent
from portal.orgs.access import holds
from portal.orgs.policies import SIGNED_IN, guard, holding, person
from portal.orgs.roles import title as role_title
from portal.publications.queries import page_of
from portal.sheets.out import answer
from portal.wire.fields import valid
from portal.wire.paging import PageForm

from .frame import HERE, asking, crumbs, listed

_list = partial(listed, "学生餐费", "balances")
READING, COUNTING, TILL = holding(*READERS), holding(*COUNTERS), holding(*queries.KEEPERS)
DAYS = timedelta(days=13)


@guard(GET=READING)
def counts(request: HttpRequest) -> HttpResponse:
    """How many ate in the last two weeks."""
    by, asked = person(request), valid(BalancesForm(request.GET))
    canteen, today = the_canteen(by, asked["canteen"]), clock.today()
    rows = queries.counts_of(canteen, today - DAYS, today)[::-1]
    writes = holds(by, COUNTERS, canteen.unit.path)
    context = {"canteen": canteen, "rows": rows, "writes": writes, "here": HERE, "crumbs": crumbs(("就餐人数", ""))}
    return render(request, "canteen/counts.html", context)


@guard(GET=COUNTING, POST=COUNTING)
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """登记一餐的人数."""
    by, canteen = person(request), the_canteen(person(request), pk, *COUNTERS)
    meal = canteen.meals[0] if canteen.meals else "lunch"
    form = CountForm(sent(request), initial={"day": clock.today(), "meal": meal} | queries.usual(canteen, meal))

    def effect() -> str:
        _say_what_stays(request, count_meal(canteen, by=by, **form.cleaned_data))
        return f"{reverse('canteen:counts')}?canteen={canteen.pk}"

    words = f"{canteen.name}。学生、教职工分开登记；登记错了再登记一次就是改。"
    above = listed("就餐人数", "counts", canteen)
    return asking(request, form, effect, above, title="登记就餐人数", act="登记", words=words).answer()


def _say_what_stays(request: HttpRequest, made: MealCount) -> None:
    """Tells whoever counts a meal of a week whose account is signed that it keeps its number, and who may correct it."""
    account = fixed_account(made.canteen, made.day)
    if account is not None:
        issue = account.issue
        how = "已经公示" if issue.current else "已经签字，到时公示"
        words = "{}{}，里面还是原来的人数，这次登记只算进月报。要改周账，请{}在它公示以后更正。"
        who = "、".join(role_title(code) for code in issue.about.correctors)
        said = format_html(words + ' <a href="{}">看周账</a>', issue.title, how, who, page_of(issue))
        messages.warning(request, said)


@guard(GET=SIGNED_IN)
def money(request: HttpRequest) -> HttpResponse:
    """My children's meal money: what is left, and every move of the child looked at."""
    by = person(request)
    children = list(queries.with_balances(queries.children_of(by)))
    asked, wanted = valid(PageForm(request.GET)), request.GET.get("child", "")
    child = next((one for one in children if str(one.pk) == wanted), children[0] if children else None)
    if wanted and (child is None or str(child.pk) != wanted):
        raise NotThere
    page = queries.newest(queries.moves_of(child), asked) if child else None
    return render(request, "canteen/money.html", {"children": children, "child": child, "page": page, "here": HERE})


@guard(GET=TILL)
def balances(request: HttpRequest) -> HttpResponse:
    """What every family has left, for those who keep books and till."""
    by, asked = person(request), valid(BalancesForm(request.GET))
    canteen = queries.till_for(by, asked["canteen"])
    page = queries.balances(canteen, asked)
    context = {"canteen": canteen, "page": page, "asked": asked, "here": HERE, "crumbs": crumbs(("学生餐费", ""))}
    return render(request, "canteen/balances.html", context)


@guard(GET=TILL)
def balance(request: HttpRequest, pk: int) -> HttpResponse:
    """One pupil's moves at one canteen."""
    asked = valid(BalancesForm(request.GET))
    canteen, child = queries.pupil_of_till(person(request), pk, asked["canteen"])
    page = queries.newest(queries.moves_of(child, canteen), asked)
    context = {
        "canteen": canteen,
        "child": child,
        "left": queries.balance_of(child, canteen),
        "page": page,
        "here": HERE,
    }
    return render(request, "canteen/balance.html", context | {"crumbs": crumbs(_list(canteen), (child.name, ""))})


@guard(GET=TILL, POST=TILL)
def refunding(request: HttpRequest, pk: int) -> HttpResponse:
    """退餐费."""
    by = person(request)
    canteen, child = queries.pupil_of_till(by, pk, valid(BalancesForm(request.GET))["canteen"])
    form = RefundForm(sent(request))

    def effect() -> str:
        refund(canteen, child, by=by, **form.cleaned_data)
        return f"{reverse('canteen:balance', args=[child.pk])}?canteen={canteen.pk}"

    left = f"{child.name}（{child.number}）在{canteen.name}的余额 {queries.balance_of(child, canteen):.2f} 元。"
    return asking(
        request, form, effect, _list(canteen), title="退餐费", act="退款", words=left, done="已登记退款。"
    ).answer()


@guard(GET=TILL)
def template(request: HttpRequest) -> HttpResponse:
    """The file to fill in, as the card system gives it."""
    example = ["10001（示例，请删）", "20260101", "陈一诺", "2026-11-16", "充值", 200]
    return answer(MONEY.template(HOW, [example]), "餐费导入模板")


@guard(GET=TILL, POST=TILL)
def bring_in(request: HttpRequest) -> HttpResponse:
    """The card system's file: see what it would do, confirm."""
    return BRINGING.answer(request, crumbs(_list(), ("导入", "")))
