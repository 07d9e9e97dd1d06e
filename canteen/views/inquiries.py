"""询价: the weeks, and one week's prices side by side with what they are compared to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from canteen.apps import READERS
from canteen.flow import INQUIRIES
from canteen.forms.lists import AfterForm
from canteen.models import Inquiry
from canteen.queries import inquiries as queries
from portal.cases.faces import rows_of
from portal.cases.flow import address_of
from portal.cases.queries import find
from portal.orgs.policies import guard, holding, person
from portal.wire.fields import valid

from .frame import HERE, crumbs

READING = holding(*READERS)


@guard(GET=READING)
def inquiries(request: HttpRequest) -> HttpResponse:
    """Inquiries one may see, the newest week first."""
    by, asked = person(request), valid(AfterForm(request.GET))
    found = queries.newest(by, before=asked["after"])
    shown, more = found[: queries.PAGE], len(found) > queries.PAGE
    lines = [
        (row, dict(queries.facts_of(one))["问了几家"])
        for row, one in zip(rows_of(shown, schools=True), shown, strict=True)
    ]
    context = {"rows": lines, "last": shown[-1].pk if more else None, "here": HERE, "crumbs": crumbs(("询价", ""))}
    return render(request, "canteen/inquiries.html", context)


@guard(GET=READING)
def prices(request: HttpRequest, number: str) -> HttpResponse:
    """Each source's price of each ingredient, beside four weeks' and the district's; baskets and what is odd."""
    case = find(INQUIRIES, number.replace("\x00", ""), by=person(request))
    assert isinstance(case, Inquiry)
    found = queries.compared(case)
    context = {"case": case, "url": address_of(case), "found": found, "here": HERE}
    context |= {"rows": [(one, one.cells(found.sources)) for one in found.lines]}
    context |= {"crumbs": crumbs(("询价", reverse("canteen:inquiries")), (case.title, address_of(case)), ("比价", ""))}
    return render(request, "canteen/prices.html", context)
