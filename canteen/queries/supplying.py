"""One month of suppliers and prices, as CP-05 tells it: who may deliver, what was asked, what was chosen and by which post."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from canteen.apps import KEEPERS
from canteen.models import Contract, FoodMove, Inquiry, Supplier
from canteen.queries.inquiries import Comparison, Line, compared
from canteen.queries.posts import held
from canteen.queries.suppliers import STATES, Marks, contracts_on, rated, standing, suppliers_of
from portal.clock import SCHOOL_TIME
from portal.ledger.models import Event
from portal.orgs.models import Unit
from portal.wire.amounts import cents


@dataclass(frozen=True)
class Dealt:
    """One supplier at the end of some days: how its papers stand, its contract, what it delivered (元) and how it was rated."""

    supplier: Supplier
    state: str
    contract: Contract | None
    amount: Decimal
    marks: Marks | None

    @property
    def papers(self) -> str:
        """How its papers stand, in words."""
        return dict(STATES)[self.state]

    @property
    def term(self) -> str:
        """The contract's days, in words."""
        if self.contract is None:
            return "没有在期的合同"
        return f"{self.contract.since:%Y-%m-%d} 至 {self.contract.until:%Y-%m-%d}"


def dealt_with(school: Unit, since: date, until: date) -> list[Dealt]:
    """The school's suppliers as they stood on the last of these days; five questions for any number."""
    suppliers = list(suppliers_of(school))
    contracts, marks = contracts_on(suppliers, until), rated(suppliers, since, until)
    moves = FoodMove.objects.filter(
        kind__in=(FoodMove.IN, FoodMove.BACK), on__range=(since, until), lot__line__case__supplier__in=suppliers
    )
    named = moves.order_by().values_list("lot__line__case__supplier").annotate(sum=Sum("amount"))
    amounts: dict[int, Decimal] = dict(named)
    none = Decimal("0.00")
    return [
        Dealt(one, standing(one, until), contracts.get(one.pk), amounts.get(one.pk, none), marks.get(one.pk))
        for one in suppliers
    ]


@dataclass
class Asked:
    """One week's inquiry as it was settled: the comparison, and by which post something was chosen."""

    case: Inquiry
    found: Comparison
    post: str

    @property
    def chosen(self) -> list[Line]:
        """The lines of which one was chosen."""
        return [one for one in self.found.lines if one.item.price is not None]

    @property
    def least(self) -> Decimal:
        """What the chosen lines would have cost each at its lowest price (元)."""
        return sum((cents((one.lowest or Decimal(0)) * one.item.quantity) for one in self.chosen), Decimal("0.00"))

    @property
    def dearer(self) -> list[Line]:
        """Lines of which not the lowest price was chosen."""
        return [one for one in self.chosen if one.lowest is not None and one.item.price != one.lowest]


def asked_in(school: Unit, since: date, until: date) -> list[Asked]:
    """The inquiries of the weeks that began on these days, the skipped ones left out, oldest first."""
    rows = Inquiry.objects.filter(school=school, since__range=(since, until)).exclude(state="skipped")
    cases = list(rows.select_related("school").order_by("since"))
    events = Event.objects.filter(address__in=[one.address for one in cases], verb="choose").order_by("seq")
    by = {one.address: (_person(one.who), one.at.astimezone(SCHOOL_TIME).date()) for one in events}
    posts = held((who for who, _ in by.values()), KEEPERS, school)
    none = (None, since)
    return [Asked(one, compared(one), posts.on(*by.get(one.address, none))) for one in cases]


def _person(who: str) -> int | None:
    kind, _, key = who.partition(":")
    return int(key) if kind == "person" and key.isdigit() else None


@dataclass
class Month:
    """What one ingredient cost in some inquiries (means in 元 for one measure), and at how many sources it was asked at least."""

    name: str
    measure: str
    key: tuple[str, str, str]
    sources: int = 0
    lowest: list[Decimal] = field(default_factory=list)
    chosen: list[Decimal] = field(default_factory=list)
    middle: list[Decimal] = field(default_factory=list)


def by_food(asked: Sequence[Asked]) -> list[Month]:
    """Each ingredient that was asked for, in the order of the lists."""
    found: dict[int, Month] = {}
    for line in (line for one in asked for line in one.found.lines if line.quotes):
        food = line.item.ingredient
        key = (food.name, food.spec, food.measure)
        row = found.setdefault(food.pk, Month(food.label, food.measure, key, len(line.quotes)))
        row.sources = min(row.sources, len(line.quotes))
        row.lowest += [line.lowest] if line.lowest is not None else []
        row.chosen += [line.item.price] if line.item.price is not None else []
        row.middle += [line.middle.price] if line.middle is not None else []
    return list(found.values())


def mean(prices: Sequence[Decimal]) -> Decimal | None:
    """The mean to the fen; none of nothing."""
    return cents(sum(prices, Decimal(0)) / len(prices)) if prices else None
