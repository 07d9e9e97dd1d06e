"""Questions about ingredients: a school's list, and what a person may look at."""

from typing import Any

from django.db.models import Q, QuerySet

from canteen.apps import LISTERS, READERS
from canteen.models import Ingredient
from portal.errors import NotThere
from portal.orgs.access import scope
from portal.orgs.models import Unit, User
from portal.wire.paging import Keyset, Page, page_of

BY_NAME: Keyset[Ingredient] = Keyset(
    ("category", "name", "spec", "pk"), (str, str, str, int), lambda one: (one.category, one.name, one.spec, one.pk)
)


def ingredients_of(school: Unit) -> QuerySet[Ingredient]:
    """What a school buys today, by category and name; banned ones are among them."""
    return Ingredient.objects.filter(school=school, retired_on=None).order_by("category", "name", "spec", "pk")


def usable_of(school: Unit) -> QuerySet[Ingredient]:
    """What may be bought and cooked: `ingredients_of` without the banned ones."""
    return ingredients_of(school).filter(banned=False)


def ingredients_for(user: User) -> QuerySet[Ingredient]:
    """What the person may look at: the ingredients of the schools below their posts."""
    there = Q(pk__in=[])
    for path in scope(user, *READERS):
        there |= Q(school__path__startswith=path)
    return Ingredient.objects.filter(there)


def ingredient_for(by: User, pk: int) -> Ingredient:
    """The ingredient, or not there for those who may not look at it."""
    one = ingredients_for(by).select_related("school").filter(pk=pk).first()
    if one is None:
        raise NotThere
    return one


def schools_listed_by(user: User) -> QuerySet[Unit]:
    """Schools whose list the person writes."""
    return schools_below(user, *LISTERS)


def schools_below(user: User, *codes: str) -> QuerySet[Unit]:
    """Schools at or below which the person holds one of these posts (any that reads the canteen's matters)."""
    there = Q(pk__in=[])
    for path in scope(user, *(codes or READERS)):
        there |= Q(path__startswith=path)
    return Unit.objects.open().filter(there, kind="school").order_by("path")


def listed(by: User, asked: dict[str, Any]) -> Page[Ingredient]:
    """A page of what the person may look at, narrowed as asked."""
    rows = ingredients_for(by)
    if not asked["retired"]:
        rows = rows.filter(retired_on=None)
    if asked["q"]:
        rows = rows.filter(Q(name__icontains=asked["q"]) | Q(spec__icontains=asked["q"]))
    if asked["category"]:
        rows = rows.filter(category=asked["category"])
    if asked["banned"]:
        rows = rows.filter(banned=True)
    if asked["school"]:
        rows = rows.filter(school=asked["school"])

    def ask(bounds: Q, back: bool, n: int) -> list[Ingredient]:
        order = [f"-{name}" for name in BY_NAME.names] if back else list(BY_NAME.names)
        return list(rows.filter(bounds).select_related("school").order_by(*order)[:n])

    return page_of(ask, BY_NAME, cursor=asked["cursor"], limit=asked["limit"])
