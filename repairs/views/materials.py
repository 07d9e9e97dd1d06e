"""材料: a request to fill the store up, and up to how much each post approves."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from portal.cases.forms import StepForm
from portal.cases.opening import Opening
from portal.errors import NotThere
from portal.hall.settings.asking import Asking, seen, sent
from portal.orgs.models import Unit, User
from portal.orgs.policies import guard, holding, person
from repairs.actions.tiers import SETTERS, set_tiers
from repairs.flow import MATERIALS
from repairs.forms.stock import TiersForm
from repairs.models import ApprovalTiers
from repairs.queries.materials import Tiers, tiers_at
from repairs.queries.stock import KEEPERS, low_by_category, stores, to_fill_up

FIRST = 30  # lines filled in beforehand


@guard(GET=holding(*KEEPERS), POST=holding(*KEEPERS))
def restock(request: HttpRequest) -> HttpResponse:
    """申请材料 without a job, to fill the store up."""
    by, low = person(request), request.GET.get("low")
    opening = Opening(request=request, flow=MATERIALS, by=by, template="repairs/restock.html")
    if low:
        opening.given, opening.more = partial(_what_is_low, low), _kinds_that_are_low
    if request.method == "POST":
        return opening.answer()
    store = stores(by, *KEEPERS).first()
    if "unit" not in request.GET and store is not None:
        return redirect(f"{request.path}?unit={store.pk}{'&low=1' if low else ''}")
    return opening.page()


def _what_is_low(asked: str, store: Unit) -> dict[str, Any]:
    """The lines of one kind that is low: the one asked for, else the one with the most."""
    kinds = low_by_category(store)
    category = next((code for code, _, _ in kinds if code == asked), kinds[0][0] if kinds else "")
    lines = to_fill_up(store, category, most=FIRST) if category else []
    return {"category": category, "lines": lines, "reason": "补到最低库存。"} if lines else {}


def _kinds_that_are_low(store: Unit, form: StepForm) -> dict[str, Any]:
    """The kinds that are low, to choose among; a request is about one."""
    return {"kinds": low_by_category(store), "chosen": form["category"].value(), "low": True}


@guard(GET=holding(*SETTERS), POST=holding(*SETTERS))
def tiers(request: HttpRequest) -> HttpResponse:
    """审批额度 of one school."""
    by = person(request)
    unit = _store(request, by)
    now = tiers_at(unit.path)
    form = TiersForm(sent(request), initial={"head": now.head, "vice": now.vice, "principal": now.principal})

    def effect() -> str:
        set_tiers(unit=unit, by=by, seen=seen(request), **form.cleaned_data)
        return f"{reverse('repairs:tiers')}?unit={unit.pk}"

    context = _about(unit, by, now)
    return Asking(request, form, "repairs/tiers.html", effect, version=_version(unit), context=context).answer()


def _about(unit: Unit, by: User, now: Tiers) -> dict[str, Any]:
    """What the page says beside the form."""
    return {
        "title": "审批额度", "words": f"{unit.name}：现在按{now.source}。改过以后，新的申请按新的额度。", "act": "保存额度",
        "here": "repairs", "back": reverse("repairs:stock"), "others": list(stores(by, *SETTERS)[:60]), "unit": unit,
        "crumbs": [("报修", reverse("repairs:tickets")), ("库存", reverse("repairs:stock")), ("审批额度", "")],
    }  # fmt: skip


def _version(unit: Unit) -> int:
    """The newest version set right here."""
    return ApprovalTiers.objects.filter(unit=unit).count()


def _store(request: HttpRequest, by: User) -> Unit:
    """The school asked for, or the first one of those the person sets tiers for."""
    mine = stores(by, *SETTERS)
    asked = request.GET.get("unit", "")
    unit = mine.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else mine.first()
    if unit is None:
        raise NotThere
    return unit
