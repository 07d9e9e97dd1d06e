"""The meal cards of the demo: what the families of one school paid in and what their children ate, as the card system says it."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from canteen.actions.meals import carry_out, plan
from canteen.models import Canteen, MealMoney
from canteen.queries.meals import pupils_of
from portal.orgs.models import Student, User
from portal.sheets.importing import Line, Table

PAID, PORTION = Decimal("700.00"), Decimal("9.00")


def swipe(canteen: Canteen, monday: date, *, by: User) -> None:
    """One week of cards: five lunches a pupil; in the first week that is brought in, the term's money before them."""
    first = not canteen.meal_money.exists()
    moves = [one for pupil in pupils_of(canteen).order_by("pk") for one in _moves(pupil, monday, paid=first)]
    table = Table([Line(number, clean) for number, clean in enumerate(moves, 2)])
    carry_out(table, canteen=canteen, seen=plan(table, canteen=canteen).digest, by=by)


def _moves(pupil: Student, monday: date, *, paid: bool) -> Iterator[dict[str, Any]]:
    if paid:
        yield _move(pupil, monday, "C", "充值", MealMoney.PAID, PAID)
    for n in range(5):
        if (pupil.pk + n + monday.toordinal() // 7) % 23:  # now and then somebody is ill
            yield _move(pupil, monday + timedelta(days=n), "X", "消费", MealMoney.EATEN, PORTION)


def _move(pupil: Student, day: date, sign: str, words: str, kind: str, amount: Decimal) -> dict[str, Any]:
    serial = f"{sign}{day:%Y%m%d}-{pupil.number}"
    return {
        "serial": serial, "number": pupil.number, "name": pupil.name, "day": day, "words": words, "kind": kind,
        "amount": amount,
    }  # fmt: skip
