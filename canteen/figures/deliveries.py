"""What came and what it cost: deliveries signed, refused, named beside, late; food bought, by category."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Q

from canteen.flow.deliveries import DELIVERIES
from canteen.models import Delivery, FoodMove
from portal import clock
from portal.rollups.book import Counting, Figure, How, Light, Part, Past, Tally, day_of


def counted(past: Past) -> Iterator[Part]:
    """One delivery: in stock on the day of its second signature, in time or not; refused whole; named beside; and what
    was bought, less what went back, in 元 on those days."""
    case: Delivery = past.case
    for event in past.took("countersign"):
        day = day_of(event.at)
        yield Part("canteen.delivered", day)
        if past.kept("sign", event.at):
            yield Part("canteen.delivered_in_time", day)
        if case.alerts:
            yield Part("canteen.delivered_named", day)
        if any(line.accepted is not None and not line.accepted for line in case.lines.all()):
            yield Part("canteen.delivered_short", day)
    if case.state == "turned_away" and case.closed_at:
        yield Part("canteen.turned_away", day_of(case.closed_at))
    for move in FoodMove.objects.filter(case=case.pk).order_by("pk"):
        yield Part("canteen.bought", move.on, amount=move.amount)


def unsigned() -> Q:
    """On the scale and past its day, this moment."""
    return Q(is_open=True, state__in=("weighed", "to_inspector", "to_keeper"), due_at__lt=clock.now())


KINDS: dict[str, Counting] = {DELIVERIES.kind: counted}
NAMES = ("delivered", "delivered_in_time", "delivered_named", "delivered_short", "turned_away", "bought")
TALLIES = tuple(Tally(f"canteen.{name}", by_topic=False) for name in NAMES)
LEADING = ("unsigned_late", "delivered_named")
RANKED: tuple[tuple[str, int], ...] = ()
KIND = DELIVERIES.kind
FIGURES = (
    Figure("canteen.unsigned_late", "到货当天没签完", "次", "此刻已经过秤、当天没有两人签完字的到货。", How.LIVE, live=unsigned, kind=KIND, icon="octagon-alert",
           word="次", high_is_good=False, light=Light(Decimal(1), Decimal(1), high_is_good=False, word="未签")),
    Figure("canteen.delivered", "验收入库", "次", "这段时间里两人签字、已经入库的到货，按第二个人签字那天算。", How.COUNT, of="canteen.delivered", icon="truck", word="次"),
    Figure("canteen.delivered_in_time", "当天签完", "%", "过秤当天两人签完字的 ÷ 验收入库的。", How.SHARE, of="canteen.delivered_in_time",
           over="canteen.delivered", icon="signature", word="次", high_is_good=True),
    Figure("canteen.delivered_named", "价高或短秤", "%", "单价比参考价高、或实收比订的少，超过食堂设定线的到货 ÷ 验收入库的。", How.SHARE,
           of="canteen.delivered_named", over="canteen.delivered", icon="triangle-alert", word="次", high_is_good=False),
    Figure("canteen.delivered_short", "有拒收的", "%", "有一样以上拒收的到货 ÷ 验收入库的。", How.SHARE, of="canteen.delivered_short",
           over="canteen.delivered", icon="ban", word="次", high_is_good=False),
    Figure("canteen.turned_away", "全部拒收", "次", "这段时间里一样都没有收的到货。", How.COUNT, of="canteen.turned_away", icon="ban", word="次"),
    Figure("canteen.bought", "食材采购", "元", "这段时间里入库的食材减去退货，按实收数量和单价算。点开是这些到货。", How.AMOUNT, of="canteen.bought", icon="coins"),
)  # fmt: skip
