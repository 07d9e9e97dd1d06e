"""The food store for programs: shelves, their lots and moves, and what the keeper does by hand, by the pages' forms."""

from typing import Any

from django import forms
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from canteen.actions import storekeeping as verbs
from canteen.apps import READERS, STORE
from canteen.forms.stock import BookInForm, CountForm, IssueForm, MinimumForm, ShelvesForm, WriteOffForm, named
from canteen.models import Canteen
from canteen.queries import stock as queries
from canteen.queries import the_canteen
from canteen.rules.stock import keeps_the_store
from portal.orgs.models import User
from portal.orgs.policies import holding
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid
from portal.wire.paging import PageForm

from .endpoint import CanteenEndpoint, how_many, yuan

READING, KEEPING = holding(*READERS), holding(*STORE)


class ShelfShape(serializers.Serializer[Any]):
    """What one canteen keeps of one ingredient."""

    id = serializers.IntegerField()
    canteen = serializers.IntegerField(source="canteen_id")
    ingredient = serializers.IntegerField(source="ingredient_id")
    name = serializers.CharField(source="ingredient.label")
    category = serializers.CharField(source="ingredient.category")
    measure = serializers.CharField(source="ingredient.measure")
    on_hand = how_many()
    minimum = how_many()
    is_low = serializers.BooleanField()
    worth = yuan()
    price = yuan()


LotShape = shape(
    "FoodLotShape", "One batch and what is left of it; `keeps_until` is the last day it may be eaten.",
    id=serializers.IntegerField(), batch=serializers.CharField(allow_blank=True), came_on=serializers.DateField(),
    made_on=serializers.DateField(allow_null=True), keeps_until=serializers.DateField(allow_null=True), on_hand=how_many(),
    price=yuan(), worth=yuan(),
)  # fmt: skip
OneShape = shape(
    "ShelfWithLotsShape", "A shelf and its lots, first-expiring first.", shelf=ShelfShape(), lots=LotShape(many=True)
)
MoveShape = shape(
    "FoodMoveShape", "One move; `quantity` and `amount` are signed, `left` is what the shelf held after, `case` the delivery.",
    id=serializers.IntegerField(), lot=serializers.IntegerField(source="lot_id"), kind=serializers.CharField(),
    quantity=how_many(), amount=yuan(), left=how_many(), at=serializers.DateTimeField(), on=serializers.DateField(),
    meal=serializers.CharField(allow_blank=True), why=serializers.CharField(allow_blank=True),
    by=serializers.CharField(source="by.name", default=None, allow_null=True),
    case=serializers.CharField(source="case.number", default=None, allow_null=True),
)  # fmt: skip
MovesShape = shape("FoodMovesShape", "The moves that were written.", moves=MoveShape(many=True))


class WhichCanteen(forms.Form):
    """Whose store."""

    canteen = forms.IntegerField(label="食堂", min_value=1, max_value=2**63 - 1)


def takes(form: type[forms.Form]) -> dict[str, Any]:
    """The body of a sheet: its form's fields, and whose store it is."""
    return object_of(WhichCanteen.base_fields | form.base_fields)


class StoreEndpoint(CanteenEndpoint):
    """An address of the food store."""

    tag = "食堂库存"

    def store(self) -> Canteen:
        """The canteen the body names; not there for those who do not keep its store."""
        body = self.request.data if isinstance(self.request.data, dict) else {}
        said = {name: body[name] for name in ("canteen",) if name in body}
        return the_canteen(self.by, valid(WhichCanteen(read(WhichCanteen.base_fields, said)))["canteen"], *STORE)

    def sheet(self, form: type[forms.Form]) -> dict[str, Any]:
        """The rest of the body."""
        return read(form.base_fields, self.request.data, beside=("canteen",))


class Shelves(StoreEndpoint):
    """The stores one may look at."""

    policies = {"GET": READING}
    verbs = {
        "GET": Verb("food_stock", "食堂库存：列表", "您看得到的，按类别和食材名排。", asks=ShelvesForm, gives=ShelfShape, many=True)
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of shelves."""
        return self.page(queries.listed(self.by, self.asked()), ShelfShape)


class OneShelf(StoreEndpoint):
    """One shelf."""

    policies = {"GET": READING, "POST": KEEPING}
    verbs = {
        "GET": Verb("food_shelf", "食堂库存：一样食材和它的批次", gives=OneShape),
        "POST": Verb("food_minimum", "食堂库存：改最低库存", takes=object_of(MinimumForm.base_fields), gives=OneShape, keyed=True),
    }  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """As it is now."""
        return Response(told(self.by, pk))

    def post(self, request: Request, pk: int) -> Response:
        """Below which number it counts as low."""
        one = queries.shelf_here(self.by, pk)
        keeps_the_store(self.by, one.canteen)
        data = read(MinimumForm.base_fields, request.data)
        clean = valid(MinimumForm(data))

        def effect() -> dict[str, Any]:
            verbs.set_minimum(one, by=self.by, **clean)
            return told(self.by, pk)

        return self.keyed(data, effect)


class ShelfMoves(StoreEndpoint):
    """A shelf's moves."""

    policies = {"GET": READING}
    verbs = {"GET": Verb("food_moves", "食堂库存：进出", "新的在前。", asks=PageForm, gives=MoveShape, many=True)}

    def get(self, request: Request, pk: int) -> Response:
        """A page of moves."""
        return self.page(queries.moves_page(queries.shelf_here(self.by, pk), self.asked()), MoveShape)


class Issues(StoreEndpoint):
    """What a meal takes."""

    policies = {"POST": KEEPING}
    verbs = {
        "POST": Verb("food_issue", "食堂库存：领用", "一餐领的，要么都记上，要么都不记；先到期的先出。", takes=takes(IssueForm), gives=MovesShape,
                     keyed=True, refuses=(404,)),
    }  # fmt: skip

    def post(self, request: Request) -> Response:
        """Issues to one of today's meals."""
        canteen, data = self.store(), self.sheet(IssueForm)
        clean = valid(IssueForm(data, by=self.by, shelves=queries.in_store(canteen), canteen=canteen))
        return self.keyed(data, lambda: moved(verbs.issue_to_meal(canteen, by=self.by, **clean)))


class Counts(StoreEndpoint):
    """What was counted."""

    policies = {"POST": KEEPING}
    verbs = {
        "POST": Verb("food_count", "食堂库存：盘点", "seen 是清点的人看到的账上数；账变了就不写入。", takes=takes(CountForm), gives=MovesShape,
                     keyed=True, refuses=(404,)),
    }  # fmt: skip

    def post(self, request: Request) -> Response:
        """Corrects the books."""
        canteen, data = self.store(), self.sheet(CountForm)
        clean = valid(CountForm(data, by=self.by, shelves=queries.shelves_of(canteen)))
        return self.keyed(data, lambda: moved(verbs.count_shelves(canteen, by=self.by, **clean)))


class BookIns(StoreEndpoint):
    """What came without a delivery."""

    policies = {"POST": KEEPING}
    verbs = {
        "POST": Verb("food_book_in", "食堂库存：登记入库", "建账时已有的、捐赠的；采购的由到货验收入库。", takes=takes(BookInForm), gives=OneShape,
                     status=201, keyed=True, refuses=(404,)),
    }  # fmt: skip

    def post(self, request: Request) -> Response:
        """A new lot."""
        canteen, data = self.store(), self.sheet(BookInForm)
        clean = valid(BookInForm(data, canteen=canteen))

        def effect() -> dict[str, Any]:
            return told(self.by, verbs.book_in(canteen, by=self.by, **named(clean)).shelf_id)

        return self.keyed(data, effect, status=201)


class WriteOffs(StoreEndpoint):
    """What is thrown away of one lot."""

    policies = {"POST": KEEPING}
    verbs = {
        "POST": Verb("food_write_off", "食堂库存：报损", takes=object_of(WriteOffForm.base_fields), gives=OneShape, keyed=True),
    }  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """Writes it off, with its reason."""
        lot = queries.lot_here(self.by, pk)
        keeps_the_store(self.by, lot.shelf.canteen)
        data = read(WriteOffForm.base_fields, request.data)
        clean = valid(WriteOffForm(data))

        def effect() -> dict[str, Any]:
            verbs.write_off_lot(lot, by=self.by, **clean)
            return told(self.by, lot.shelf_id)

        return self.keyed(data, effect)


def told(by: User, pk: int) -> dict[str, Any]:
    """A shelf with its lots as plain values."""
    one = queries.shelf_here(by, pk)
    return dict(OneShape({"shelf": one, "lots": queries.lots_of(one)}).data)


def moved(moves: list[Any]) -> dict[str, Any]:
    """Moves as plain values."""
    return dict(MovesShape({"moves": moves}).data)
