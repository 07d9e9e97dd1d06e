"""Deliveries for tests: ordered, weighed in and signed by the people whose posts these are."""

from datetime import date
from typing import Any

from canteen.actions import add_ingredient, sign_contract
from canteen.models import Canteen, Delivery, DeliveryLine, Ingredient, Supplier
from portal import clock
from portal.cases.actions import filled, move
from portal.cases.flow import FLOWS
from portal.orgs.models import User
from tests.canteen.cast import Kitchen
from tests.canteen.suppliers import supplier_at
from tests.conftest import photo_of
from tests.district import District

MEAT, GREENS, RICE = ("猪后腿肉", "CE-03", "斤"), ("青菜", "CE-07", "斤"), ("大米", "CE-01", "斤")


def foods_of(place: District) -> list[Ingredient]:
    """Meat and greens, which come with certificates, and rice, which does not; those added before, where they are there."""
    found = {one.name: one for one in Ingredient.objects.filter(school=place.school)}
    return [
        found.get(name)
        or add_ingredient(school=place.school, name=name, category=category, measure=measure, by="clock")
        for name, category, measure in (MEAT, GREENS, RICE)
    ]


def seller(place: District) -> Supplier:
    """The school's supplier, under contract; the one there before, where a test leaves its rows behind."""
    return Supplier.objects.filter(school=place.school).first() or _under_contract(supplier_at(place.school))


def _under_contract(one: Supplier) -> Supplier:
    sign_contract(one, since=date(2026, 1, 1), until=date(2026, 12, 31), tender="公开比选", by="clock")
    return one


def ordered(place: District, canteen: Canteen, by: User, **more: Any) -> Delivery:
    """40 斤 of meat at 15, 60 of greens at 3, 100 of rice at 2.5, for today."""
    foods_of(place)
    lines = [
        {"food": "猪后腿肉", "quantity": "40", "price": "15"},
        {"food": "青菜", "quantity": "60", "price": "3"},
        {"food": "大米", "quantity": "100", "price": "2.50"},
    ]
    data = {
        "unit": canteen.unit.pk,
        "supplier": seller(place).pk,
        "needed_on": clock.today().isoformat(),
        "lines": lines,
    }
    flow = FLOWS["canteen.delivery"]
    form = filled(flow, flow.opening, case=None, by=by, data=data | more)
    case = flow.open_action()(form, by=by)
    return Delivery.objects.get(pk=case.pk)


def on_scale(case: Delivery, by: User, *changes: dict[str, Any]) -> dict[str, Any]:
    """What the keeper types: everything as it was ordered, with its photos; `changes` for each line in order."""
    lines = []
    for at, line in enumerate(DeliveryLine.objects.filter(case=case).select_related("ingredient").order_by("pk")):
        row: dict[str, Any] = {"line": line.pk, "accepted": str(line.ordered), "price": str(line.agreed)}
        if line.ingredient.category in ("CE-03", "CE-07"):
            row["papers"] = [str(photo_of(by).pk)]
        lines.append(row | (changes[at] if at < len(changes) else {}))
    return {"photos": [str(photo_of(by).pk)], "lines": lines}


def fresh(case: Delivery) -> Delivery:
    """As it is now."""
    return Delivery.objects.select_related("canteen").get(pk=case.pk)


def weighed(place: District, canteen: Canteen, kitchen: Kitchen, *changes: dict[str, Any]) -> Delivery:
    """Ordered by Cai, weighed in by Bo."""
    case = ordered(place, canteen, kitchen.cai)
    move(case, "weigh_in", by=kitchen.bo, data=on_scale(case, kitchen.bo, *changes))
    return fresh(case)


def stocked(place: District, canteen: Canteen, kitchen: Kitchen, *changes: dict[str, Any]) -> Delivery:
    """Weighed in by Bo, signed by Yan and Bo, in stock."""
    case = weighed(place, canteen, kitchen, *changes)
    move(case, "sign_delivery", by=kitchen.yan)
    move(case, "countersign", by=kitchen.bo)
    return fresh(case)
