"""The canteen's first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from canteen.apps import READERS
from canteen.queries import canteens_for
from portal.orgs.policies import guard, holding, person

READING = holding(*READERS)


@guard(GET=READING)
def home(request: HttpRequest) -> HttpResponse:
    """The canteens of the person's posts."""
    canteens = list(canteens_for(person(request))[:50])
    return render(request, "canteen/home.html", {"canteens": canteens, "here": "canteen"})
