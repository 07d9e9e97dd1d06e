"""请假与代理, and waivers of conflicts: what an admin registers for others."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from portal import clock
from portal.errors import NotAllowed, NotThere
from portal.hall.account.forms import AbsenceForm
from portal.orgs.access import colleagues
from portal.orgs.actions import end_absence, record_absence, waive
from portal.orgs.models import Absence, Waiver
from portal.orgs.policies import ADMIN, guard, person
from portal.orgs.roles import title

from . import reach
from .asking import Asking, sent
from .frame import PAGE, frame, paged
from .people import step
from .post_forms import WaiveForm
from .posts import TOP, tabs

WAIVING = "一人兼任冲突岗位，要有期限、原因和补偿检查；豁免会公开。"


@guard(GET=ADMIN)
def absences(request: HttpRequest) -> HttpResponse:
    """Who of the admin's units is away or will be, the latest registered first."""
    by, after = person(request), reach.number(request.GET.get("after", ""))
    rows = Absence.objects.filter(reach.below(reach.tops(by), "person__home__path"), until__gte=clock.today())
    rows = (rows.filter(pk__lt=after) if after else rows).select_related("person", "substitute")
    shown, last = paged(rows.order_by("-pk")[: PAGE + 1])
    page = {"absences": shown, "last": last, "tabs": tabs(), "tab": "absences"}
    return render(request, "settings/absences.html", page | frame(TOP[0]))


@guard(GET=ADMIN, POST=ADMIN)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """请假 of somebody of the admin's units, who acts instead included."""
    by, who = person(request), reach.member_at(request, pk)
    form = AbsenceForm(colleagues(who), sent(request), initial={"since": clock.today()})
    page = frame("登记请假", TOP, step(who), words=f"替 {who.name} 登记。") | {"act": "登记"}

    def write() -> str:
        record_absence(person=who, by=by, **form.cleaned_data)
        return reverse("settings-person", args=[pk])

    return Asking(request, form, "settings/form.html", write, "已登记请假。", context=page).answer()


@guard(POST=ADMIN)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Back early: the substitute stops at once."""
    by = person(request)
    one = Absence.objects.filter(reach.below(reach.tops(by), "person__home__path"), pk=pk).first()
    if one is None:
        raise NotThere
    end_absence(one, by=by)
    return redirect("settings-person", one.person_id)


@guard(GET=ADMIN)
def waivers(request: HttpRequest) -> HttpResponse:
    """Waivers at the admin's units, the latest first."""
    by, after = person(request), reach.number(request.GET.get("after", ""))
    rows = Waiver.objects.filter(reach.below(reach.tops(by), "unit__path")).select_related("person", "unit")
    shown, last = paged((rows.filter(pk__lt=after) if after else rows).order_by("-pk")[: PAGE + 1])
    page = frame(TOP[0]) | {"tabs": tabs(), "tab": "waivers"}
    page["rows"] = [(one, title(one.role), title(one.beside), one.until < clock.today()) for one in shown]
    page |= {"last": last, "may_waive": reach.manages_nation(by)}
    return render(request, "settings/waivers.html", page)


@guard(GET=ADMIN, POST=ADMIN)
def waive_add(request: HttpRequest) -> HttpResponse:
    """豁免 by the bureau: dated, with a reason and a check instead."""
    by = person(request)
    if not reach.manages_nation(by):
        raise NotAllowed("豁免由教育局批准。", who="教育局领导或教育局的系统管理员")
    asked = {name: request.GET.get(name, "") for name in ("unit", "role", "beside")}
    form = WaiveForm(sent(request), initial=asked | {"person": request.GET.get("named", ""), "since": clock.today()})
    page = frame("登记豁免", TOP, ("豁免", reverse("settings-waivers")), words=WAIVING) | {"act": "批准豁免"}

    def write() -> str:
        waive(**form.cleaned_data, by=by)
        return reverse("settings-waivers")

    return Asking(request, form.offer(request), "settings/form.html", write, "已批准豁免。", context=page).answer()
