"""更正与撤下: what is out is never edited; a new version replaces it and says why."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.cases.forms import refusals_in
from portal.errors import NotAllowed, WrongStep
from portal.orgs.access import holds
from portal.orgs.policies import SIGNED_IN, guard, person
from portal.orgs.roles import title as role_title
from portal.publications.actions import correct, retract
from portal.publications.forms import CorrectForm
from portal.publications.kinds import kind_of
from portal.publications.models import Issue
from portal.publications.queries import found, publisher_at

from .kept import reader


@guard(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, school: str, kind: str, period: str) -> HttpResponse:
    """The form, and publishing the version that replaces the one it was opened on."""
    issue, by = _open_for(request, school, kind, period), person(request)
    data = request.POST if request.method == "POST" else None
    form = CorrectForm(data, initial={"seen": issue.current})
    if hasattr(issue, "announcement"):
        form.only_retracts()
    if request.method == "POST" and form.is_valid():
        act = retract if form.cleaned_data["act"] == "retract" else correct
        with refusals_in(form):
            made = act(issue, reason=form.cleaned_data["reason"], by=by, seen=form.cleaned_data["seen"])
            messages.success(request, f"已公示第 {made.version} 版。")
            return HttpResponseRedirect(reverse("board-issue", args=[school, kind, period]))
    page = {"form": form, "issue": issue, "back": reverse("board-issue", args=[school, kind, period])}
    return render(request, "publications/correct.html", page, status=422 if form.errors else 200)


def _open_for(request: HttpRequest, school: str, kind: str, period: str) -> Issue:
    """The issue, for those whose post may correct it; refused before anything is out."""
    about = kind_of(kind)
    issue = found(publisher_at(school), about.code, period, reader(request))
    if not holds(person(request), about.correctors, issue.unit.path):
        who = "、".join(role_title(code) for code in about.correctors)
        raise NotAllowed(f"“{about.title}”由{who}更正。", who=who)
    if not issue.current:
        raise WrongStep("这一期还没有公示，不用更正。")
    return issue
