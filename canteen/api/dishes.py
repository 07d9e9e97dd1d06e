"""Dishes for programs: a school's dishes, a new one, another recipe, another price with its minutes, offered no more."""

from typing import Any

from django import forms
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from canteen.actions import add_dish, change_dish, price_dish, retire_dish
from canteen.apps import COOKS, KEEPERS, READERS
from canteen.forms.menus import DishForm, NewDishForm, PriceForm
from canteen.models import ALLERGENS, Course, Dish, Style
from canteen.queries import menus as queries
from canteen.queries import the_canteen
from portal import clock
from portal.orgs.policies import holding
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid
from portal.wire.paging import PageForm

from .endpoint import LARGEST, WHERE, CanteenEndpoint, how_many, whole, yuan

READING, COOKING, PRICING = holding(*READERS), holding(*COOKS), holding(*KEEPERS)
PartShape = shape(
    "DishPartShape", "So many grams of an ingredient for one head.",
    ingredient=serializers.CharField(source="ingredient.label"), grams=how_many(),
)  # fmt: skip
DishShape = shape(
    "DishShape", "A dish for one head; `price` is today's.",
    id=serializers.IntegerField(), name=serializers.CharField(), course=serializers.ChoiceField(choices=Course.choices),
    style=serializers.ChoiceField(choices=Style.choices), parts=PartShape(many=True, source="parts.all"),
    allergens=serializers.ListField(child=serializers.ChoiceField(choices=ALLERGENS)), price=yuan(source="today"),
    retired_on=serializers.DateField(allow_null=True), version=serializers.IntegerField(),
)  # fmt: skip


class DishListForm(PageForm):
    """Whose dishes, of which name."""

    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=LARGEST)
    q = forms.CharField(label="菜名", required=False, max_length=40)


class Dishes(CanteenEndpoint):
    """Dishes, and a new one."""

    policies = {"GET": READING, "POST": COOKING}
    verbs = {
        "GET": Verb("canteen_dishes", "菜品：列表", asks=DishListForm, gives=DishShape, many=True, refuses=(404,)),
        "POST": Verb("canteen_dish_add", "菜品：新增", "食材按名称写，要先登记。", takes=object_of(NewDishForm.base_fields, beside=WHERE),
                     gives=DishShape, status=201, refuses=(404,), keyed=True),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of dishes, by course and name."""
        asked = self.asked()
        school = the_canteen(self.by, asked["canteen"]).school
        page = queries.listed_dishes(self.by, school, q=asked["q"], cursor=asked["cursor"], limit=asked["limit"])
        for one in page.rows:
            priced(one)
        return self.page(page, DishShape)

    def post(self, request: Request) -> Response:
        """A new one, once per `Idempotency-Key`."""
        data, at = read(NewDishForm.base_fields, request.data, beside=("canteen",)), whole(request.data, "canteen")
        school = the_canteen(self.by, at, *COOKS).school

        def effect() -> dict[str, Any]:
            said = valid(NewDishForm(data, by=self.by, school=school))
            return told(add_dish(school=school, by=self.by, **said))

        return self.keyed({**data, "canteen": at}, effect, status=201)


class OneDish(CanteenEndpoint):
    """One dish, and another recipe."""

    policies = {"GET": READING, "POST": COOKING}
    verbs = {
        "GET": Verb("canteen_dish", "菜品：一道", gives=DishShape),
        "POST": Verb("canteen_dish_change", "菜品：改", "已公示的菜谱不变。", takes=object_of(DishForm.base_fields), gives=DishShape,
                     keyed=True),
    }  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """As it is now."""
        return Response(told(queries.dish_for(self.by, pk)))

    def post(self, request: Request, pk: int) -> Response:
        """Another name or recipe from now on, once per `Idempotency-Key`."""
        one = queries.dish_for(self.by, pk, *COOKS)
        data = read(DishForm.base_fields, request.data)

        def effect() -> dict[str, Any]:
            change_dish(one, by=self.by, **valid(DishForm(data, by=self.by, school=one.school)))
            return told(queries.dish_for(self.by, pk))

        return self.keyed(data, effect)


class DishPrices(CanteenEndpoint):
    """调价."""

    policies = {"POST": PRICING}
    verbs = {
        "POST": Verb("canteen_dish_price", "菜品：调价", "要附食堂管理小组的会议纪要（先传 /api/v1/evidence），至少提前 3 天；登记后告知膳食委员会。",
                     takes=object_of(PriceForm.base_fields), gives=DishShape, keyed=True),
    }  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """Another price from a day on, once per `Idempotency-Key`."""
        one = queries.dish_for(self.by, pk, *KEEPERS)
        data = read(PriceForm.base_fields, request.data)

        def effect() -> dict[str, Any]:
            price_dish(one, by=self.by, **valid(PriceForm(data, by=self.by)))
            return told(queries.dish_for(self.by, pk))

        return self.keyed(data, effect)


class RetiringDish(CanteenEndpoint):
    """停用."""

    policies = {"POST": COOKING}
    verbs = {"POST": Verb("canteen_dish_retire", "菜品：停用", "以前的菜谱和留样不变。", takes=object_of({}), gives=DishShape, keyed=True)}  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """Offered no more, once per `Idempotency-Key`."""
        one = queries.dish_for(self.by, pk, *COOKS)
        data = read({}, request.data)

        def effect() -> dict[str, Any]:
            retire_dish(one, by=self.by)
            return told(queries.dish_for(self.by, pk))

        return self.keyed(data, effect)


def priced(one: Dish) -> Dish:
    """With today's price."""
    one.today = one.price_on(clock.today())  # type: ignore[attr-defined]
    return one


def told(one: Dish) -> dict[str, Any]:
    """A dish as programs see it."""
    return dict(DishShape(priced(one)).data)
