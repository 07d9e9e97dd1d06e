"""Keeping the grid: marking out a spot, changing and closing it, and who answers for it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portal import clock
from portal.errors import NotThere
from portal.hall.settings.asking import Asking, SureForm, seen, sent
from portal.orgs.models import User
from portal.orgs.policies import guard, holding, person
from safety_grid.actions import cells as verbs
from safety_grid.apps import WRITERS
from safety_grid.forms import cells as forms
from safety_grid.models import Cell, Holding
from safety_grid.queries import grid as queries

KEEPING = holding(*WRITERS)
CELL = ("title", "level", "days", "begins", "ends", "duties")


@guard(GET=KEEPING, POST=KEEPING)
def add(request: HttpRequest) -> HttpResponse:
    """设点位: the place first, then what is watched there and by whom."""
    by, at = person(request), request.GET.get("at", "")
    if not at:
        return HttpResponseRedirect(f"{reverse('places')}?{urlencode({'next': request.path})}")
    unit = queries.unit_for(by, at)
    form = forms.NewCellForm(sent(request), unit=unit, initial={"level": verbs.level_of(unit)})

    def write() -> str:
        return address(verbs.set_up(unit=unit, by=by, **forms.apart(form.cleaned_data)))

    where = f"地点：{unit.school} {unit.place}" if unit.school and unit.label else f"地点：{unit.name}"
    page = _page("设点位", where, f"{reverse('safety_grid:grid')}?in={unit.pk}", "设点位")
    return Asking(request, form, "safety_grid/form.html", write, "点位已设好。", context=page).answer()


@guard(GET=KEEPING, POST=KEEPING)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """改点位: other hours or days close the old one, whose past stays as it was."""
    by, one = person(request), _cell(request, pk)
    form = forms.CellForm(sent(request), unit=one.unit, initial={name: getattr(one, name) for name in CELL})

    def write() -> str:
        return address(verbs.change_cell(one, by=by, seen=seen(request), **form.cleaned_data))

    page = _page(f"改{one.name}", "改了时段的，以前的记录留在原来的时段里，责任人不变。", address(one), "保存")
    return Asking(request, form, "safety_grid/form.html", write, version=one.version, context=page).answer()


@guard(GET=KEEPING, POST=KEEPING)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """停用: nobody answers for it any more."""
    by, one = person(request), _cell(request, pk)

    def write() -> str:
        verbs.close_cell(one, by=by, seen=seen(request))
        return f"{reverse('safety_grid:grid')}?in={one.unit_id}"

    page = _page(f"停用{one.name}", one.times, address(one), "停用") | {"danger": True}
    page |= {"follows": ["责任人从现在起不再负责这里。", "以前谁负责的记录都在，还能查。"], "follows_title": "停用以后"}
    asking = Asking(request, SureForm(sent(request)), "safety_grid/form.html", write, "已停用。", one.version, page)
    return asking.answer()


@guard(GET=KEEPING, POST=KEEPING)
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """定责任人: who, from when, and whether in the place of who answers now."""
    one, asked = _cell(request, pk), request.GET.get("person", "")[:40]
    names = "、".join(held.person.name for held in queries.lasting([one.pk]))
    start = {"since": clock.today(), "person": asked, "instead": bool(names)}
    form = forms.HoldForm(sent(request), unit=one.unit, initial=start)
    if not names:
        del form.fields["instead"]

    def write() -> str:
        verbs.put_in_charge(cell=one, by=person(request), **form.cleaned_data)
        return address(one)

    page = _page(f"{one.name}由谁负责", f"{one.times}。现在{names or '没有人'}负责。", address(one), "定下来")
    return Asking(request, form, "safety_grid/form.html", write, "责任人已定。", context=page).answer()


@guard(GET=KEEPING, POST=KEEPING)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """卸任: at once, or with a last day."""
    by, held = person(request), _holding(request, pk)
    form = forms.ReleaseForm(sent(request))

    def write() -> str:
        verbs.release(held, by=by, until=form.cleaned_data["until"])
        return address(held.cell)

    page = _page(f"{held.person.name}不再负责{held.cell.name}", held.cell.times, address(held.cell), "卸任")
    page |= {"danger": True, "follows": ["没有人接的话，这里会列入“没有责任人的点位”。"], "follows_title": "卸任以后"}
    return Asking(request, form, "safety_grid/form.html", write, "已记下。", context=page).answer()


@guard(GET=KEEPING, POST=KEEPING)
def substitute(request: HttpRequest, pk: int) -> HttpResponse:
    """换代班."""
    by, held = person(request), _holding(request, pk)
    now = {"substitute": forms.spelled(held.substitute)}
    form = forms.SubstituteForm(sent(request), unit=held.cell.unit, initial=now)

    def write() -> str:
        verbs.replace_substitute(held, by=by, substitute=form.cleaned_data["substitute"])
        return address(held.cell)

    page = _page(f"{held.cell.name}的代班", f"责任人 {held.person.name} 请假时由谁接替。", address(held.cell), "保存")
    return Asking(request, form, "safety_grid/form.html", write, context=page).answer()


def address(cell: Cell) -> str:
    """The page of a spot."""
    return reverse("safety_grid:cell", args=[cell.pk])


def _cell(request: HttpRequest, pk: int) -> Cell:
    """A cell this person keeps; to those who do not it is not there to be changed."""
    return _kept(person(request), queries.cell_for(person(request), pk))


def _holding(request: HttpRequest, pk: int) -> Holding:
    held = Holding.objects.select_related("person", "substitute", "cell__unit__school").filter(pk=pk).first()
    if held is None:
        raise NotThere
    _kept(person(request), queries.cell_for(person(request), held.cell_id))
    return held


def _kept(by: User, cell: Cell) -> Cell:
    verbs.rules.keeps_grid(by, cell.unit)
    return cell


def _page(title: str, words: str, back: str, act: str) -> dict[str, Any]:
    crumbs = [("安全网格", reverse("safety_grid:grid")), (title, "")]
    return {"title": title, "words": words, "back": back, "act": act, "crumbs": crumbs, "here": "safety_grid"}
