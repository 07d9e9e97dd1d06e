"""仓库: the list with what is low, an item with its moves, and each move by hand with its reason."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.errors import NotThere
from portal.hall.settings.asking import Asking, sent
from portal.orgs.access import scope
from portal.orgs.models import User
from portal.orgs.policies import guard, holding, person
from portal.wire.fields import valid
from repairs.actions import stock as verbs
from repairs.forms import stock as forms
from repairs.models import CATEGORIES, StockItem, StockMove
from repairs.queries import stock as queries

READING, KEEPING = holding(*queries.READERS), holding(*queries.KEEPERS)
HOME = ("库存", "repairs:stock")
# What may be done with an item: form, words on the page, kind of move, help.
HAND: dict[str, tuple[type[Form], str, str, str]] = {
    "receive": (forms.ReceiveForm, "入库", StockMove.IN, "申请采购的材料由“验收入库”自动入账，这里登记别的来源。"),
    "count": (forms.CountForm, "盘点更正", StockMove.COUNT, "按实际清点的数改账，差数和原因都留在账上。"),
    "write-off": (forms.WriteOffForm, "报损", StockMove.WRITE_OFF, "损坏或丢失的，从账上减去。"),
    "return": (forms.ReturnForm, "退库", StockMove.RETURN, "按申请领走的，请在那份材料申请里退料；这里登记别的。"),
}


@guard(GET=READING)
def items(request: HttpRequest) -> HttpResponse:
    """The store in the order of names: all, or what is low."""
    by = person(request)
    asked = valid(forms.StockListForm(request.GET))
    page = queries.listed(by, asked)
    low = queries.narrowed(queries.readable(by), low=True).count()
    context = {
        "page": page, "asked": asked, "low": low, "keeps": scope_words(by), "here": "repairs",
        "categories": CATEGORIES, "crumbs": crumbs(),
    }  # fmt: skip
    return render(request, "repairs/stock.html", context)


@guard(GET=READING)
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item with its moves, the newest first."""
    by = person(request)
    one = queries.item_for(by, pk)
    page = queries.moves_page(one, valid(forms.PageForm(request.GET)))
    hands = [(verb, words) for verb, (_, words, _, _) in HAND.items()] if keeps(by, one) else []
    context = {"item": one, "page": page, "hands": hands, "here": "repairs", "crumbs": crumbs((one.label, ""))}
    return render(request, "repairs/stock_item.html", context)


@guard(GET=KEEPING, POST=KEEPING)
def add(request: HttpRequest) -> HttpResponse:
    """A new item."""
    by = person(request)
    stores = queries.stores(by, *queries.KEEPERS)
    form = forms.NewItemForm(sent(request), stores=stores, initial={"school": stores.first()})

    def effect() -> str:
        return address(verbs.register(by=by, **form.cleaned_data))

    return asking(request, form, effect, title="登记物品", act="登记").answer()


@guard(GET=KEEPING, POST=KEEPING)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What an item is called, and when it counts as low."""
    by = person(request)
    one = queries.item_for(by, pk)
    names = forms.ItemForm.base_fields
    form = forms.ItemForm(sent(request), initial={name: getattr(one, name) for name in names})
    form.initial["minimum"] = queries.amount(one.minimum)

    def effect() -> str:
        return address(verbs.change_item(one, form.cleaned_data, by=by))

    return asking(request, form, effect, one, title=f"改 {one.label}", act="保存").answer()


@guard(GET=KEEPING, POST=KEEPING)
def move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One move by hand."""
    by = person(request)
    one = queries.item_for(by, pk)
    if verb not in HAND:
        raise NotThere
    form_class, words, kind, about = HAND[verb]
    form = form_class(sent(request))

    def effect() -> str:
        verbs.record(one, kind, by=by, **form.cleaned_data)
        return address(one)

    there = f"账上 {queries.amount(one.on_hand)} {one.measure}。{about}"
    return asking(request, form, effect, one, title=f"{words}：{one.label}", act=words, words=there).answer()


def asking(
    request: HttpRequest, form: Form, effect: Callable[[], str], one: StockItem | None = None, **said: Any
) -> Asking:
    """One form about the store on its page."""
    above = [(one.label, address(one))] if one else []
    back = above[-1][1] if above else reverse("repairs:stock")
    context = {"words": "", "here": "repairs", "crumbs": crumbs(*above, (said["title"], "")), "back": back} | said
    return Asking(request, form, "repairs/stock_form.html", effect, context=context)


def keeps(by: User, one: StockItem) -> bool:
    """Whether this person writes to the store the item is in: for buttons."""
    return queries.kept(by).filter(pk=one.pk).exists()


def scope_words(by: User) -> bool:
    """Whether the person keeps a store at all: for buttons."""
    return bool(scope(by, *queries.KEEPERS))


def address(one: StockItem) -> str:
    """The page of an item."""
    return reverse("repairs:stock-item", args=[one.pk])


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way here."""
    return [("报修", reverse("repairs:tickets")), ("库存", reverse("repairs:stock")), *more]
