"""到货验收: the list, and a new order; everything else about one is the spine's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from canteen.apps import PURCHASERS, READERS
from canteen.flow import DELIVERIES
from canteen.queries import canteens_for
from portal.cases.opening import Opening
from portal.hall.desk import Desk, list_page
from portal.orgs.access import holds_anywhere
from portal.orgs.policies import guard, holding, person

READING, ORDERING = holding(*READERS), holding(*PURCHASERS)


@guard(GET=READING)
def deliveries(request: HttpRequest) -> HttpResponse:
    """Orders and deliveries in lists: what one governs, opened, has waiting, has done."""
    by = person(request)
    page = Desk.of(request, by, affair="canteen", kind=DELIVERIES.kind)
    new = {"new_url": reverse("canteen:order"), "new_words": "下单"} if holds_anywhere(by, *PURCHASERS) else {}
    return list_page(request, page, heading="到货验收", here="canteen", **new)


@guard(GET=ORDERING, POST=ORDERING)
def order(request: HttpRequest) -> HttpResponse:
    """下单 for one of one's canteens."""
    by = person(request)
    opening = Opening(request=request, flow=DELIVERIES, by=by, template="canteen/order.html")
    if request.method == "POST":
        return opening.answer()
    canteen = canteens_for(by, *PURCHASERS).first()
    if "unit" not in request.GET and canteen is not None:
        return redirect(f"{request.path}?unit={canteen.unit.pk}")
    return opening.page()
