"""The law of a repair: who does what, within which time, and who hears of it when it is late."""

from decimal import Decimal

from portal.cases.flow import ASSIGNEE, BY_CLOCK, HOLDER, OPENER, Clock, Flow, Heed, Rung, State, Step
from portal.cases.helping import bring_in
from portal.orgs.roles import HEADS
from repairs.models import Ticket
from repairs.queries import tickets as queries
from repairs.queries.dispatching import dispatched_by_rule
from repairs.rules import tickets as rules

LADDER = (
    Rung(HOLDER, share=Decimal("0.8")),
    Rung("logistics_head", share=Decimal(1), ack=Decimal(1)),
    Rung("vice_principal", plus=Decimal(4), ack=Decimal(2)),
    Rung("principal", plus=Decimal(24), ack=Decimal(4)),
    Rung("repairs_officer", plus=Decimal(48), ack=Decimal(8)),
)
DESK = ("dispatcher", "logistics_head")
AT_DESK = ("reported", "accepted")
OVER = ("closed", "unreviewed")
AT_WORK = ("assigned", "working")
ON_THE_JOB = (*AT_WORK, "waiting")
GRANTERS = ("logistics_head", *HEADS)

FLOW = Flow(
    Ticket,
    title="报修",
    prefix="BX",
    icon="wrench",
    plural="tickets",
    assigner="dispatcher",
    facts=queries.facts_of,
    opening=Step("report", (), "reported", "报修", "anyone", "wrench", "报修", sets=("item", "danger", "asset")),
    visiting=Step("visit", (), "unconfirmed", "未登录报修", "anyone", "scan-line", "未登录报修"),
    states=(
        State("unconfirmed", "待核实", turn="dispatcher", icon="shield-alert"),
        State("reported", "待受理", turn="dispatcher", line="受理", icon="inbox"),
        State("accepted", "待派工", turn="dispatcher", line="派工", icon="user-check"),
        State("assigned", "待上门", turn=ASSIGNEE, line="上门", icon="footprints"),
        State("working", "维修中", turn=ASSIGNEE, line="维修", icon="hammer"),
        State("waiting", "待料", turn=ASSIGNEE, line="维修", icon="package"),
        State("finished", "待验收", turn=OPENER, line="验收", icon="eye"),
        State("closed", "已办结", final="done", line="办结", icon="flag"),
        State("unreviewed", "已办结，未评价", final="done", line="办结", icon="flag"),
        State("rejected", "不予受理", final="off", icon="ban"),
        State("merged", "已并入", final="off", icon="git-merge"),
        State("withdrawn", "已撤回", final="off", icon="undo-2"),
        State("dismissed", "不属实", final="off", icon="eraser"),
    ),
    confides=("dispatcher", "logistics_head"),
    heeds=(Heed("低分评价", "star-half", ("logistics_head", *HEADS), queries.poorly_rated),),
    steps=(
        Step("vouch", ("unconfirmed",), "reported", "核实收下", DESK, "shield-check", "核实后收下", tone="good", main=True, lifts=True,
             help="收下后按普通报修办理，本校有权的人都能看到。"),
        Step("dismiss", ("unconfirmed",), "dismissed", "不属实", DESK, "eraser", "判为不属实，照片和文字已删除", tone="bad", erases=True,
             help="照片和文字马上删除，不能恢复；只留摘要。"),
        Step("accept", ("reported",), "accepted", "受理", "dispatcher", "check", "受理", tone="good", main=True, many=True,
             onward=dispatched_by_rule),
        Step("assign", ("accepted",), "assigned", "派工", "dispatcher", "user-check", "派给{assignee}", sets=("assignee",), main=True, many=True,
             does="pass_materials_on"),
        Step("assign_by_rule", ("accepted",), "assigned", "按规则派工", BY_CLOCK, "user-check",
             "按派工规则派给{assignee}：今天在岗 {present} 人，手上 {load} 件，最少", sets=("assignee",), does="pass_materials_on"),
        Step("arrive", ("assigned",), "working", "到场", ASSIGNEE, "footprints", "已到场", main=True),
        Step("plan_visit", AT_WORK, None, "约定上门时间", ASSIGNEE, "calendar-clock", "约定{visit_at}上门", sets=("visit_at",),
             tells=(OPENER,), help="会通知报修人，并排进“今天的活”。"),
        Step("finish", ("working",), "finished", "完工，拍照提交", ASSIGNEE, "camera", "完工", needs=("after",), main=True,
             help="完工须有照片；验收由报修人做。"),
        Step("request_materials", ("working",), "waiting", "申请材料", ASSIGNEE, "package-plus", "申请材料，等料期间修复时限停表",
             opens=("repairs.materials", "materials"), help="修复时限先停，材料另有自己的时限。"),
        Step("also_hazard", AT_DESK + AT_WORK, None, "也是安全隐患", (ASSIGNEE, *DESK), "triangle-alert", "也报为安全隐患",
             opens=("safety_grid.hazard", rules.HAZARD), carries=("unit", "words", "photos"), rules=(rules.not_a_hazard_yet,),
             offered=rules.is_safety_kind, help="这一件照常修；隐患另有人核实、定级和验收。"),
        Step("resume", ("waiting",), "working", "不等料，继续维修", (ASSIGNEE, BY_CLOCK), "play", "待料结束，继续维修",
             help="材料申请会继续办；修复时限接着走。"),
        Step("confirm", ("finished",), "closed", "验收通过", OPENER, "check", "验收通过", tone="good", main=True,
             sets=("speed", "quality"), rules=(rules.not_own_work, rules.low_rating_has_words), tells=(ASSIGNEE,), does="tell_of_low_rating"),
        Step("reopen", OVER, "assigned", "重新报修", OPENER, "rotate-ccw", "又坏了，重新报修", tone="bad", counts="rework",
             clears=("speed", "quality", "visit_at"), rules=(rules.closed_lately,), offered=rules.is_closed_lately,
             leads=rules.who_goes_again, branches=("accepted",), tells=("dispatcher",), help="办结后 7 天内又坏了，还在这一件上办，计为返修。"),
        Step("send_back", ("finished",), "working", "退回返修", OPENER, "undo-2", "验收退回", tone="bad",
             clears=("visit_at",), counts="rework", rules=(rules.not_own_work,), tells=("dispatcher",)),
        Step("close_unreviewed", ("finished",), "unreviewed", "到期办结", BY_CLOCK, "clock", "报修人未评价，到期办结", tells=(ASSIGNEE,)),
        Step("withdraw", AT_DESK, "withdrawn", "撤回", OPENER, "undo-2", "撤回", tells=("dispatcher",)),
        Step("reject", AT_DESK, "rejected", "不予受理", "dispatcher", "ban", "不予受理", tone="bad"),
        Step("merge", AT_DESK + ON_THE_JOB, "merged", "并入", "dispatcher", "git-merge", "把这一件并入 {into}", does="merge_job",
             tells=(ASSIGNEE,), help="同一件事报了两次时用。这一件的报修人和关注人会改为关注那一件。"),
        Step("hand_over", ON_THE_JOB, "assigned", "转交", ASSIGNEE, "arrow-right-left", "转交给{assignee}", sets=("assignee",),
             clears=("asked_hours",), leads=rules.where_the_next_begins, branches=("waiting",), does="pass_materials_on", rules=(rules.another_person,), tells=("dispatcher",), help="转给另一位维修人员，时限不变；在等的材料也归对方。"),
        Step("call_help", ON_THE_JOB, None, "请人协助", ASSIGNEE, "users", "请{helper}协助", does=bring_in,
             help="对方能看到这一件，可以补充说明和传照片；责任仍在您。"),
        Step("return_job", AT_WORK, "accepted", "退单", ASSIGNEE, "undo-2", "退单", tone="bad", clears=("assignee", "asked_hours", "visit_at")),
        Step("reassign", ON_THE_JOB, "assigned", "改派", "dispatcher", "users", "改派给{assignee}", sets=("assignee",),
             clears=("asked_hours", "visit_at"), leads=rules.where_the_next_begins, branches=("waiting",), does="pass_materials_on"),
        Step("enter_sheet", AT_WORK, "finished", "代录纸质工单", "dispatcher", "file-text", "代录纸质工单，已完工", needs=("sheet",),
             tells=(ASSIGNEE,), help="维修人员用纸质工单完工时，由调度拍照代录。"),
        Step("reclassify", AT_DESK + AT_WORK, None, "改类别或等级", "dispatcher", "tags", "改了类别或等级",
             sets=("topic", "priority"), restarts=True, tells=(OPENER, HOLDER), help="时限从报修时重新计算。"),
        Step("replace", AT_DESK + AT_WORK, None, "改地点", "dispatcher", "map-pin", "改了地点",
             sets=("unit",), restarts=True, rules=(rules.same_school,), tells=(OPENER, HOLDER)),
        Step("raise_priority", AT_DESK + AT_WORK, None, "改为紧急", OPENER, "triangle-alert", "改为紧急",
             sets=("priority",), restarts=True, rules=(rules.only_usual_priority,), tells=("dispatcher", HOLDER)),
        Step("ask_time", AT_WORK, None, "申请延期", ASSIGNEE, "hourglass", "申请延期",
             sets=("asked_hours",), rules=(rules.no_ask_open,), tells=("logistics_head",)),
        Step("grant_time", AT_WORK, None, "批准延期", GRANTERS, "hourglass", "批准延期", tone="good", extends=("resolve", "asked_hours"),
             clears=("asked_hours",), counts="extensions", rules=(rules.ask_is_open, rules.not_own_ask), tells=(ASSIGNEE, OPENER)),
        Step("refuse_time", AT_WORK, None, "不批准延期", GRANTERS, "x", "不批准延期", tone="bad",
             clears=("asked_hours",), rules=(rules.ask_is_open, rules.not_own_ask), tells=(ASSIGNEE,)),
    ),
    clocks=(
        Clock("respond", "响应", runs=("unconfirmed", "reported"), within=rules.respond_time, late=LADDER),
        Clock("resolve", "修复", runs=AT_DESK + AT_WORK, stands=("finished", "waiting"), within=rules.resolve_time, late=LADDER),
        Clock("sign_off", "验收", runs=("finished",), within=rules.sign_off_time, then="close_unreviewed"),
    ),
)  # fmt: skip
