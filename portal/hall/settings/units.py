"""单位与地点: down the tree, adding, naming, moving and closing; and choosing a unit for another page."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy

from portal import clock
from portal.errors import NotThere
from portal.hall.errors import is_local
from portal.orgs.actions import Sketch, close_unit, plant, plant_many, rename, transplant
from portal.orgs.models import KIND_ICONS, Unit, UnitKind, User
from portal.orgs.policies import ADMIN, guard, person

from . import reach, recent, tree
from .asking import Asking, Effect, seen, sent
from .frame import Step, frame, paged, typed_words
from .unit_forms import CloseForm, MoveForm, NamedForm, correction_for, form_for

TOP = ("单位与地点", reverse_lazy("settings-units"))


@guard(GET=ADMIN)
def units(request: HttpRequest) -> HttpResponse:
    """The tops this admin manages; the only one opens by itself."""
    by, words = person(request), typed_words(request)
    here = reach.units(by)
    if words:
        rows, last = paged(tree.found(here, words, after=request.GET.get("after", "")[:64]))
    else:
        rows, last = list(here.filter(path__in=reach.tops(by))), None
    if len(rows) == 1 and not words:
        return redirect("settings-unit", rows[0].pk)
    page = {"rows": [tree.row(one, whole=bool(words)) for one in rows], "last": last, "find": words}
    return render(request, "settings/units.html", page | frame(TOP[0], words="您管理的单位。"))


@guard(GET=ADMIN)
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: what is below it, who holds posts there, what may be changed."""
    by, here = person(request), reach.unit_at(request, pk)
    words = typed_words(request)
    below = Unit.objects.under(here.path).exclude(pk=here.pk).select_related("school")
    after = request.GET.get("after", "")[:64]
    rows, last = paged(tree.found(below, words, after=after) if words else tree.children(here, after=after))
    page = {"rows": [tree.row(one, whole=bool(words)) for one in rows], "last": last, "find": words}
    page |= _about(here) | {"is_top": here.path in reach.tops(by)}
    return render(request, "settings/unit.html", page | frame(here.name, TOP, *tree.way_to(here, by)))


@guard(GET=ADMIN, POST=ADMIN)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds units below this one: first of what kind, then their names."""
    here = reach.unit_at(request, pk)
    kinds, kind = tree.kinds_under(here), request.GET.get("kind", "")
    title = frame("添加下级", TOP, _step(here))
    if kind not in kinds:
        tiles = [(one.label, f"?kind={one.value}", KIND_ICONS[one.value]) for one in kinds]
        return render(request, "settings/kinds.html", {"tiles": tiles, "unit": here} | title)
    form = form_for(kind)(sent(request), parent=here)
    title |= {"title": f"添加{UnitKind(kind).label}", "words": f"加在{here.name}下面。", "act": "添加"}
    write = _planter(here, kind, form, by=person(request))
    return Asking(request, form, "settings/form.html", write, "已添加。", context=title).answer()


@guard(GET=ADMIN, POST=ADMIN)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a unit's name, phone or code."""
    here = reach.unit_at(request, pk)
    now = {"name": here.name, "phone": here.phone, "code": here.code}
    form = correction_for(here)(sent(request), parent=Unit.objects.get_parent(here), unit=here, initial=now)
    page = frame("修改名称和电话", TOP, _step(here)) | {"act": "保存"}
    page |= {"words": "下级地点的全称会跟着改。"}

    def write() -> str:
        rename(here, **form.cleaned_data, by=person(request), version=seen(request))
        return reverse("settings-unit", args=[pk])

    return Asking(request, form, "settings/form.html", write, version=here.version, context=page).answer()


@guard(GET=ADMIN, POST=ADMIN)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Moves a unit with everything below it under another one of the admin's."""
    here = _not_top(request, reach.unit_at(request, pk))
    form = MoveForm(sent(request), initial={"under": request.GET.get("under", "")})
    form.fields["under"].offer(request, "under", kinds=tree.parents_of(here))  # type: ignore[attr-defined]
    page = frame(f"移动{here.name}", TOP, _step(here)) | {"act": "移动"}

    def write() -> str:
        transplant(here, under=form.cleaned_data["under"], by=person(request), version=seen(request))
        return reverse("settings-unit", args=[pk])

    page |= {"follows": following_move(here), "follows_title": "移动以后"}
    return Asking(request, form, "settings/form.html", write, "已移动。", here.version, page).answer()


@guard(GET=ADMIN, POST=ADMIN)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a unit and everything below it out of use."""
    here = _not_top(request, reach.unit_at(request, pk))
    form = CloseForm(sent(request), initial={"on": clock.today()})
    page = frame(f"停用{here.name}", TOP, _step(here))
    page |= {"act": "停用", "danger": True, "follows": following_close(here), "follows_title": "停用以后"}

    def write() -> str:
        close_unit(here, on=form.cleaned_data["on"], by=person(request), version=seen(request))
        return reverse("settings-unit", args=[pk])

    return Asking(request, form, "settings/form.html", write, "已停用。", here.version, page).answer()


@guard(GET=ADMIN)
def pick(request: HttpRequest) -> HttpResponse:
    """Choosing one of the admin's units for another page, which gets it back in its address."""
    to, name = request.GET.get("next", ""), request.GET.get("as", "unit")
    if not is_local(to) or not name.isidentifier():
        raise NotThere
    by, words, after = person(request), typed_words(request), request.GET.get("after", "")[:64]
    kinds = tuple(one for one in request.GET.get("kinds", "").split(",") if one in UnitKind.values)
    here = reach.unit_at(request, request.GET["in"]) if request.GET.get("in") else None
    rows, last = paged(_offered(request, here, words, after, kinds))
    choices = [(tree.row(one, whole=bool(words)), _choice(one, to, name, kinds)) for one in rows]
    page = {"choices": choices, "unit": here, "last": last, "find": words, "kept": _kept(request)}
    page |= {"own": _choice(here, to, name, kinds) if here else "", "way": tree.way_to(here, by) if here else []}
    return render(request, "settings/pick.html", page | frame("选择单位") | {"back": to})


def _about(unit: Unit) -> dict[str, Any]:
    """The unit itself: what is known of it, who holds posts there, what may be added, what changed lately."""
    staff, crowds = tree.staff(unit)
    page = {"unit": unit, "facts": facts_of(unit), "kinds": tree.kinds_under(unit)}
    page |= {"staff": staff, "crowds": crowds, "vacant": tree.vacant(unit, tree.expected_at(unit.kind))}
    subjects = {unit.address: unit.name} | {one.address: f"{one.person.name} {post}" for one, post in staff}
    page["trail"] = recent.trail(subjects, most=5)
    return page | {"is_office": unit.kind in tree.OFFICES}


def facts_of(unit: Unit) -> list[tuple[str, str]]:
    """What is known of a unit."""
    closed = f"{unit.closed_on} 起停用" if unit.closed_on else ""
    kind = f"{unit.get_stage_display()} · {'公办' if unit.public else '民办'}" if unit.stage else ""
    entered = f"{unit.entry_year} 年" if unit.entry_year else ""
    rows = [("类型", unit.get_kind_display()), ("学段", kind), ("编码", unit.code), ("电话", unit.phone)]
    rows += [("入学", entered), ("位置", unit.label if unit.school_id != unit.pk else ""), ("状态", closed)]
    return [(label, value) for label, value in rows if value]


def following_move(unit: Unit) -> list[str]:
    """What happens when a unit moves."""
    below = tree.hanging(unit)
    return [
        f"下面的 {below.units} 个单位和地点一起移过去。",
        f"这里的 {below.posts} 项任职不变，编号不变。",
        f"{below.cases} 件在办事项跟着走，新位置上的人能看到，原来上级的人不再看到。",
        "校历和作息按新的上级单位走，在跑的上学时间时限会重新计算。",
    ]


def following_close(unit: Unit) -> list[str]:
    """What happens when a unit closes, and what stands in the way."""
    below = tree.hanging(unit)
    lines = [f"下面的 {below.units} 个单位和地点一起停用。", f"{below.cases} 件在办事项照常办完，记录都在。"]
    if below.posts:
        lines.insert(0, f"这里还有 {below.posts} 项任职，要先办完免职或调任。")
    return lines


def _step(unit: Unit) -> Step:
    return unit.name, reverse("settings-unit", args=[unit.pk])


def _planter(parent: Unit, kind: str, form: NamedForm, *, by: User) -> Effect:
    def write() -> str:
        said = dict(form.cleaned_data)
        names = said.pop("name")
        if isinstance(names, list):
            plant_many([Sketch(one, kind, more=dict(said)) for one in names], parent=parent, by=by)
        else:
            plant(name=names, kind=kind, parent=parent, by=by, **said)
        return str(_step(parent)[1])

    return write


def _not_top(request: HttpRequest, unit: Unit) -> Unit:
    """An admin's own top is moved and closed by those above."""
    if unit.path in reach.tops(person(request)):
        raise NotThere("您管理的最上级单位，由它的上级单位来移动或停用。")
    return unit


def _offered(request: HttpRequest, here: Unit | None, words: str, after: str, kinds: tuple[str, ...]) -> list[Unit]:
    """Rows of the page for choosing: found by words, below a unit, or the tops."""
    mine = reach.units(person(request))
    if words:
        mine = mine.filter(path__startswith=here.path) if here else mine
        return tree.found(mine.filter(kind__in=kinds) if kinds else mine, words, after=after)
    if here is not None:
        return tree.children(here, after=after)
    return list(mine.filter(path__in=reach.tops(person(request))))


def _choice(unit: Unit, to: str, name: str, kinds: tuple[str, ...]) -> str:
    """Where choosing this unit leads; nothing for a kind that is not asked for."""
    if (kinds and unit.kind not in kinds) or tree.row(unit).is_closed:
        return ""
    return f"{to}{'&' if '?' in to else '?'}{urlencode({name: unit.pk})}"


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """What the search box must carry along."""
    return [(name, request.GET[name]) for name in ("next", "as", "kinds", "in") if request.GET.get(name)]
