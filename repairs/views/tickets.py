"""The report form; everything else about a ticket is the spine's."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from portal.cases.opening import Opening
from portal.hall.desk import Desk, list_page
from portal.orgs.policies import SIGNED_IN, guard, person
from repairs.flow import FLOW
from repairs.queries import beside


@guard(SIGNED_IN)
@require_GET
def tickets(request: HttpRequest) -> HttpResponse:
    """Repair tickets in lists: what one governs, opened, has waiting, has done."""
    page = Desk.of(request, person(request), affair="repairs")
    return list_page(request, page, heading="报修", here="repairs", new_url=reverse("repairs:report"), new_words="报修")


@guard(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """报修: kind, photos, a word, send."""
    by = person(request)
    opening = Opening(
        request, FLOW, by=by, template="repairs/report.html", more=lambda place, form: beside(place, by=by)
    )
    return opening.answer() if request.method == "POST" else opening.page()
