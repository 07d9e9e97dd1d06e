"""Dishes and menus for programs: a school's dishes, a new one, the meals of a week, and what a meal is made of."""

from datetime import timedelta
from typing import Any

from django import forms
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from canteen.actions import add_dish, set_meal
from canteen.apps import COOKS, READERS
from canteen.forms.menus import NewDishForm
from canteen.models import ALLERGENS, Course, Dish, Meal, Serving, Style
from canteen.queries import menus as queries
from canteen.queries import the_canteen
from portal import clock
from portal.errors import BadInput
from portal.orgs.policies import holding
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid
from portal.wire.kinds import Schema
from portal.wire.paging import PageForm

from .endpoint import CanteenEndpoint, how_many, yuan

READING, COOKING = holding(*READERS), holding(*COOKS)
LARGEST = 2**31 - 1
WHERE: Schema = {"canteen": {"type": "integer", "minimum": 1, "maximum": LARGEST, "description": "食堂的编号。"}}
PartShape = shape(
    "DishPartShape", "So many grams of an ingredient for one head.",
    ingredient=serializers.CharField(source="ingredient.label"), grams=how_many(),
)  # fmt: skip
DishShape = shape(
    "DishShape", "A dish for one head; `price` is today's.",
    id=serializers.IntegerField(), name=serializers.CharField(), course=serializers.ChoiceField(choices=Course.choices),
    style=serializers.ChoiceField(choices=Style.choices), parts=PartShape(many=True, source="parts.all"),
    allergens=serializers.ListField(child=serializers.ChoiceField(choices=ALLERGENS)), price=yuan(source="today"),
    version=serializers.IntegerField(),
)  # fmt: skip
ServingShape = shape(
    "ServingShape", "One dish on the menu of a meal.",
    day=serializers.DateField(), meal=serializers.ChoiceField(choices=Meal.choices),
    dish=serializers.IntegerField(source="dish_id"), name=serializers.CharField(source="dish.name"), price=yuan(),
)  # fmt: skip


class DishListForm(PageForm):
    """Whose dishes, of which name."""

    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=LARGEST)
    q = forms.CharField(label="菜名", required=False, max_length=40)


class MenuWeekForm(forms.Form):
    """Whose menu, of which week (by any of its days)."""

    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=LARGEST)
    day = forms.DateField(label="哪一周", required=False)


class MealOfDayForm(forms.Form):
    """What a meal of a day is made of: ids of dishes, in place of those it had."""

    canteen = forms.IntegerField(label="食堂", min_value=1, max_value=LARGEST)
    day = forms.DateField(label="日期")
    meal = forms.ChoiceField(label="餐次", choices=Meal.choices)
    dishes = forms.ModelMultipleChoiceField(Dish.objects.all(), label="菜品", required=False)
    reason = forms.CharField(label="改动原因", required=False, max_length=200, help_text="已公示的一周要写。")


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
        data = read(NewDishForm.base_fields, request.data, beside=("canteen",))
        at = request.data.get("canteen") if isinstance(request.data, dict) else None
        if isinstance(at, bool) or not isinstance(at, int) or not 0 < at <= LARGEST:
            raise BadInput("canteen 要用整数。", errors={"canteen": ["要用整数。"]})
        school = the_canteen(self.by, at, *COOKS).school

        def effect() -> dict[str, Any]:
            said = valid(NewDishForm(data, by=self.by, school=school))
            return dict(DishShape(priced(add_dish(school=school, by=self.by, **said))).data)

        return self.keyed({**data, "canteen": at}, effect, status=201)


class Menus(CanteenEndpoint):
    """The meals of a week, and what one is made of."""

    policies = {"GET": READING, "POST": COOKING}
    verbs = {
        "GET": Verb("canteen_menus", "菜谱：一周", asks=MenuWeekForm, gives=ServingShape(many=True), refuses=(404,)),
        "POST": Verb("canteen_menu_set", "菜谱：排一餐", "代替这一餐原来的菜；一道都不写，就是不供。",
                     takes=object_of(MealOfDayForm.base_fields), gives=ServingShape(many=True), refuses=(404,), keyed=True),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """The week's servings, meal by meal."""
        asked = self.asked()
        canteen = the_canteen(self.by, asked["canteen"])
        monday = queries.monday_of(asked["day"] or clock.today())
        meals = queries.meals_of(canteen, monday, monday + timedelta(days=6))
        return Response(told([one for key in sorted(meals) for one in meals[key]]))

    def post(self, request: Request) -> Response:
        """Writes one meal, once per `Idempotency-Key`."""
        data = read(MealOfDayForm.base_fields, request.data)
        said = dict(valid(MealOfDayForm(data)))
        canteen = the_canteen(self.by, said.pop("canteen"), *COOKS)
        return self.keyed(data, lambda: told(set_meal(canteen, by=self.by, **said)))


def priced(one: Dish) -> Dish:
    """With today's price."""
    one.today = one.price_on(clock.today())  # type: ignore[attr-defined]
    return one


def told(rows: list[Serving]) -> list[dict[str, Any]]:
    """Servings as programs see them."""
    return [dict(row) for row in ServingShape(rows, many=True).data]
