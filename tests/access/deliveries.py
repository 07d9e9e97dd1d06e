"""Deliveries of the table: one in every state it asks for, by people of their own, and what fits each of their steps."""

from decimal import Decimal
from typing import Any

from canteen.actions import add_ingredient
from canteen.actions.stock import receive
from canteen.models import Canteen, Delivery, Ingredient, Lot, Shelf, Supplier
from portal.cases.actions import filled, move
from portal.cases.flow import FLOWS
from portal.cases.models import Case
from portal.orgs.models import Unit
from tests.canteen.cast import canteen_of
from tests.canteen.suppliers import supplier_at
from tests.conftest import photo_of
from tests.district import MONDAY, District, hire

from . import kitchen

WAY = ("weigh_in", "sign_delivery", "countersign")
STATES = {"到货待到货": 0, "到货待签字": 1, "到货待第二人": 2, "到货已入库": 3}


def order_at(canteen: Canteen) -> dict[str, Any]:
    """What fits the form of an order of rice."""
    school = canteen.school
    supplier = Supplier.objects.filter(school=school).first() or supplier_at(school)
    line = {"food": "大米", "quantity": "10", "price": "2.50"}
    return {"unit": school.pk, "supplier": supplier.pk, "needed_on": str(MONDAY.date()), "lines": [line]}


def lot_at(school: Unit) -> Lot:
    """Some salt in the store of that school's canteen."""
    canteen = kitchen.canteen_at(school)
    salt = Ingredient.objects.filter(school=school, name="食盐").first()
    salt = salt or add_ingredient(school=school, name="食盐", category="CE-10", by="clock")
    return receive(canteen, salt, Decimal(5), Decimal(3), by="clock")


def sheet(canteen: Canteen, **more: str) -> dict[str, Any]:
    """One line about its rice."""
    shelf = Shelf.objects.get(canteen=canteen, ingredient__name="大米")
    return {"lines": [{"shelf": shelf.pk} | more]}


RICE = {"food": "大米", "quantity": "5", "price": "2", "why": "捐赠"}
ISSUED, COUNTED = {"quantity": "1"}, {"counted": "9", "why": "洒了"}


def said(step: str, case: Delivery, photo: list[str]) -> dict[str, Any]:
    """What fits the form of a step."""
    line = case.lines.get()
    weighed = {"line": line.pk, "accepted": "10", "price": "2.50"}
    return {
        "weigh_in": {"photos": photo, "lines": [weighed]},
        "return_goods": {"reason": "有虫", "lines": [{"line": line.pk, "quantity": "1"}]},
        "reweigh": {"reason": "秤没有归零"},
        "call_off": {"reason": "改日再要"},
        "comment": {"words": "在二楼"},
        "nudge": {"words": "请尽快"},
    }.get(step, {})


def in_every_state(place: District) -> dict[str, Case]:
    """Bought, weighed and signed by none of the table's people."""
    school = place.school
    canteen = canteen_of(place)
    if not Ingredient.objects.filter(school=school, name="大米").exists():
        add_ingredient(school=school, name="大米", category="CE-01", by="clock")
    buyer = hire("own-buyer", "买方", school, ("canteen_buyer", school))
    keeper = hire("own-keeper", "库方", school, ("canteen_keeper", school))
    inspector = hire("own-inspector", "验方", school, ("canteen_inspector", school))
    takers = {"weigh_in": keeper, "sign_delivery": inspector, "countersign": keeper}
    flow: Any = FLOWS["canteen.delivery"]
    found: dict[str, Case] = {}
    for state, steps in STATES.items():
        form = filled(flow, flow.opening, case=None, by=buyer, data=order_at(canteen))
        case = flow.open_action()(form, by=buyer)
        for step in WAY[:steps]:
            taker = takers[step]
            data = said(step, Delivery.objects.get(pk=case.pk), [str(photo_of(taker).pk)])
            move(case, step, by=taker, data=data)
        found[state] = Delivery.objects.get(pk=case.pk)
    return found
