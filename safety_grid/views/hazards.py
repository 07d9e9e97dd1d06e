"""The report form, the list and the board of hazards; everything else about one is the spine's."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from portal.cases.forms import StepForm
from portal.cases.opening import Opening
from portal.cases.visiting import Visiting
from portal.hall.account.caller import network_of
from portal.hall.desk import Desk, list_page
from portal.orgs.models import Unit
from portal.orgs.policies import PUBLIC, SIGNED_IN, guard, person
from portal.stickers.views import alive
from portal.wire.phone import kept
from safety_grid.flow import FLOW
from safety_grid.queries.hazards import beside


@guard(SIGNED_IN)
@require_GET
def hazards(request: HttpRequest) -> HttpResponse:
    """Hazards in lists: what one governs, opened, has waiting, has done."""
    page = Desk.of(request, person(request), affair="safety_grid", kind=FLOW.kind)
    url = reverse("safety_grid:report")
    return list_page(request, page, heading="隐患", here="safety_grid", new_url=url, new_words="报隐患")


@guard(SIGNED_IN)
@kept
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """报隐患: category, photos, a word, send."""
    by = person(request)

    def more(place: Unit, form: StepForm) -> dict[str, Any]:
        return beside(place, by=by)

    opening = Opening(request=request, flow=FLOW, by=by, template="safety_grid/report.html", more=more)
    return opening.answer() if request.method == "POST" else opening.page()


@guard(GET=PUBLIC, POST=PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, code: str) -> HttpResponse:
    """A stranger's report: category, photos, a sentence; afterwards the receipt's code."""
    visiting = Visiting(request, FLOW, alive(code), network_of(request), "safety_grid/visit.html")
    return visiting.answer() if request.method == "POST" else visiting.page()
