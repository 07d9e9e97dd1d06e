"""Ingredients for programs: the list, one to add or change, and an import shown before it is written."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from canteen.actions import add_ingredient, change_ingredient
from canteen.apps import LISTERS, READERS
from canteen.forms.ingredients import BRINGING, IngredientForm, IngredientListForm, NewIngredientForm
from canteen.models import ALLERGENS, FOOD
from canteen.queries import ingredients as queries
from canteen.rules.ingredients import keeps_the_list
from portal.hall.settings.bringing import ImportEndpoint, import_verbs
from portal.orgs.policies import holding
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid

from .endpoint import CanteenEndpoint, how_many, yuan

READING, LISTING = holding(*READERS), holding(*LISTERS)
IngredientShape = shape(
    "IngredientShape", "One ingredient of a school; `grams` is what one `measure` weighs, `kcal` and `protein` are of 100 g.",
    id=serializers.IntegerField(), school=serializers.IntegerField(source="school_id"), name=serializers.CharField(),
    spec=serializers.CharField(allow_blank=True), category=serializers.ChoiceField(choices=FOOD), measure=serializers.CharField(),
    grams=how_many(allow_null=True), kcal=yuan(allow_null=True), protein=yuan(allow_null=True),
    allergens=serializers.ListField(child=serializers.ChoiceField(choices=ALLERGENS)), banned=serializers.BooleanField(),
    why=serializers.CharField(allow_blank=True), retired_on=serializers.DateField(allow_null=True), version=serializers.IntegerField(),
)  # fmt: skip


class Ingredients(CanteenEndpoint):
    """The list of ingredients, and a new one."""

    policies = {"GET": READING, "POST": LISTING}
    verbs = {
        "GET": Verb("canteen_ingredients", "食材：列表", "您看得到的，按类别和名称排。", asks=IngredientListForm, gives=IngredientShape, many=True),
        "POST": Verb("canteen_ingredient_add", "食材：登记", takes=object_of(NewIngredientForm.base_fields), gives=IngredientShape,
                     status=201, keyed=True),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of ingredients."""
        return self.page(queries.listed(self.by, self.asked()), IngredientShape)

    def post(self, request: Request) -> Response:
        """Adds one."""
        data = read(NewIngredientForm.base_fields, request.data)
        clean = valid(NewIngredientForm(data, schools=queries.schools_listed_by(self.by)))
        return self.keyed(data, lambda: told(add_ingredient(by=self.by, **clean)), status=201)


class OneIngredient(CanteenEndpoint):
    """One ingredient."""

    policies = {"GET": READING, "POST": LISTING}
    verbs = {
        "GET": Verb("canteen_ingredient", "食材：一样", gives=IngredientShape),
        "POST": Verb("canteen_ingredient_change", "食材：改", "以前的订单、菜谱不变。", takes=object_of(IngredientForm.base_fields),
                     gives=IngredientShape, keyed=True),
    }  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """As it is now."""
        return Response(told(queries.ingredient_for(self.by, pk)))

    def post(self, request: Request, pk: int) -> Response:
        """What is known of it, from now on."""
        one = queries.ingredient_for(self.by, pk)
        keeps_the_list(self.by, one.school)
        data = read(IngredientForm.base_fields, request.data)
        clean = valid(IngredientForm(data))
        return self.keyed(data, lambda: told(change_ingredient(one, by=self.by, **clean)))


class IngredientsImport(ImportEndpoint):
    """A file of ingredients."""

    tag, policies, bringing = CanteenEndpoint.tag, {"POST": LISTING}, BRINGING
    verbs = import_verbs("canteen_ingredients_import", "食材：导入")


def told(one: Any) -> dict[str, Any]:
    """An ingredient as plain values."""
    return dict(IngredientShape(one).data)
