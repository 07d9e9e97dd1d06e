"""The accounts as figures: what a day's meals cost, what the money went into, the year's surplus, prices.
Money is that of published monthly accounts (CP-03), on the last day of their month."""

from collections.abc import Iterator
from decimal import Decimal

from canteen.flow import MONTHS
from canteen.models import categories
from canteen.queries import accounts as queries
from canteen.queries import standing
from canteen.queries.places import canteens_in
from portal.publications.periods import Every, period_of
from portal.rollups.asking import by_topic
from portal.rollups.book import Counting, Figure, How, Light, Part, Past, Tally
from portal.rollups.periods import Period
from portal.wire.amounts import rounded

from . import publishing

FEES = ("CI-01", "CI-02")


def month(past: Past) -> Iterator[Part]:
    """One month's account: owed; once it is out, what its closed books say, which no one can change any more."""
    yield from publishing.counted(past)
    if not past.took("publish"):
        return
    period = period_of(Every.MONTH, past.case.period)
    canteens = canteens_in(past.case.unit, period.since)
    account = queries.closed_account(canteens, period.since, period.until)
    day = period.until
    yield Part("canteen.income", day, amount=account.income)
    yield Part("canteen.fees", day, amount=account.of(*FEES))
    yield Part("canteen.food", day, amount=account.food)
    yield Part("canteen.cost", day, amount=account.expense)
    for code, amount in account.spent.items():
        yield Part("canteen.spent", day, amount=amount, topic=code)
    if account.eaten.diner_days:
        yield Part("canteen.fed", day, n=account.eaten.diner_days)


def named() -> dict[str, str]:
    """Categories of expense by their code, in the order of the forms."""
    return {code: one.name for code, one in categories().items() if not one.is_income}


def shares_of(path: str, period: Period) -> list[tuple[str, str, Decimal, Decimal]]:
    """支出 by category at and below a place in these days: code, name, 元, share in per cent, the largest first."""
    found = {code: one.sums["canteen.spent"][1] for code, one in by_topic([SPENT], path, period, named()).items()}
    whole = sum(found.values(), Decimal(0))
    rows = [
        (code, named()[code], amount, rounded(100 * amount / whole, Decimal("0.1"))) for code, amount in found.items()
    ]
    return sorted(rows, key=lambda one: (-one[2], one[0])) if whole else []


KINDS: dict[str, Counting] = {MONTHS.kind: month}
NAMES = ("income", "fees", "food", "cost", "fed")
TALLIES = (*(Tally(f"canteen.{name}", by_topic=False) for name in NAMES), Tally("canteen.spent", by_part=True))
LEADING = ("cost_a_day", "surplus_rate")
RANKED: tuple[tuple[str, int], ...] = ()
BY_KIND = ("spent",)
SPENT = Figure(
    "canteen.spent",
    "支出",
    "元",
    "这段时间里公示的收支月报上的支出，食材按实耗，按月末那天算。",
    How.AMOUNT,
    of="canteen.spent",
    icon="coins",
)
FIGURES = (
    Figure("canteen.cost_a_day", "人均日成本", "元", "收支月报上的支出 ÷ 就餐人天；一天里来得最多的一餐有多少人，就算多少人天。", How.MEAN, of="canteen.cost",
           over="canteen.fed", word="人天", icon="utensils"),
    SPENT,
    Figure("canteen.income", "收入", "元", "这段时间里公示的收支月报上的收入，减去退还的餐费，按月末那天算。", How.AMOUNT, of="canteen.income", icon="wallet"),
    Figure("canteen.food_share", "食材占支出", "%", "收支月报上的食材实耗 ÷ 支出合计。", How.PORTION, of="canteen.food", over="canteen.cost", icon="chart-pie",
           high_is_good=True),
    Figure("canteen.food_of_fees", "食材占餐费", "%", "收支月报上的食材实耗 ÷ 学生和教职工伙食费。", How.PORTION, of="canteen.food", over="canteen.fees",
           icon="utensils", high_is_good=True, light=Light(Decimal(50), Decimal(70), word="食材")),
    Figure("canteen.surplus_rate", "累计盈亏率", "%", "本学年结了账的月份：累计结余 ÷ 累计收入；多或少超过 2% 黄，超过 5% 红。", How.PORTION,
           asked=standing.surplus, listed="canteen.cost", icon="chart-pie", light=Light(Decimal(5), Decimal(2), high_is_good=False, word="盈亏", either=True)),
    Figure("canteen.price_index", "食材价格指数", "%", "本学年第一个有到货的月份买的那些食材，按这段时间的均价要花多少 ÷ 当时花了多少；两边都买过的才算。",
           How.PORTION, asked=standing.basket, listed="canteen.bought", icon="tags", high_is_good=False,
           light=Light(Decimal(110), Decimal(105), high_is_good=False, word="物价")),
)  # fmt: skip
