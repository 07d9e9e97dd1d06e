"""账本: a canteen's entries, a new one, its seal, its reversal, the closing of a month, what is done with a surplus."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from canteen.actions.books import (
    VOUCHER,
    book,
    close_month,
    keep_voucher,
    next_to_close,
    seal,
    seal_all,
    stock_to_count,
)
from canteen.actions.books import reverse as take_back
from canteen.apps import READERS
from canteen.forms.books import ApartForm, BooksForm, CloseForm, EntryForm, ReverseForm, SealForm, VoucherForm
from canteen.models import Canteen, Entry, categories
from canteen.queries import books as queries
from canteen.queries.places import the_canteen
from canteen.queries.stock import worth_on
from canteen.queries.twins import same_delivery, twins_of
from canteen.rules.books import seals_books
from portal import clock
from portal.cases.flow import address_of
from portal.cases.photos import Shot, shot
from portal.errors import NotAllowed, Refused
from portal.evidence.fields import filled_in
from portal.evidence.gates import attached_to
from portal.hall.settings.asking import sent
from portal.orgs.access import holds
from portal.orgs.models import User
from portal.orgs.policies import guard, holding, person
from portal.publications.periods import Every, over_before, period_of
from portal.wire.fields import valid

from .frame import HERE, asking, books_of, crumbs

READING, KEEPING = holding(*READERS), holding(*queries.BOOKKEEPERS)
SEALING, CLOSING = holding(*queries.SEALERS, "canteen_accountant"), holding("canteen_accountant")

MOST = 4  # refund plans beside the books
COUNTING = "每样食材填盘点后的期末库存（元）；实耗 = 期初 + 入账 - 期末。结账以后这个月不能再记账。"


@guard(GET=READING)
def books(request: HttpRequest) -> HttpResponse:
    """A canteen's books, the newest day first, and how many entries wait for their seal."""
    by, asked = person(request), valid(BooksForm(request.GET))
    canteen = the_canteen(by, asked["canteen"], closed=True)
    page, closed = queries.entries(canteen, asked), queries.last_closed(canteen)
    context = {"canteen": canteen, "page": page, "asked": asked, "closed": closed}
    context |= {"plans": list(canteen.refund_plans.order_by("-term")[:MOST])}
    context |= {"waiting": canteen.entries.filter(seal=None).count(), "crumbs": crumbs(("账本", "")), "here": HERE}
    context |= {"books": holds(by, queries.BOOKKEEPERS, canteen.unit.path)} | _narrowed(canteen, asked)
    if holds(by, "canteen_accountant", canteen.unit.path):
        due = queries.after_closed(canteen, closed)
        context |= {"closes": True, "due": due if due.until < clock.today() else None}
    context |= {"sealable": {one.pk for one in page.rows if asked["waiting"] and _may_seal(by, one)}}
    return render(request, "canteen/books.html", context)


@guard(GET=READING)
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: who booked it, who sealed it, what took it back."""
    by = person(request)
    one = queries.entry_for(by, pk)
    back_of, keeps = getattr(one, "reversed_by", None), holds(by, queries.BOOKKEEPERS, one.canteen.unit.path)
    context: dict[str, Any] = {"entry": one, "back_of": back_of, "here": HERE, "shots": _shots(one), "keeps": keeps}
    context |= {"source": address_of(one.case) if one.case else ""}
    context |= _twin(one)
    context |= {"seals": not hasattr(one, "seal") and _may_seal(by, one)}
    context |= {"reverses": one.amount > 0 and back_of is None and keeps}
    return render(request, "canteen/entry.html", context | {"crumbs": crumbs(books_of(one.canteen), (one.words, ""))})


@guard(GET=KEEPING, POST=KEEPING)
def add(request: HttpRequest) -> HttpResponse:
    """记一笔账."""
    by = person(request)
    canteen = the_canteen(by, valid(BooksForm(request.GET))["canteen"], *queries.BOOKKEEPERS, closed=True)
    form = filled_in(request, EntryForm, by=by, initial={"dated": clock.today(), "diners": "shared"})

    def effect() -> str:
        return reverse("canteen:entry", args=[book(canteen, by=by, **form.cleaned_data).pk])

    words = f"{canteen.name}。记了不能改，只能红冲；复核以后才计入公示的账。到货验收的食材两人签字后已经自动入账，不用再记。"
    return asking(
        request, form, effect, books_of(canteen), title="记一笔账", act="记账", words=words, done="已记账，等复核。"
    ).answer()


@guard(GET=KEEPING, POST=KEEPING)
def voucher(request: HttpRequest, pk: int) -> HttpResponse:
    """附凭证 to an entry, also one that booked itself."""
    by = person(request)
    one = queries.entry_for(by, pk)
    _refuse_readers(by, one)
    form = filled_in(request, VoucherForm, by=by)

    def effect() -> str:
        keep_voucher(one, form.cleaned_data["vouchers"], by=by)
        return reverse("canteen:entry", args=[one.pk])

    words = f"{one.words}，{one.amount:.2f} 元。附上以后不能拿掉。"
    return asking(request, form, effect, books_of(one.canteen), title="附凭证", act="附上", words=words).answer()


@guard(POST=SEALING)
@require_POST
def sealing(request: HttpRequest, pk: int) -> HttpResponse:
    """复核盖章."""
    by = person(request)
    seal(queries.entry_for(by, pk), by=by, **valid(ApartForm(request.POST)))
    messages.success(request, "已复核。")
    return redirect("canteen:entry", pk)


@guard(POST=SEALING)
@require_POST
def sealing_all(request: HttpRequest) -> HttpResponse:
    """复核盖章 of the ticked ones, all or none."""
    by, asked = person(request), valid(SealForm(request.POST))
    canteen = the_canteen(by, asked["canteen"], closed=True)
    many = seal_all(queries.picked(canteen, asked["entry"]), by=by)
    messages.success(request, f"已复核 {many} 笔。")
    return redirect(f"{books_of(canteen)[1]}&waiting=1")


@guard(GET=KEEPING, POST=KEEPING)
def reversing(request: HttpRequest, pk: int) -> HttpResponse:
    """红冲."""
    by = person(request)
    one = queries.entry_for(by, pk)
    _refuse_readers(by, one)
    form = ReverseForm(sent(request))

    def effect() -> str:
        return reverse("canteen:entry", args=[take_back(one, by=by, **form.cleaned_data).pk])

    said: dict[str, Any] = {"title": f"红冲：{one.words}"[:40], "act": "红冲", "done": "已红冲，等复核。"}
    words = f"{one.get_category_display()} {one.amount:.2f} 元。红冲是记一笔同样多的负数，原来那笔仍在。"
    return asking(request, form, effect, books_of(one.canteen), words=words, **said).answer()


@guard(GET=CLOSING, POST=CLOSING)
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    """结账 of the month that is next."""
    by, canteen = person(request), the_canteen(person(request), pk, "canteen_accountant", closed=True)
    period, first = next_to_close(canteen), queries.last_closed(canteen) is None
    stock, store = stock_to_count(canteen, period), worth_on(canteen, period.until)
    form = CloseForm(sent(request), stock=stock, store=store, first=first)

    def effect() -> str:
        said: dict[str, Any] = {"counted": form.counted(), "opening": form.opening()} | form.said()
        close_month(canteen, period.code, by=by, **said)
        return books_of(canteen)[1]

    page: dict[str, Any] = {"title": f"{period.title}结账", "act": "结账", "done": "已结账。", "columns": True}
    return asking(request, form, effect, books_of(canteen), words=f"{canteen.name}。{COUNTING}", **page).answer()


@guard(GET=READING)
def month(request: HttpRequest, pk: int) -> HttpResponse:
    """A closed month: what each food began with, was bought, was left and was used; reasons; its vouchers."""
    one = queries.month_for(person(request), pk)
    context = {"month": one, "foods": one.foods, "crumbs": crumbs(books_of(one.canteen), (f"{one.month} 结账", ""))}
    context |= {"totals": queries.totals_of(one), "names": categories(), "here": HERE}
    return render(request, "canteen/month.html", context | queries.papers_in(one))


def _refuse_readers(by: User, one: Entry) -> None:
    """A form nobody could send is not shown."""
    if not holds(by, queries.BOOKKEEPERS, one.canteen.unit.path):
        raise NotAllowed("红冲和凭证由食堂会计、出纳办。", who="食堂会计、食堂出纳")


def _narrowed(canteen: Canteen, asked: dict[str, Any]) -> dict[str, Any]:
    """The last months to choose from, what came in and went out in the one that is shown, the category it is narrowed to."""
    this = period_of(Every.MONTH, queries.month_of_day(clock.today()))
    before = over_before(Every.MONTH, this.since)
    months = [this, before, over_before(Every.MONTH, before.since)]
    found: dict[str, Any] = {"months": [(one.code, f"{one.since.month} 月") for one in months]}
    found["category"] = categories().get(asked["category"])
    if not asked["waiting"]:
        shown = period_of(Every.MONTH, asked["month"]) if asked["month"] else this
        came, went = queries.in_and_out(canteen, shown, asked["category"])
        found |= {"shown": shown, "came": came, "went": went, "left": came - went}
    return found


def _twin(one: Entry) -> dict[str, Any]:
    """What else in the books may be the same purchase as this one, while it waits for its seal: it is sealed only when one of
    both is taken back, or where somebody has said why it is another one."""
    if one.amount < 0 or hasattr(one, "seal"):
        return {}
    if one.apart:
        return {"twin": same_delivery(one.canteen, one.category, one.amount, one.dated, named=one.voucher)}
    return {"twin": twins_of(one.canteen, [one]).get(one.pk)}


def _shots(one: Entry) -> list[Shot]:
    """Photos of its voucher."""
    paper = getattr(one, "paper", None)
    pieces = attached_to([paper.address], role=VOUCHER) if paper else []
    return [shot(str(piece.pk)) for piece in pieces]


def _may_seal(by: User, one: Entry) -> bool:
    """For the button alone; the seal asks again."""
    try:
        seals_books(by, one.canteen, [one], having=holds)
    except Refused:
        return False
    return True
