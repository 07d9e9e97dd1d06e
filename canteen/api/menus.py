"""Menus for programs: the meals of a week, what a meal is made of, last week's again."""

from datetime import date, timedelta
from typing import Any

from django import forms
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from canteen.actions import copy_week, set_meal
from canteen.apps import COOKS, READERS
from canteen.forms.menus import CopyForm
from canteen.models import Canteen, Dish, Meal, Serving
from canteen.queries import menus as queries
from canteen.queries import the_canteen
from portal import clock
from portal.orgs.policies import holding
from portal.wire.days import DayField
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid

from .endpoint import LARGEST, CanteenEndpoint, yuan

READING, COOKING = holding(*READERS), holding(*COOKS)
ServingShape = shape(
    "ServingShape", "One dish on the menu of a meal.",
    day=serializers.DateField(), meal=serializers.ChoiceField(choices=Meal.choices),
    dish=serializers.IntegerField(source="dish_id"), name=serializers.CharField(source="dish.name"), price=yuan(),
)  # fmt: skip


class MenuWeekForm(forms.Form):
    """Whose menu, of which week (by any of its days)."""

    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=LARGEST)
    day = DayField(label="哪一周", required=False)


class MealOfDayForm(forms.Form):
    """What a meal of a day is made of: ids of dishes, in place of those it had."""

    canteen = forms.IntegerField(label="食堂", min_value=1, max_value=LARGEST)
    day = DayField(label="日期")
    meal = forms.ChoiceField(label="餐次", choices=Meal.choices)
    dishes = forms.ModelMultipleChoiceField(Dish.objects.all(), label="菜品", required=False)
    reason = forms.CharField(label="改动原因", required=False, max_length=200, help_text="已公示的一周要写。")


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
        return Response(week_told(canteen, asked["day"] or clock.today()))

    def post(self, request: Request) -> Response:
        """Writes one meal, once per `Idempotency-Key`."""
        data = read(MealOfDayForm.base_fields, request.data)
        said = dict(valid(MealOfDayForm(data)))
        canteen = the_canteen(self.by, said.pop("canteen"), *COOKS)
        return self.keyed(data, lambda: told(set_meal(canteen, by=self.by, **said)))


class CopiedMenus(CanteenEndpoint):
    """沿用上周."""

    policies = {"POST": COOKING}
    verbs = {
        "POST": Verb("canteen_menu_copy", "菜谱：沿用上周", "只填空着的餐；上周的菜里停用和不能供应的不带。", takes=object_of(CopyForm.base_fields),
                     gives=ServingShape(many=True), refuses=(404,), keyed=True),
    }  # fmt: skip

    def post(self, request: Request) -> Response:
        """Fills the week's empty meals and says what the week is then, once per `Idempotency-Key`."""
        data = read(CopyForm.base_fields, request.data)
        said = valid(CopyForm(data))
        canteen = the_canteen(self.by, said["canteen"], *COOKS)

        def effect() -> list[dict[str, Any]]:
            copy_week(canteen, week=said["day"], by=self.by)
            return week_told(canteen, said["day"])

        return self.keyed(data, effect)


def week_told(canteen: Canteen, day: date) -> list[dict[str, Any]]:
    """The servings of a day's week, meal by meal."""
    monday = queries.monday_of(day)
    meals = queries.meals_of(canteen, monday, monday + timedelta(days=6))
    return told([one for key in sorted(meals) for one in meals[key]])


def told(rows: list[Serving]) -> list[dict[str, Any]]:
    """Servings as programs see them."""
    return [dict(row) for row in ServingShape(rows, many=True).data]
