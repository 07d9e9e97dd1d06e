"""The law of a request for materials: who approves how much, who buys, who accepts, who hands out, and by when."""

from decimal import Decimal

from portal.cases.flow import HOLDER, OPENER, Clock, Flow, Rung, State, Step
from repairs.models import Materials
from repairs.queries import materials as queries
from repairs.rules import materials as rules

LATE = (
    Rung(HOLDER, share=Decimal("0.8")),
    Rung("logistics_head", share=Decimal(1), ack=Decimal(2)),
    Rung("vice_principal", plus=Decimal(8), ack=Decimal(4)),
    Rung("principal", plus=Decimal(24), ack=Decimal(8)),
    Rung("repairs_officer", plus=Decimal(48), ack=Decimal(8)),
)
APPROVAL = ("to_head", "to_vice", "to_principal", "to_council")
ABOVE = APPROVAL[1:]
STORE = ("asset_manager", "logistics_head")
DECIDERS = (HOLDER, "principal")  # the tier's own post; the principal for a post that is vacant

MATERIALS = Flow(
    Materials,
    title="材料",
    prefix="CL",
    icon="package",
    plural="materials",
    assigner="asset_manager",
    facts=queries.facts_of,
    brings=queries.with_lines,
    moves=((queries.LINK, "resume"),),
    opening=Step("request_materials", (), "to_head", "申请材料", "anyone", "package-plus", "申请材料",
                 does="lay_out", leads=rules.approver, branches=ABOVE),
    states=(
        State("to_head", "待总务主任审批", turn="logistics_head", line="审批", icon="stamp"),
        State("to_vice", "待分管副校长审批", turn="vice_principal", line="审批", icon="stamp"),
        State("to_principal", "待校长审批", turn="principal", line="审批", icon="stamp"),
        State("to_council", "待校务会决定", turn="principal", line="审批", icon="users"),
        State("to_buy", "待采购", turn="asset_manager", line="采购", icon="shopping-cart"),
        State("to_accept", "待验收入库", turn="logistics_head", line="验收", icon="package-check"),
        State("to_issue", "待发料", turn="asset_manager", line="发料", icon="package-open"),
        State("issued", "已发料", final="done", line="办结", icon="flag"),
        State("declined", "未批准", final="off", icon="ban"),
        State("recalled", "已撤回", final="off", icon="undo-2"),
    ),
    steps=(
        Step("approve", APPROVAL, "to_buy", "同意", DECIDERS, "check", "同意", tone="good", main=True, does="grant",
             leads=rules.supply, branches=("to_issue",), rules=(rules.not_own_request, rules.quotes_are_there),
             help="库里够的直接发料，不够的转采购。"),
        Step("decline", APPROVAL, "declined", "不同意", DECIDERS, "ban", "不同意", tone="bad", rules=(rules.not_own_request,)),
        Step("add_quotes", (*APPROVAL, "to_buy"), None, "补比价材料", (OPENER, *STORE), "files", "补了比价材料", tells=(HOLDER,),
             help="超过分管副校长额度的采购要三家比价。"),
        Step("recall", (*APPROVAL, "to_buy"), "recalled", "撤回申请", OPENER, "undo-2", "撤回申请"),
        Step("buy", ("to_buy",), "to_accept", "登记采购", STORE, "shopping-cart", "已采购", needs=("receipt",), main=True,
             does="purchase", rules=(rules.within_grant,), tells=(OPENER,), help="填商城、订单号和实际价格，拍下票据。"),
        Step("reprice", ("to_buy",), "to_head", "重新报批", STORE, "refresh-cw", "按新的金额重新报批", does="ask_again",
             leads=rules.approver, branches=ABOVE, help="实际价格超过批准金额时用。"),
        Step("check_in", ("to_accept",), "to_buy", "验收入库", ("logistics_head", OPENER), "package-check", "验收入库", tone="good",
             main=True, does="check_in", leads=rules.supply, branches=("to_issue",), rules=(rules.buyer_is_not_acceptor,),
             help="验收人不能是采购人。数量按实收填。"),
        Step("send_goods_back", ("to_accept",), "to_buy", "退货重买", ("logistics_head", OPENER), "undo-2", "验收不合格，退货",
             tone="bad", does="take_back_order", rules=(rules.buyer_is_not_acceptor,)),
        Step("hand_out", ("to_issue",), "issued", "发料", STORE, "package-open", "已发料", tone="good", main=True, does="hand_out",
             leads=rules.after_issue, branches=("to_buy",), help="发完后，报修单自动恢复维修。"),
        Step("give_back", ("issued",), None, "退料", STORE, "package-minus", "退料入库", does="give_back", tells=(OPENER,),
             help="没用完的退回库里，从报修单的材料费里减去。"),
    ),
    clocks=(
        Clock("approve", "审批", runs=APPROVAL, within=rules.approve_time, late=LATE),
        Clock("supply", "到料", runs=("to_buy", "to_accept"), stands=(*APPROVAL, "to_issue"), within=rules.supply_time, late=LATE),
        Clock("hand_out", "发料", runs=("to_issue",), stands=("to_buy", "to_accept"), within=rules.hand_out_time, late=LATE),
    ),
)  # fmt: skip
