"""What a school sets about its repairs, for programs: rules of dispatch, and up to how much each post approves."""

from typing import Any

from django import forms
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.errors import NotThere
from portal.orgs.access import scope
from portal.orgs.models import Unit
from portal.orgs.policies import holding, person
from portal.wire.endpoint import Endpoint, Verb, shape
from portal.wire.fields import object_of, read, valid
from repairs.actions.dispatching import SETTERS as DISPATCHERS
from repairs.actions.dispatching import set_rule
from repairs.actions.tiers import SETTERS, set_tiers
from repairs.forms.dispatching import RuleForm
from repairs.forms.stock import TiersForm
from repairs.models import ApprovalTiers
from repairs.queries.dispatching import rules_at
from repairs.queries.materials import tiers_at
from repairs.queries.stock import stores

RuleShape = shape(
    "DispatchRuleShape", "Who repairs this kind (blank: every kind) at this place and below; nobody: no rule.",
    id=serializers.IntegerField(), unit=serializers.IntegerField(source="unit_id"), place=serializers.CharField(source="unit.place"),
    topic=serializers.CharField(allow_blank=True), people=serializers.ListField(child=serializers.IntegerField()),
    by_itself=serializers.BooleanField(), version=serializers.IntegerField(),
)  # fmt: skip
RulesShape = shape("DispatchRulesShape", "The rules in force, at most 200.", results=RuleShape(many=True))


def yuan() -> serializers.DecimalField:
    """An amount in 元 as text."""
    return serializers.DecimalField(max_digits=12, decimal_places=2)


TiersShape = shape(
    "ApprovalTiersShape", "Up to how much (元) each post approves; `version` counts what was set at this very school.",
    head=yuan(), vice=yuan(), principal=yuan(), source=serializers.CharField(), version=serializers.IntegerField(),
)  # fmt: skip


class DispatchRules(Endpoint):
    """派工规则: those of one's schools, and setting one."""

    policies = {"GET": holding(*DISPATCHERS), "POST": holding(*DISPATCHERS)}
    tag = "报修"
    verbs = {
        "GET": Verb("repairs_dispatching", "派工规则：列表", gives=RulesShape),
        "POST": Verb("repairs_dispatching_set", "派工规则：设置", "people 留空，规则就停用；seen 是看过的版本。",
                     takes=object_of(RuleForm.base_fields), gives=RuleShape, refuses=(412,)),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """In the order of the tree."""
        return Response(RulesShape({"results": rules_at(scope(person(self.here), *DISPATCHERS))}).data)

    def post(self, request: Request) -> Response:
        """The rule as it is then."""
        by, data = person(self.here), read(RuleForm.base_fields, request.data)
        clean = valid(RuleForm(data, paths=scope(by, *DISPATCHERS)))
        return Response(RuleShape(set_rule(**clean, by=by)).data)


class SchoolForm(forms.Form):
    """Whose tiers."""

    school = forms.IntegerField(label="学校", min_value=1, max_value=2**63 - 1)


class SetTiers(TiersForm, SchoolForm):
    """The tiers of a school, and the version that was seen."""

    seen = forms.IntegerField(label="看过的版本", required=False, min_value=0, max_value=2**31 - 1)


class Tiers(Endpoint):
    """审批额度 of one school."""

    policies = {"GET": holding(*SETTERS), "POST": holding(*SETTERS)}
    tag = "材料"
    verbs = {
        "GET": Verb("repairs_tiers", "审批额度", asks=SchoolForm, gives=TiersShape, refuses=(404,)),
        "POST": Verb("repairs_tiers_set", "审批额度：设置", takes=object_of(SetTiers.base_fields), gives=TiersShape, refuses=(404, 412)),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """Those in force."""
        return Response(self._told(self._store(self.asked()["school"])))

    def post(self, request: Request) -> Response:
        """Those set now."""
        clean = self.body(SetTiers)
        unit = self._store(clean.pop("school"))
        set_tiers(unit=unit, by=person(self.here), **clean)
        return Response(self._told(unit))

    def _store(self, pk: int) -> Unit:
        unit = stores(person(self.here), *SETTERS).filter(pk=pk).first()
        if unit is None:
            raise NotThere
        return unit

    def _told(self, unit: Unit) -> dict[str, Any]:
        now = tiers_at(unit.path)
        said = {name: getattr(now, name) for name in ("head", "vice", "principal", "source")}
        return dict(TiersShape(said | {"version": ApprovalTiers.objects.filter(unit=unit).count()}).data)
