"""报修 without signing in, from a sticker."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from portal.cases.visiting import Visiting
from portal.hall.account.caller import network_of
from portal.orgs.policies import PUBLIC, guard
from portal.stickers.views import alive
from repairs.flow import FLOW


@guard(GET=PUBLIC, POST=PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, code: str) -> HttpResponse:
    """A stranger's report: kind, photos, a sentence; afterwards the receipt's code."""
    visiting = Visiting(request, FLOW, alive(code), network_of(request), "repairs/visit.html")
    return visiting.answer() if request.method == "POST" else visiting.page()
