"""An inquiry in any state, for tests: three sources for rice and pork, the buyer asks, the manager chooses."""

from typing import Any

from canteen.actions import add_ingredient, open_inquiry
from canteen.flow import INQUIRIES
from canteen.models import Ingredient, Inquiry
from portal.cases.actions import filled, move
from portal.orgs.models import Unit, User
from tests.conftest import photo_of

SOURCES = {"柳溪农贸市场": ("5.00", "30.00"), "县批发市场": ("4.80", "31.00"), "鲜到家平台": ("5.60", "42.00")}


def opened(school: Unit) -> Inquiry:
    """This week's inquiry, as the clock opens it."""
    form = filled(INQUIRIES, INQUIRIES.opening, case=None, by="clock", data={"unit": school.pk})
    made = open_inquiry(form, by="clock")
    assert isinstance(made, Inquiry)
    return made


def food(school: Unit) -> list[Ingredient]:
    """Rice and pork of that school, by the jin."""
    return [_one(school, name, code) for name, code in (("大米", "CE-01"), ("猪肉", "CE-03"))]


def _one(school: Unit, name: str, code: str) -> Ingredient:
    found = Ingredient.objects.filter(school=school, name=name, measure="斤").first()
    return found or add_ingredient(school=school, name=name, category=code, measure="斤", by="clock")


def listed(case: Inquiry, by: User) -> Inquiry:
    """With 100 jin of rice and 20 of pork on its list."""
    rows = [{"ingredient": one.pk, "quantity": n} for one, n in zip(food(case.school), ("100", "20"), strict=True)]
    return move(case, "list_items", by=by, data={"lines": rows})  # type: ignore[return-value]


def quoted(case: Inquiry, by: User, name: str, prices: tuple[str, ...]) -> Inquiry:
    """One market's prices, with a photo."""
    rows = [{"ingredient": one.pk, "price": price} for one, price in zip(food(case.school), prices, strict=False)]
    data = {"kind": "market", "name": name, "lines": rows, "photos": [photo_of(by).pk]}
    return move(case, "quote", by=by, data=data)  # type: ignore[return-value]


def asked(school: Unit, by: User) -> Inquiry:
    """An inquiry that waits for the choice."""
    case = listed(opened(school), by)
    for name, prices in SOURCES.items():
        quoted(case, by, name, prices)
    return move(case, "compare", by=by)  # type: ignore[return-value]


def choice(case: Inquiry, **other: Any) -> dict[str, Any]:
    """The cheapest of each, or `other` sources by the ingredient's name with why."""
    sources = {one.name: one.pk for one in case.sources.all()}
    picked = {"大米": ("县批发市场", ""), "猪肉": ("柳溪农贸市场", "")} | other
    rows = [
        {"ingredient": one.pk, "source": sources[picked[one.name][0]], "why": picked[one.name][1]}
        for one in food(case.school)
    ]
    return {"lines": rows, "reason": "每样选最低价"}
