"""The same purchase twice in the books: once by the delivery itself, once by hand."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q

from canteen.models import Canteen, Entry, categories

from .books import NUMBER, ZERO

NEAR = timedelta(days=31)  # an invoice is seldom dated further from its delivery
Group = list[Entry]  # what one delivery has booked by itself, and what went back of it


def same_delivery(canteen: Canteen, category: str, amount: Decimal, dated: date, *, named: str = "") -> Entry | None:
    """What a delivery has booked by itself and this may be the same purchase as, the nearest; none for what is no food.

    The same amount of that category, net of what went back or not, or of the whole delivery, within `NEAR` of the
    voucher's day; or any amount of that category of a delivery whose number is `named`. What was reversed does not count.
    """
    if not categories()[category].is_food:
        return None
    found = [
        hit
        for group in _booked_by_deliveries(canteen, dated, dated, NUMBER.findall(named))
        for hit in _same(group, category, amount, dated, named)[:1]
    ]
    return min(found, key=lambda one: (abs(one.dated - dated), -one.pk), default=None)


def twins_of(canteen: Canteen, entries: Sequence[Entry]) -> dict[int, Entry]:
    """Of these entries of a canteen, by key, those that stand in its books a second time, with the other one: a delivery's own
    and one by hand that does not say why it is another purchase. What was reversed does not count. Two questions at most."""
    food = [one for one in entries if one.amount > 0 and one.reverses_id is None and categories()[one.category].is_food]
    if not food:
        return {}
    first, last = min(one.dated for one in food), max(one.dated for one in food)
    hands = canteen.entries.filter(by__isnull=False, apart="", amount__gt=0, reverses=None, reversed_by=None)
    near = [one for one in hands.filter(dated__range=(first - NEAR, last + NEAR)) if categories()[one.category].is_food]
    if not near:
        return {}
    days = [one.dated for one in near]
    groups = _booked_by_deliveries(canteen, min(days), max(days), [])
    found: dict[int, Entry] = {}
    for hand in sorted(near, key=lambda one: one.pk):
        said = f"{hand.words} {hand.voucher}"
        for hit in (one for group in groups for one in _same(group, hand.category, hand.amount, hand.dated, said)):
            found.setdefault(hand.pk, hit)
            found.setdefault(hit.pk, hand)
    return found


def _booked_by_deliveries(canteen: Canteen, first: date, last: date, numbers: Iterable[str]) -> list[Group]:
    """What deliveries have booked near these days, or under these numbers, one by one."""
    rows = canteen.entries.filter(by=None, case__isnull=False, reversed_by=None).select_related("case")
    groups: dict[int | None, Group] = {}
    meant = Q(dated__range=(first - NEAR, last + NEAR)) | Q(case__number__in=list(numbers))
    for one in rows.filter(meant).order_by("pk"):
        groups.setdefault(one.case_id, []).append(one)
    return list(groups.values())


def _same(group: Group, category: str, amount: Decimal, dated: date, named: str) -> Group:
    """Which amounts of a delivery an entry by hand repeats; nothing where it is another purchase."""
    near = [one for one in group if abs(one.dated - dated) <= NEAR]
    mine = [one for one in near if one.category == category]
    if near and sum((one.amount for one in near), ZERO) == amount:
        return [one for one in near if one.amount > 0]
    if any(one.amount == amount for one in mine) or (mine and sum((one.amount for one in mine), ZERO) == amount):
        return [one for one in mine if one.amount > 0]
    number = group[0].case.number if group[0].case else ""
    return (
        [one for one in group if one.amount > 0 and one.category == category] if number in NUMBER.findall(named) else []
    )
