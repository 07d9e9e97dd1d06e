"""What a school's canteens took in, spent and cooked for in some days, as its accounts say it: sums of the sealed books."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Min, QuerySet

from canteen.models import BookMonth, Canteen, ClosedStock, Diners, Entry, categories
from portal.publications.periods import Every, Period, period_of
from portal.wire.amounts import cents, rounded

from .books import REFUND, ZERO, Booked, month_of_day, sums
from .meals import Eaten, eaten

# What parents read: several categories of the forms under one short name.
LINES = {
    "CE-01": "粮食", "CE-02": "食用油", "CE-03": "畜禽肉", "CE-04": "水产", "CE-05": "蛋奶", "CE-06": "蛋奶", "CE-07": "蔬菜菌菇",
    "CE-08": "水果", "CE-09": "豆制品", "CE-10": "调味品", "CE-11": "干货面点", "CE-12": "其他食材", "CE-20": "燃气水电",
    "CE-21": "燃气水电", "CE-22": "燃气水电", "CE-30": "食堂人员", "CE-31": "食堂人员", "CE-40": "清洁消毒",
    "CE-41": "餐具维修检测", "CE-42": "餐具维修检测", "CE-43": "餐具维修检测",
}  # fmt: skip
OTHER = "办公及其他"
TENTH = Decimal("0.001")


@dataclass(frozen=True)
class Account:
    """Some days of a school's canteens. Refunds to pupils are taken off the income; of food `spent` is what was booked."""

    canteens: Sequence[Canteen]
    since: date
    until: date
    booked: Sequence[Booked]
    eaten: Eaten
    used: dict[str, Decimal] | None = None  # by food, where its stock was counted; then it is what was spent

    def of(self, *codes: str, diners: str = "") -> Decimal:
        """What was booked under these categories, for these diners or for all."""
        return sum(
            (one.amount for one in self.booked if one.category.code in codes and diners in ("", one.diners)), ZERO
        )

    @property
    def income(self) -> Decimal:
        """收入合计, less what went back to pupils."""
        return sum((one.amount for one in self.booked if one.category.is_income), ZERO) - self.of(REFUND)

    @property
    def spent(self) -> dict[str, Decimal]:
        """支出 by category; food as it was used where that is known, else as it was booked."""
        found: dict[str, Decimal] = {}
        for one in self.booked:
            if not one.category.is_income and one.category.code != REFUND:
                found[one.category.code] = found.get(one.category.code, ZERO) + one.amount
        if self.used is not None:
            found = {code: value for code, value in found.items() if not categories()[code].is_food} | self.used
        return {code: found[code] for code in categories() if found.get(code)}

    @property
    def expense(self) -> Decimal:
        """支出合计."""
        return sum(self.spent.values(), ZERO)

    @property
    def balance(self) -> Decimal:
        """结余 = 收入合计 - 支出合计."""
        return self.income - self.expense

    @property
    def food(self) -> Decimal:
        """What was spent on things to eat."""
        return sum((value for code, value in self.spent.items() if categories()[code].is_food), ZERO)

    @property
    def lines(self) -> list[tuple[str, Decimal]]:
        """支出 as parents read it, food first and the largest first."""
        found: dict[str, Decimal] = {}
        for code, value in self.spent.items():
            found[LINES.get(code, OTHER)] = found.get(LINES.get(code, OTHER), ZERO) + value
        food = {LINES[code] for code in LINES if categories()[code].is_food}
        return sorted(found.items(), key=lambda one: (one[0] not in food, -one[1], one[0]))

    @property
    def food_share(self) -> Decimal | None:
        """食材占支出, 0 to 1; none where nothing was spent."""
        return share(self.food, self.expense)

    @property
    def food_of_fees(self) -> Decimal | None:
        """食材占比 of the forms: food over what pupils and staff paid."""
        return share(self.food, self.of("CI-01", "CI-02"))

    @property
    def food_per_meal(self) -> Decimal | None:
        """每餐吃到嘴里, 元; none where nobody ate."""
        return cents(self.food / self.eaten.meals) if self.eaten.meals else None

    @property
    def fee_per_meal(self) -> Decimal | None:
        """What a pupil's meal was paid with on average."""
        paid = self.of("CI-01") - self.of(REFUND)
        return cents(paid / self.eaten.students) if self.eaten.students and paid else None

    def apart(self) -> "Apart":
        """教职工餐 apart (CR-22): its income, what was booked for it, and its part of shared cost by how many ate."""
        direct = self._spent_on(Diners.STAFF)
        rest = self.expense - direct - self._spent_on(Diners.STUDENTS)
        whole = self.eaten.students + self.eaten.guests + self.eaten.staff
        theirs = cents(rest * self.eaten.staff / whole) if whole else ZERO
        own = sum((one.amount for one in self.booked if one.category.is_income and one.diners == Diners.STAFF), ZERO)
        return Apart(self.eaten.staff, own, direct + theirs, self.income - own, self.expense - direct - theirs)

    def _spent_on(self, diners: str) -> Decimal:
        """Booked for these diners alone, other than what is shared."""
        return sum(
            (
                one.amount
                for one in self.booked
                if one.diners == diners and not one.category.is_income and one.category.code != REFUND
            ),
            ZERO,
        )


@dataclass(frozen=True)
class Apart:
    """Staff's meals and pupils' meals, in 元."""

    staff_meals: int
    staff_income: Decimal
    staff_spent: Decimal
    pupils_income: Decimal
    pupils_spent: Decimal


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """A share to a thousandth; none of nothing."""
    return rounded(part / whole, TENTH) if whole else None


def account_of(canteens: Iterable[Canteen], since: date, until: date) -> Account:
    """The account of these days as the sealed books have it. Two questions."""
    mine = list(canteens)
    return Account(mine, since, until, sums(mine, since, until), eaten(mine, since, until))


@dataclass(frozen=True)
class MonthAccount:
    """A closed month of a school's canteens, with the school year so far."""

    month: Account
    year: Account
    stocks: dict[str, ClosedStock]
    analysis: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    @property
    def rate(self) -> Decimal | None:
        """盈亏率 = 累计结余 / 累计收入."""
        return share(self.year.balance, self.year.income)


def year_begins(day: date) -> date:
    """The first of August of the school year a day lies in."""
    return date(day.year if day.month >= 8 else day.year - 1, 8, 1)


def open_months(canteens: Iterable[Canteen], since: date, until: date) -> list[tuple[Canteen, Period]]:
    """Months of these days that are not closed yet, by canteen, the oldest first; none before its first entry."""
    mine = list(canteens)
    closed = set(_closed(mine).values_list("canteen", "month"))
    firsts = Entry.objects.filter(canteen__in=mine, day__lte=until).order_by().values_list("canteen")
    begun: dict[int, date] = dict(firsts.annotate(first=Min("day")))
    found = []
    for canteen in (one for one in mine if one.pk in begun):
        day = max(since, begun[canteen.pk])
        while day <= until:
            month = period_of(Every.MONTH, month_of_day(day))
            if (canteen.pk, month.code) not in closed:
                found.append((canteen, month))
            day = month.until + timedelta(days=1)
    return found


def used_of(canteens: Iterable[Canteen], since: date, until: date) -> dict[str, Decimal]:
    """By food, what the closed months of these days say was used, in 元."""
    rows = ClosedStock.objects.filter(
        month__canteen__in=list(canteens), month__month__range=(f"{since:%Y-%m}", f"{until:%Y-%m}")
    )
    found: dict[str, Decimal] = {}
    for one in rows:
        found[one.category] = found.get(one.category, ZERO) + one.used
    return found


def closed_account(canteens: Sequence[Canteen], since: date, until: date) -> Account:
    """The account of closed months: food as it was used by counting. Three questions."""
    return Account(
        canteens,
        since,
        until,
        sums(canteens, since, until),
        eaten(canteens, since, until),
        used_of(canteens, since, until),
    )


def month_account(canteens: Sequence[Canteen], period: Period) -> MonthAccount:
    """A closed month and the school year so far; food's stock summed over the canteens."""
    months = list(_closed(canteens).filter(month=period.code).prefetch_related("stocks"))
    stocks: dict[str, ClosedStock] = {}
    for one in (stock for month in months for stock in month.stocks.all()):
        sum_ = stocks.setdefault(
            one.category, ClosedStock(category=one.category, opening=0, booked=0, closing=0, corrected=0)
        )
        sum_.opening, sum_.booked = sum_.opening + one.opening, sum_.booked + one.booked
        sum_.closing, sum_.corrected = sum_.closing + one.closing, sum_.corrected + one.corrected
    month = closed_account(canteens, period.since, period.until)
    year = closed_account(canteens, year_begins(period.since), period.until)
    order = {code: stocks[code] for code in categories() if code in stocks}
    said = [[text for text in (getattr(one, name) for one in months) if text] for name in ("analysis", "difference")]
    return MonthAccount(month, year, order, *said)


def _closed(canteens: Iterable[Canteen]) -> QuerySet[BookMonth]:
    return BookMonth.objects.filter(canteen__in=list(canteens), closed_at__isnull=False)
