"""The register brought in by programs: what a file would do, then doing it."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from portal.hall.settings.bringing import ImportForm, PlanShape, waiting_piece
from portal.orgs.policies import holding, person
from portal.wire.endpoint import Endpoint, Verb
from portal.wire.fields import object_of, refuse
from repairs.actions.asset_import import carry_out, plan
from repairs.forms.asset_lines import assets_in
from repairs.queries.assets import WRITERS
from repairs.queries.stock import stores


class AssetImport(Endpoint):
    """A file of assets: what it would do, then doing it."""

    policies = {"POST": holding(*WRITERS)}
    tag = "资产"
    verbs = {
        "POST": Verb("repairs_assets_import", "资产：导入", "先传文件（/api/v1/evidence，kind 为 document），不带 seen 看结果，带上 seen 写入。",
                     takes=object_of(ImportForm.base_fields), gives=PlanShape, refuses=(404, 412)),
    }  # fmt: skip

    def post(self, request: Request) -> Response:
        """The plan, or what was done."""
        by, clean = person(self.here), self.body(ImportForm)
        school: Any = stores(by, *WRITERS).filter(pk=clean["school"]).first()
        if school is None:
            refuse({"school": ["这不是您管的学校。"]})
        table = assets_in(waiting_piece(clean["piece"], by), school)
        if clean["seen"]:
            return Response(PlanShape(carry_out(table, school=school, seen=clean["seen"], by=by)).data)
        return Response(PlanShape(plan(table, school=school)).data)
