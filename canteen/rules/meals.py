"""When meal money may be collected."""

from datetime import date

from canteen.models import Canteen, RefundPlan
from portal.errors import Refused
from portal.publications.periods import Every, over_before


def term_before_is_settled(canteen: Canteen, day: date) -> None:
    """不跨学期收费: while the term before still owes the pupils a refund, nothing is collected in the new one (CR-30)."""
    term = over_before(Every.TERM, day)
    if RefundPlan.objects.filter(canteen=canteen, term=term.code, done_on=None).exists():
        raise Refused(
            f"{term.title}要退的餐费还没有退完，不能收新学期的。",
            rule="不跨学期收伙食费，结余及时退还（CR-30）",
            instead="请先退完，并在学期决算里登记退还日期。",
        )
