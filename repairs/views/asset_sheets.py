"""The register in and out by Excel: a template, and an import that is shown before it is written."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal.hall.settings.bringing import Bringing
from portal.orgs.policies import guard, holding
from portal.sheets.out import answer
from repairs.actions.asset_import import carry_out, plan
from repairs.forms.asset_lines import ASSETS, EXAMPLE, HOW, assets_in
from repairs.queries.assets import WRITERS
from repairs.queries.stock import stores

WRITING = holding(*WRITERS)
BRINGING = Bringing(
    title="导入资产",
    measure="件",
    home="repairs:assets",
    template="repairs:asset-template",
    schools=lambda by: stores(by, *WRITERS),
    lines=assets_in,
    plan=plan,
    carry_out=carry_out,
    here="repairs",
)


@guard(GET=WRITING)
def template(request: HttpRequest) -> HttpResponse:
    """The file to fill in, with instructions; its columns are those of the export."""
    return answer(ASSETS.template(HOW, [EXAMPLE]), "资产导入模板")


@guard(GET=WRITING, POST=WRITING)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Send the file, see what it would do, confirm."""
    return BRINGING.answer(request, [("资产", reverse("repairs:assets")), ("导入", "")])
