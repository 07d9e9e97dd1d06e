"""对外报送: the systems, one with its records, setting one up, switching it, and sending again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date

from portal.errors import NotThere
from portal.hall.settings.asking import Asking, sent
from portal.orgs.policies import guard, holding, person
from portal.orgs.roles import keepers
from portal.outbound import actions, queries
from portal.outbound.connectors.registry import CONNECTORS
from portal.outbound.forms import LinesForm, NewSystemForm, SystemForm, secret_missing
from portal.outbound.matters import MATTERS
from portal.outbound.models import System
from portal.outbound.queries import SHOWS
from portal.wire.fields import valid

KEEPING = holding(*keepers("outbound"))
HOME = "对外报送"


@guard(GET=KEEPING)
def systems(request: HttpRequest) -> HttpResponse:
    """Every system this person keeps, with what waits, what is stuck and what the last comparison said."""
    rows = queries.kept(person(request)).order_by("name", "pk")
    page = {"rows": queries.standings(rows[:100]), "crumbs": crumbs(), "matters": MATTERS}
    return render(request, "outbound/systems.html", page)


@guard(GET=KEEPING)
def system(request: HttpRequest, pk: int) -> HttpResponse:
    """One system and its records, all or those of a kind."""
    one = queries.system_at(person(request), pk)
    asked = valid(LinesForm(request.GET))
    standing = queries.standings([one])[0]
    page: dict[str, Any] = {"one": one, "standing": standing, "asked": asked, "crumbs": crumbs((one.name, ""))}
    page["page"] = queries.lines_page(one, show=asked["show"], cursor=asked["cursor"], limit=asked["limit"])
    page["shows"] = [(code, words, standing.counts.get(code, 0)) for code, words in SHOWS.items()]
    page |= {"secret_missing": secret_missing(one), "chosen": chosen(one)}
    return render(request, "outbound/system.html", page)


@guard(GET=KEEPING, POST=KEEPING)
def add(request: HttpRequest) -> HttpResponse:
    """A new system; it is switched on afterwards."""
    by = person(request)
    form = NewSystemForm(sent(request), by=by)

    def write() -> str:
        made = actions.set_up(by=by, **form.cleaned_data)
        return reverse("outbound-system", args=[made.pk])

    page = {"title": "新增系统", "act": "新增", "crumbs": crumbs(("新增系统", "")), "back": reverse("outbound")}
    page["words"] = "先登记，再启用。启用以后，还没办结的会自动补报。"
    return Asking(request, form, "settings/form.html", write, "已新增，还没有启用。", context=page).answer()


@guard(GET=KEEPING, POST=KEEPING)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, way, address or choice."""
    by = person(request)
    one = queries.system_at(by, pk, write=request.method == "POST")
    said = {name: getattr(one, name) for name in actions.SETTABLE}
    form = SystemForm(sent(request), initial=said, matter=MATTERS[one.kind])

    def write() -> str:
        actions.change(one, by=by, **form.cleaned_data)
        return reverse("outbound-system", args=[one.pk])

    page: dict[str, Any] = {"title": f"修改 {one.name}", "act": "保存", "words": f"代号 {one.code} · {one.unit.name}"}
    page |= {"crumbs": crumbs((one.name, address(one)), ("修改", "")), "back": address(one)}
    return Asking(request, form, "settings/form.html", write, "已保存，从下一次报送起生效。", context=page).answer()


@guard(POST=KEEPING)
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """On or off."""
    by = person(request)
    one = queries.system_at(by, pk, write=True)
    on = request.POST.get("on") == "1"
    actions.switch(one, on=on, by=by)
    messages.success(request, "已启用，没办结的会陆续补报。" if on else "已停用，排队的先不发。")
    return redirect(address(one))


@guard(POST=KEEPING)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends one record again."""
    by = person(request)
    line = queries.line_at(by, pk)
    actions.send_again(line, by=by)
    messages.success(request, f"{line.case.number} 已重新排队。")
    days_page = reverse("outbound-days", args=[line.system_id])
    return redirect(days_page if request.POST.get("to") == "days" else address(line.system))


@guard(GET=KEEPING)
def days(request: HttpRequest, pk: int) -> HttpResponse:
    """The daily comparison: the latest, or one of the last two weeks."""
    one = queries.system_at(person(request), pk)
    every = queries.comparisons(one)
    day = _day(request.GET.get("day", ""))
    shown = next((row for row in every if day in (None, row.day)), None)
    if day and shown is None:
        raise NotThere
    page = {"one": one, "every": every, "shown": shown, "crumbs": crumbs((one.name, address(one)), ("每日对账", ""))}
    page["findings"] = queries.findings(shown) if shown else []
    return render(request, "outbound/days.html", page)


def chosen(one: System) -> list[tuple[str, str]]:
    """What it is told, in words."""
    matter = MATTERS[one.kind]
    sorts = "、".join(matter.sorts.get(code, code) for code in one.sorts)
    moments = "、".join(matter.moment_title(code) for code in one.moments)
    facts = [("适用单位", one.unit.name), ("报什么", f"{matter.title}：{sorts}"), ("什么时候报", moments)]
    facts += [("怎样报", CONNECTORS[one.connector].title), ("代号", one.code)]
    return [*facts, ("接口地址", one.endpoint)] if one.endpoint else facts


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way here."""
    return [(HOME, reverse("outbound") if more else ""), *more]


def address(one: System) -> str:
    """The page of a system."""
    return reverse("outbound-system", args=[one.pk])


def _day(text: str) -> Any:
    try:
        return parse_date(text[:10])
    except ValueError:
        return None
