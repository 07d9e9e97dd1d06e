"""评分: what the diners of one's canteens said each time, with the response, and what is put right because of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from canteen.forms.places import ChooseForm
from canteen.queries import ratings as queries
from canteen.queries.places import choose
from portal.orgs.policies import SIGNED_IN, guard, person
from portal.surveys.access import asking
from portal.wire.fields import valid


@guard(SIGNED_IN)
@require_GET
def ratings(request: HttpRequest) -> HttpResponse:
    """The newest ratings of a canteen of one's schools or posts; `?canteen=` chooses among several."""
    by = person(request)
    choice = choose(queries.canteens_shown(by), valid(ChooseForm(request.GET)))
    page: dict[str, Any] = {"choice": choice, "canteen": choice.canteen, "here": "canteen"}
    page |= {"rows": queries.ratings_of(choice.canteen) if choice.canteen else []}
    page["waiting"] = [one.pk for one in asking(by)]
    return render(request, "canteen/ratings.html", page)
