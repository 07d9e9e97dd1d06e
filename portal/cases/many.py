"""One step for several cases from a list: one form, every case answered on its own, each in its own transaction."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from portal.errors import BadInput, NotThere, Refused
from portal.orgs.models import User
from portal.orgs.policies import SIGNED_IN, guard, person

from .access import takes
from .actions import move
from .faces import rows_of
from .flow import FLOWS, Flow, Step, address_of, flow_at
from .keys import once, typed
from .models import Case
from .queries import cases as shown_cases

MOST = 25  # cases at once: a page of a list


@dataclass(frozen=True)
class Offer:
    """A button below a list for the cases ticked there."""

    title: str
    icon: str
    url: str


@dataclass(frozen=True)
class Answer:
    """What became of one case: done, or the sentence that says why not."""

    case: Case
    url: str
    why: str = ""


def offers_for(cases: Sequence[Case], *, by: User) -> tuple[list[Offer], set[int]]:
    """The steps this person may take for several of these cases at once, and the cases for which they may."""
    found: dict[str, Offer] = {}
    picked: set[int] = set()
    for flow in FLOWS.values():
        for step in (step for step in flow.steps if step.many):
            fit = {one.pk for one in cases if _fits(one, flow, step, by)}
            if fit:
                url = f"/{flow.affair}/{flow.plural}/many/{step.name}/"
                found[url] = Offer(f"批量{step.title}", step.icon, url)
                picked |= fit
    return list(found.values()), picked


def _fits(case: Case, flow: Flow, step: Step, by: User) -> bool:
    return case.kind == flow.kind and case.state in step.sources and takes(by, step, case)


@guard(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def many(request: HttpRequest, affair: str, plural: str, name: str) -> HttpResponse:
    """The form for the cases ticked on a list; sent, it says which went and which did not, and why."""
    flow = flow_at(affair, plural)
    step = flow.step(name) if flow else None
    if flow is None or step is None or not step.many:
        raise NotThere
    by = person(request)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = chosen_cases(flow, asked.getlist("case"), by)
    form = flow.form(step)(request.POST or None, by=by, case=chosen[0], needs=step.needs)
    if request.method == "POST" and form.is_valid():
        answers = take_for_each(chosen, step, by=by, data=request.POST, key=request.POST.get("key", ""))
        return render(request, "cases/many_done.html", {"step": step, "answers": answers, "here": flow.affair})
    context = {"step": step, "rows": rows_of(chosen), "form": form, "key": secrets.token_urlsafe(18)}
    return render(request, "cases/many.html", context | {"here": flow.affair}, status=422 if form.errors else 200)


def take_for_each(cases: Iterable[Case], step: Step, *, by: User, data: Any, key: str) -> list[Answer]:
    """Takes the step for one case after another; a refusal of one costs the others nothing."""
    return [_taken(case, step, by, data, key) for case in cases]


def _taken(case: Case, step: Step, by: User, data: Any, key: str) -> Answer:
    def effect() -> dict[str, Any]:
        moved = move(case, step.name, by=by, data=data)
        return {"number": moved.number, "state": moved.state}

    own = f"{key[:40]}.{case.number}" if key else ""
    try:
        once(
            by=by,
            key=own,
            asked=[case.pk, step.name, typed(data, but=("key", "csrfmiddlewaretoken", "case"))],
            effect=effect,
        )
    except Refused as refused:  # said beside this case; the others are answered on their own
        return Answer(case, address_of(case), refused.sentence)
    return Answer(case, address_of(case))


def chosen_cases(flow: Flow, numbers: Sequence[str], by: User) -> list[Case]:
    """The cases ticked, as far as the person may see them. Refused: none, or more than a page of a list."""
    wanted = [number for number in dict.fromkeys(numbers) if "\x00" not in number]
    if len(wanted) > MOST:
        raise BadInput(f"一次最多 {MOST} 件，请分几次办。")
    found = list(shown_cases().filter(kind=flow.kind, number__in=wanted).visible_to(by).order_by("number"))
    if not found:
        raise BadInput("还没有勾选要办的。", instead="请回到列表，勾选几件再办。")
    return found
