"""The law of a stock-take: the asset manager counts, somebody else signs when every difference has its reason."""

from decimal import Decimal

from portal.cases.flow import HOLDER, Clock, Flow, Rung, State, Step
from portal.orgs.roles import HEADS
from portal.stickers.doors import on_scan
from repairs.models import StockTake
from repairs.queries import stocktakes as queries
from repairs.rules import stocktakes as rules

COUNTERS = ("asset_manager", "logistics_head")
LATE = (
    Rung(HOLDER, share=Decimal("0.8")),
    Rung("logistics_head", share=Decimal(1)),
    Rung("principal", plus=Decimal(24)),
)

STOCKTAKES = Flow(
    StockTake,
    title="资产盘点",
    prefix="PD",
    icon="scan-search",
    plural="stocktakes",
    assigner="asset_manager",
    facts=queries.facts_of,
    papers=queries.papers_of,
    opening=Step("take_stock", (), "counting", "开始盘点", "anyone", "scan-search", "开始盘点", does="list_assets"),
    states=(
        State("counting", "盘点中", turn="asset_manager", line="盘点", icon="scan-search"),
        State("compared", "待签字", turn="logistics_head", line="签字", icon="signature"),
        State("signed", "已签字", final="done", line="办结", icon="flag"),
        State("cancelled", "已取消", final="off", icon="ban"),
    ),
    steps=(
        Step("finish_count", ("counting",), "compared", "盘点结束", COUNTERS, "check", "盘点结束", main=True, does="compare",
             help="没有盘到的列为盘亏，送总务主任签字。"),
        Step("sign_count", ("compared",), "signed", "签字确认", ("logistics_head", *HEADS), "signature", "签字确认", tone="good",
             main=True, rules=(rules.counter_is_not_signer, rules.every_difference_is_settled), tells=("asset_manager",),
             help="差异都写明原因后才能签；盘点的人不能自己签。"),
        Step("recount", ("compared",), "counting", "退回再盘", ("logistics_head", *HEADS), "undo-2", "退回再盘", tone="bad"),
        Step("cancel_count", ("counting",), "cancelled", "取消盘点", COUNTERS, "ban", "取消盘点", tone="bad"),
    ),
    clocks=(Clock("count", "盘点", runs=("counting", "compared"), within=rules.count_time, late=LATE),),
)  # fmt: skip
on_scan(queries.doors_of)
