"""The store and the deliveries of the demo: the last school days at 柳溪镇中心小学, through the same actions as everybody's."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile

from canteen.actions import add_supplier, take_in_certificate
from canteen.actions.storekeeping import book_in, count_shelves, issue_to_meal, set_minimum, write_off_lot
from canteen.flow import DELIVERIES
from canteen.models import Canteen, Delivery, FoodMove, Ingredient, Lot, Shelf, Supplier
from canteen.queries import deliverers_of
from canteen.queries.deliveries import paper_of
from canteen.queries.suppliers import NEEDED
from portal import clock
from portal.cases.actions import filled, move
from portal.evidence.actions import take_in
from portal.hall.demo.brush import Sheet
from portal.hall.demo.district import District
from portal.hall.demo.stage import Stage, Story
from portal.orgs.models import User
from portal.wire.amounts import rounded

from .cast import SCHOOL
from .places import the_canteen

LAST = timedelta(days=11)  # how long before the end deliveries come day by day
D = Decimal
SOON, CHEAPER = 7, D("0.95")  # days that fresh food keeps; what it cost in the first days
# What is there at the beginning: name, how much, at which price (元), good for how many days from then, lowest number.
PANTRY = (
    ("大米", "400", "5.60", 180, "100"), ("面粉", "60", "4.80", 120, "20"), ("菜籽油", "90", "13.50", 240, "30"),
    ("食盐", "25", "3.20", 700, "5"), ("酱油", "18", "9.80", 300, "6"), ("木耳", "6", "78.00", 200, "2"),
    ("鸡腿", "12", "16.00", 6, "10"), ("纯牛奶", "480", "2.10", 4, "500"),
)  # fmt: skip
# What a day's lunch takes fresh, in turn: (name, how much, price).
DAYS = (
    (("猪肉", "38", "26.00"), ("青菜", "55", "4.20"), ("土豆", "40", "3.10"), ("豆腐", "30", "5.00")),
    (("牛肉", "26", "68.00"), ("白萝卜", "45", "2.40"), ("大白菜", "50", "2.20"), ("鸡蛋", "24", "10.50")),
    (("草鱼", "36", "16.80"), ("番茄", "38", "6.20"), ("西兰花", "32", "8.00"), ("千张", "15", "9.00")),
)  # fmt: skip
STAPLES = (("大米", "46"), ("菜籽油", "7"), ("食盐", "1.2"))
SELLERS = (("青禾鲜生配送有限公司", "91510683MA6XQHXG72"), ("柳溪粮油经营部", "92510683MA62LXLY0N"))


def begin(district: District, stage: Stage) -> None:
    """Puts the store on the stage; nothing where the school was not planted."""
    if district.has(SCHOOL):
        store = Store(district)
        stage.add(stage.starts, store.live(stage.starts, stage.until))


class Store:
    """One canteen's keeper, buyer and inspector, and what they do day after day."""

    def __init__(self, district: District) -> None:
        self.canteen: Canteen = the_canteen(district, SCHOOL)
        self.buyer, self.keeper = district.person("caiqin"), district.person("bowen")
        self.inspector, self.manager = district.person("yanming"), district.person("jianghong")
        self.foods = {one.name: one for one in Ingredient.objects.filter(school=self.canteen.school)}

    def live(self, starts: datetime, until: datetime) -> Story:
        """The books are opened, then each school day brings a delivery and takes a lunch; the last day is not finished.

        Where the weeks before are many, their first days stand for them all: the same food, a little cheaper.
        """
        self._open([one for one in PANTRY if one[3] > SOON])
        if until - starts > 3 * LAST:
            for number in range(len(DAYS)):
                yield _at(clock.today() + timedelta(days=1), time(6, 30))
                yield from self._day(number, CHEAPER)
            yield until - LAST
        self._open([one for one in PANTRY if one[3] <= SOON])
        number = 0
        while clock.now() + timedelta(days=1) < until:
            yield _at(clock.today() + timedelta(days=1), time(6, 30))
            if clock.today().weekday() < 5:
                yield from self._day(number)
                number += 1
        self._unfinished()

    def _open(self, rows: list[tuple[str, str, str, int, str]]) -> None:
        for name, quantity, price, days, least in rows:
            keeps = clock.today() + timedelta(days=days)
            lot = book_in(
                self.canteen, ingredient=self.foods[name], quantity=D(quantity), price=D(price), why="建账时盘点", by=self.keeper,
                keeps_until=keeps,
            )  # fmt: skip
            set_minimum(lot.shelf, minimum=D(least), by=self.keeper)

    def _seller(self) -> Supplier:
        """Somebody who may deliver today; the school's own where it lists any."""
        if not (known := deliverers_of(self.canteen.school)):
            for name, code in SELLERS:
                one = add_supplier(school=self.canteen.school, name=name, uscc=code, by=self.manager)
                for kind in NEEDED:
                    take_in_certificate(one, kind=kind, number="JY1510683", until=date(2031, 6, 30), by=self.manager)
        return known[0] if known else deliverers_of(self.canteen.school)[0]

    def _order(self, lines: tuple[tuple[str, str, str], ...]) -> Delivery:
        rows = [
            {"food": self.foods[name].label, "quantity": quantity, "price": price} for name, quantity, price in lines
        ]
        data = {
            "unit": self.canteen.unit.pk,
            "supplier": self._seller().pk,
            "needed_on": str(clock.today()),
            "lines": rows,
        }
        case = DELIVERIES.open_action()(
            filled(DELIVERIES, DELIVERIES.opening, case=None, by=self.buyer, data=data), by=self.buyer
        )
        return Delivery.objects.get(pk=case.pk)

    def _day(self, number: int, price: Decimal | None = None) -> Story:
        """Ordered at half past six, on the scale at seven, signed by two, cooked at ten. With another `price` (a share of
        the usual) nothing goes wrong."""
        fresh: tuple[tuple[str, str, str], ...] = DAYS[number % len(DAYS)]
        if price is not None:
            fresh = tuple((name, much, f"{D(usual) * price:.2f}") for name, much, usual in fresh)
        case = self._order(fresh)
        yield _at(clock.today(), time(6, 58))
        self._weigh(case, _troubles(number) if price is None else {})
        yield _at(clock.today(), time(7, 12))
        if price is None and number == 1:
            move(case, "reweigh", by=self.inspector, data={"reason": "秤上还压着筐，去皮重称。"})
            self._weigh(case, {})
        move(case, "sign_delivery", by=self.inspector)
        yield _at(clock.today(), time(7, 20))
        move(case, "countersign", by=self.keeper)
        if price is None and number == 2:
            self._return(case)
        yield _at(clock.today(), time(9, 40))
        self._cook([name for name, _, _ in fresh])
        if number == 4:
            self._count()

    def _weigh(self, case: Delivery, troubles: dict[int, dict[str, Any]]) -> None:
        rows = []
        for at, line in enumerate(case.lines.select_related("ingredient").order_by("pk")):
            food = line.ingredient
            row: dict[str, Any] = {"line": line.pk, "accepted": line.ordered, "price": line.agreed}
            if paper_of(food.category):
                row["papers"] = [picture(self.keeper, "#eceff1")]
            if food.category in ("CE-03", "CE-04"):
                row |= {"degrees": "3.5", "keeps_until": str(clock.today() + timedelta(days=2))}
            rows.append(row | troubles.get(at, {}))
        move(case, "weigh_in", by=self.keeper, data={"photos": [picture(self.keeper, "#8bc34a")], "lines": rows})

    def _return(self, case: Delivery) -> None:
        line = case.lines.filter(lot__isnull=False).order_by("-pk").first()
        if line is not None:
            data = {"reason": "切开发酸，退回。", "lines": [{"line": line.pk, "quantity": "2"}]}
            move(case, "return_goods", by=self.keeper, data=data)

    def _cook(self, fresh: list[str]) -> None:
        """Lunch takes all of the day's fresh food but a little, and its staples."""
        wanted = dict(STAPLES) | dict.fromkeys(fresh, "")
        lines = []
        for shelf in Shelf.objects.filter(canteen=self.canteen, on_hand__gt=0, ingredient__name__in=wanted):
            name = next(one for one, food in self.foods.items() if food.pk == shelf.ingredient_id)
            quantity = D(wanted[name]) if wanted[name] else rounded(shelf.on_hand * D("0.92"), D("0.1"))
            lines.append((shelf.pk, min(quantity, shelf.on_hand)))
        issue_to_meal(self.canteen, meal="lunch", lines=lines, by=self.keeper)
        for lot in Lot.objects.filter(shelf__canteen=self.canteen, on_hand__gt=0, keeps_until__lt=clock.today())[:1]:
            write_off_lot(lot, quantity=lot.on_hand, why="已过期，当场倒掉，厨师长在场", by=self.keeper)

    def _count(self) -> None:
        """A stock-take: flour is short by half a kilo."""
        shelf = Shelf.objects.get(canteen=self.canteen, ingredient=self.foods["面粉"])
        count_shelves(
            self.canteen,
            lines=[(shelf.pk, shelf.on_hand - D("0.5"), shelf.on_hand, "袋子破了，洒了一些")],
            by=self.keeper,
        )

    def _unfinished(self) -> None:
        """The last hours: one on its way, one to be signed, two half signed, one refused whole, one called off."""
        self._order((("苹果", "60", "7.20"),))
        for signer in (None, self.inspector, self.keeper):
            case = self._order((("冬瓜", "30", "2.60"), ("香蕉", "40", "6.00")))
            self._weigh(case, {})
            if signer is not None:
                move(case, "sign_delivery", by=signer)
        bad = self._order((("虾仁", "20", "48.00"),))
        self._weigh(bad, {0: {"accepted": "0", "reason": "化冻发黏，拒收", "keeps_until": ""}})
        move(self._order((("紫菜", "3", "60.00"),)), "call_off", by=self.buyer, data={"reason": "库里还有，不要了。"})


def _troubles(number: int) -> dict[int, dict[str, Any]]:
    """What goes wrong on which day, by the line of the order."""
    return {
        3: {0: {"price": "31.00", "reason": "供应商说本周涨价"}},
        5: {1: {"accepted": "40", "reason": "只送来两筐"}, 3: {"accepted": "0", "reason": "包装破损，拒收"}},
    }.get(number, {})


@cache
def _drawn(colour: str) -> bytes:
    """A crate on a scale."""
    sheet, held = Sheet("#cfd8dc", "#90a4ae"), BytesIO()
    sheet.box((70, 210, 260, 30), "#546e7a", round_=6)
    sheet.box((100, 100, 200, 110), colour, round_=8)
    sheet.box((170, 244, 60, 26), "#263238", round_=4)
    sheet.image.save(held, "JPEG", quality=80)
    return held.getvalue()


def picture(by: User, colour: str) -> str:
    """A photo somebody has just taken."""
    return str(take_in(ContentFile(_drawn(colour), name="photo.jpg"), by=by).pk)


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, clock.SCHOOL_TIME)


def summary() -> str:
    """How much of it there is."""
    return f"{Delivery.objects.count()} deliveries, {FoodMove.objects.count()} moves of food"
