"""Choosing a place: down the tree by taps, or by a word of its name; a sticker skips all this."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from portal.errors import NotThere
from portal.orgs.access import places_for, report_scope
from portal.orgs.models import PLACE_KINDS, Unit, UnitKind, User
from portal.orgs.policies import SIGNED_IN, guard, person

MOST = 60


@guard(SIGNED_IN)
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Where is it? Buildings, floors, rooms of the person's schools; `next` gets the choice as `at`."""
    user, to = person(request), request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(to, None) or not to.startswith("/"):
        raise NotThere
    words = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    here = _unit(user, request.GET.get("in", ""))
    rows = [
        (unit, _choose(to, unit), _enter(request, unit) if unit.numchild else "") for unit in found(user, here, words)
    ]
    return render(request, "portal/places.html", {"rows": rows, "place": here, "next": to, "q": words, "most": MOST})


def found(user: User, here: Unit | None, words: str) -> list[Unit]:
    """Places below `here` by name, or its children; at the top, the person's schools' own buildings."""
    units = places_for(user).filter(kind__in=[*PLACE_KINDS, UnitKind.SCHOOL, UnitKind.TOWN])
    if words:
        below = units.filter(path__startswith=here.path) if here else units
        return list(below.filter(label__icontains=words).order_by("path")[:MOST])
    if here is not None:
        return list(units.filter(path__startswith=here.path, depth=here.depth + 1).order_by("path")[:500])
    tops = report_scope(user)
    if len(tops) == 1:
        return list(
            units.filter(path__startswith=tops[0], depth=len(tops[0]) // Unit.steplen + 1).order_by("path")[:500]
        )
    return list(units.filter(path__in=tops).order_by("path"))


def _unit(user: User, pk: str) -> Unit | None:
    if not pk.isdecimal() or len(pk) > 18:
        return None
    return places_for(user).filter(pk=int(pk)).first()


def _choose(to: str, unit: Unit) -> str:
    return f"{to}{'&' if '?' in to else '?'}{urlencode({'at': unit.pk})}" if unit.school_id else ""


def _enter(request: HttpRequest, unit: Unit) -> str:
    return f"?{urlencode({'next': request.GET.get('next', '/'), 'in': unit.pk})}"
