"""菜品: the school's dishes, one with its recipe and prices, a new one, another price."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from canteen.actions import add_dish, change_dish, price_dish, retire_dish
from canteen.apps import COOKS, KEEPERS, READERS
from canteen.forms.menus import DishesForm, DishForm, NewDishForm, PriceForm
from canteen.models import ALLERGENS, Dish
from canteen.queries import canteens_for, the_canteen
from canteen.queries import menus as queries
from canteen.queries.places import choose
from portal import clock
from portal.cases.photos import shot
from portal.evidence.fields import add_errors, collect
from portal.evidence.gates import attached_to
from portal.hall.settings.asking import Asking, SureForm, seen, sent
from portal.orgs.access import holds
from portal.orgs.policies import guard, holding, person
from portal.wire.fields import valid

READING, COOKING, PRICING = holding(*READERS), holding(*COOKS), holding(*KEEPERS)


@guard(GET=READING)
def dishes(request: HttpRequest) -> HttpResponse:
    """The dishes of a school, by course."""
    by, asked = person(request), valid(DishesForm(request.GET))
    choice = choose(canteens_for(by), asked)
    school = choice.canteen.school if choice.canteen else None
    found = queries.listed_dishes(by, school, q=asked["q"], cursor=asked["cursor"])
    today = clock.today()
    rows = [(one, one.price_on(today), ban) for one in found.rows for ban in [not queries.fits(one)]]
    page = {"rows": rows, "page": found, "canteen": choice.canteen, "choice": choice, "asked": asked, "here": "canteen"}
    page |= {"writes": bool(school and holds(by, COOKS, school.path))}
    return render(request, "canteen/dishes.html", page)


@guard(GET=READING)
def dish(request: HttpRequest, pk: int) -> HttpResponse:
    """One dish: grams for one head, allergens, prices with their minutes."""
    by = person(request)
    one = queries.dish_for(by, pk)
    page = _told(one) | {"writes": holds(by, COOKS, one.school.path), "prices_it": holds(by, KEEPERS, one.school.path)}
    return render(request, "canteen/dish.html", page)


def _told(one: Dish) -> dict[str, Any]:
    """What the page says of a dish."""
    pieces, words = attached_to([one.address]), dict(ALLERGENS)
    prices = sorted(one.prices.all(), key=lambda row: (row.since, row.pk), reverse=True)[:12]
    minutes = {row.pk: [piece for piece in pieces if piece.role == f"minutes:{row.pk}"] for row in prices}
    return {
        "dish": one, "prices": [(row, minutes[row.pk]) for row in prices], "price": one.price_on(clock.today()),
        "photos": [shot(str(piece.pk)) for piece in pieces if piece.role == "photo"][-2:], "fits": queries.fits(one),
        "parts": [(part, [words[code] for code in part.ingredient.allergens]) for part in one.parts.all()],
        "here": "canteen",
    }  # fmt: skip


@guard(GET=COOKING, POST=COOKING)
def add(request: HttpRequest) -> HttpResponse:
    """A new dish."""
    school = the_canteen(person(request), _number(request.GET.get("canteen", "")), *COOKS).school
    form = _form(request, NewDishForm, school=school)

    def write() -> str:
        return _page(add_dish(school=school, by=person(request), **form.cleaned_data))

    page = _frame("新菜品", "写一个人的用量，菜谱和采购都按它算。", reverse("canteen:dishes"), "保存")
    return _answer(Asking(request, form, "canteen/form.html", write, "菜品已保存。", context=page))


@guard(GET=COOKING, POST=COOKING)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another recipe from now on."""
    one = queries.dish_for(person(request), pk, *COOKS)
    parts = [{"ingredient": part.ingredient.label, "grams": part.grams.normalize()} for part in one.parts.all()]
    initial = {"name": one.name, "course": one.course, "style": one.style, "parts": parts}
    form = _form(request, DishForm, school=one.school, initial=initial)

    def write() -> str:
        return _page(change_dish(one, by=person(request), seen=seen(request), **form.cleaned_data))

    page = _frame("改菜品", f"{one.name}；已公示的菜谱不变。", _page(one), "保存")
    return _answer(Asking(request, form, "canteen/form.html", write, version=one.version, context=page))


@guard(GET=PRICING, POST=PRICING)
def price(request: HttpRequest, pk: int) -> HttpResponse:
    """调价, with the minutes and a notice (CR-19)."""
    one = queries.dish_for(person(request), pk, *KEEPERS)
    form = _form(request, PriceForm)

    def write() -> str:
        price_dish(one, by=person(request), **form.cleaned_data)
        return _page(one)

    words = f"{one.name}现在 {one.price_on(clock.today())} 元。由食堂管理小组议定，附会议纪要，提前告知。"
    page = _frame("调价", words, _page(one), "登记调价")
    return Asking(request, form, "canteen/form.html", write, "已登记并告知膳食委员会。", context=page).answer()


@guard(GET=COOKING, POST=COOKING)
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """停用."""
    one = queries.dish_for(person(request), pk, *COOKS)

    def write() -> str:
        return _page(retire_dish(one, by=person(request)))

    page = _frame("停用菜品", f"{one.name}不再排进菜谱；以前的菜谱和留样不变。", _page(one), "停用")
    return Asking(request, SureForm(sent(request)), "canteen/form.html", write, "已停用。", context=page).answer()


def _form(request: HttpRequest, form_class: Any, **more: Any) -> Any:
    """The form as typed, with files sent along taken in; what was refused of them is said beside the field."""
    by = person(request)
    if request.method != "POST":
        return form_class(None, by=by, **more)
    data, spoiled = collect(request, by=by, fields=form_class.base_fields)
    form = form_class(data, by=by, **more)
    if "more" in data:
        return form.not_yet_judged()
    add_errors(form, spoiled)
    return form


def _answer(asking: Asking) -> HttpResponse:
    """One more line was asked for: shown again, nothing sent; else answered."""
    return asking.show() if "more" in asking.request.POST else asking.answer()


def _frame(title: str, words: str, back: str, act: str) -> dict[str, Any]:
    crumbs = [("菜品", reverse("canteen:dishes")), (title, "")]
    return {"title": title, "words": words, "back": back, "act": act, "crumbs": crumbs, "here": "canteen"}


def _page(one: Dish) -> str:
    return reverse("canteen:dish", args=[one.pk])


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
