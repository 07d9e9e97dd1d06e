"""要我看的: what asks for the reader's own 已阅, unread first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.orgs.policies import SIGNED_IN, guard, person
from portal.publications import receipts
from portal.publications.queries import page_of
from portal.wire.fields import valid
from portal.wire.paging import PageForm


@guard(GET=SIGNED_IN)
def to_read(request: HttpRequest) -> HttpResponse:
    """A page of them, with the moment one pressed it."""
    asked = valid(PageForm(request.GET))
    found = receipts.to_read(person(request), cursor=asked["cursor"])
    rows = [(one, page_of(one)) for one in found.rows]
    return render(request, "publishing/to_read.html", {"rows": rows, "page": found})
