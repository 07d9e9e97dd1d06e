"""巡查计划 of a school: the list, one to change, a new one, and the reference's to begin with."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from portal.cases.schedules import words_of
from portal.hall.settings.asking import Asking, seen, sent
from portal.orgs.models import Unit
from portal.orgs.policies import guard, holding, person
from safety_grid.actions.plans import adopt_reference, set_plan
from safety_grid.forms.plans import PlanForm
from safety_grid.models import RoundPlan
from safety_grid.queries import plans as queries

PLANNING = holding(*queries.PLANNERS)
FIRST = {"every": "day", "times": "07:00", "school_days": True, "hours": "10", "is_on": True}


@guard(GET=PLANNING)
def plans(request: HttpRequest) -> HttpResponse:
    """The plans of a school; `?school=` chooses among several."""
    by = person(request)
    school = queries.school_for(by, request.GET.get("school", ""))
    rows = [
        (one, words_of(one.schedule.rule) if one.schedule else "", queries.walker(one))
        for one in queries.plans_of(school)[:100]
    ]
    context = {"rows": rows, "school": school, "others": queries.schools_of(by)[:50], "here": "safety_grid"}
    return render(request, "safety_grid/plans.html", context | {"crumbs": _crumbs()})


@guard(GET=PLANNING, POST=PLANNING)
def add(request: HttpRequest) -> HttpResponse:
    """A new plan of a school."""
    school = queries.school_for(person(request), request.GET.get("school", ""))
    return _asking(request, PlanForm(sent(request), school=school, initial=FIRST), None, school).answer()


@guard(GET=PLANNING, POST=PLANNING)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another rhythm, other places, another checklist, from now on."""
    plan = queries.plan_for(person(request), pk)
    form = PlanForm(sent(request), school=plan.unit, plan=plan, initial=queries.initial_of(plan))
    return _asking(request, form, plan, plan.unit).answer()


@guard(POST=PLANNING)
@require_POST
def adopt(request: HttpRequest) -> HttpResponse:
    """The reference's plans, those the school does not have yet."""
    by = person(request)
    school = queries.school_for(by, request.POST.get("school", ""))
    made = adopt_reference(school, by=by)
    said = f"已加入 {made} 个参考计划，请按本校情况改。" if made else "参考计划都已经有了。"
    messages.success(request, said)
    return HttpResponseRedirect(_list(school))


def _asking(request: HttpRequest, form: PlanForm, plan: RoundPlan | None, school: Unit) -> Asking:
    def write() -> str:
        set_plan(plan, unit=school, by=person(request), seen=seen(request), **form.said)
        return _list(school)

    title = "改巡查计划" if plan else "新的巡查计划"
    page: dict[str, Any] = {
        "title": title,
        "act": "保存",
        "words": school.name,
        "back": _list(school),
        "here": "safety_grid",
    }
    page |= {"crumbs": [*_crumbs(), ("巡查计划", _list(school)), (title, "")]}
    version = plan.version if plan else None
    return Asking(
        request,
        form,
        "safety_grid/plan_form.html",
        write,
        "已保存，从下一次起按它开出。",
        version=version,
        context=page,
    )


def _list(school: Unit) -> str:
    return f"{reverse('safety_grid:plans')}?{urlencode({'school': school.pk})}"


def _crumbs() -> list[tuple[str, str]]:
    return [("巡查", reverse("safety_grid:rounds"))]
