"""Asking a canteen, the questions one has or answers, and the public list of a school."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from canteen.flow.questions import QUESTIONS
from canteen.queries import questions as queries
from portal.cases.opening import Opening
from portal.hall.desk import Desk, list_page
from portal.orgs.policies import PUBLIC, SIGNED_IN, guard, person
from portal.publications.queries import school_at, school_code
from portal.publications.views.kept import fresh


@guard(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """问食堂: a question, a photo if there is one, publicly or privately."""
    by = person(request)
    canteens = list(queries.canteens_to_ask(by)[:20])
    if not canteens:
        return render(request, "canteen/ask_nobody.html", {"here": "canteen"})
    opening = Opening(request=request, flow=QUESTIONS, by=by, template="canteen/ask.html", places=False)
    return opening.answer() if request.method == "POST" else opening.page()


@guard(SIGNED_IN)
@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """Questions in lists: what one asked, what waits for one's answer, what one governs."""
    page = Desk.of(request, person(request), affair="canteen", kind=QUESTIONS.kind)
    url = reverse("canteen:ask")
    return list_page(request, page, heading="食堂提问", here="canteen", new_url=url, new_words="问食堂")


@guard(PUBLIC)
@require_safe
def answered(request: HttpRequest, school: str) -> HttpResponse:
    """What a school's canteens were asked and answered, for everybody; who asked is said nowhere."""
    unit, asked = school_at(school), request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    found = queries.listed(unit, before=before)
    rows = found[: queries.PAGE]
    page = {"school": unit, "code": school_code(unit), "rows": rows, "before": before}
    page |= {"more": rows[-1].pk if len(found) > queries.PAGE else ""}
    return fresh(request, render(request, "canteen/answered.html", page), asked=False)
