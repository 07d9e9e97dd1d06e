"""A unit's own page: who answers here, what is going on here, what lies below."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portal.cases import queries
from portal.cases.faces import CaseRow, rows_of
from portal.errors import NotThere
from portal.orgs.access import report_scope, scope
from portal.orgs.models import Post, Unit, User, prefixes
from portal.orgs.policies import SIGNED_IN, guard, person
from portal.orgs.roles import roles

CASES = 10
CHILDREN = 200
PRIVATE = ("teacher", "student", "parent", "supplier", "class_teacher")  # not posts one answers for a place with


@dataclass(frozen=True)
class Holder:
    """Somebody who answers here: name, post, and the unit they hold it at."""

    name: str
    post: str
    at: str


@guard(SIGNED_IN)
@require_GET
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit, for people who belong there or hold a post over it."""
    user = person(request)
    place = found(user, pk)
    context = {"unit": place, "holders": holders_at(place), "rows": going_on(user, place)}
    context |= {"above": above(place), "children": Unit.objects.get_children(place).open()[:CHILDREN]}
    return render(request, "portal/unit.html", context)


def found(user: User, pk: int) -> Unit:
    """The unit, if the person belongs to it or holds a post over it; otherwise it is not there."""
    place = Unit.objects.select_related("school").filter(pk=pk).first()
    if place is None or not any(place.is_under(path) for path in {*report_scope(user), *scope(user)}):
        raise NotThere
    return place


def holders_at(place: Unit) -> list[Holder]:
    """Who answers here today, the nearest first, up to the school (or the office itself above schools)."""
    top = place.school.path if place.school else place.path
    near = [path for path in prefixes(place.path) if path.startswith(top)]
    posts = Post.objects.filter(content_object__path__in=near, user__is_active=True).exclude(
        permission__codename__in=PRIVATE
    )
    known = list(roles())
    rows = posts.select_related("user", "permission", "content_object")
    order = sorted(rows, key=lambda row: (-len(row.content_object.path), known.index(row.permission.codename), row.pk))
    return [Holder(row.user.name, row.permission.name, row.content_object.name) for row in order]


def going_on(user: User, place: Unit) -> list[CaseRow]:
    """Open cases here and below, as far as this person may see them, late first."""
    here = queries.cases().filter(is_open=True, unit_path__startswith=place.path).visible_to(user)
    return rows_of(queries.by_clock(here, n=CASES))


def above(place: Unit) -> list[Unit]:
    """The way down to this unit within its school."""
    top = place.school.path if place.school else place.path
    way = [path for path in prefixes(place.path)[:-1] if path.startswith(top)]
    return list(Unit.objects.filter(path__in=way))
