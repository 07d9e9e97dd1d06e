"""When meal money may be collected."""

from collections.abc import Iterable
from datetime import date

from canteen.models import Canteen, RefundPlan
from canteen.queries.accounts import open_months
from canteen.queries.refunds import standing_at
from portal.errors import Refused
from portal.publications.periods import Every, Period, over_before

from .accounts import over

RULE = "不跨学期收伙食费，结余及时退还（CR-30）"


def terms_before_are_settled(canteen: Canteen, paid: Iterable[date]) -> None:
    """不跨学期收费: while the term before one of these days still owes the pupils a refund, nothing is collected (CR-30), whether
    its plan is not done or not even made."""
    before = {one.code: one for one in (over_before(Every.TERM, day) for day in paid)}
    plans = {one.term: one for one in RefundPlan.objects.filter(canteen=canteen, term__in=before)}
    for code, period in sorted(before.items()):
        plan = plans.get(code)
        if plan is None and _owes(canteen, period):
            raise Refused(
                f"{period.title}有结余要退给学生，还没有退还方案，不能收新学期的餐费。", rule=RULE, who="食堂会计",
                instead="请先在账本里登记结余退还方案，退完再收。",
            )  # fmt: skip
        if plan is not None and plan.done_on is None:
            raise Refused(
                f"{period.title}要退的餐费还没有退完，不能收新学期的。", rule=RULE,
                instead="请先退完，并在学期决算里登记退还日期。",
            )  # fmt: skip


def _owes(canteen: Canteen, period: Period) -> bool:
    """Whether its closed books say so; open ones say nothing yet."""
    standing = None if open_months([canteen], period.since, period.until) else standing_at(canteen, period)
    return standing is not None and over(canteen, standing.balance, standing.income) > 0
