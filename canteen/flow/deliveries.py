"""The law of an order and its delivery: the buyer orders, the keeper weighs in, two who do not buy sign, and it is in stock."""

from decimal import Decimal

from canteen.apps import PURCHASERS, SIGNERS, STORE
from canteen.models import Delivery
from canteen.queries import deliveries as queries
from canteen.rules import deliveries as rules
from portal.cases.flow import HOLDER, OPENER, Clock, Flow, Heed, Rung, State, Step

TO_SIGN = ("weighed", "to_inspector", "to_keeper")
LATE = (
    Rung("canteen_buyer", share=Decimal(1)),
    Rung("canteen_manager", plus=Decimal(15)),
)
UNSIGNED = (
    Rung(HOLDER, share=Decimal("0.6")),
    Rung("canteen_manager", share=Decimal(1), ack=Decimal(10)),
    Rung("vice_principal", plus=Decimal(9), ack=Decimal(4)),
    Rung("principal", plus=Decimal(24), ack=Decimal(4)),
    Rung("canteen_officer", plus=Decimal(48), ack=Decimal(8)),
)

DELIVERIES = Flow(
    Delivery,
    title="到货验收",
    prefix="DH",
    icon="truck",
    plural="deliveries",
    assigner="canteen_manager",
    facts=queries.facts_of,
    brings=queries.with_lines,
    heeds=(Heed("价高或短秤的到货", "triangle-alert", ("canteen_manager",), queries.named_lately),),
    opening=Step("order", (), "ordered", "下单", "anyone", "shopping-cart", "下单", sets=("needed_on",), does="lay_out_order"),
    states=(
        State("ordered", "待到货", turn="canteen_keeper", line="到货", icon="truck"),
        State("weighed", "待签字", turn="canteen_inspector", line="两人签字", icon="signature"),
        State("to_inspector", "待第二人签字", turn="canteen_inspector", line="两人签字", icon="signature"),
        State("to_keeper", "待保管员签字", turn="canteen_keeper", line="两人签字", icon="signature"),
        State("stocked", "已入库", final="done", line="入库", icon="package-check"),
        State("turned_away", "全部拒收", final="off", icon="ban"),
        State("called_off", "订单已取消", final="off", icon="undo-2"),
    ),
    steps=(
        Step("weigh_in", ("ordered",), "weighed", "过秤登记", STORE, "scale", "过秤登记，实收 {amount} 元", needs=("photos",), main=True,
             does="put_on_scale", leads=rules.after_weighing, branches=("turned_away",), tells=(OPENER,),
             rules=(rules.never_a_buyer, rules.supplier_may_deliver), help="逐样过秤，拍照。和订的差得多要写原因；一样都不收，实收填 0。"),
        Step("sign_delivery", ("weighed",), "to_inspector", "签字验收", SIGNERS, "signature", "签字验收", tone="good", main=True,
             does="sign_first", leads=rules.who_signs_next, branches=("to_keeper",), rules=(rules.never_a_buyer,),
             help="看过实物、数量、证明和照片再签。采购的人不能签。"),
        Step("countersign", ("to_inspector", "to_keeper"), "stocked", "签字并入库", SIGNERS, "package-check", "签字，已入库", tone="good",
             main=True, does="take_into_stock", rules=(rules.never_a_buyer, rules.another_signs),
             another=lambda case: case.first_id, help="第二个人签字，收下的马上入库。"),
        Step("reweigh", TO_SIGN, "ordered", "退回重称", SIGNERS, "undo-2", "退回重称", tone="bad", does="take_off_scale",
             rules=(rules.never_a_buyer,), help="数量、价格或证明不对时用；已有的签字作废。"),
        Step("return_goods", ("stocked",), None, "退货", STORE, "package-minus", "退货 {back} 元", does="give_goods_back", tells=(OPENER, "canteen_manager"),
             help="入库后发现有问题、还没有用掉的，退给供应商。"),
        Step("call_off", ("ordered",), "called_off", "取消订单", PURCHASERS, "ban", "取消订单", tone="bad", help="供应商来不了、不要了时用。"),
    ),
    clocks=(
        Clock("arrive", "到货", runs=("ordered",), within=rules.sign_time, until=rules.arrives_by, late=LATE),
        Clock("sign", "签字", runs=TO_SIGN, within=rules.sign_time, until=rules.signed_by, late=UNSIGNED),
    ),
)  # fmt: skip
