"""谁还没看: of a bureau's announcement school by school, of one school the names; for who issues it and for heads below."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.errors import NotThere
from portal.orgs.models import Unit, User
from portal.orgs.policies import SIGNED_IN, guard, person
from portal.publications import receipts
from portal.publications.models import Issue

from .announcements import address, crumbs

PAGE = 50
SHOWS = {"unread": "还没看的", "read": "已看的"}


@guard(GET=SIGNED_IN)
def readers(request: HttpRequest, pk: int) -> HttpResponse:
    """How many have read where, and at one school who has not."""
    by = person(request)
    one, trees = receipts.known_of(pk, by=by)
    issue, where = one.issue, request.GET.get("at", "").replace("\x00", "")
    assert issue is not None
    at = receipts.narrowed(issue, trees, where)
    mine = trees == (issue.unit.path,)
    page: dict[str, Any] = {"one": one, "count": receipts.count(issue, at=at), "at": where}
    page["crumbs"] = crumbs(*([(one.title, address(one))] if mine else []), ("谁还没看", ""))
    after = request.GET.get("after", "")[:150].replace("\x00", "")
    page |= _schools(issue, after) if not at else _names(request, issue, at, after) | {"place": _place(at)}
    page["reminds"] = mine and page["count"].read < page["count"].asked
    page["all"] = reverse("publishing-readers", args=[pk]) if at and mine and issue.unit.school_id is None else ""
    return render(request, "publishing/readers.html", page)


def _schools(issue: Issue, after: str) -> dict[str, Any]:
    """A page of schools."""
    rows = receipts.by_school(issue, after=after, size=PAGE)
    last = rows[PAGE - 1][0] if len(rows) > PAGE else None
    return {"schools": rows[:PAGE], "more": last.path if last else ""}


def _names(request: HttpRequest, issue: Issue, at: str, after: str) -> dict[str, Any]:
    """A page of names of one school."""
    show = request.GET.get("show", "unread")
    rows = receipts.people(issue, at=at, read=show == "read")
    found: list[User] = list((rows.filter(username__gt=after) if after else rows)[: PAGE + 1])
    more = found[PAGE - 1].username if len(found) > PAGE else ""
    return {"names": found[:PAGE], "more": more, "show": show if show in SHOWS else "unread", "shows": SHOWS}


def _place(at: str) -> str:
    """What stands above the names."""
    if at == receipts.OFFICE:
        return "机关和乡镇"
    unit = Unit.objects.filter(path=at).first()
    if unit is None:
        raise NotThere
    return unit.name
