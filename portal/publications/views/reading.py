"""已阅: one button under what asks for it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portal.orgs.policies import SIGNED_IN, guard, person
from portal.publications import receipts
from portal.publications.access import reader_of
from portal.publications.kinds import kind_of
from portal.publications.queries import found, publisher_at


@guard(POST=SIGNED_IN)
def read_it(request: HttpRequest, school: str, kind: str, period: str) -> HttpResponse:
    """One receipt for this reader, however often it is pressed."""
    by = person(request)
    who = reader_of(by)
    issue = found(publisher_at(school), kind_of(kind).code, period, who)
    receipts.read(issue, by=by, who=who)
    return HttpResponseRedirect(reverse("board-issue", args=[school, kind, period]))
