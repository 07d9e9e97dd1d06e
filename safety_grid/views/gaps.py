"""Gaps of the grid, each row leading to the form that mends it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.hall.settings.frame import paged
from portal.orgs.models import Unit
from portal.orgs.policies import guard, holding, person
from safety_grid.apps import READERS
from safety_grid.queries import gaps as queries
from safety_grid.queries.grid import PAGE, keeps, readable, unit_for

READING = holding(*READERS)


@guard(GET=READING)
def gaps(request: HttpRequest) -> HttpResponse:
    """One kind of gap at one's school or offices, page by page; with `?person=` each row's form has them filled in."""
    by, kind = person(request), request.GET.get("kind", "places")
    kind = kind if kind in queries.KINDS else "places"
    here = request.GET.get("in", "")
    unit = unit_for(by, here) if here else Unit.objects.filter(path__in=readable(by)[:1]).first()
    rows, last = paged(queries.gaps(kind, unit, after=request.GET.get("after", "")[:90]) if unit else [], PAGE)
    tabs = [(code, words, None, f"?in={unit.pk}&kind={code}") for code, words in queries.KINDS.items()] if unit else []
    context = {"rows": rows, "last": last, "tabs": tabs, "tab": kind, "unit": unit, "here": "safety_grid"}
    context |= {"who": request.GET.get("person", "")[:40], "keeps": bool(unit) and keeps(by, unit.path)}
    context["back"] = f"{reverse('safety_grid:grid')}?in={unit.pk}" if unit else reverse("safety_grid:grid")
    return render(request, "safety_grid/gaps.html", context)
