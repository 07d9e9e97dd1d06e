"""时限与阶梯: every clock of a unit at a glance, one clock being set, and its history."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.cases.flow import FLOWS
from portal.orgs.policies import ADMIN, guard

from . import reach
from .frame import frame
from .limits import Limits, address, said, table
from .tuning import Tuning


@guard(GET=ADMIN)
def clocks(request: HttpRequest) -> HttpResponse:
    """Every clock of every kind at one unit, and where each time comes from."""
    unit = reach.unit_asked(request)
    limits = Limits(unit)
    tables = [(one.title, [clock.title for clock in one.clocks], table(limits, one)) for one in FLOWS.values()]
    page = {"unit": unit, "tables": [one for one in tables if one[1]], "pick": pick_url("settings-clocks")}
    return render(request, "settings/clocks.html", page | frame("时限与阶梯", words="点时限就能改。"))


@guard(GET=ADMIN, POST=ADMIN)
def clock(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """One clock at one unit; each button sends the whole form, so nothing typed is lost."""
    tuning = Tuning.of(request, kind, name)
    return tuning.save() if request.POST.get("act") == "save" else tuning.show()


@guard(GET=ADMIN)
def history(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """Every version made right here, the newest first."""
    one = Tuning.of(request, kind, name)
    versions = [(row, said(row)) for row in one.limits.versions(one.flow, one.clock.name, one.topic)]
    above = (one.title, address(one.flow, one.clock.name, one.unit, one.topic))
    page = {"versions": versions} | frame("历史", above, words=f"{one.unit.name}：{one.title}")
    return render(request, "settings/clock_history.html", page)


def pick_url(page: str) -> str:
    """Where to choose another unit for a page."""
    return f"{reverse('settings-pick')}?{urlencode({'next': reverse(page), 'as': 'unit'})}"
