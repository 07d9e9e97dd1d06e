"""库存: the list with what is low or expires, one shelf with its lots and moves, and what the keeper does by hand."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from canteen.actions import storekeeping as verbs
from canteen.apps import READERS, STORE
from canteen.forms import stock as forms
from canteen.forms.places import ChooseForm
from canteen.models import FOOD, Canteen, Shelf
from canteen.queries import canteens_for, the_canteen
from canteen.queries import stock as queries
from canteen.queries.places import choose
from portal import clock
from portal.hall.settings.asking import Asking, sent
from portal.orgs.access import holds, holds_anywhere
from portal.orgs.policies import guard, holding, person
from portal.sheets.out import answer, workbook
from portal.wire.fields import valid
from portal.wire.paging import PageForm

READING, KEEPING = holding(*READERS), holding(*STORE)
PAGE = "canteen/stock_form.html"


@guard(GET=READING)
def stock(request: HttpRequest) -> HttpResponse:
    """The store of one of one's canteens by category and name."""
    by = person(request)
    choice = choose(canteens_for(by), valid(ChooseForm(request.GET)))
    asked = valid(forms.ShelvesForm(request.GET)) | {"canteen": choice.canteen and choice.canteen.pk}
    context = {
        "page": queries.listed(by, asked), "asked": asked, "counts": queries.counts(by, asked["canteen"]), "categories": FOOD, "only": forms.ONLY,
        "choice": choice, "kept": [("canteen", asked["canteen"])] if asked["canteen"] else [], "today": clock.today(), "soon": clock.today() + queries.SOON, "here": "canteen",
        "keeps": holds_anywhere(by, *STORE), "crumbs": crumbs(),
    }  # fmt: skip
    return render(request, "canteen/stock.html", context)


@guard(GET=READING)
def shelf(request: HttpRequest, pk: int) -> HttpResponse:
    """One ingredient's lots, first-expiring first, and its moves, the newest first."""
    by = person(request)
    one = queries.shelf_here(by, pk)
    page = queries.moves_page(one, valid(PageForm(request.GET)))
    context = {
        "shelf": one, "lots": queries.lots_of(one), "page": page, "today": clock.today(), "here": "canteen",
        "soon": clock.today() + queries.SOON, "keeps": holds(by, STORE, one.canteen.unit.path),
        "crumbs": crumbs((one.ingredient.label, "")),
    }  # fmt: skip
    return render(request, "canteen/shelf.html", context)


@guard(GET=KEEPING, POST=KEEPING)
def issue(request: HttpRequest) -> HttpResponse:
    """领用 to one of today's meals, on one sheet."""
    by, canteen, q = person(request), _store(request), _wanted(request)
    form = forms.IssueForm(sent(request), by=by, shelves=queries.for_today(canteen), canteen=canteen, q=q)

    def effect() -> str:
        verbs.issue_to_meal(canteen, by=by, **form.cleaned_data)
        return reverse("canteen:stock")

    words = f"{canteen.name}今天领什么，填多少；先到期的先出，今天菜谱要用的排在前面。"
    sheet: dict[str, Any] = {"title": "领用", "act": "领用", "words": words, "sheet": (canteen, q)}
    return asking(request, form, effect, "已领用，库存已减。", **sheet).answer()


@guard(GET=KEEPING, POST=KEEPING)
def count(request: HttpRequest) -> HttpResponse:
    """盘点, on one sheet."""
    by, canteen, q = person(request), _store(request), _wanted(request)
    form = forms.CountForm(sent(request), by=by, shelves=queries.shelves_of(canteen), q=q)

    def effect() -> str:
        verbs.count_shelves(canteen, by=by, **form.cleaned_data)
        return reverse("canteen:stock")

    words = f"{canteen.name}：按实际清点的数填，和账上不一样的写原因。没填的不改。"
    sheet: dict[str, Any] = {"title": "盘点", "act": "盘点记账", "words": words, "sheet": (canteen, q)}
    return asking(request, form, effect, "盘点已记账。", **sheet).answer()


@guard(GET=KEEPING, POST=KEEPING)
def book_in(request: HttpRequest) -> HttpResponse:
    """登记入库 of what came without a delivery."""
    by, canteen = person(request), _store(request)
    form = forms.BookInForm(sent(request), canteen=canteen)

    def effect() -> str:
        return _page(verbs.book_in(canteen, by=by, **forms.named(form.cleaned_data)).shelf)

    words = f"{canteen.name}：建账时已有的、别人捐的，在这里登记。"
    said: dict[str, Any] = {"title": "登记入库", "act": "登记入库", "words": words, "foods": list(form.known)}
    return asking(request, form, effect, "已入库。", **said).answer()


@guard(GET=KEEPING, POST=KEEPING)
def write_off(request: HttpRequest, pk: int) -> HttpResponse:
    """报损 of one lot."""
    by = person(request)
    lot = queries.lot_here(by, pk, *STORE)
    form = forms.WriteOffForm.of(lot, sent(request))
    food = lot.shelf.ingredient

    def effect() -> str:
        verbs.write_off_lot(lot, by=by, **form.cleaned_data)
        return _page(lot.shelf)

    words = f"这一批还有 {queries.plain(lot.on_hand)} {food.measure}，从账上减去。"
    title = f"报损：{food.label}"
    return asking(request, form, effect, "已报损。", lot.shelf, title=title, act="报损", words=words).answer()


@guard(GET=KEEPING, POST=KEEPING)
def minimum(request: HttpRequest, pk: int) -> HttpResponse:
    """最低库存 of one shelf."""
    by = person(request)
    one = queries.shelf_here(by, pk, *STORE)
    form = forms.MinimumForm(sent(request), initial={"minimum": queries.plain(one.minimum)})

    def effect() -> str:
        verbs.set_minimum(one, by=by, **form.cleaned_data)
        return _page(one)

    return asking(
        request, form, effect, "已保存。", one, title=f"最低库存：{one.ingredient.label}", act="保存"
    ).answer()


@guard(GET=READING)
def export(request: HttpRequest) -> HttpResponse:
    """The store lot by lot as it is now, for Excel."""
    by = person(request)
    canteens = list(canteens_for(by)[:2])
    name = f"{canteens[0].name if len(canteens) == 1 else '各食堂'}库存 {clock.today():%Y-%m-%d}"
    return answer(workbook([queries.sheet_of(by)]), name)


def asking(
    request: HttpRequest, form: Form, effect: Callable[[], str], done: str, one: Shelf | None = None, **said: Any
) -> Asking:
    """One form about the store on its page."""
    above = [(one.ingredient.label, _page(one))] if one else []
    back = above[-1][1] if above else reverse("canteen:stock")
    context = {"words": "", "here": "canteen", "crumbs": crumbs(*above, (said["title"], "")), "back": back} | said
    return Asking(request, form, PAGE, effect, done, context=context)


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way here."""
    return [("食堂", reverse("canteen:home")), ("库存", reverse("canteen:stock")), *more]


def _store(request: HttpRequest) -> Canteen:
    """The canteen asked for, or the first one of those whose store the person keeps."""
    return the_canteen(person(request), valid(forms.CanteenForm(request.GET))["canteen"], *STORE)


def _wanted(request: HttpRequest) -> str:
    """Which ingredients a sheet begins with: a word of their names."""
    return str(valid(forms.SheetOf(request.GET))["q"])


def _page(shelf: Shelf) -> str:
    return reverse("canteen:shelf", args=[shelf.pk])
