"""巡查: one's own rounds, and a day's rounds of the places one reads."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portal import clock
from portal.orgs.access import holds_anywhere
from portal.orgs.policies import SIGNED_IN, guard, person
from portal.wire.fields import valid
from portal.wire.phone import kept
from safety_grid.forms.lists import DayForm
from safety_grid.queries import rounds as queries
from safety_grid.queries.plans import PLANNERS


@guard(SIGNED_IN)
@kept
@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """What is left for oneself, then the day's rounds that one may see, page after page."""
    by, asked = person(request), valid(DayForm(request.GET))
    day: date = asked["day"] or clock.today()
    page = queries.rounds_page(by, *clock.days(day, day), state=asked["state"], after=asked["after"])
    context = {
        "mine": page.mine, "page": page, "now": page.now, "day": day, "state": asked["state"],
        "before": day - timedelta(days=1), "next": day + timedelta(days=1) if day < clock.today() else None,
        "plans": holds_anywhere(by, *PLANNERS), "here": "safety_grid",
    }  # fmt: skip
    return render(request, "safety_grid/rounds.html", context)
