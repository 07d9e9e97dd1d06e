"""When an account may be made: closed months, and a surplus that goes where its rule says."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from canteen.models import Canteen, RefundPlan, SurplusRule, TermAccount
from canteen.queries.accounts import open_months
from canteen.queries.refunds import Standing
from portal.errors import Refused

FEN = Decimal("0.01")


def every_month_is_closed(canteens: Sequence[Canteen], since: date, until: date, title: str) -> None:
    """An account is made of closed books, from the first month in which something was booked; months without an entry too:
    food is used in them, and a late voucher would count there."""
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


def surplus_goes_back(standing: Standing | None, canteen: Canteen, plan: RefundPlan | None, title: str) -> None:
    """Where something goes back, there is a plan for at least that much, and for no more than there is."""
    owed = over(canteen, standing.balance, standing.income) if standing else Decimal(0)
    if standing and owed and plan is None:
        raise Refused(
            f"到{title}末，{canteen.name}本学年累计结余 {standing.balance:.2f} 元，要退 {owed:.2f} 元，还没有退还方案。",
            rule=_rule(canteen), who="食堂会计", instead="请在账本里登记结余退还方案，再制表。",
        )  # fmt: skip
    if plan is not None:
        plan_fits(standing, canteen, plan.amount, title)


def plan_fits(standing: Standing | None, canteen: Canteen, amount: Decimal, title: str) -> None:
    """Once the books say what goes back, no plan is for less; and none for more than the year's surplus (ADR 0026)."""
    if standing is None:
        return
    owed, most = over(canteen, standing.balance, standing.income), max(standing.balance, Decimal(0))
    if amount < owed:
        said = f"到{title}末，{canteen.name}要退 {owed:.2f} 元，方案不能少于这个数。"
        raise Refused(said, rule=_rule(canteen), errors={"amount": [f"至少 {owed:.2f} 元。"]})
    if amount > most:
        said = f"到{title}末，{canteen.name}本学年累计结余 {most:.2f} 元，方案 {amount:.2f} 元比它多，退了就是亏空。"
        raise Refused(said, rule="退还的是结余", who="食堂会计", instead="请按结余改方案；账上漏记了收入的，请先补记。",
                      errors={"amount": [f"最多 {most:.2f} 元。"]})  # fmt: skip


def published_stays(plan: RefundPlan, amount: Decimal) -> None:
    """What parents were told comes back to them is not made less afterwards."""
    out = TermAccount.objects.filter(unit=plan.canteen.school_id, period=plan.term, state="published").exists()
    if out and amount < plan.amount:
        said = f"学期决算已经公示要退 {plan.amount:.2f} 元，不能改少。"
        raise Refused(said, rule="公示的要兑现", errors={"amount": [f"至少 {plan.amount:.2f} 元。"]})


def _rule(canteen: Canteen) -> str:
    if canteen.surplus_rule == SurplusRule.RETURNED:
        return "结余全部退还学生（CR-25）"
    return f"累计结余不超过收入的 {canteen.surplus_limit.normalize():f}%（CR-24）"
