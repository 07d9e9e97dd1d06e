"""The law of a question: answered within two school days by who runs the canteen, or it rises; the asker has the last word."""

from decimal import Decimal

from canteen.models import Question
from canteen.queries import questions as queries
from canteen.rules import questions as rules
from portal.cases.flow import BY_CLOCK, HOLDER, OPENER, Clock, Flow, Rung, State, Step

ANSWERERS = ("canteen_manager", "food_safety_director", "principal", "canteen_officer")
KEEPERS = ("canteen_manager", "principal", "canteen_officer")
LATE = (
    Rung(HOLDER, share=Decimal("0.8")),
    Rung("canteen_manager", share=Decimal(1), ack=Decimal(2)),
    Rung("principal", plus=Decimal(4), ack=Decimal(4)),
    Rung("canteen_officer", plus=Decimal(16), ack=Decimal(8)),
)
LATE_PRIVATE = (  # never leaves the closed circle
    Rung(HOLDER, share=Decimal("0.8")),
    Rung("canteen_manager", share=Decimal(1), ack=Decimal(2)),
    Rung("food_safety_director", plus=Decimal(4), ack=Decimal(4)),
    Rung("canteen_officer", plus=Decimal(16), ack=Decimal(8)),
)
WAITING = ("asked", "confided")


QUESTIONS = Flow(
    Question,
    title="食堂提问",
    prefix="TW",
    icon="message-circle-question-mark",
    plural="questions",
    assigner="canteen_manager",
    facts=queries.facts_of,
    talk=("ask", "answer", "ask_again"),
    brings=lambda rows: rows.select_related("canteen"),
    opening=Step("ask", (), "asked", "提问", "anyone", "send", "提问", leads=rules.where_it_waits, branches=("confided",)),
    states=(
        State("asked", "待答复", turn="canteen_manager", line="答复", icon="message-circle-question-mark"),
        State("confided", "待答复（私下）", turn="canteen_manager", line="答复", icon="lock"),
        State("answered", "已答复", turn=OPENER, line="回音", icon="messages-square"),
        State("settled", "已办结", final="done", line="办结", icon="flag"),
        State("recalled", "已撤回", final="off", icon="undo-2"),
    ),
    steps=(
        Step("answer", WAITING, "answered", "答复", ANSWERERS, "reply", "答复", main=True, tone="good", does="put_up",
             help="公开问的，问题和答复会不写姓名地放到公开列表上；写到别人的话请先改。"),
        Step("thank", ("answered",), "settled", "清楚了，谢谢", OPENER, "heart", "表示清楚了", main=True, tone="good"),
        Step("ask_again", ("answered",), "asked", "再问一次", OPENER, "message-circle-question-mark", "追问", counts="again",
             restarts=True, rules=(rules.asked_again_once,), leads=rules.where_it_waits, branches=("confided",), help="只能追问一次。"),
        Step("recall", WAITING, "recalled", "撤回", OPENER, "undo-2", "撤回了问题"),
        Step("take_off_list", ("answered", "settled"), None, "从公开列表撤下", KEEPERS, "eye-off", "从公开列表撤下", does="take_off",
             rules=(rules.on_the_list,), offered=lambda case: case.listed, help="写明原因；事情本身不变。"),
        Step("settle_quietly", ("answered",), "settled", "到期办结", BY_CLOCK, "flag", "没有再问，系统办结"),
    ),
    clocks=(
        Clock("answer", "答复", runs=("asked",), stands=("answered",), within=rules.answer_time, late=LATE),
        Clock("answer_privately", "答复", runs=("confided",), stands=("answered",), within=rules.answer_time, late=LATE_PRIVATE),
        Clock("quiet", "回音", runs=("answered",), within=rules.quiet_time, then="settle_quietly", silent=True),
    ),
)  # fmt: skip
