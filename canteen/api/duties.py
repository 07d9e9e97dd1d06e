"""The day's duties for programs, beside the steps of their flows: samples and their labels, health certificates, free seats."""

from typing import Any

from django import forms
from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from canteen.actions import enter_health_card, leave_kitchen
from canteen.apps import COOKS, READERS
from canteen.forms.duties import HealthForm
from canteen.models import HealthCard, Meal, Sample
from canteen.queries import duties as queries
from canteen.queries import the_canteen
from canteen.rules.menus import plans_menus
from portal import clock
from portal.orgs.policies import SIGNED_IN, holding
from portal.wire.days import DayField
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid
from portal.wire.paging import Keyset, PageForm, page_of

from .endpoint import LARGEST, WHERE, CanteenEndpoint, whole

READING, COOKING = holding(*READERS), holding(*COOKS)
ORDER: Keyset[Any] = Keyset(("pk",), (int,), lambda one: (one.pk,))
SampleShape = shape(
    "SampleShape", "One dish kept back: its grams, the code of its label, until when it stays, when it was thrown away.",
    code=serializers.CharField(), sampling=serializers.CharField(source="sampling.number"),
    day=serializers.DateField(source="sampling.day"), meal=serializers.ChoiceField(choices=Meal.choices, source="sampling.meal"),
    dish=serializers.CharField(source="dish.name"), grams=serializers.IntegerField(), kept_at=serializers.DateTimeField(),
    until=serializers.DateTimeField(), discarded_at=serializers.DateTimeField(allow_null=True),
)  # fmt: skip
HealthShape = shape(
    "HealthCardShape", "The health certificate of somebody in the kitchen; `until` is its last day.",
    id=serializers.IntegerField(), canteen=serializers.IntegerField(source="canteen_id"), name=serializers.CharField(),
    job=serializers.CharField(), number=serializers.CharField(allow_blank=True), until=serializers.DateField(),
    left_on=serializers.DateField(allow_null=True), version=serializers.IntegerField(),
)  # fmt: skip
SeatsShape = shape(
    "SeatsShape", "Seats for parents at a meal: how many there are, how many are free.",
    canteen=serializers.IntegerField(), day=serializers.DateField(), meal=serializers.ChoiceField(choices=Meal.choices),
    seats=serializers.IntegerField(), free=serializers.IntegerField(),
)  # fmt: skip


class SampleListForm(PageForm):
    """Whose samples, of which day."""

    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=LARGEST)
    day = DayField(label="哪一天的餐", required=False)


class HealthListForm(PageForm):
    """Whose certificates."""

    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=LARGEST)


class SeatsForm(forms.Form):
    """Which meal of which day; today's lunch where nothing is said."""

    day = DayField(label="哪一天", required=False)
    meal = forms.ChoiceField(label="哪一餐", choices=Meal.choices, required=False)


class Samples(CanteenEndpoint):
    """Samples of a canteen; keeping and discarding them are steps of 留样."""

    policies = {"GET": READING}
    verbs = {"GET": Verb("canteen_samples", "留样：逐份", "留样和销毁是“留样”的步骤（/api/v1/canteen/samplings）。", asks=SampleListForm,
                         gives=SampleShape, many=True, refuses=(404,))}  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of samples, the first kept first."""
        asked = self.asked()
        canteen = the_canteen(self.by, asked["canteen"])
        rows = Sample.objects.filter(sampling__canteen=canteen).select_related("sampling", "dish")
        if asked["day"]:
            rows = rows.filter(sampling__day=asked["day"])

        def ask(bounds: Q, back: bool, n: int) -> list[Sample]:
            return list(rows.filter(bounds).order_by("-pk" if back else "pk")[:n])

        return self.page(page_of(ask, ORDER, cursor=asked["cursor"], limit=asked["limit"]), SampleShape)


class HealthCards(CanteenEndpoint):
    """Health certificates of a kitchen, and entering or renewing one."""

    policies = {"GET": READING, "POST": COOKING}
    verbs = {
        "GET": Verb("canteen_health_cards", "健康证：列表", "在岗的人。", asks=HealthListForm, gives=HealthShape, many=True, refuses=(404,)),
        "POST": Verb("canteen_health_card_enter", "健康证：登记或续办", "同一个人再登记一次就是续办。",
                     takes=object_of(HealthForm.base_fields, beside=WHERE), gives=HealthShape, status=201, refuses=(404,), keyed=True),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of those who work there, the first entered first."""
        asked = self.asked()
        rows = HealthCard.objects.filter(canteen=the_canteen(self.by, asked["canteen"]), left_on=None)

        def ask(bounds: Q, back: bool, n: int) -> list[HealthCard]:
            return list(rows.filter(bounds).order_by("-pk" if back else "pk")[:n])

        return self.page(page_of(ask, ORDER, cursor=asked["cursor"], limit=asked["limit"]), HealthShape)

    def post(self, request: Request) -> Response:
        """Enters it, once per `Idempotency-Key`."""
        data, at = read(HealthForm.base_fields, request.data, beside=("canteen",)), whole(request.data, "canteen")
        canteen = the_canteen(self.by, at, *COOKS)

        def effect() -> dict[str, Any]:
            said = valid(HealthForm(data, by=self.by))
            return health_told(enter_health_card(canteen, by=self.by, **said))

        return self.keyed({**data, "canteen": at}, effect, status=201)


class LeavingKitchen(CanteenEndpoint):
    """离岗."""

    policies = {"POST": COOKING}
    verbs = {
        "POST": Verb("canteen_health_card_leave", "健康证：离岗", takes=object_of({}), gives=HealthShape, keyed=True)
    }

    def post(self, request: Request, pk: int) -> Response:
        """They work there no more, once per `Idempotency-Key`."""
        one = queries.health_for(self.by, pk)
        plans_menus(self.by, one.canteen.school)
        data = read({}, request.data)
        return self.keyed(data, lambda: health_told(leave_kitchen(one, by=self.by)))


class Seats(CanteenEndpoint):
    """Seats for parents at a meal; booking one opens 家长陪餐."""

    policies = {"GET": SIGNED_IN}
    verbs = {"GET": Verb("canteen_seats", "家长陪餐：还有几个名额", "预约是“家长陪餐”的开出（/api/v1/canteen/parentmeals）。", asks=SeatsForm,
                         gives=SeatsShape)}  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """How many are free; for who may book or reads the canteen."""
        asked = self.asked()
        canteen = queries.bookable(self.by).filter(pk=pk).first() or the_canteen(self.by, pk)
        day, meal = asked["day"] or clock.today(), asked["meal"] or Meal.LUNCH.value
        row = {"canteen": canteen.pk, "day": day, "meal": meal, "seats": canteen.seats}
        return Response(SeatsShape(row | {"free": queries.seats_left(canteen, day, meal)}).data)


def health_told(one: HealthCard) -> dict[str, Any]:
    """A certificate as programs see it."""
    return dict(HealthShape(one).data)
