"""The canteen's first page: this week at a glance, on a phone and on a desktop."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from canteen.apps import KEEPERS, READERS
from canteen.forms.places import ChooseForm
from canteen.models import Canteen
from canteen.queries import canteens_for
from canteen.queries.places import choose
from canteen.queries.week import Week, week_at
from canteen.rules.places import SETTERS
from portal.hall.figures.reach import sees_figures
from portal.hall.shell import address
from portal.orgs.access import holds, scope
from portal.orgs.models import User
from portal.orgs.policies import guard, holding, person
from portal.wire.fields import valid

from .frame import HERE

READING = holding(*READERS)
# The page of a kind of case, where it is not named like the kind itself.
PAGES = {
    "canteen.weekmenu": "canteen:menus", "canteen.renewal": "canteen:suppliers", "canteen.weeklyaccount": "canteen:books",
    "canteen.monthlyaccount": "canteen:books", "canteen.termaccount": "canteen:books",
}  # fmt: skip


@guard(GET=READING)
def home(request: HttpRequest) -> HttpResponse:
    """One canteen's week; `?canteen=` chooses among several, `?find=` finds them by the school's name."""
    by = person(request)
    choice = choose(canteens_for(by), valid(ChooseForm(request.GET)))
    context: dict[str, Any] = {"choice": choice, "canteen": choice.canteen, "here": HERE}
    context |= {"opens": bool(scope(by, *KEEPERS)), "compares": sees_figures(by)}
    return render(request, "canteen/home.html", context | (_shown(choice.canteen, by) if choice.canteen else {}))


def _shown(canteen: Canteen, by: User) -> dict[str, Any]:
    """What the page shows of one canteen."""
    week = week_at(canteen, by)
    return {"week": week, "stats": _stats(week), "keeps": holds(by, SETTERS, canteen.school.path)}


def _stats(week: Week) -> list[dict[str, object]]:
    """Kinds with something open as figures that lead to their lists, late ones first."""
    found = []
    for one in sorted(week.kinds, key=lambda kind: (-kind.late, -kind.open)):
        if one.open:
            note = f"{one.late} 件超时" if one.late else "都在时限内"
            page = address(PAGES.get(one.flow.kind, f"canteen:{one.flow.plural}"))
            found.append({
                "title": one.flow.title, "icon": one.flow.icon, "value": one.open, "unit": "件在办", "note": note,
                "tone": "late" if one.late else "", "url": page,
            })  # fmt: skip
    if week.ended or week.soon:
        note = f"{week.soon} 家一个月内到期" if week.soon else "请尽快登记新证件"
        found.append({
            "title": "供应商证件", "icon": "truck", "value": week.ended or week.soon, "unit": "家不能供货" if week.ended else "家快到期",
            "note": note, "tone": "late" if week.ended else "soon",
            "url": f"{reverse('canteen:suppliers')}?state={'ended' if week.ended else 'soon'}",
        })  # fmt: skip
    return found
