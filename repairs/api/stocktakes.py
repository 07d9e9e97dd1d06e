"""Stock-takes for programs: one request a scan, the lines with their differences, and what becomes of each."""

from typing import Any

from django import forms
from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.api.shapes import UnitShape
from portal.cases.keys import once
from portal.cases.queries import find
from portal.errors import BadInput, NotThere
from portal.orgs.policies import holding, person
from portal.wire.endpoint import Endpoint, Verb, shape
from portal.wire.fields import object_of, read, valid
from portal.wire.paging import Keyset, PageForm, page_of
from repairs.actions.stocktakes import scan, settle
from repairs.flow.stocktakes import STOCKTAKES
from repairs.forms.stocktakes import SeenAt, SettleForm
from repairs.models import CountLine, StockTake
from repairs.queries import stocktakes as queries
from repairs.queries.assets import READERS, WRITERS

READING, WRITING = holding(*READERS), holding(*WRITERS)
LINES: Keyset[CountLine] = Keyset(("pk",), (int,), lambda line: (line.pk,))


class CountLineShape(serializers.Serializer[Any]):
    """One asset of a stock-take: where it should be, where it was seen, and what becomes of the difference.

    `difference` is missing, misplaced, surplus, or blank.
    """

    id = serializers.IntegerField()
    asset = serializers.IntegerField(source="asset_id")
    code = serializers.CharField(source="asset.code")
    name = serializers.CharField(source="asset.name")
    expected = UnitShape(allow_null=True)
    found = UnitShape(allow_null=True)
    found_at = serializers.DateTimeField(allow_null=True)
    difference = serializers.SerializerMethodField()
    outcome = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)

    def get_difference(self, line: CountLine) -> str:
        """Which one it is."""
        return "" if line.found_id and line.found_id == line.expected_id else queries.kind_of(line)


ProgressShape = shape(
    "CountProgressShape", "How many of how many were seen, and the differences so far.",
    **{name: serializers.IntegerField() for name in ("expected", "seen", "missing", "misplaced", "surplus", "settled")},
)  # fmt: skip
ScanShape = shape(
    "ScanShape", "What a code was: a place (`line` is null) or an asset that was seen, in words too, and how far the count is.",
    said=serializers.CharField(), place=UnitShape(allow_null=True), line=CountLineShape(allow_null=True), progress=ProgressShape(),
)  # fmt: skip


class LineListForm(PageForm):
    """What the lines may be narrowed to."""

    differences = forms.BooleanField(label="只看有差异的", required=False)


class TakeEndpoint(Endpoint):
    """An address of one stock-take."""

    tag = "盘点"

    def taken(self, number: str) -> StockTake:
        """The stock-take of that number; not there for those who may not see it."""
        found = find(STOCKTAKES, number, by=person(self.here))
        assert isinstance(found, StockTake)
        return found


class Scans(TakeEndpoint):
    """One code: an asset's, seen at a place; or a place's."""

    policies = {"POST": WRITING}
    verbs = {
        "POST": Verb(
            "repairs_stocktake_scan", "盘点：扫一个编码", "同一个编码再扫一次不会改变什么，不用幂等键。",
            takes=object_of(SeenAt.base_fields), gives=ScanShape, refuses=(409,),
        )
    }  # fmt: skip

    def post(self, request: Request, number: str) -> Response:
        """Seen, and how far the count is."""
        by, take = person(self.here), self.taken(number)
        clean = valid(SeenAt(read(SeenAt.base_fields, request.data)))
        at = scan(take, clean["place"], at=None, by=by).place if clean["place"] else None
        if clean["place"] and at is None:
            raise BadInput("这不是地点的贴纸。", errors={"place": ["这不是地点的贴纸。"]})
        said = scan(take, clean["code"], at=at, by=by)
        line = said.line and CountLine.objects.select_related("asset", "expected", "found").get(pk=said.line.pk)
        told = {"said": said.words, "place": said.place, "line": line, "progress": queries.progress_of(take)}
        return Response(ScanShape(told).data)


class CountLines(TakeEndpoint):
    """The lines of a stock-take."""

    policies = {"GET": READING}
    verbs = {
        "GET": Verb("repairs_stocktake_lines", "盘点：逐件", "在册的和盘到的；differences 只看有差异的。", asks=LineListForm,
                    gives=CountLineShape, many=True)
    }  # fmt: skip

    def get(self, request: Request, number: str) -> Response:
        """A page of lines."""
        take, asked = self.taken(number), self.asked()
        rows = CountLine.objects.filter(take=take).select_related("asset", "expected", "found")
        rows = rows.filter(queries.DIFFERS) if asked["differences"] else rows

        def ask(bounds: Q, back: bool, n: int) -> list[CountLine]:
            return list(rows.filter(bounds).order_by("-pk" if back else "pk")[:n])

        return self.page(page_of(ask, LINES, cursor=asked["cursor"], limit=asked["limit"]), CountLineShape)


class Settling(TakeEndpoint):
    """What becomes of one difference."""

    policies = {"POST": WRITING}
    verbs = {
        "POST": Verb("repairs_stocktake_settle", "盘点：处理一处差异", takes=object_of(SettleForm.base_fields), gives=CountLineShape,
                     refuses=(409,), keyed=True)
    }  # fmt: skip

    def post(self, request: Request, number: str, pk: int) -> Response:
        """The line as it is then, once per `Idempotency-Key`."""
        by, data = person(self.here), read(SettleForm.base_fields, request.data)
        clean = valid(SettleForm(data))

        def effect() -> dict[str, Any]:
            line = (
                CountLine.objects.select_related("asset", "expected", "found", "take").filter(take=take, pk=pk).first()
            )
            if line is None:
                raise NotThere
            return dict(CountLineShape(settle(line, **clean, by=by)).data)

        take, key = self.taken(number), self.here.headers.get("Idempotency-Key", "")
        told, _ = once(by=by, key=key, asked=[self.here.path, data], effect=effect)
        return Response(told)
