"""Refund plans for programs: what is done with a surplus, its second signature, the day it was done, each family's part."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from canteen.actions.accounts import plan_refund, refund_done, sign_plan
from canteen.apps import READERS
from canteen.forms.books import PlansForm, RefundDoneForm, RefundPlanForm
from canteen.models import RefundPlan
from canteen.queries import books
from canteen.queries import refunds as queries
from canteen.queries.places import the_canteen
from portal import clock
from portal.orgs.policies import holding
from portal.wire.endpoint import Verb, shape
from portal.wire.fields import object_of, read, valid

from .books import BooksEndpoint
from .endpoint import WHERE, yuan

READING, KEEPING, SEALING = holding(*READERS), holding("canteen_accountant"), holding(*books.SEALERS)
PLAN: dict[str, Any] = {
    "id": serializers.IntegerField(), "canteen": serializers.IntegerField(source="canteen_id"), "term": serializers.CharField(),
    "amount": yuan(), "how": serializers.CharField(), "by": serializers.CharField(source="by.name"), "at": serializers.DateTimeField(),
    "signed_by": serializers.CharField(source="signed_by.name", default=None, allow_null=True),
    "signed_at": serializers.DateTimeField(allow_null=True), "done_on": serializers.DateField(allow_null=True),
}  # fmt: skip
RefundPlanShape = shape("RefundPlanShape", "What goes back of a term's surplus, in 元.", **PLAN)
GoneShape = shape(
    "RefundPlanGoneShape", "A plan; `gone` is what the sealed books say has gone back, in 元.", **PLAN, gone=yuan()
)


class RefundPlans(BooksEndpoint):
    """A canteen's plans, and a new one."""

    policies = {"GET": READING, "POST": KEEPING}
    verbs = {
        "GET": Verb("canteen_refund_plans", "结余退还：列表", "新的学期在前。", asks=PlansForm, gives=RefundPlanShape, many=True, refuses=(404,)),
        "POST": Verb("canteen_refund_plan_add", "结余退还：登记方案", "没退完以前再登记一次就是改，要重新签字。",
                     takes=object_of(RefundPlanForm.base_fields, beside=WHERE), gives=GoneShape, status=201, keyed=True,
                     refuses=(404, 409)),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of plans."""
        asked = self.asked()
        return self.page(queries.plans(the_canteen(self.by, asked["canteen"]), asked), RefundPlanShape)

    def post(self, request: Request) -> Response:
        """Plans it."""
        data = read(RefundPlanForm.base_fields, request.data, beside=("canteen",))
        clean, canteen = valid(RefundPlanForm(data)), self.canteen("canteen_accountant")
        return self.keyed(
            data | {"canteen": canteen.pk}, lambda: told(plan_refund(canteen, by=self.by, **clean)), status=201
        )


class OneRefundPlan(BooksEndpoint):
    """One plan."""

    policies = {"GET": READING}
    verbs = {"GET": Verb("canteen_refund_plan", "结余退还：一个方案", gives=GoneShape)}

    def get(self, request: Request, pk: int) -> Response:
        """As it stands."""
        return Response(told(queries.plan_for(self.by, pk)))


class SigningPlan(BooksEndpoint):
    """签字同意."""

    policies = {"POST": SEALING}
    verbs = {
        "POST": Verb("canteen_refund_plan_sign", "结余退还：签字", "做方案的人不能签。", takes=object_of({}), gives=GoneShape, keyed=True,
                     refuses=(409,)),
    }  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """The second person's signature."""
        one, data = queries.plan_for(self.by, pk), read({}, request.data)
        return self.keyed(data, lambda: told(sign_plan(one, by=self.by)))


class RefundDone(BooksEndpoint):
    """登记已退还."""

    policies = {"POST": KEEPING}
    verbs = {
        "POST": Verb("canteen_refund_plan_done", "结余退还：登记已退还", "账上（科目 CE-60）退够了才能登记。",
                     takes=object_of(RefundDoneForm.base_fields), gives=GoneShape, keyed=True, refuses=(409,)),
    }  # fmt: skip

    def post(self, request: Request, pk: int) -> Response:
        """The day everything was given back."""
        one = queries.plan_for(self.by, pk)
        the_canteen(self.by, one.canteen_id, "canteen_accountant")
        data = read(RefundDoneForm.base_fields, request.data)
        clean = valid(RefundDoneForm(data))
        return self.keyed(data, lambda: told(refund_done(one, by=self.by, **clean)))


def told(one: RefundPlan) -> dict[str, Any]:
    """A plan as plain values, with what has gone back by now."""
    one.gone = queries.gone_back(one, clock.today())  # type: ignore[attr-defined]
    return dict(GoneShape(one).data)
