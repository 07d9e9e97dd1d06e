"""评分: what the diners of one's canteens said each time, with the response, and what is put right because of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from canteen.queries import ratings as queries
from portal.errors import NotThere
from portal.orgs.policies import SIGNED_IN, guard, person
from portal.surveys.access import asking


@guard(SIGNED_IN)
@require_GET
def ratings(request: HttpRequest) -> HttpResponse:
    """The newest ratings of a canteen of one's schools or posts; `?canteen=` chooses among several."""
    by = person(request)
    canteens = list(queries.canteens_shown(by)[:100])
    wanted = request.GET.get("canteen", "")
    chosen = [one for one in canteens if str(one.pk) == wanted] if wanted else canteens[:1]
    if wanted and not chosen:
        raise NotThere
    page: dict[str, Any] = {"canteens": canteens, "canteen": chosen[0] if chosen else None, "here": "canteen"}
    page |= {"rows": queries.ratings_of(chosen[0]) if chosen else [], "waiting": [one.pk for one in asking(by)]}
    return render(request, "canteen/ratings.html", page)
