"""Opening a canteen, changing its numbers, closing it; each in the ledger."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from canteen.models import Canteen
from canteen.queries.places import usual_surplus
from canteen.rules import places as rules
from portal import clock
from portal.errors import BadInput, Stale
from portal.ledger.actions import append
from portal.orgs.models import Unit, User

WORDS = ("name", "phone", "licence", "windows")  # said to people, never in the ledger


@transaction.atomic
def open_canteen(*, school: Unit, name: str, by: User | str, place: Unit | None = None, **columns: Any) -> Canteen:
    """启用食堂, with the rule for a surplus most canteens of the district have.

    Refused: people who do not keep it, a place of another school, a name or a place taken already.
    """
    rules.keeps_canteen(by, school)
    rules.of_this_school(place, school)
    Unit.objects.select_for_update().get(pk=school.pk)
    canteen = Canteen(
        school=school, name=name, place=place, opened_on=clock.today(), **usual_surplus(school), **columns
    )
    _refuse_doubles(canteen)
    canteen.save()
    append(canteen, "opened", by=by, at=clock.now(), facts=_facts(canteen, ("mode", "diners", "meals")))
    return canteen


@transaction.atomic
def change_canteen(canteen: Canteen, *, by: User | str, seen: int | None = None, **to: Any) -> Canteen:
    """Changes what is known of a canteen or its numbers; the old ones stay in the ledger.

    Refused: people who do not set its numbers, one changed meanwhile, numbers below the law's, a looser rule for its surplus
    by anybody of the school.
    """
    canteen = Canteen.objects.select_for_update(of=("self",)).select_related("school", "place").get(pk=canteen.pk)
    rules.sets_numbers(by, canteen.school)
    rules.of_this_school(to.get("place"), canteen.school)
    rules.surplus_is_the_districts(by, canteen, to)
    if seen is not None and seen != canteen.version:
        raise Stale("食堂的设置刚刚被别人改过。", instead="请刷新页面，看过现在的数再改。")
    changed = [name for name, value in to.items() if getattr(canteen, name) != value]
    if changed:
        before = _facts(canteen, changed)
        for name in changed:
            setattr(canteen, name, to[name])
        canteen.version += 1
        _refuse_doubles(canteen)
        canteen.save(update_fields=[*changed, "version"])
        append(canteen, "changed", by=by, at=clock.now(), facts={"was": before, "is": _facts(canteen, changed)})
    return canteen


@transaction.atomic
def close_canteen(canteen: Canteen, *, by: User | str) -> Canteen:
    """停用食堂: nothing new is opened for it; what was published stays. Refused: people who do not keep it."""
    canteen = Canteen.objects.select_for_update(of=("self",)).select_related("school", "place").get(pk=canteen.pk)
    rules.keeps_canteen(by, canteen.school)
    if canteen.closed_on is None:
        canteen.closed_on = clock.today()
        canteen.version += 1
        canteen.save(update_fields=["closed_on", "version"])
        append(canteen, "closed", by=by, at=clock.now())
    return canteen


def _refuse_doubles(canteen: Canteen) -> None:
    """The table's own constraints, as sentences for the person."""
    try:
        canteen.validate_constraints()
    except ValidationError as wrong:
        raise BadInput("食堂没有保存：" + "".join(wrong.messages), errors={"name": wrong.messages}) from wrong


def _facts(canteen: Canteen, names: Any) -> dict[str, Any]:
    return {name: getattr(canteen, name) for name in names if name not in WORDS}
