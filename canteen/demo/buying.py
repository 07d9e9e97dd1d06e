"""Suppliers and price inquiries in the demo: papers of every state at 柳溪镇中心小学, and each week's prices at every school."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from stdnum.cn import uscc

from canteen.actions import (
    add_supplier,
    ban_supplier,
    open_inquiry,
    open_renewals,
    rate_supplier,
    sign_contract,
    take_in_certificate,
)
from canteen.flow import INQUIRIES, RENEWALS
from canteen.models import Ingredient, Inquiry
from canteen.queries.ingredients import usable_of
from canteen.queries.inquiries import monday_of
from canteen.queries.suppliers import NEEDED
from portal import clock
from portal.cases.actions import filled, move
from portal.hall.demo.district import District
from portal.hall.demo.routines import comes_only_at
from portal.hall.demo.stage import Stage, Story
from portal.ledger.actions import CLOCK
from portal.orgs.models import User
from portal.wire.amounts import cents

from .cast import SCHOOL
from .picture import tag
from .places import ALL

YEARS = timedelta(days=900)
# Name, what they deliver, days until the permit ends (none: for years), whether they were banned.
SUPPLIERS = (
    ("青禾县粮油购销公司", "大米、面粉、食用油", None, False),
    ("东桥肉类联合加工厂", "猪肉、牛肉、鸡腿", 22, False),
    ("柳溪绿园蔬菜合作社", "时令蔬菜", None, False),
    ("县乳业配送中心", "牛奶", 3, False),
    ("城关鲜货行", "水产、干货", None, True),
)
PRICES = {
    "大米": "5.60", "面粉": "4.80", "菜籽油": "13.20", "猪肉": "29.80", "鸡蛋": "10.40", "青菜": "4.60", "土豆": "3.20",
    "番茄": "5.80",
}  # fmt: skip
SOURCES = (("柳溪农贸市场", "1.00"), ("县批发市场", "0.96"), ("惠农到家平台", "1.07"))
LATELY = timedelta(weeks=2)  # how long the other schools have asked prices
WANTED = Decimal(60)  # of each, a week


def begin(district: District, stage: Stage) -> None:
    """Puts suppliers and the inquiries to come on the stage."""
    if district.has(SCHOOL):
        suppliers(district)
    for flow in (INQUIRIES, RENEWALS):
        comes_only_at(district, flow, (SCHOOL,))
    stage.add(stage.starts, Asking(district, stage).weeks())
    stage.add(stage.starts, renewals(district))


def renewals(district: District) -> Story:
    """Each morning certificates that end within a month get their case; the meat factory's is renewed, the dairy's is not."""
    while district.has(SCHOOL):
        school = district.schools[SCHOOL].unit
        form = filled(RENEWALS, RENEWALS.opening, case=None, by=CLOCK, data={"unit": school.pk})
        for case in open_renewals(form, by=CLOCK):
            if "肉类" in case.title:
                yield clock.now() + timedelta(hours=3)
                by = district.person("caiqin")
                until = clock.today() + YEARS
                move(case, "renew", by=by, data={"number": "JY35106230088", "until": until, "papers": [tag(by)]})
        yield datetime.combine(clock.today() + timedelta(days=1), time(6, 40), clock.SCHOOL_TIME)


def suppliers(district: District) -> None:
    """Listed with their papers; one is rated, one banned."""
    school = district.schools[SCHOOL].unit
    buyer, manager = district.person("caiqin"), district.person("jianghong")
    today = clock.today()
    for number, (name, goods, days, banned) in enumerate(SUPPLIERS, 1):
        one = add_supplier(
            school=school, name=name, uscc=code(number), goods=goods, contact="王经理", phone="0838-555 0200", by=buyer
        )
        for kind in NEEDED:
            until = today + (timedelta(days=days + 14) if days and kind == "permit" else YEARS)
            take_in_certificate(one, kind=kind, number=f"{kind[:2].upper()}{number:06d}", until=until, by=buyer)
        since = today.replace(day=1) - timedelta(days=60)
        sign_contract(one, since=since, until=since + timedelta(days=365), tender="2026 年秋季公开比选", by=buyer)
        if number < 3:
            rate_supplier(one, goods=5, price=4, service=5, by=district.person("bowen"))
        if banned:
            ban_supplier(one, why="两次短秤不说明", by=manager)


class Asking:
    """Whoever buys asks three sources when the week's inquiry is opened; the manager chooses, but for the last one."""

    def __init__(self, district: District, stage: Stage) -> None:
        self.district, self.stage, self.last = district, stage, dict[int, int]()
        self.codes = [one for one in ALL if district.has(one)]

    def weeks(self) -> Story:
        """Each Monday the inquiries of the first schools are opened, as the schedule would; the first week's right away."""
        while True:
            lately = self.stage.until - clock.now() < LATELY
            for school in (self.district.schools[one].unit for one in self.codes if one == SCHOOL or lately):
                form = filled(INQUIRIES, INQUIRIES.opening, case=None, by=CLOCK, data={"unit": school.pk})
                open_inquiry(form, by=CLOCK)  # where the schedule has not
                made = Inquiry.objects.filter(school=school, pk__gt=self.last.get(school.pk, 0)).order_by("-pk").first()
                if made is not None:
                    self.last[school.pk] = made.pk
                    self.stage.add(made.opened_at + timedelta(hours=2, minutes=made.pk % 40), self._ask(made))
            following = monday_of(clock.today()) + timedelta(days=7)
            yield datetime.combine(following, time(7, 1), clock.SCHOOL_TIME)

    def _ask(self, case: Inquiry) -> Story:
        school = self.district.schools[case.school.code]
        buyer = self.district.person(school.holder("canteen_buyer"))
        manager = self.district.person(school.holder("canteen_manager"))
        foods = [one for one in usable_of(case.school) if one.name in PRICES]
        if not case.items.exists():
            rows = [{"ingredient": one.pk, "quantity": str(WANTED)} for one in foods]
            move(case, "list_items", by=buyer, data={"lines": rows})
        for name, factor in SOURCES:
            yield self._later(25)
            move(case, "quote", by=buyer, data=quoted(foods, name, Decimal(factor), case.pk, buyer))
        yield self._later(15)
        move(case, "compare", by=buyer)
        yield self._later(200)
        if case.school.code == SCHOOL and self.stage.until - case.opened_at < timedelta(days=7):
            return
        move(case, "choose", by=manager, data=cheapest(case))

    def _later(self, minutes: int) -> datetime:
        return clock.now() + timedelta(minutes=minutes)


def quoted(foods: list[Ingredient], name: str, factor: Decimal, turn: int, by: User) -> dict[str, Any]:
    """One source's prices, a little different each time, with a photo of the tags."""
    rows = []
    for at, one in enumerate(foods):
        drift = Decimal(100 + (turn * 7 + at * 5) % 9 - 4) / 100
        odd = Decimal("1.22") if name.startswith("惠农") and one.name == "番茄" else Decimal(1)
        price = cents(Decimal(PRICES[one.name]) * factor * drift * odd)
        rows.append({"ingredient": one.pk, "price": str(price)})
    return {"kind": "online" if "平台" in name else "market", "name": name, "lines": rows, "photos": [tag(by)]}


def cheapest(case: Inquiry) -> dict[str, Any]:
    """The lowest price of each."""
    best: dict[int, tuple[Decimal, int]] = {}
    for food, source, price in case.quotes.values_list("ingredient", "source", "price"):
        best[food] = min(best.get(food, (price, source)), (price, source))
    rows = [{"ingredient": food, "source": source} for food, (_, source) in best.items()]
    return {"lines": rows, "reason": "每样选最低价，农贸市场和批发市场都能当天送到。"}


def code(number: int) -> str:
    """A credit code that holds."""
    body = f"91510623{number:09d}"
    return body + uscc.calc_check_digit(body)
