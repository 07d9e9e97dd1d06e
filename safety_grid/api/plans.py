"""巡查计划 for programs: those of a school, setting one by the page's form, and the reference's to begin with."""

from typing import Any

from django import forms
from django.db.models import Q
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.cases.api.shapes import UnitShape
from portal.orgs.policies import holding
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid
from portal.wire.kinds import LARGEST, Schema
from portal.wire.paging import Keyset, PageForm, page_of
from safety_grid.actions import plans as verbs
from safety_grid.forms.plans import PlanForm
from safety_grid.models import RoundPlan
from safety_grid.queries import plans as queries

from .cells import SEEN, whole
from .shapes import GridEndpoint

PLANNING = holding(*queries.PLANNERS)
ORDER: Keyset[RoundPlan] = Keyset(("pk",), (int,), lambda one: (one.pk,))
SCHOOL: Schema = {"school": {"type": "integer", "minimum": 1, "description": "学校的编号；不填是您管的第一所。"}}
TAKES = object_of(PlanForm.base_fields)
TAKES["properties"]["items"] = {
    "type": "array",
    "items": {"type": "string", "maxLength": 20},
    "title": "检查项",
    "description": "参考项的编号（如 HZ-01-2），或这个计划自己的；另加的写在 more 里。",
}

ItemShape = shape(
    "CheckItemShape", "A line of a plan's checklist; `category` is the hazard category a failure belongs to.",
    code=serializers.CharField(), title=serializers.CharField(), category=serializers.CharField(),
)  # fmt: skip


class PlanShape(serializers.Serializer[Any]):
    """A plan: `rule` says how often, `hours` how long each round may take; no `who`: whoever answers for each place."""

    id = serializers.IntegerField()
    school = serializers.IntegerField(source="unit_id")
    code = serializers.CharField(allow_blank=True, help_text="参考项")
    title = serializers.CharField()
    who = serializers.CharField(allow_blank=True)
    rule = serializers.DictField(source="schedule.rule")
    next_at = serializers.DateTimeField(source="schedule.next_at", allow_null=True)
    is_on = serializers.BooleanField(source="schedule.is_on")
    hours = serializers.DecimalField(max_digits=6, decimal_places=2)
    places = UnitShape(many=True, source="places.all")
    items = ItemShape(many=True)
    version = serializers.IntegerField()


AdoptedShape = shape("AdoptedShape", "How many of the reference's plans are new here.", made=serializers.IntegerField())


class SchoolForm(forms.Form):
    """Whose plans begin with the reference's."""

    school = forms.IntegerField(label="学校", required=False, min_value=1, max_value=LARGEST)


class PlanListForm(PageForm, SchoolForm):
    """Whose plans."""


class Plans(GridEndpoint):
    """The plans of a school, and a new one."""

    policies = {"GET": PLANNING, "POST": PLANNING}
    verbs = {
        "GET": Verb("safety_plans", "巡查计划：列表", asks=PlanListForm, gives=PlanShape, many=True, refuses=(404,)),
        "POST": Verb(
            "safety_plan_add", "巡查计划：新建", takes=TAKES | {"properties": TAKES["properties"] | SCHOOL}, gives=PlanShape,
            status=201, refuses=(404,), keyed=True,
        ),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of plans, the oldest first."""
        asked = self.asked()
        school = queries.school_for(self.by, str(asked["school"] or ""))

        def ask(bounds: Q, back: bool, n: int) -> list[RoundPlan]:
            rows = queries.plans_of(school).filter(bounds).prefetch_related("places__school")
            return list(rows.order_by("-pk" if back else "pk")[:n])

        return self.page(page_of(ask, ORDER, cursor=asked["cursor"], limit=asked["limit"]), PlanShape)

    def post(self, request: Request) -> Response:
        """A new plan, once per `Idempotency-Key`."""
        data = read(PlanForm.base_fields, request.data, beside=("school",))
        where = whole(request.data, "school")

        def effect() -> dict[str, Any]:
            school = queries.school_for(self.by, str(where or ""))
            form = PlanForm(data, school=school)
            return dict(PlanShape(verbs.set_plan(None, **asked_of(form), unit=school, by=self.by)).data)

        return self.keyed([data, where], effect, status=201)


class OnePlan(GridEndpoint):
    """One plan, and another form of it from now on."""

    policies = {"GET": PLANNING, "POST": PLANNING}
    verbs = {
        "GET": Verb("safety_plan", "巡查计划：一个", gives=PlanShape),
        "POST": Verb(
            "safety_plan_change", "巡查计划：改", "整个计划都要带上；从下一次起按它开出。",
            takes=TAKES | {"properties": TAKES["properties"] | SEEN}, gives=PlanShape, refuses=(412,), keyed=True,
        ),
    }  # fmt: skip

    def get(self, request: Request, pk: int) -> Response:
        """As it is now."""
        return Response(PlanShape(queries.plan_for(self.by, pk)).data)

    def post(self, request: Request, pk: int) -> Response:
        """Changes it, once per `Idempotency-Key`."""
        data = read(PlanForm.base_fields, request.data, beside=("version",))
        seen = whole(request.data, "version")

        def effect() -> dict[str, Any]:
            one = queries.plan_for(self.by, pk)
            said = asked_of(PlanForm(data, school=one.unit, plan=one))
            return dict(PlanShape(verbs.set_plan(one, **said, unit=one.unit, by=self.by, seen=seen)).data)

        return self.keyed([data, seen], effect)


class Adoption(GridEndpoint):
    """加入参考计划."""

    policies = {"POST": PLANNING}
    verbs = {
        "POST": Verb(
            "safety_plans_adopt", "巡查计划：加入参考计划", "本校还没有的那些。", takes=object_of(SchoolForm.base_fields),
            gives=AdoptedShape, refuses=(404,), keyed=True,
        )
    }  # fmt: skip

    def post(self, request: Request) -> Response:
        """Those the school does not have yet, once per `Idempotency-Key`."""
        asked = self.body(SchoolForm)

        def effect() -> dict[str, Any]:
            school = queries.school_for(self.by, str(asked["school"] or ""))
            return {"made": verbs.adopt_reference(school, by=self.by)}

        return self.keyed(asked, effect)


def asked_of(form: PlanForm) -> dict[str, Any]:
    """What the form says, as the verb takes it."""
    valid(form)
    return form.said
