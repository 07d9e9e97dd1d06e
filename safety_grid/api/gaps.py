"""Gaps of the grid for programs, and the Excel import, shown before it is written."""

from dataclasses import asdict
from typing import Any

from django import forms
from rest_framework.request import Request
from rest_framework.response import Response

from portal.hall.settings.bringing import waiting_piece
from portal.orgs.policies import holding
from portal.wire.endpoint import Verb
from portal.wire.fields import object_of, read, valid
from portal.wire.paging import Page
from safety_grid.actions.importing import carry_out, plan
from safety_grid.apps import READERS, WRITERS
from safety_grid.forms.sheet import spots_in
from safety_grid.queries import gaps, grid

from .cells import LARGEST
from .shapes import GapShape, GridEndpoint, SpotPlanShape

READING, KEEPING = holding(*READERS), holding(*WRITERS)


class GapForm(forms.Form):
    """Which kind of gap, where."""

    unit = forms.IntegerField(label="单位", min_value=1, max_value=LARGEST)
    kind = forms.ChoiceField(label="哪一类", choices=list(gaps.KINDS.items()))
    cursor = forms.CharField(label="游标", required=False, max_length=90, help_text="取自上一次回答的 next。")


class ImportForm(forms.Form):
    """A file uploaded as evidence, and the plan that was seen (none: only show it)."""

    piece = forms.UUIDField(label="上传的表")
    seen = forms.CharField(label="看过的结果", required=False, max_length=64)


class Gaps(GridEndpoint):
    """What nobody looks after, and who looks after nothing."""

    policies = {"GET": READING}
    verbs = {"GET": Verb("safety_gaps", "网格：缺口", asks=GapForm, gives=GapShape, many=True, refuses=(404,))}

    def get(self, request: Request) -> Response:
        """A page of one kind."""
        asked = self.asked()
        unit = grid.unit_for(self.by, asked["unit"])
        rows = gaps.gaps(asked["kind"], unit, after=asked["cursor"])
        shown = rows[: grid.PAGE]
        page = Page([asdict(one) for one in shown], shown[-1].mark if len(rows) > grid.PAGE else "", "")
        return self.page(page, GapShape)


class CellsImport(GridEndpoint):
    """What a file would do; with `seen`, doing it."""

    policies = {"POST": KEEPING}
    verbs = {
        "POST": Verb("safety_cells_import", "网格：导入", takes=object_of(ImportForm.base_fields), gives=SpotPlanShape, refuses=(412,), keyed=True)
    }  # fmt: skip

    def post(self, request: Request) -> Response:
        """Shows the plan, or carries out the one that was seen."""
        data = read(ImportForm.base_fields, request.data)
        said = valid(ImportForm(data))

        def effect() -> dict[str, Any]:
            table = spots_in(waiting_piece(said["piece"], self.by), self.by)
            done = carry_out(table, seen=said["seen"], by=self.by) if said["seen"] else plan(table)
            return dict(SpotPlanShape(done).data)

        return self.keyed(data, effect)
