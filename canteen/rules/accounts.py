"""When an account may be made: closed months, and a surplus that goes where its rule says."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from canteen.models import Canteen, RefundPlan, SurplusRule
from canteen.queries.accounts import open_months, share
from portal.errors import Refused


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


def surplus_goes_back(canteen: Canteen, balance: Decimal, income: Decimal, plan: RefundPlan | None, title: str) -> None:
    """A surplus all goes back where the place says so (CR-25); elsewhere what lies over the limit does (CR-24)."""
    if balance <= 0:
        return
    rate = share(balance, income) or Decimal(0)
    within = canteen.surplus_rule == SurplusRule.WITHIN
    if within and rate * 100 <= canteen.surplus_limit:
        return
    over = balance if not within else balance - (income * canteen.surplus_limit / 100).quantize(Decimal("0.01"))
    if plan is not None and plan.amount >= over:
        return
    rule = (
        "结余全部退还学生（CR-25）"
        if not within
        else f"累计结余不超过收入的 {canteen.surplus_limit.normalize():f}%（CR-24）"
    )
    raise Refused(
        f"{canteen.name}{title}结余 {balance:.2f} 元，要退 {over:.2f} 元，还没有退还方案。", rule=rule, who="食堂会计",
        instead="请在账本里登记结余退还方案，再制表。",
    )  # fmt: skip
