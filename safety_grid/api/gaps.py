"""Gaps of the grid for programs, and the Excel import, shown before it is written."""

from dataclasses import asdict

from django import forms
from rest_framework.request import Request
from rest_framework.response import Response

from portal.hall.settings.bringing import ImportEndpoint, SeenForm, import_verbs
from portal.orgs.policies import holding
from portal.wire.endpoint import Verb
from portal.wire.paging import Page
from safety_grid.apps import READERS, WRITERS
from safety_grid.forms.sheet import BRINGING
from safety_grid.queries import gaps, grid

from .cells import LARGEST
from .shapes import GapShape, GridEndpoint

READING, KEEPING = holding(*READERS), holding(*WRITERS)


class GapForm(forms.Form):
    """Which kind of gap, where."""

    unit = forms.IntegerField(label="单位", min_value=1, max_value=LARGEST)
    kind = forms.ChoiceField(label="哪一类", choices=list(gaps.KINDS.items()))
    cursor = forms.CharField(label="游标", required=False, max_length=90, help_text="取自上一次回答的 next。")


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


class CellsImport(ImportEndpoint):
    """A file of spots."""

    tag, policies, bringing, form = GridEndpoint.tag, {"POST": KEEPING}, BRINGING, SeenForm
    verbs = import_verbs("safety_cells_import", "网格：导入", SeenForm)
