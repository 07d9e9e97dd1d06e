"""贴纸: down the tree to a building or floor, its sheet, and another code for a lost one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from portal.errors import NotThere
from portal.hall.settings.asking import Asking, SureForm, sent
from portal.hall.settings.frame import paged
from portal.hall.settings.tree import children
from portal.orgs.models import Unit, prefixes
from portal.orgs.policies import guard, person
from portal.stickers import actions, queries
from portal.stickers.models import Sticker

from .reach import KEEPING, tops, unit_at, units
from .sheet import PAGES, PER_PAGE, sheets

ONE_GO = PER_PAGE * PAGES


@guard(GET=KEEPING)
def stickers(request: HttpRequest) -> HttpResponse:
    """Where: one level of the tree at a time, with how many places there have a sticker."""
    by = person(request)
    asked = request.GET.get("in", "")
    starts = list(units(by).filter(path__in=tops(by)))
    here = unit_at(request, asked) if asked else starts[0] if len(starts) == 1 else None
    rows, last = paged(_below(request, here) if here else starts)
    page = {"rows": [(one, f"?in={one.pk}") for one in rows], "last": last, "here": here, "nav": "stickers"}
    page |= _about(here) if here and here.school_id else {}
    page["way"] = [(one.name, f"?in={one.pk}") for one in _way(request, here)] if here else []
    return render(request, "stickers/places.html", page)


@guard(POST=KEEPING)
def make(request: HttpRequest) -> HttpResponse:
    """Gives every place below its sticker, then shows the sheet."""
    here = unit_at(request, request.POST.get("in", ""))
    made = actions.make(here, by=person(request))
    if made:
        messages.success(request, f"新做了 {made} 张贴纸，原有的没有变。")
    return redirect(f"{reverse('stickers-sheet')}?{urlencode({'in': here.pk})}")


@guard(GET=KEEPING)
def sheet(request: HttpRequest) -> HttpResponse:
    """The sheet for paper: every place below a unit, every thing there (`things`), or those chosen; ten pages at a time."""
    chosen = _chosen(request)
    if chosen:
        page = {"pages": sheets(chosen), "here": chosen[0].unit, "count": len(chosen)}
        return render(request, "stickers/sheet.html", page)
    here, after = unit_at(request, request.GET.get("in", "")), request.GET.get("after", "")[:90]
    about_things = "things" in request.GET
    found = queries.things(here, after=after) if about_things else queries.below(here, after=after)
    rows, last = paged(found[: ONE_GO + 1], ONE_GO)
    mark = f"{last.unit.path}:{last.pk}" if last and about_things else last.unit.path if last else ""
    page = {"pages": sheets(rows), "here": here, "mark": mark, "count": len(rows), "things": about_things}
    return render(request, "stickers/sheet.html", page)


def _chosen(request: HttpRequest) -> list[Sticker]:
    """The stickers named one by one (`code`, or `about` the thing they are on), at most ten pages; those of others are not there."""
    codes, abouts = request.GET.getlist("code")[:ONE_GO], request.GET.getlist("about")[:ONE_GO]
    if not codes and not abouts:
        return []
    mine = units(person(request)).order_by().values("pk")
    found = list(queries.of_things(abouts, codes).filter(unit__in=mine)[:ONE_GO])
    if not found:
        raise NotThere
    return found


@guard(GET=KEEPING, POST=KEEPING)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """补办: the old code is dead, the new one is to be printed."""
    one = _kept(request, Sticker.objects.select_related("unit__school").filter(pk=pk).first())
    form = SureForm(sent(request))

    def write() -> str:
        fresh = actions.revoke(one, by=person(request))
        return f"{reverse('stickers-sheet')}?code={fresh.code}"

    return Asking(request, form, "settings/form.html", write, "旧编码已作废，这是新的。", context=_sure(one)).answer()


def _sure(one: Sticker) -> dict[str, Any]:
    """The page that says what follows when a sticker is revoked."""
    name = queries.named([one]).get(one.about, one.unit.place)
    page: dict[str, Any] = {
        "title": "作废并补办",
        "words": f"{name} · {one.spelled}",
        "back": f"{reverse('stickers')}?in={one.unit_id}",
    }
    page |= {"crumbs": [("贴纸", reverse("stickers")), ("作废并补办", "")], "act": "作废并补办", "danger": True}
    follows = ["旧贴纸马上失效，扫了会提示已作废。", "会有一个新编码，请重新打印、贴上。"]
    return page | {"follows": follows, "follows_title": "作废以后"}


def _kept(request: HttpRequest, one: Sticker | None) -> Sticker:
    """A sticker of a place this person keeps; to others it is not there."""
    if one is None:
        raise NotThere
    unit_at(request, str(one.unit_id))
    return one


def _below(request: HttpRequest, here: Unit) -> list[Unit]:
    return [
        one for one in children(here, after=request.GET.get("after", "")[:64]) if one.kind not in ("section", "class")
    ]


def _way(request: HttpRequest, here: Unit) -> list[Unit]:
    return list(units(person(request)).filter(path__in=prefixes(here.path)[:-1]))


def _about(here: Unit) -> dict[str, Any]:
    """How many places below have a sticker, and this place's own, with those of the things that stand here."""
    whole, missing = queries.places(here).count(), queries.unmarked(here).count()
    own = list(queries.living().filter(unit=here).select_related("unit__school").order_by("about", "pk")[:50])
    names = queries.named(own)
    stand = queries.things(here).order_by().count()
    return {
        "stand": stand,
        "whole": whole,
        "missing": missing,
        "own": [(one, names.get(one.about, here.name)) for one in own],
    }
