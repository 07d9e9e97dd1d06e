"""The store for programs: items, their moves, moves by hand, and an import shown before it is written."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.keys import Answer, once
from portal.hall.settings.bringing import ImportEndpoint, import_verbs
from portal.orgs.models import User
from portal.orgs.policies import holding, person
from portal.wire.endpoint import Endpoint, Verb
from portal.wire.fields import object_of, read, valid
from portal.wire.paging import PageForm
from repairs.actions import stock as verbs
from repairs.forms.stock import ItemForm, MoveForm, NewItemForm, StockListForm
from repairs.forms.stock_lines import BRINGING
from repairs.queries import stock as queries

READING, KEEPING = holding(*queries.READERS), holding(*queries.KEEPERS)
DIGITS, PLACES, CENTS = 15, 3, 2


def how_many() -> serializers.DecimalField:
    """A quantity as text, three decimals."""
    return serializers.DecimalField(max_digits=DIGITS, decimal_places=PLACES)


def yuan() -> serializers.DecimalField:
    """An amount in 元 as text, two decimals."""
    return serializers.DecimalField(max_digits=DIGITS, decimal_places=CENTS)


class StockItemShape(serializers.Serializer[Any]):
    """One item of a school's store; `unit_price` is the mean of what is there."""

    id = serializers.IntegerField()
    school = serializers.IntegerField(source="school_id")
    name = serializers.CharField()
    spec = serializers.CharField(allow_blank=True)
    measure = serializers.CharField()
    category = serializers.CharField()
    on_hand = how_many()
    minimum = how_many()
    is_low = serializers.BooleanField()
    worth = yuan()
    unit_price = yuan()
    supplier = serializers.CharField(allow_blank=True)


class StockMoveShape(serializers.Serializer[Any]):
    """One move; `quantity` and `amount` are signed, `left` is what was there after, `case` the request's number."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    quantity = how_many()
    price = yuan()
    amount = yuan()
    left = how_many()
    at = serializers.DateTimeField()
    by = serializers.CharField(source="by.name", default=None, allow_null=True)
    why = serializers.CharField(allow_blank=True)
    case = serializers.CharField(source="case.number", default=None, allow_null=True)


class StockEndpoint(Endpoint):
    """An address of the store."""

    tag = "库存"

    @property
    def by(self) -> User:
        """Who asks."""
        return person(self.here)

    def keyed(self, data: dict[str, Any], effect: Any, *, status: int = 200) -> Response:
        """Writes once per `Idempotency-Key`."""

        def answer() -> Answer:
            return {"status": status, "body": effect()}

        key = self.here.headers.get("Idempotency-Key", "")
        told, replayed = once(by=self.by, key=key, asked=[self.here.path, data], effect=answer)
        return Response(told["body"], status=status, headers={"Idempotency-Replayed": "true"} if replayed else {})


class Stock(StockEndpoint):
    """The store: its items, and a new one."""

    policies = {"GET": READING, "POST": KEEPING}
    verbs = {
        "GET": Verb("stock_list", "库存：列表", "您看得到的，按品名排。", asks=StockListForm, gives=StockItemShape, many=True),
        "POST": Verb("stock_add", "库存：登记物品", takes=object_of(NewItemForm.base_fields), gives=StockItemShape, status=201, keyed=True),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of items."""
        return self.page(queries.listed(self.by, self.asked()), StockItemShape)

    def post(self, request: Request) -> Response:
        """Registers an item, with what is there of it."""
        data = read(NewItemForm.base_fields, request.data)
        clean = valid(NewItemForm(data, stores=queries.stores(self.by, *queries.KEEPERS)))
        return self.keyed(data, lambda: told(verbs.register(by=self.by, **clean)), status=201)


class StockOne(StockEndpoint):
    """One item."""

    policies = {"GET": READING, "POST": KEEPING}
    verbs = {
        "GET": Verb("stock_item", "库存：一样物品", gives=StockItemShape),
        "POST": Verb("stock_change", "库存：改名称和最低库存", takes=object_of(ItemForm.base_fields), gives=StockItemShape, keyed=True),
    }  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """As it is now."""
        return Response(told(queries.item_for(self.by, pk)))

    def post(self, request: Request, pk: int) -> Response:
        """What it is called, and when it counts as low."""
        one = queries.item_for(self.by, pk)
        verbs.refuse_others(self.by, one.school)
        data = read(ItemForm.base_fields, request.data)
        clean = valid(ItemForm(data))
        return self.keyed(data, lambda: told(verbs.change_item(one, clean, by=self.by)))


class StockMoves(StockEndpoint):
    """An item's moves, and one more by hand."""

    policies = {"GET": READING, "POST": KEEPING}
    verbs = {
        "GET": Verb("stock_moves", "库存：进出", "新的在前。", asks=PageForm, gives=StockMoveShape, many=True),
        "POST": Verb("stock_move", "库存：登记一笔", "入库、退库、盘点更正（填实际清点数）或报损。",
                     takes=object_of(MoveForm.base_fields), gives=StockItemShape, keyed=True),
    }  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """A page of moves."""
        return self.page(queries.moves_page(queries.item_for(self.by, pk), self.asked()), StockMoveShape)

    def post(self, request: Request, pk: int) -> Response:
        """One move with its reason."""
        one = queries.item_for(self.by, pk)
        verbs.refuse_others(self.by, one.school)
        data = read(MoveForm.base_fields, request.data)
        clean = valid(MoveForm(data))

        def effect() -> dict[str, Any]:
            verbs.record(one, by=self.by, **clean)
            return told(queries.item_for(self.by, pk))

        return self.keyed(data, effect)


class StockImport(ImportEndpoint):
    """A file of items."""

    tag, policies, bringing = StockEndpoint.tag, {"POST": KEEPING}, BRINGING
    verbs = import_verbs("stock_import", "库存：导入")


def told(item: Any) -> dict[str, Any]:
    """An item as plain values."""
    return dict(StockItemShape(item).data)
