"""The report form; everything else about a ticket is the spine's."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from portal.cases.forms import StepForm
from portal.cases.opening import Opening
from portal.hall.desk import Desk, list_page
from portal.orgs.access import places_for
from portal.orgs.models import Unit, User
from portal.orgs.policies import SIGNED_IN, guard, person
from portal.wire.phone import kept
from repairs.flow import FLOW
from repairs.forms.similar import SimilarForm
from repairs.queries import beside, similar_at, topics
from repairs.queries.assets import asset_in
from repairs.rules.similar import refuse_unseen


@guard(SIGNED_IN)
@require_GET
def tickets(request: HttpRequest) -> HttpResponse:
    """Repair tickets in lists: what one governs, opened, has waiting, has done."""
    page = Desk.of(request, person(request), affair="repairs")
    return list_page(request, page, heading="报修", here="repairs", new_url=reverse("repairs:report"), new_words="报修")


@guard(SIGNED_IN)
@kept
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """报修: kind, photos, a word, send."""
    by = person(request)

    def more(place: Unit, form: StepForm) -> dict[str, Any]:
        return around(place, form["topic"].value(), form["asset"].value(), by=by)

    def first(form: StepForm, data: QueryDict) -> None:
        said = form.cleaned_data
        refuse_unseen(similar_at(said["unit"], said["topic"], by=by), seen=data.getlist("similar_seen"))

    opening = Opening(request=request, flow=FLOW, by=by, template="repairs/report.html", more=more, first=first)
    return opening.answer() if request.method == "POST" else opening.page()


def around(place: Unit, topic: str, asset: object, *, by: User) -> dict[str, Any]:
    """What stands beside the report form: what follows, what is open here, and the thing that was scanned."""
    found = similar_at(place, topic, by=by) if topic in topics() else []
    return beside(place, by=by) | {"asset": asset_in(asset, place), "similar": found}


@guard(SIGNED_IN)
@require_GET
def similar(request: HttpRequest) -> HttpResponse:
    """The part of the report form that says what is open here already; empty while place or kind are not chosen."""
    by, form = person(request), SimilarForm(request.GET)
    place = places_for(by).filter(pk=form.cleaned_data["unit"]).first() if form.is_valid() else None
    found = similar_at(place, form.cleaned_data["topic"], by=by) if place else []
    return render(request, "repairs/similar.html", {"similar": found})
