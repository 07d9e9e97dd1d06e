"""The register of assets for programs: the list, a card, entering one, and changing its place, keeper or state."""

from typing import Any

from django import forms
from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.api.shapes import UnitShape
from portal.cases.keys import once
from portal.errors import BadInput
from portal.orgs.access import places_for
from portal.orgs.policies import holding, person
from portal.wire.endpoint import Endpoint, Verb, shape
from portal.wire.fields import object_of, read, refuse
from portal.wire.kinds import Schema
from portal.wire.paging import Keyset, PageForm, page_of
from repairs.actions.assets import change_asset, enter_asset
from repairs.forms.assets import AssetEdit, AssetEntry, AssetMove
from repairs.models import Asset, AssetKind, AssetSource, AssetState
from repairs.queries.assets import READERS, WRITERS, AssetFilters, asset_at, assets_of, narrowed

READING, WRITING = holding(*READERS), holding(*WRITERS)
TAG = "资产"
NEWEST: Keyset[Asset] = Keyset(("pk",), (int,), lambda asset: (asset.pk,), falling=True)
WHERE: Schema = {"unit": {"type": "integer", "minimum": 1, "description": "存放地点的编号。"}}
SEEN: Schema = {"version": {"type": "integer", "minimum": 0, "description": "看到的版本；不是它就不写。"}}


AssetShape = shape(
    "AssetShape",
    "A card. `price` is of one piece, in 元; `version` rises with every change.",
    id=serializers.IntegerField(),
    code=serializers.CharField(),
    name=serializers.CharField(),
    kind=serializers.ChoiceField(choices=AssetKind.choices),
    spec=serializers.CharField(allow_blank=True),
    price=serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True),
    quantity=serializers.IntegerField(),
    got_on=serializers.DateField(allow_null=True),
    source=serializers.ChoiceField(choices=AssetSource.choices),
    supplier=serializers.CharField(allow_blank=True),
    warranty_until=serializers.DateField(allow_null=True),
    unit=UnitShape(),
    keeper=serializers.CharField(source="keeper.name", allow_null=True, default=None),
    state=serializers.ChoiceField(choices=AssetState.choices),
    version=serializers.IntegerField(),
)


class AssetListForm(PageForm):
    """What the list may be narrowed to."""

    q = forms.CharField(label="查找", required=False, max_length=60, help_text="编号、名称、型号、保管人。")
    state = forms.ChoiceField(label="状态", required=False, choices=AssetState.choices)
    kind = forms.ChoiceField(label="分类", required=False, choices=AssetKind.choices)


class Assets(Endpoint):
    """The register, and entering a card."""

    policies = {"GET": READING, "POST": WRITING}
    tag = TAG
    verbs = {
        "GET": Verb("repairs_assets", "资产：列表", "新的在前。", asks=AssetListForm, gives=AssetShape, many=True),
        "POST": Verb(
            "repairs_assets_enter", "资产：登记", takes=object_of(AssetEntry.base_fields, beside=WHERE), gives=AssetShape,
            status=201, keyed=True,
        ),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """Those the person may read."""
        asked = self.asked()
        wanted = AssetFilters(**{name: asked.get(name) or "" for name in ("q", "state", "kind")})
        rows = narrowed(assets_of(person(self.here)), wanted)

        def ask(bounds: Q, back: bool, n: int) -> list[Asset]:
            return list(rows.filter(bounds).order_by("pk" if back else "-pk")[:n])

        return self.page(page_of(ask, NEWEST, cursor=asked["cursor"], limit=asked["limit"]), AssetShape)

    def post(self, request: Request) -> Response:
        """A new card, once per `Idempotency-Key`."""
        by = person(self.here)
        data = read(AssetEntry.base_fields, request.data, beside=("unit",))
        where = _whole(request.data, "unit")

        def effect() -> dict[str, Any]:
            place = places_for(by).filter(pk=where or 0).select_related("school").first()
            if place is None:
                raise BadInput("请给出学校里的存放地点。", errors={"unit": ["没有这个地点，或您不能在那里登记。"]})
            one = enter_asset(unit=place, by=by, **_clean(AssetEntry(data, by=by)))
            return dict(AssetShape(one).data)

        told, _ = once(by=by, key=_key(self), asked=[self.here.path, data, where], effect=effect)
        return Response(told, status=201)


class OneAsset(Endpoint):
    """A card."""

    policies = {"GET": READING}
    tag = TAG
    verbs = {"GET": Verb("repairs_asset", "资产：一件", gives=AssetShape)}

    def get(self, request: Request, pk: int) -> Response:
        """As it is now."""
        return Response(AssetShape(asset_at(pk, by=person(self.here))).data)


class AssetMoves(Endpoint):
    """变更: another place, keeper or state, with a reason."""

    policies = {"POST": WRITING}
    tag = TAG
    verbs = {
        "POST": Verb(
            "repairs_asset_move", "资产：变更", takes=object_of(AssetMove.base_fields, beside=SEEN), gives=AssetShape,
            refuses=(412,), keyed=True,
        )
    }  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """Changes it, once per `Idempotency-Key`."""
        by = person(self.here)
        data = read(AssetMove.base_fields, request.data, beside=("version",))
        seen = _whole(request.data, "version")

        def effect() -> dict[str, Any]:
            one = asset_at(pk, by=by, writing=True)
            said = _clean(AssetMove(data, by=by, school=one.school))
            return dict(AssetShape(change_asset(one, by=by, seen=seen, **said)).data)

        told, _ = once(by=by, key=_key(self), asked=[self.here.path, data, seen], effect=effect)
        return Response(told)


class AssetCorrections(Endpoint):
    """更正: what was entered wrongly on the card, with a reason; the whole card is sent."""

    policies = {"POST": WRITING}
    tag = TAG
    verbs = {
        "POST": Verb(
            "repairs_asset_correct", "资产：更正卡片", "整张卡片都要带上。", takes=object_of(AssetEdit.base_fields, beside=SEEN),
            gives=AssetShape, refuses=(412,), keyed=True,
        )
    }  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """Corrects it, once per `Idempotency-Key`."""
        by = person(self.here)
        data = read(AssetEdit.base_fields, request.data, beside=("version",))
        seen = _whole(request.data, "version")

        def effect() -> dict[str, Any]:
            one = asset_at(pk, by=by, writing=True)
            return dict(AssetShape(change_asset(one, by=by, seen=seen, **_clean(AssetEdit(data, by=by)))).data)

        told, _ = once(by=by, key=_key(self), asked=[self.here.path, data, seen], effect=effect)
        return Response(told)


def _clean(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        refuse(form.sentences())
    cleaned: dict[str, Any] = form.cleaned_data
    return cleaned


def _key(endpoint: Endpoint) -> str:
    return endpoint.here.headers.get("Idempotency-Key", "")


def _whole(body: Any, name: str) -> int | None:
    value = body.get(name) if isinstance(body, dict) else None
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise BadInput(f"{name} 要用整数。", errors={name: ["要用整数。"]})
    return value
