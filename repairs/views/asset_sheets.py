"""The register in and out by Excel: a template, and an import that is shown before it is written."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal.orgs.policies import guard, holding
from portal.sheets.out import answer
from repairs.forms.asset_lines import ASSETS, BRINGING, EXAMPLE, HOW
from repairs.queries.assets import WRITERS

WRITING = holding(*WRITERS)


@guard(GET=WRITING)
def template(request: HttpRequest) -> HttpResponse:
    """The file to fill in, with instructions; its columns are those of the export."""
    return answer(ASSETS.template(HOW, [EXAMPLE]), "资产导入模板")


@guard(GET=WRITING, POST=WRITING)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Send the file, see what it would do, confirm."""
    return BRINGING.answer(request, [("资产", reverse("repairs:assets")), ("导入", "")])
