"""演练: the list with the last times, planning one, comparing one with those before."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from portal.cases.faces import rows_of
from portal.cases.flow import address_of
from portal.cases.opening import Opening
from portal.cases.queries import find
from portal.hall.figures.charts import bars
from portal.orgs.access import holds_anywhere
from portal.orgs.policies import SIGNED_IN, guard, holding, person
from portal.wire.fields import valid
from safety_grid.flow.drills import CHIEFS, DRILLS
from safety_grid.forms.lists import AfterForm
from safety_grid.queries import drills as queries

PLANNING = holding(*CHIEFS)


@guard(SIGNED_IN)
@require_GET
def drills(request: HttpRequest) -> HttpResponse:
    """Drills that one may see, the newest first."""
    by, asked = person(request), valid(AfterForm(request.GET))
    found = queries.newest(by, before=asked["after"])
    shown, more = found[: queries.PAGE], len(found) > queries.PAGE
    lines = list(zip(rows_of(shown), [queries.told(one) for one in shown], strict=True))
    plans = holds_anywhere(by, *CHIEFS)
    context = {"rows": lines, "last": shown[-1].pk if more else None, "plans": plans, "here": "safety_grid"}
    return render(request, "safety_grid/drills.html", context)


@guard(GET=PLANNING, POST=PLANNING)
def plan(request: HttpRequest) -> HttpResponse:
    """A drill of the chosen school or building."""
    opening = Opening(request=request, flow=DRILLS, by=person(request), template="safety_grid/drill_open.html")
    return opening.answer() if request.method == "POST" else opening.page()


@guard(SIGNED_IN)
@require_GET
def compare(request: HttpRequest, number: str) -> HttpResponse:
    """This drill beside up to five of the same kind before it: slowest and middle, and each group's times."""
    case = queries.held(find(DRILLS, number.replace("\x00", ""), by=person(request)))
    rows = queries.compared(case)
    labels = [f"{one.day:%m-%d}" for one in rows]
    chart = bars("疏散用时（秒）", ("最慢", "中位"), labels, [(one.slowest, one.middle) for one in rows])
    context = {
        "case": case, "url": address_of(case), "chart": chart, "rows": rows, "groups": queries.by_group(rows),
        "crumbs": [("演练", reverse("safety_grid:drills")), (case.number, address_of(case)), ("比较", "")], "here": "safety_grid",
    }  # fmt: skip
    return render(request, "safety_grid/drill_compare.html", context)
