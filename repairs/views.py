"""The report form; everything else about a ticket is the spine's."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from portal.cases.opening import Opening
from portal.orgs.policies import SIGNED_IN, guard, person

from .flow import FLOW


@guard(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """报修: kind, photos, a word, send."""
    opening = Opening(request, FLOW, by=person(request), template="repairs/report.html")
    return opening.answer() if request.method == "POST" else opening.page()
