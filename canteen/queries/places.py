"""Which canteens there are, and which of them a person works at or reads of."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from canteen.apps import READERS
from canteen.models import Canteen
from portal.errors import NotThere
from portal.orgs.access import scope
from portal.orgs.models import Unit, User
from portal.wire.paging import Keyset, Page, page_of

MOST = 12  # canteens to choose from at one press
BY_SCHOOL: Keyset[Canteen] = Keyset(("school__path", "pk"), (str, int), lambda one: (one.school.path, one.pk))


def canteens_of(school: Unit) -> QuerySet[Canteen]:
    """The canteens a school runs today."""
    return Canteen.objects.filter(school=school, closed_on=None).select_related("school", "place").order_by("pk")


def canteens_in(school: Unit, since: date) -> list[Canteen]:
    """The canteens a school ran on that day or later, those closed since too: what they did is still to be accounted for."""
    rows = Canteen.objects.filter(Q(closed_on=None) | Q(closed_on__gte=since), school=school)
    return list(rows.select_related("school", "place").order_by("pk"))


def usual_surplus(school: Unit) -> dict[str, Any]:
    """What becomes of a surplus at most canteens of the school's district, as columns of one; nothing where it is the first."""
    rows = Canteen.objects.filter(closed_on=None, school__path__startswith=school.path[: Unit.steplen]).order_by()
    found = rows.values("surplus_rule", "surplus_limit").annotate(n=Count("pk")).order_by("-n", "surplus_rule").first()
    return {name: found[name] for name in ("surplus_rule", "surplus_limit")} if found else {}


def canteens_for(user: User, *roles: str, closed: bool = False) -> QuerySet[Canteen]:
    """The canteens at or below which the person holds one of these posts (any that reads the canteen's matters).

    With `closed` also those that are no more, after the others: their books are still settled.
    """
    there = Q(pk__in=[])
    for path in scope(user, *(roles or READERS)):
        there |= Q(school__path__startswith=path) | Q(place__path__startswith=path)
    rows = Canteen.objects.filter(there).select_related("school", "place")
    if closed:
        return rows.order_by(F("closed_on").desc(nulls_first=True), "school__path", "pk")
    return rows.filter(closed_on=None).order_by("school__path", "pk")


def the_canteen(user: User, pk: int | str | None = None, *roles: str, closed: bool = False) -> Canteen:
    """The canteen of that key, or the person's first one; not there for those with no such post at it."""
    mine = canteens_for(user, *roles, closed=closed)
    found = mine.filter(pk=pk).first() if pk else mine.first()
    if found is None:
        raise NotThere
    return found


@dataclass(frozen=True)
class Choice:
    """The canteen a page is about (none where there is none), and those it leads to at one press.

    Of more than `MOST` one is found by its school's name: `find` is what was typed.
    """

    canteen: Canteen | None
    others: list[Canteen]
    finds: bool
    find: str


def choose(rows: QuerySet[Canteen], asked: dict[str, Any]) -> Choice:
    """The canteen asked for among these, else the first (of those found). Not there: one that is not among them."""
    find = asked["find"]
    found = list(rows.filter(school__name__icontains=find)[: MOST + 1])
    one = rows.filter(pk=asked["canteen"]).first() if asked["canteen"] else next(iter(found), None)
    if one is None and asked["canteen"]:
        raise NotThere
    return Choice(one, found[:MOST], bool(find) or len(found) > MOST, find)


def canteen_at(unit: Unit) -> Canteen | None:
    """The canteen of a place: its own, else the only one of its school."""
    mine = list(canteens_of(unit.school)) if unit.school else []
    own = [one for one in mine if one.place and unit.path.startswith(one.place.path)]
    return own[0] if own else mine[0] if len(mine) == 1 else None


def listed(user: User, asked: dict[str, Any]) -> Page[Canteen]:
    """A page of the canteens the person reads of, in the order of the tree."""

    def ask(bounds: Q, back: bool, n: int) -> list[Canteen]:
        order = [f"-{name}" for name in BY_SCHOOL.names] if back else list(BY_SCHOOL.names)
        return list(canteens_for(user).filter(bounds).order_by(*order)[:n])

    return page_of(ask, BY_SCHOOL, cursor=asked["cursor"], limit=asked["limit"])
