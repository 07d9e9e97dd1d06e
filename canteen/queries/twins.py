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
    and one by hand. Each is held against one other only, the nearest, so that equal amounts day by day accuse nobody twice; a
    pair of which somebody has said why it is two purchases is none. What was reversed does not count. Two questions at most."""
    food = [one for one in entries if one.amount > 0 and one.reverses_id is None and categories()[one.category].is_food]
    if not food:
        return {}
    first, last = min(one.dated for one in food), max(one.dated for one in food)
    hands = canteen.entries.filter(by__isnull=False, apart="", amount__gt=0, reverses=None, reversed_by=None)
    meant = hands.filter(dated__range=(first - NEAR, last + NEAR)).select_related("seal")
    near = [one for one in meant if categories()[one.category].is_food]
    if not near:
        return {}
    days = [one.dated for one in near]
    groups = _booked_by_deliveries(canteen, min(days), max(days), [])
    found: dict[int, Entry] = {}
    for hand, hits in _pairs(near, groups):
        if hand.pk not in found and (free := [one for one in hits if one.pk not in found]):
            found |= {hand.pk: free[0]} | {one.pk: hand for one in free}
    return {pk: one for pk, one in found.items() if not (_settled(one) or _settled(found[one.pk]))}


def _pairs(hands: Sequence[Entry], groups: Sequence[Group]) -> list[tuple[Entry, Group]]:
    """What is by hand beside what of a delivery it may repeat: single amounts before whole deliveries, the nearest first."""
    found = [
        (hand, hits)
        for hand in hands
        for group in groups
        if (hits := _same(group, hand.category, hand.amount, hand.dated, f"{hand.words} {hand.voucher}"))
    ]
    return sorted(found, key=lambda pair: (len(pair[1]), abs(pair[0].dated - pair[1][0].dated), pair[0].pk))


def _settled(one: Entry) -> bool:
    """Whoever sealed it has said why it is another purchase."""
    return hasattr(one, "seal") and one.seal.apart != ""


def _booked_by_deliveries(canteen: Canteen, first: date, last: date, numbers: Iterable[str]) -> list[Group]:
    """What deliveries have booked near these days, or under these numbers, one by one."""
    rows = canteen.entries.filter(by=None, case__isnull=False, reversed_by=None).select_related("case", "seal")
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
