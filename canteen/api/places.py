"""Canteens for programs: which there are, opening one, its numbers, closing it."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from canteen.actions import change_canteen, close_canteen, open_canteen
from canteen.apps import KEEPERS, READERS
from canteen.forms.places import CanteenForm, NewCanteenForm
from canteen.models import Meal, Mode, SurplusRule
from canteen.queries import the_canteen
from canteen.queries.ingredients import schools_below
from canteen.queries.places import listed
from canteen.rules.places import SETTERS, keeps_canteen, sets_numbers
from portal.orgs.policies import holding
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid
from portal.wire.paging import PageForm

from .endpoint import CanteenEndpoint, yuan

READING, KEEPING, SETTING = holding(*READERS), holding(*KEEPERS), holding(*SETTERS)
CanteenShape = shape(
    "CanteenShape", "One canteen and its own numbers: grams and hours of a sample, per cent of prices and weights, points of 100, seats for parents, minutes of silence.",
    id=serializers.IntegerField(), school=serializers.IntegerField(source="school_id"), name=serializers.CharField(),
    place=serializers.IntegerField(source="place_id", allow_null=True), mode=serializers.ChoiceField(choices=Mode.choices),
    meals=serializers.ListField(child=serializers.ChoiceField(choices=Meal.choices)), diners=serializers.IntegerField(),
    phone=serializers.CharField(allow_blank=True), licence=serializers.CharField(allow_blank=True),
    licence_until=serializers.DateField(allow_null=True), opened_on=serializers.DateField(),
    closed_on=serializers.DateField(allow_null=True), windows=serializers.ListField(child=serializers.CharField()), sample_grams=serializers.IntegerField(),
    sample_hours=serializers.IntegerField(), price_gap=yuan(), weight_gap=yuan(), satisfied=serializers.IntegerField(), same_signers=serializers.IntegerField(),
    seats=serializers.IntegerField(), silent_minutes=serializers.IntegerField(),
    surplus_rule=serializers.ChoiceField(choices=SurplusRule.choices), surplus_limit=yuan(), version=serializers.IntegerField(),
)  # fmt: skip


class Canteens(CanteenEndpoint):
    """The canteens one reads of, and opening one."""

    policies = {"GET": READING, "POST": KEEPING}
    verbs = {
        "GET": Verb("canteen_places", "食堂：列表", "您看得到的，停用的不在内。", asks=PageForm, gives=CanteenShape, many=True),
        "POST": Verb("canteen_open", "食堂：启用", takes=object_of(NewCanteenForm.base_fields), gives=CanteenShape, status=201, keyed=True),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of canteens."""
        return self.page(listed(self.by, self.asked()), CanteenShape)

    def post(self, request: Request) -> Response:
        """Opens one."""
        data = read(NewCanteenForm.base_fields, request.data)
        clean = valid(NewCanteenForm(data, schools=schools_below(self.by, *KEEPERS)))
        return self.keyed(data, lambda: told(open_canteen(by=self.by, **clean)), status=201)


class OneCanteen(CanteenEndpoint):
    """One canteen: its numbers, and changing them."""

    policies = {"GET": READING, "POST": SETTING}
    verbs = {
        "GET": Verb("canteen_place", "食堂：一个", gives=CanteenShape),
        "POST": Verb("canteen_change", "食堂：改设置", "每次改动都留在账上。结余办法由局里定，学校只能改得更严。", takes=object_of(CanteenForm.base_fields), gives=CanteenShape,
                     keyed=True),
    }  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """As it is now."""
        return Response(told(the_canteen(self.by, pk)))

    def post(self, request: Request, pk: int) -> Response:
        """What it is and its numbers."""
        one = the_canteen(self.by, pk)
        sets_numbers(self.by, one.school)
        data = read(CanteenForm.base_fields, request.data)
        clean = valid(CanteenForm(data, school=one.school))
        return self.keyed(data, lambda: told(change_canteen(one, by=self.by, **clean)))


class ClosingCanteen(CanteenEndpoint):
    """Closing a canteen."""

    policies = {"POST": KEEPING}
    verbs = {
        "POST": Verb("canteen_close", "食堂：停用", "不再开出新的事项；已有的记录都留着。", takes=object_of({}), gives=CanteenShape, keyed=True),
    }  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """Closes it."""
        one = the_canteen(self.by, pk)
        keeps_canteen(self.by, one.school)
        return self.keyed(read({}, request.data), lambda: told(close_canteen(one, by=self.by)))


def told(one: Any) -> dict[str, Any]:
    """A canteen as plain values."""
    return dict(CanteenShape(one).data)
