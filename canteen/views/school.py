"""本校食堂: one school's canteen for everybody who eats there or whose child does."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from canteen.queries.questions import canteens_to_ask
from canteen.queries.school import page_of
from portal.orgs.policies import PUBLIC, SIGNED_IN, guard, person
from portal.publications.queries import school_at, school_code
from portal.publications.views.kept import fresh

MOST = 20


@guard(PUBLIC)
@require_safe
def school(request: HttpRequest, school: str) -> HttpResponse:
    """The week's menu, the last account, the score with its response, questions, posts and cameras of one school."""
    unit = school_at(school)
    page = {"school": unit, "code": school_code(unit), "page": page_of(unit)}
    return fresh(request, render(request, "canteen/school.html", page), asked=False)


@guard(SIGNED_IN)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Straight to the page of one's only school, or a choice of several."""
    schools = {one.school.pk: one.school for one in canteens_to_ask(person(request))[:MOST]}
    links = [(one, reverse("canteen:school", args=[school_code(one)])) for one in schools.values()]
    if len(links) == 1:
        return HttpResponseRedirect(links[0][1])
    template = "canteen/mine.html" if links else "canteen/ask_nobody.html"
    return render(request, template, {"links": links, "heading": "本校食堂", "here": "canteen"})
