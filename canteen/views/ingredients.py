"""食材: the list, one to add or change, and the Excel file in and out."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from canteen.actions import add_ingredient, change_ingredient
from canteen.apps import LISTERS, READERS
from canteen.forms.ingredients import (
    BETWEEN,
    BRINGING,
    HOW,
    INGREDIENTS,
    IngredientForm,
    IngredientListForm,
    NewIngredientForm,
)
from canteen.models import ALLERGENS, FOOD, Ingredient
from canteen.queries import ingredients as queries
from portal import clock
from portal.errors import NotAllowed
from portal.hall.settings.asking import seen, sent
from portal.orgs.access import holds, scope
from portal.orgs.models import User
from portal.orgs.policies import guard, holding, person
from portal.sheets.out import answer
from portal.wire.fields import valid

from .frame import HERE, asking, crumbs, listed

_list = partial(listed, "食材", "ingredients")
READING, LISTING = holding(*READERS), holding(*LISTERS)
EXAMPLE = ("大米（示例，请删）", "25 公斤/袋", "公斤", "粮食", 1000, 346, 7.4, "")


@guard(GET=READING)
def ingredients(request: HttpRequest) -> HttpResponse:
    """A school's ingredients by category, searched and narrowed."""
    by = person(request)
    asked = valid(IngredientListForm(request.GET))
    page = queries.listed(by, asked)
    context = {"page": page, "asked": asked, "food": FOOD, "here": HERE, "crumbs": crumbs(("食材", ""))}
    context |= {"lists": bool(scope(by, *LISTERS)), "many": len({one.school_id for one in page.rows}) > 1}
    return render(request, "canteen/ingredients.html", context)


@guard(GET=LISTING, POST=LISTING)
def add(request: HttpRequest) -> HttpResponse:
    """A new ingredient."""
    by = person(request)
    schools = queries.schools_listed_by(by)
    form = NewIngredientForm(sent(request), schools=schools, initial={"school": schools.first()})

    def effect() -> str:
        add_ingredient(by=by, **form.cleaned_data)
        return reverse("canteen:ingredients")

    return asking(request, form, effect, _list(), title="登记食材", act="登记", done="已登记。").answer()


@guard(GET=LISTING, POST=LISTING)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of an ingredient, from now on."""
    by = person(request)
    one = queries.ingredient_for(by, pk)
    _refuse_readers(by, one)
    names = IngredientForm.base_fields
    form = IngredientForm(sent(request), initial={name: getattr(one, name) for name in names})

    def effect() -> str:
        change_ingredient(one, by=by, seen=seen(request), **form.cleaned_data)
        return reverse("canteen:ingredients")

    words = f"{one.school.name}。改了以后的订单、菜谱按新的算，以前的不变。"
    more: dict[str, Any] = {"words": words, "version": one.version, "other": _other(one)}
    return asking(request, form, effect, _list(), title=f"改 {one.label}", act="保存", **more).answer()


@guard(POST=LISTING)
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """停用: offered no more; a second time takes it up again."""
    by = person(request)
    one = queries.ingredient_for(by, pk)
    change_ingredient(one, by=by, retired_on=None if one.retired_on else clock.today())
    messages.success(request, f"{one.label}已{'重新启用' if one.retired_on else '停用'}。")
    return redirect("canteen:ingredients")


@guard(GET=LISTING)
def template(request: HttpRequest) -> HttpResponse:
    """The file to fill in, with instructions."""
    return answer(INGREDIENTS.template(HOW, [EXAMPLE]), "食材导入模板")


@guard(GET=READING)
def export(request: HttpRequest) -> HttpResponse:
    """The ingredients in use, in the columns an import reads."""
    rows = queries.ingredients_for(person(request)).filter(retired_on=None)
    return answer(INGREDIENTS.template(HOW, _lines(rows)), f"食材 {clock.today():%Y-%m-%d}")


@guard(GET=LISTING, POST=LISTING)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Send the file, see what it would do, confirm."""
    return BRINGING.answer(request, crumbs(_list(), ("导入", "")))


def _lines(rows: Any) -> Iterator[list[Any]]:
    said = dict(ALLERGENS)
    for one in rows.order_by("school__path", "category", "name", "spec").iterator(chunk_size=2000):
        words = [one.name, one.spec, one.measure, one.get_category_display(), one.grams, one.kcal, one.protein]
        yield [*words, BETWEEN.join(said[code] for code in one.allergens)]


def _refuse_readers(by: User, one: Ingredient) -> None:
    """A form nobody could send is not shown."""
    if not holds(by, LISTERS, one.school.path):
        raise NotAllowed("食材由本校的食堂管理员、采购员或保管员登记。", who="食堂管理员、采购员、保管员")


def _other(one: Ingredient) -> tuple[str, str]:
    """The other thing that may be done with it: its address and words."""
    return reverse("canteen:ingredient-retire", args=[one.pk]), "重新启用" if one.retired_on else "停用这样食材"
