"""统一公示 for programs: runs, opening one, one with its progress and its schools, taking one up again."""

from typing import Any

from django import forms
from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.api.keyed import KeyedEndpoint
from portal.orgs.policies import SIGNED_IN
from portal.publications.models import Run, RunItem
from portal.publications.openings import narrowed, open_run, run_for, runs_of, take_up, tally
from portal.publications.queries import school_code
from portal.publications.run_forms import OpenRunForm, SchoolsForm
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid
from portal.wire.paging import Keyset, PageForm, page_of

TAG = "统一公示"
ORDER: Keyset[Run] = Keyset(("pk",), (int,), lambda one: (one.pk,), falling=True)
SCHOOLS: Keyset[RunItem] = Keyset(("pk",), (int,), lambda one: (one.pk,))
RunShape = shape(
    "PublicationRunShape", "One run; `finished_at` is blank while it works.",
    id=serializers.IntegerField(source="pk"), kind=serializers.CharField(), period=serializers.CharField(),
    unit=serializers.IntegerField(source="unit_id"), title=serializers.CharField(), moment=serializers.DateTimeField(),
    opened_at=serializers.DateTimeField(), finished_at=serializers.DateTimeField(allow_null=True),
)  # fmt: skip
ProgressShape = shape(
    "PublicationRunProgressShape", "How many of the schools one sees stand how.",
    run=RunShape(), **{state: serializers.IntegerField() for state in RunItem.State.values},
)  # fmt: skip
TakenUpShape = shape("PublicationRunTakenUpShape", "How many schools wait again.", schools=serializers.IntegerField())


class RunSchoolShape(serializers.Serializer[RunItem]):
    """One school of a run; `said` is why it is not out."""

    school = serializers.SerializerMethodField(help_text="学校编码")
    name = serializers.CharField(source="unit.name")
    state = serializers.SerializerMethodField()
    said = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField(allow_null=True)

    def get_school(self, one: RunItem) -> str:
        """Which school."""
        return school_code(one.unit)

    def get_state(self, one: RunItem) -> str:
        """How it stands: what has come out since counts as out."""
        return str(RunItem.State.PUBLISHED if one.is_out else one.state)  # type: ignore[attr-defined]


class Runs(KeyedEndpoint):
    """The runs in which one has a school, and opening one."""

    policies = {"GET": SIGNED_IN, "POST": SIGNED_IN}
    tag = TAG
    verbs = {
        "GET": Verb("publication_runs", "统一公示：列表", "新的在前。", asks=PageForm, gives=RunShape, many=True, refuses=(422,)),
        "POST": Verb("publication_run_open", "统一公示：开始一次", "已经开过的接着办。", takes=object_of(OpenRunForm.base_fields),
                     gives=RunShape, status=201, refuses=(403, 409, 422), keyed=True),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of them."""
        asked, rows = self.asked(), runs_of(self.by)

        def ask(bounds: Q, back: bool, n: int) -> list[Run]:
            return list(rows.filter(bounds).order_by("pk" if back else "-pk")[:n])

        return self.page(page_of(ask, ORDER, cursor=asked["cursor"], limit=asked["limit"]), RunShape)

    def post(self, request: Request) -> Response:
        """Opens one whose moment has come, by the form of the page."""
        data = read(OpenRunForm.base_fields, request.data)

        def effect() -> dict[str, Any]:
            return dict(RunShape(open_run(by=self.by, **valid(OpenRunForm(data, by=self.by)))).data)

        return self.keyed(data, effect, status=201)


class OneRun(KeyedEndpoint):
    """How far one is."""

    policies = {"GET": SIGNED_IN}
    tag = TAG
    verbs = {
        "GET": Verb("publication_run", "统一公示：进度", "只数您看得到的学校。", gives=ProgressShape, refuses=(404,))
    }

    def get(self, request: Request, id: int) -> Response:
        """With how many schools stand how."""
        one, items = run_for(self.by, id)
        return Response(ProgressShape({"run": one} | tally(items)).data)


class RunSchools(KeyedEndpoint):
    """Its schools."""

    policies = {"GET": SIGNED_IN}
    tag = TAG
    verbs = {"GET": Verb("publication_run_schools", "统一公示：各校", asks=SchoolsForm, gives=RunSchoolShape, many=True,
                         refuses=(404, 422))}  # fmt: skip

    def get(self, request: Request, id: int) -> Response:
        """With why one is not out."""
        asked = self.asked()
        rows = narrowed(run_for(self.by, id)[1], asked["show"])

        def ask(bounds: Q, back: bool, n: int) -> list[RunItem]:
            return list(rows.filter(bounds).order_by("-pk" if back else "pk")[:n])

        return self.page(page_of(ask, SCHOOLS, cursor=asked["cursor"], limit=asked["limit"]), RunSchoolShape)


class TakenUp(KeyedEndpoint):
    """再试一次."""

    policies = {"POST": SIGNED_IN}
    tag = TAG
    verbs = {"POST": Verb("publication_run_again", "统一公示：再试一次", "没有公示的学校重新排队；没签字的仍然不会公示。", takes=object_of({}),
                          gives=TakenUpShape, refuses=(403, 404, 422), keyed=True)}  # fmt: skip

    def post(self, request: Request, id: int) -> Response:
        """What stands still waits again, once per `Idempotency-Key`."""
        self.body(forms.Form)
        one, _items = run_for(self.by, id)
        return self.keyed({}, lambda: {"schools": take_up(one, by=self.by)})
