"""巡查: one's own rounds, and a day's rounds of the places one reads."""

from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portal import clock
from portal.orgs.policies import SIGNED_IN, guard, person
from portal.wire.fields import valid
from portal.wire.phone import kept
from safety_grid.forms.lists import DayForm
from safety_grid.queries import rounds as queries
from safety_grid.queries.plans import schools_of


@guard(SIGNED_IN)
@kept
@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """What is left for oneself, then the day's rounds that one may see, page after page."""
    by, asked = person(request), valid(DayForm(request.GET))
    day: date = asked["day"] or clock.today()
    rows = queries.rounds_of_day(by, *stretch(day))
    page = queries.rounds_page(rows, state=asked["state"], after=asked["after"])
    context = {
        "mine": queries.mine(by), "page": page, "now": queries.counted(rows), "day": day, "state": asked["state"],
        "before": day - timedelta(days=1), "next": day + timedelta(days=1) if day < clock.today() else None,
        "plans": schools_of(by).exists(), "here": "safety_grid",
    }  # fmt: skip
    return render(request, "safety_grid/rounds.html", context)


def stretch(day: date) -> tuple[datetime, datetime]:
    """A day from midnight to midnight."""
    begins = datetime.combine(day, time(0), clock.SCHOOL_TIME)
    return begins, begins + timedelta(days=1)
