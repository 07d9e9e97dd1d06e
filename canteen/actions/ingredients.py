"""The list of ingredients: adding one, changing what is known of it, banning it, offering it no more."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from canteen.models import Ingredient
from canteen.rules import ingredients as rules
from portal import clock
from portal.errors import BadInput, Stale
from portal.ledger.actions import append
from portal.orgs.models import Unit, User

WORDS = ("name", "spec", "measure", "why")  # said to people, never in the ledger


@transaction.atomic
def add_ingredient(*, school: Unit, name: str, category: str, by: User | str, **columns: Any) -> Ingredient:
    """A new ingredient of a school. Refused: people who do not keep the list; one called so already."""
    rules.keeps_the_list(by, school)
    one = Ingredient(school=school, name=name, category=category, **columns)
    _refuse_doubles(one)
    one.save()
    append(one, "added", by=by, at=clock.now(), facts={"school": school, "category": category})
    return one


@transaction.atomic
def change_ingredient(one: Ingredient, *, by: User | str, seen: int | None = None, **to: Any) -> Ingredient:
    """Changes what is known of an ingredient, from now on; orders and menus written before keep what they said.

    Refused: people who do not keep the list, one changed meanwhile, a name that is taken.
    """
    one = Ingredient.objects.select_for_update(of=("self",)).select_related("school").get(pk=one.pk)
    rules.keeps_the_list(by, one.school)
    if seen is not None and seen != one.version:
        raise Stale("这个食材刚刚被别人改过。", instead="请看过现在的内容再改。")
    changed = [name for name, value in to.items() if getattr(one, name) != value]
    if changed:
        for name in changed:
            setattr(one, name, to[name])
        one.version += 1
        _refuse_doubles(one)
        one.save(update_fields=[*changed, "version"])
        facts = {name: to[name] for name in changed if name not in WORDS}
        append(one, "changed", by=by, at=clock.now(), facts=facts)
    return one


def _refuse_doubles(one: Ingredient) -> None:
    """The table's own constraints, as sentences for the person."""
    try:
        one.validate_constraints()
    except ValidationError as wrong:
        raise BadInput("食材没有保存：" + "".join(wrong.messages), errors={"name": wrong.messages}) from wrong
