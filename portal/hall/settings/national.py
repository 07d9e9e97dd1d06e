"""全国放假安排: the yearly notice, pasted, looked over and imported by the bureau's admin."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from portal import clock
from portal.errors import Refused
from portal.hall.account.forms import refuse
from portal.orgs.models import User
from portal.orgs.policies import ADMIN, guard
from portal.worktime.actions import confirm_year, import_year
from portal.worktime.models import CalendarYear
from portal.worktime.notice import NoticeRow, read_notice

from . import almanac, reach, recent
from .asking import Asking, Effect, seen, sent
from .calendar_forms import NoticeForm
from .frame import frame


@guard(GET=ADMIN, POST=ADMIN)
def national(request: HttpRequest) -> HttpResponse:
    """What is known of one year, and importing its notice: first looked over, then written whole or not at all."""
    by, year = reach.nation_asked(request), _year(request)
    form = NoticeForm(sent(request))
    holder = CalendarYear.objects.filter(year=year).first()
    page = _page(year, holder)
    if request.POST.get("act") == "look":
        return _looked_over(request, form, year, page)
    write = _writer(request, form, year, by)
    return Asking(request, form, "settings/national.html", write, "已导入。", page["version"], page).answer()


@guard(POST=ADMIN)
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """The days known of a year are those of its notice."""
    by, year = reach.nation_asked(request), _year(request)
    confirm_year(year=year, by=by, seen=seen(request))
    messages.success(request, f"{year} 年已核定。")
    return redirect(f"{reverse('settings-national')}?year={year}")


def _year(request: HttpRequest) -> int:
    """The year of the address, among those near today; next year for anything else, whose notice is to come."""
    asked, this = reach.number(request.GET.get("year", "")), clock.today().year
    return asked if asked in range(this - 1, this + 3) else this + 1


def _writer(request: HttpRequest, form: NoticeForm, year: int, by: User) -> Effect:
    def write() -> str:
        said = form.cleaned_data
        rows = read_notice(said["text"], year=year)
        import_year(year=year, rows=rows, source=said["source"], by=by, seen=seen(request))
        return f"{reverse('settings-national')}?year={year}"

    return write


def _page(year: int, holder: CalendarYear | None) -> dict[str, Any]:
    """What is known of the year, and the years beside it."""
    years = almanac.nation()
    page = frame("全国放假安排", ("校历与作息", reverse("settings-calendar")), words=f"{year} 年")
    page |= {"year": year, "holder": holder, "known": almanac.stretches(year)}
    page["filters"] = [
        (f"{one.year} 年{'' if one.confirmed else '（暂定）'}", f"?year={one.year}", one.year == year, None)
        for one in years
    ]
    page["may_confirm"] = any(one.year == year and not one.confirmed and one.makeups for one in years)
    page["trail"] = recent.trail({holder.address: ""}) if holder else []
    return page | {"version": holder.chain_seq if holder else 0}


def _looked_over(request: HttpRequest, form: NoticeForm, year: int, page: dict[str, Any]) -> HttpResponse:
    """The pasted notice as days, beside what was known; nothing is written."""
    rows: list[NoticeRow] = []
    if form.is_valid():
        try:
            rows = read_notice(form.cleaned_data["text"], year=year)
        except Refused as refused:
            refuse(form, refused)
    lines = almanac.differences(year, rows) if rows else []
    page |= {"lines": lines, "changes": sum(change for *_, change in lines), "looked": bool(rows)}
    page |= {"form": form, "key": secrets.token_urlsafe(18)}
    return render(request, "settings/national.html", page, status=422 if form.errors else 200)
