"""When meal money may be collected."""

from collections.abc import Iterable
from datetime import date

from canteen.models import Canteen, RefundPlan
from portal.errors import Refused
from portal.publications.periods import Every, over_before, period_of


def terms_before_are_settled(canteen: Canteen, paid: Iterable[date]) -> None:
    """不跨学期收费: while the term before one of these days still owes the pupils a refund, nothing is collected (CR-30)."""
    before = {over_before(Every.TERM, day).code for day in paid}
    owing = RefundPlan.objects.filter(canteen=canteen, term__in=before, done_on=None).order_by("term").first()
    if owing is not None:
        raise Refused(
            f"{period_of(Every.TERM, owing.term).title}要退的餐费还没有退完，不能收新学期的。",
            rule="不跨学期收伙食费，结余及时退还（CR-30）",
            instead="请先退完，并在学期决算里登记退还日期。",
        )
