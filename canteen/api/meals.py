"""Meals and meal money for programs: how many ate, what a family has left, and giving some of it back."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from canteen.actions.meals import COUNTERS, count_meal, refund
from canteen.apps import READERS
from canteen.forms.meals import BRINGING, BalancesForm, CountForm, CountsForm, MoneyImportForm, RefundForm
from canteen.models import Meal, MealMoney
from canteen.queries import meals as queries
from canteen.queries.places import the_canteen
from portal.hall.settings.bringing import ImportEndpoint, import_verbs
from portal.orgs.policies import SIGNED_IN, holding
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid
from portal.wire.paging import PageForm

from .books import BooksEndpoint
from .endpoint import WHERE, whole, yuan

READING, COUNTING, TILL = holding(*READERS), holding(*COUNTERS), holding(*queries.KEEPERS)
CountShape = shape(
    "MealCountShape", "How many ate one meal of one day.",
    canteen=serializers.IntegerField(source="canteen_id"), day=serializers.DateField(),
    meal=serializers.ChoiceField(choices=Meal.choices), students=serializers.IntegerField(), staff=serializers.IntegerField(),
    guests=serializers.IntegerField(),
)  # fmt: skip
BalanceShape = shape(
    "MealBalanceShape", "What a pupil has left, in 元.",
    id=serializers.IntegerField(), number=serializers.CharField(), name=serializers.CharField(), balance=yuan(),
)  # fmt: skip
MoneyShape = shape(
    "MealMoneyShape", "One move of a pupil's meal money, signed, in 元.",
    id=serializers.IntegerField(), canteen=serializers.IntegerField(source="canteen_id"), day=serializers.DateField(),
    kind=serializers.ChoiceField(choices=MealMoney.KINDS), amount=yuan(), serial=serializers.CharField(),
    why=serializers.CharField(allow_blank=True),
)  # fmt: skip


class MealCounts(BooksEndpoint):
    """How many ate, and counting a meal."""

    tag = "食堂就餐"
    policies = {"GET": READING, "POST": COUNTING}
    verbs = {
        "GET": Verb("canteen_counts", "就餐人数：列表", "一段日子里登记的，新的在前。", asks=CountsForm, gives=CountShape, many=True, refuses=(404,)),
        "POST": Verb("canteen_count", "就餐人数：登记", "登记错了再登记一次就是改；结了账的月份不能改，周账签字以后登记的只算进月报。", takes=object_of(CountForm.base_fields, beside=WHERE),
                     gives=CountShape, keyed=True, refuses=(404,)),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of counts."""
        asked = self.asked()
        return self.page(queries.counts_page(the_canteen(self.by, asked["canteen"]), asked), CountShape)

    def post(self, request: Request) -> Response:
        """Counts one meal."""
        data = read(CountForm.base_fields, request.data, beside=("canteen",))
        clean, canteen = valid(CountForm(data)), self.canteen(*COUNTERS)
        return self.keyed(
            data | {"canteen": canteen.pk}, lambda: dict(CountShape(count_meal(canteen, by=self.by, **clean)).data)
        )


class OwnMoney(BooksEndpoint):
    """What one's own children have left."""

    tag = "食堂餐费"
    policies = {"GET": SIGNED_IN}
    verbs = {
        "GET": Verb(
            "canteen_money_own",
            "餐费：我家的",
            "自己的孩子和自己；别家的谁也看不到。",
            asks=PageForm,
            gives=BalanceShape,
            many=True,
        )
    }

    def get(self, request: Request) -> Response:
        """A page of one's children."""
        return self.page(queries.own_balances(self.by, self.asked()), BalanceShape)


class Balances(BooksEndpoint):
    """What every family has left, for those who keep books and till."""

    tag = "食堂餐费"
    policies = {"GET": TILL}
    verbs = {
        "GET": Verb(
            "canteen_money", "餐费：各家的余额", asks=BalancesForm, gives=BalanceShape, many=True, refuses=(404,)
        )
    }

    def get(self, request: Request) -> Response:
        """A page of pupils by number."""
        asked = self.asked()
        return self.page(queries.balances(queries.till_for(self.by, asked["canteen"]), asked), BalanceShape)


class MoneyImport(ImportEndpoint):
    """The card system's file."""

    tag, policies, bringing, form = "食堂餐费", {"POST": TILL}, BRINGING, MoneyImportForm
    verbs = import_verbs("canteen_money_import", "餐费：导入", MoneyImportForm)


class Moves(BooksEndpoint):
    """A pupil's moves, for the family and the till."""

    tag = "食堂餐费"
    policies = {"GET": SIGNED_IN}
    verbs = {
        "GET": Verb(
            "canteen_money_moves",
            "餐费：一个孩子的明细",
            "新的在前；只有这家人和管账管钱的人看得到。",
            asks=PageForm,
            gives=MoneyShape,
            many=True,
        )
    }

    def get(self, request: Request, pk: int) -> Response:
        """A page of moves."""
        return self.page(queries.newest(queries.moves_seen_by(self.by, pk), self.asked()), MoneyShape)


class Refunds(BooksEndpoint):
    """退餐费."""

    tag = "食堂餐费"
    policies = {"POST": TILL}
    verbs = {
        "POST": Verb("canteen_money_refund", "餐费：退给一家", "多过余额不能退；不写食堂是您管的第一个。", takes=object_of(RefundForm.base_fields, beside=WHERE), gives=MoneyShape, status=201,
                     keyed=True),
    }  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """Gives some back."""
        data = read(RefundForm.base_fields, request.data, beside=("canteen",))
        at = whole(request.data, "canteen") if "canteen" in request.data else None
        canteen, child = queries.pupil_of_till(self.by, pk, at)
        clean = valid(RefundForm(data))
        return self.keyed(
            data | {"canteen": canteen.pk},
            lambda: dict(MoneyShape(refund(canteen, child, by=self.by, **clean)).data),
            status=201,
        )
