"""今天的活: the page a technician begins the day with."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portal import clock
from portal.orgs.policies import guard, holding, person
from portal.wire.phone import kept
from repairs.queries.day import MOST, day_of

HANDS = holding("technician", "contractor")


@guard(GET=HANDS)
@kept
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Their own jobs in the order of the day, fit for a phone and for paper."""
    groups = day_of(person(request))
    count = sum(len(jobs) for _, _, jobs in groups)
    said = {"groups": groups, "count": count, "full": count == MOST, "today": clock.today()}
    return render(request, "repairs/today.html", said)
