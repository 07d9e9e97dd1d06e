"""对外报送 for programs: systems, records, what the daily comparison found, receipt numbers, and sending again."""

from typing import Any

from django import forms
from django.db.models import Q
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.keys import once
from portal.errors import NotThere
from portal.orgs.policies import holding, person
from portal.orgs.roles import keepers
from portal.wire.endpoint import Endpoint, Verb, shape
from portal.wire.fields import object_of, read, valid
from portal.wire.paging import Keyset, PageForm, page_of

from . import actions, queries, receipts
from .connectors.registry import CONNECTORS
from .forms import LinesForm, NewSystemForm, ReceiptLine, SwitchForm, SystemForm
from .matters import MATTERS
from .models import Finding, Line, Reconciliation, System

KEEPING = holding(*keepers("outbound"))
TAG = "对外报送"
ORDER: Keyset[System] = Keyset(("pk",), (int,), lambda one: (one.pk,))
WAYS = [(code, one.title) for code, one in CONNECTORS.items()]

SystemShape = shape(
    "OutboundSystemShape",
    "An outside system and which cases it is told of when.",
    id=serializers.IntegerField(),
    code=serializers.CharField(),
    name=serializers.CharField(),
    unit=serializers.IntegerField(source="unit_id"),
    kind=serializers.CharField(),
    connector=serializers.ChoiceField(choices=WAYS),
    endpoint=serializers.CharField(allow_blank=True),
    sorts=serializers.ListField(child=serializers.CharField()),
    moments=serializers.ListField(child=serializers.CharField()),
    on=serializers.BooleanField(),
)
LineShape = shape(
    "OutboundLineShape",
    "How one case stands with a system; `number` is the case's, `seq` the last report that became due.",
    id=serializers.IntegerField(),
    number=serializers.CharField(source="case.number"),
    state=serializers.ChoiceField(choices=Line.State.choices),
    seq=serializers.IntegerField(),
    moment=serializers.CharField(allow_blank=True),
    receipt=serializers.CharField(allow_blank=True),
    reason=serializers.CharField(allow_blank=True),
    moved_at=serializers.DateTimeField(),
)
FindingShape = shape(
    "OutboundFindingShape",
    "One difference: missing there, unknown here, or differing.",
    kind=serializers.ChoiceField(choices=Finding.Kind.choices),
    number=serializers.CharField(),
    line=serializers.IntegerField(source="line_id", allow_null=True),
    ours=serializers.CharField(allow_blank=True),
    theirs=serializers.CharField(allow_blank=True),
)
DayShape = shape(
    "OutboundDayShape",
    "One day's comparison; at most two hundred of its differences.",
    day=serializers.DateField(),
    answered=serializers.BooleanField(),
    ours=serializers.IntegerField(),
    theirs=serializers.IntegerField(),
    found=serializers.IntegerField(),
    findings=FindingShape(many=True),
)


class DayForm(forms.Form):
    """Which day."""

    day = forms.DateField(label="哪一天", required=False, help_text="不填为最近一次。")


class Written(Endpoint):
    """An address that writes once per `Idempotency-Key`, as the page's own form reads it."""

    def written(self, fields: Any, write: Any, status: int = 200) -> Response:
        """Reads the body by these fields and writes; `write` gets the form's data and gives the answer."""
        by = person(self.here)
        data = read(fields, self.request.data)
        key = self.here.headers.get("Idempotency-Key", "")
        told, _ = once(by=by, key=key, asked=[self.here.path, data], effect=lambda: dict(write(data)))
        return Response(told, status=status)


class Systems(Written):
    """The systems one keeps, and setting one up."""

    policies = {"GET": KEEPING, "POST": KEEPING}
    tag = TAG
    verbs = {
        "GET": Verb("outbound_systems", "系统：列表", asks=PageForm, gives=SystemShape, many=True),
        "POST": Verb("outbound_system_add", "系统：新增", "新增以后要另外启用。", takes=object_of(NewSystemForm.base_fields),
                     gives=SystemShape, status=201, keyed=True),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """In the order they were set up."""
        asked, rows = self.asked(), queries.kept(person(self.here))

        def ask(bounds: Q, back: bool, n: int) -> list[System]:
            return list(rows.filter(bounds).order_by("-pk" if back else "pk")[:n])

        return self.page(page_of(ask, ORDER, cursor=asked["cursor"], limit=asked["limit"]), SystemShape)

    def post(self, request: Request) -> Response:
        """A new one, switched off."""
        by = person(self.here)

        def write(data: Any) -> Any:
            return SystemShape(actions.set_up(by=by, **valid(NewSystemForm(data, by=by)))).data

        return self.written(NewSystemForm.base_fields, write, 201)


class OneSystem(Written):
    """One system, and changing it."""

    policies = {"GET": KEEPING, "POST": KEEPING}
    tag = TAG
    verbs = {
        "GET": Verb("outbound_system", "系统：一个", gives=SystemShape),
        "POST": Verb("outbound_system_change", "系统：修改", takes=object_of(SystemForm.base_fields), gives=SystemShape, keyed=True),
    }  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """As it is now."""
        return Response(SystemShape(queries.system_at(person(self.here), pk)).data)

    def post(self, request: Request, pk: int) -> Response:
        """Another name, way, address or choice."""
        by = person(self.here)

        def write(data: Any) -> Any:
            one = queries.system_at(by, pk, write=True)
            return SystemShape(actions.change(one, by=by, **valid(SystemForm(data, matter=MATTERS[one.kind])))).data

        return self.written(SystemForm.base_fields, write)


class SwitchSystem(Written):
    """On or off."""

    policies = {"POST": KEEPING}
    tag = TAG
    verbs = {
        "POST": Verb("outbound_system_switch", "系统：启用或停用", takes=object_of(SwitchForm.base_fields), gives=SystemShape, keyed=True)
    }  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """Switches it."""
        by = person(self.here)

        def write(data: Any) -> Any:
            one = queries.system_at(by, pk, write=True)
            return SystemShape(actions.switch(one, on=valid(SwitchForm(data))["on"], by=by)).data

        return self.written(SwitchForm.base_fields, write)


class Lines(Endpoint):
    """How cases stand with a system."""

    policies = {"GET": KEEPING}
    tag = TAG
    verbs = {"GET": Verb("outbound_lines", "报送记录", "新的在前。", asks=LinesForm, gives=LineShape, many=True)}

    def get(self, request: Request, pk: int) -> Response:
        """All, those of a state, or what is stuck."""
        one, asked = queries.system_at(person(self.here), pk), self.asked()
        page = queries.lines_page(one, show=asked["show"], cursor=asked["cursor"], limit=asked["limit"])
        return self.page(page, LineShape)


class Days(Endpoint):
    """The daily comparison."""

    policies = {"GET": KEEPING}
    tag = TAG
    verbs = {"GET": Verb("outbound_day", "每日对账", asks=DayForm, gives=DayShape)}

    def get(self, request: Request, pk: int) -> Response:
        """Of a day, or the latest."""
        one, day = queries.system_at(person(self.here), pk), self.asked()["day"]
        found = next((row for row in queries.comparisons(one) if day in (None, row.day)), None)
        if found is None:
            raise NotThere
        answered = found.state == Reconciliation.State.SENT
        told = {
            "day": found.day,
            "answered": answered,
            "ours": found.ours,
            "theirs": found.theirs,
            "found": found.found,
        }
        return Response(DayShape(told | {"findings": queries.findings(found)}).data)


class Receipts(Written):
    """What a system without an interface has answered: one line of the table brought back."""

    policies = {"POST": KEEPING}
    tag = TAG
    verbs = {
        "POST": Verb("outbound_receipt", "登记回执", "回执号和退回原因填其一。", takes=object_of(ReceiptLine.base_fields),
                     gives=LineShape, refuses=(412,), keyed=True)
    }  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """Enters it; the same again changes nothing."""
        by = person(self.here)

        def write(data: Any) -> Any:
            one = queries.system_at(by, pk, write=True)
            return LineShape(receipts.enter(one, valid(ReceiptLine(data)), by=by)).data

        return self.written(ReceiptLine.base_fields, write)


class Again(Written):
    """Sending one record again."""

    policies = {"POST": KEEPING}
    tag = TAG
    verbs = {"POST": Verb("outbound_again", "重报", takes=object_of({}), gives=LineShape, refuses=(409,), keyed=True)}

    def post(self, request: Request, pk: int) -> Response:
        """As the case is now."""
        by = person(self.here)
        return self.written({}, lambda data: LineShape(actions.send_again(queries.line_at(by, pk), by=by)).data)


urlpatterns = [
    path("outbound/systems", Systems.as_view()),
    path("outbound/systems/<int:pk>", OneSystem.as_view()),
    path("outbound/systems/<int:pk>/switch", SwitchSystem.as_view()),
    path("outbound/systems/<int:pk>/lines", Lines.as_view()),
    path("outbound/systems/<int:pk>/days", Days.as_view()),
    path("outbound/systems/<int:pk>/receipts", Receipts.as_view()),
    path("outbound/lines/<int:pk>/again", Again.as_view()),
]
