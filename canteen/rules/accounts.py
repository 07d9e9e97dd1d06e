"""When an account may be made: closed months, and a surplus that goes where its rule says."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from canteen.models import Canteen, RefundPlan, SurplusRule
from canteen.queries.accounts import Account, open_months
from portal.errors import Refused

FEN = Decimal("0.01")


def every_month_is_closed(canteens: Sequence[Canteen], since: date, until: date, title: str) -> None:
    """A month's account is made of closed books; a month without an entry needs no closing."""
    left = open_months(canteens, since, until)
    if left:
        canteen, period = left[0]
        raise Refused(
            f"{canteen.name}{period.title}还没有结账，{title}的账还不能公示。",
            who="食堂会计",
            instead="请先在账本里结账。",
        )


def over(canteen: Canteen, balance: Decimal, income: Decimal) -> Decimal:
    """What of a surplus goes back, in 元 to the fen: all of it where the place says so (CR-25), else what lies over the
    limit (CR-24). Measured exactly: a rate as it is shown has been rounded."""
    kept = Decimal(0)
    if canteen.surplus_rule == SurplusRule.WITHIN:
        kept = (income * canteen.surplus_limit / 100).quantize(FEN, ROUND_DOWN)
    return max(balance - kept, Decimal(0)) if balance > 0 else Decimal(0)


def surplus_goes_back(account: Account, canteen: Canteen, plan: RefundPlan | None, title: str) -> None:
    """Where something goes back, there is a plan for at least that much."""
    owed = over(canteen, account.balance, account.income)
    if owed and (plan is None or plan.amount < owed):
        raise Refused(
            f"{canteen.name}{title}结余 {account.balance:.2f} 元，要退 {owed:.2f} 元，还没有退还方案。", rule=_rule(canteen),
            who="食堂会计", instead="请在账本里登记结余退还方案，再制表。",
        )  # fmt: skip


def plan_is_enough(account: Account, canteen: Canteen, amount: Decimal, title: str) -> None:
    """Once the books say what goes back, no plan is made, or made again, for less."""
    owed = over(canteen, account.balance, account.income)
    if amount < owed:
        said = f"{canteen.name}{title}要退 {owed:.2f} 元，方案不能少于这个数。"
        raise Refused(said, rule=_rule(canteen), errors={"amount": [f"至少 {owed:.2f} 元。"]})


def _rule(canteen: Canteen) -> str:
    if canteen.surplus_rule == SurplusRule.RETURNED:
        return "结余全部退还学生（CR-25）"
    return f"累计结余不超过收入的 {canteen.surplus_limit.normalize():f}%（CR-24）"
