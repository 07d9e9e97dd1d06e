"""The grid in and out by Excel: a template, an export, and an import that is shown before it is written."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal import clock
from portal.orgs.models import Unit
from portal.orgs.policies import guard, holding, person
from portal.sheets.out import answer
from safety_grid.apps import READERS, WRITERS
from safety_grid.forms.sheet import BRINGING, GRID, HOW
from safety_grid.queries import grid as queries

READING, KEEPING = holding(*READERS), holding(*WRITERS)


@guard(GET=KEEPING)
def template(request: HttpRequest) -> HttpResponse:
    """The file to fill in, with instructions."""
    example = ["", "教学楼（示例，请删）", "", "四级", "上学日", "07:20", "07:50", "", "", "", "", "楼道畅通"]
    return answer(GRID.template(HOW, [example]), "安全网格导入模板")


@guard(GET=READING)
def export(request: HttpRequest) -> HttpResponse:
    """The grid as it is now, in the columns an import reads."""
    by, asked = person(request), request.GET.get("in", "")
    paths = [queries.unit_for(by, asked).path] if asked else queries.readable(by)
    unit = Unit.objects.filter(path__in=paths[:1]).first()
    rows = (row for path in paths for row in queries.sheet_of(path))
    return answer(GRID.template(HOW, rows), f"{unit or ''}安全网格 {clock.today():%Y-%m-%d}")


@guard(GET=KEEPING, POST=KEEPING)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Send the file, see what it would do, confirm."""
    return BRINGING.answer(request, [("安全网格", reverse("safety_grid:grid")), ("导入", "")])
