"""The books for programs: entries with their seals and reversals, closed months, and an account of any days."""

from typing import Any

from django import forms
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from canteen.actions.books import book, close_month, reverse, seal, stock_to_count
from canteen.apps import READERS
from canteen.forms.books import AccountForm, ApartForm, BooksForm, CloseForm, EntryForm, ReverseForm
from canteen.models import Canteen, Diners, Entry, categories
from canteen.models.books import BOOKED
from canteen.queries import books as queries
from canteen.queries.accounts import account_of
from canteen.queries.places import the_canteen
from canteen.queries.stock import worth_on
from portal.orgs.policies import holding
from portal.publications.periods import Every, period_of
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid

from .endpoint import WHERE, CanteenEndpoint, whole, yuan

READING, KEEPING = holding(*READERS), holding(*queries.BOOKKEEPERS)
SEALING, CLOSING = holding(*queries.SEALERS, "canteen_accountant"), holding("canteen_accountant")
EntryShape = shape(
    "BookEntryShape", "One amount in 元, a reversal or what went back below zero; `day` is when it counts, `dated` the voucher's. "
    "`by` none: booked by itself from the delivery `case`; `apart`: why it is another purchase than one. Without `sealed_at` it counts in no account.",
    id=serializers.IntegerField(), canteen=serializers.IntegerField(source="canteen_id"), day=serializers.DateField(),
    dated=serializers.DateField(), category=serializers.ChoiceField(choices=BOOKED),
    diners=serializers.ChoiceField(choices=Diners.choices), amount=yuan(), words=serializers.CharField(),
    voucher=serializers.CharField(allow_blank=True), apart=serializers.CharField(allow_blank=True), reverses=serializers.IntegerField(source="reverses_id", allow_null=True),
    case=serializers.CharField(source="case.number", default=None, allow_null=True),
    by=serializers.CharField(source="by.name", default=None, allow_null=True), at=serializers.DateTimeField(),
    sealed_by=serializers.CharField(source="seal.by.name", default=None, allow_null=True),
    sealed_at=serializers.DateTimeField(source="seal.at", default=None, allow_null=True),
)  # fmt: skip
FoodShape = shape(
    "ClosedFoodShape", "One food in 元: opening + booked - closing = used; `store` is what the food store said was left.",
    category=serializers.ChoiceField(choices=BOOKED), opening=yuan(), booked=yuan(), closing=yuan(), used=yuan(),
    store=yuan(allow_null=True),
)  # fmt: skip
MonthShape = shape(
    "ClosedMonthShape", "A closed month of a canteen's books.",
    canteen=serializers.IntegerField(source="canteen_id"), month=serializers.CharField(), closed_at=serializers.DateTimeField(),
    analysis=serializers.CharField(allow_blank=True), difference=serializers.CharField(allow_blank=True),
    stocks=FoodShape(many=True, source="foods"),
)  # fmt: skip
LineShape = shape(
    "AccountLineShape", "What was spent under one category, in 元.",
    category=serializers.ChoiceField(choices=BOOKED), amount=yuan(),
)  # fmt: skip
AccountShape = shape(
    "CanteenAccountShape", "Sealed amounts of some days in 元, food as it was booked; refunds to pupils are taken off the income.",
    canteen=serializers.IntegerField(), since=serializers.DateField(), until=serializers.DateField(), income=yuan(),
    expense=yuan(), balance=yuan(), food=yuan(), meals=serializers.IntegerField(), diner_days=serializers.IntegerField(),
    waiting=serializers.IntegerField(), lines=LineShape(many=True),
)  # fmt: skip


class WhichMonth(forms.Form):
    """Which month."""

    month = forms.RegexField(r"^20\d\d-(0[1-9]|1[0-2])$", label="月份", help_text="如 2026-10，要按先后结。")


def closing_fields() -> dict[str, forms.Field]:
    """Every field closing a month can have: each food's closing, for the first month its opening too."""
    foods = [code for code, one in categories().items() if one.is_food]
    zero = (queries.ZERO, queries.ZERO)
    return WhichMonth.base_fields | CloseForm(stock=dict.fromkeys(foods, zero), store={}, first=True).fields


class BooksEndpoint(CanteenEndpoint):
    """An address of the books."""

    tag = "食堂账本"

    def canteen(self, *posts: str) -> Canteen:
        """The canteen the body names; not there for those without one of these posts at it."""
        return the_canteen(self.by, whole(self.request.data, "canteen"), *posts, closed=True)


class Entries(BooksEndpoint):
    """A canteen's books, and booking an amount."""

    policies = {"GET": READING, "POST": KEEPING}
    verbs = {
        "GET": Verb("canteen_entries", "账本：列表", "新的在前；不写食堂是您的第一个。", asks=BooksForm, gives=EntryShape, many=True, refuses=(404,)),
        "POST": Verb("canteen_entry_add", "账本：记一笔", "记了不能改，只能红冲；另一个人复核以后才计入公示。到货已经自动入账的会拒绝，确是另一次采购写明 apart。",
                     takes=object_of(EntryForm.base_fields, beside=WHERE), gives=EntryShape, status=201, keyed=True, refuses=(404,)),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of entries."""
        asked = self.asked()
        return self.page(queries.entries(the_canteen(self.by, asked["canteen"], closed=True), asked), EntryShape)

    def post(self, request: Request) -> Response:
        """Books it."""
        data = read(EntryForm.base_fields, request.data, beside=("canteen",))
        clean, canteen = valid(EntryForm(data, by=self.by)), self.canteen(*queries.BOOKKEEPERS)
        return self.keyed(data | {"canteen": canteen.pk}, lambda: told(book(canteen, by=self.by, **clean)), status=201)


class OneEntry(BooksEndpoint):
    """One entry."""

    policies = {"GET": READING}
    verbs = {"GET": Verb("canteen_entry", "账本：一笔账", gives=EntryShape)}

    def get(self, request: Request, pk: int) -> Response:
        """As it stands."""
        return Response(told(queries.entry_for(self.by, pk)))


class SealingEntry(BooksEndpoint):
    """复核."""

    policies = {"POST": SEALING}
    verbs = {
        "POST": Verb(
            "canteen_entry_seal",
            "账本：复核",
            takes=object_of(ApartForm.base_fields),
            gives=EntryShape,
            keyed=True,
            refuses=(409,),
        )
    }

    def post(self, request: Request, pk: int) -> Response:
        """The second person's seal."""
        one, data = queries.entry_for(self.by, pk), read(ApartForm.base_fields, request.data)
        said = valid(ApartForm(data))

        def effect() -> dict[str, Any]:
            seal(one, by=self.by, **said)
            return told(queries.entry_for(self.by, pk))

        return self.keyed(data, effect)


class ReversingEntry(BooksEndpoint):
    """红冲."""

    policies = {"POST": KEEPING}
    verbs = {
        "POST": Verb("canteen_entry_reverse", "账本：红冲", "回答是新记的那笔负数。", takes=object_of(ReverseForm.base_fields), gives=EntryShape,
                     status=201, keyed=True, refuses=(409,)),
    }  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """Takes it back."""
        one, data = queries.entry_for(self.by, pk), read(ReverseForm.base_fields, request.data)
        clean = valid(ReverseForm(data))
        return self.keyed(data, lambda: told(reverse(one, by=self.by, **clean)), status=201)


class Months(BooksEndpoint):
    """Closed months, and closing the next one."""

    policies = {"GET": READING, "POST": CLOSING}
    verbs = {
        "GET": Verb("canteen_months", "账本：结了账的月份", asks=BooksForm, gives=MonthShape, many=True, refuses=(404,)),
        "POST": Verb("canteen_month_close", "账本：结账", "每样食材写盘点后的期末库存（元）；第一个月也写期初。和库存账不同要写原因。",
                     takes=object_of(closing_fields(), beside=WHERE), gives=MonthShape, status=201, keyed=True, refuses=(404, 409)),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of months, the newest first."""
        asked = self.asked()
        return self.page(queries.closed_months(the_canteen(self.by, asked["canteen"], closed=True), asked), MonthShape)

    def post(self, request: Request) -> Response:
        """Closes it."""
        canteen = self.canteen("canteen_accountant")
        body = request.data if isinstance(request.data, dict) else {}
        said = {name: body[name] for name in ("month",) if name in body}
        period = period_of(Every.MONTH, valid(WhichMonth(read(WhichMonth.base_fields, said)))["month"])
        options: dict[str, Any] = {
            "stock": stock_to_count(canteen, period), "store": worth_on(canteen, period.until),
            "first": queries.last_closed(canteen) is None,
        }  # fmt: skip
        data = read(CloseForm(**options).fields, request.data, beside=("canteen", "month"))
        form = CloseForm(data, **options)
        valid(form)
        given = form.said()

        def effect() -> dict[str, Any]:
            counted, opening = form.counted(), form.opening()
            month = close_month(canteen, period.code, by=self.by, counted=counted, opening=opening, **given)
            return dict(MonthShape(month).data)

        return self.keyed(data | {"canteen": canteen.pk, "month": period.code}, effect, status=201)


class Account(BooksEndpoint):
    """The account of some days."""

    policies = {"GET": READING}
    verbs = {
        "GET": Verb("canteen_account", "账本：一段日子的收支", "只算复核过的；公示出来的周账、月报、决算见“公示”。", asks=AccountForm, gives=AccountShape,
                    refuses=(404,)),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """Sums of the sealed books."""
        asked = self.asked()
        canteen, since, until = the_canteen(self.by, asked["canteen"], closed=True), asked["since"], asked["until"]
        one = account_of([canteen], since, until)
        said = {name: getattr(one, name) for name in ("income", "expense", "balance", "food")}
        said |= {"canteen": canteen.pk, "since": since, "until": until, "meals": one.eaten.meals}
        said |= {"diner_days": one.eaten.diner_days, "waiting": queries.unsealed([canteen], since, until).count()}
        said["lines"] = [{"category": code, "amount": amount} for code, amount in one.spent.items()]
        return Response(AccountShape(said).data)


def told(one: Entry) -> dict[str, Any]:
    """An entry as plain values."""
    return dict(EntryShape(one).data)


__all__ = ["Account", "Entries", "Months", "OneEntry", "ReversingEntry", "SealingEntry"]
