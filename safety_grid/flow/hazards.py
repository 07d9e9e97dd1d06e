"""The law of a hazard (docs/rules.md 3.4): reported, registered with its grade, fixed or planned, checked by somebody else, 销号."""

from decimal import Decimal

from portal.cases.flow import ASSIGNEE, BY_CLOCK, HOLDER, OPENER, Clock, Flow, Heed, Rung, State, Step
from portal.cases.lines import with_photo
from portal.cases.merging import merge_into
from portal.orgs.roles import HEADS
from portal.outbound.queries import with_lines
from safety_grid.models import Hazard
from safety_grid.queries import hazards as queries
from safety_grid.rules import hazards as rules

LATE = (
    Rung(HOLDER, share=Decimal("0.8")),
    Rung("safety_head", share=Decimal(1), ack=Decimal(2)),
    Rung("vice_principal", plus=Decimal(4), ack=Decimal(4)),
    Rung("principal", plus=Decimal(8), ack=Decimal(4)),
    Rung("tied_leader", plus=Decimal(24), ack=Decimal(8)),
    Rung("safety_officer", plus=Decimal(48), ack=Decimal(8)),
)
UNCHECKED = (
    Rung(HOLDER, share=Decimal("0.8")),
    Rung("principal", share=Decimal(1), ack=Decimal(4)),
    Rung("tied_leader", plus=Decimal(24), ack=Decimal(8)),
    Rung("safety_officer", plus=Decimal(48), ack=Decimal(8)),
)
SCHOOL = ("safety_head", *HEADS)
ABOVE = ("tied_leader", "safety_officer")
NEW = ("reported", "to_grade")
PLANNED = ("planned", "working", "supervised")
OPEN_WORK = ("registered", "fixing_now", *PLANNED)
CHECKED = ("to_check", "to_accept")

FLOW = Flow(
    Hazard,
    title="隐患",
    prefix="YH",
    icon="triangle-alert",
    plural="hazards",
    assigner="safety_head",
    facts=queries.facts_of,
    brings=with_lines,
    lists=with_photo,
    row=queries.row_of,
    opening=Step("report", (), "reported", "报隐患", "anyone", "triangle-alert", "报隐患", sets=("item", "danger", "fixed"),
                 does="tell_of_danger", tells=(ASSIGNEE,)),
    visiting=Step("visit", (), "unconfirmed", "未登录报隐患", "anyone", "scan-line", "未登录报隐患"),
    states=(
        State("unconfirmed", "待核实来源", turn="safety_head", icon="shield-alert"),
        State("reported", "待核实", turn="safety_head", line="核实", icon="clipboard-check"),
        State("to_grade", "待校长定级", turn="principal", line="核实", icon="stamp"),
        State("registered", "已登记", turn=ASSIGNEE, line="定措施", icon="clipboard-list"),
        State("planned", "限期整改", turn=ASSIGNEE, line="定措施", icon="calendar-clock"),
        State("fixing_now", "立即整改", turn=ASSIGNEE, line="整改", icon="hammer"),
        State("working", "整改中", turn=ASSIGNEE, line="整改", icon="hammer"),
        State("supervised", "挂牌督办", turn=ASSIGNEE, line="整改", icon="badge-alert"),
        State("to_check", "待验收", turn="safety_head", line="验收", icon="eye"),
        State("to_accept", "待局里验收", turn="safety_officer", line="验收", icon="eye"),
        State("to_recheck", "待复查", turn="safety_head", line="验收", icon="scan-eye"),
        State("closed_out", "已销号", final="done", line="销号", icon="flag"),
        State("refused", "不予受理", final="off", icon="ban"),
        State("withdrawn", "已撤回", final="off", icon="undo-2"),
        State("merged", "已并入", final="off", icon="git-merge"),
        State("dismissed", "不属实", final="off", icon="eraser"),
    ),
    heeds=(Heed("挂牌督办", "badge-alert", (*SCHOOL, *ABOVE), queries.on_board),),
    steps=(
        Step("vouch", ("unconfirmed",), "reported", "核实收下", "safety_head", "shield-check", "核实后收下", tone="good", main=True, lifts=True,
             help="收下后按普通隐患办理，本校有权的人都能看到。"),
        Step("dismiss", ("unconfirmed",), "dismissed", "不属实", "safety_head", "eraser", "判为不属实，照片和文字已删除", tone="bad", erases=True,
             help="照片和文字马上删除，不能恢复；只留摘要。"),
        Step("register", NEW, "registered", "核实登记", (*SCHOOL, "safety_officer"), "clipboard-check", "核实登记，定为{grade}，由{assignee}整改",
             sets=("topic", "item", "grade", "rule", "colour", "assignee"), main=True, tone="good", does="tell_of_major",
             rules=(rules.principal_decides_major, rules.direct_rule_needs_reason), leads=rules.after_register, branches=("to_check",),
             help="重大隐患由校长定级；当场已整改的一般隐患，登记后直接验收。"),
        Step("refer", ("reported",), "to_grade", "呈请校长定级", ("safety_head", "vice_principal"), "stamp", "呈请校长定级",
             help="可能是重大隐患的，由校长来定。"),
        Step("refuse", NEW, "refused", "不予受理", SCHOOL, "ban", "不予受理", tone="bad", help="不属实的。理由会告诉报告人；重复报的请用“并入”。"),
        Step("merge", NEW, "merged", "并入", SCHOOL, "git-merge", "把这一件并入 {into}", does=merge_into, tells=(ASSIGNEE,),
             rules=(rules.put_before_the_principal, rules.into_what_all_may_see),
             help="同一处隐患报了两次时用。报告人和关注人会改为关注那一件，那一件的每一步都会通知。"),
        Step("withdraw", NEW, "withdrawn", "撤回", OPENER, "undo-2", "撤回", tells=("safety_head",)),
        Step("fix_now", ("registered",), "fixing_now", "立即整改", ASSIGNEE, "hammer", "立即整改", rules=(rules.only_general,),
             offered=rules.is_general, main=True, help="24 小时内能改完的。改完拍照提交。"),
        Step("finish", ("fixing_now", "working", "supervised"), "to_check", "已整改，拍照提交", ASSIGNEE, "camera", "整改完成，提请验收",
             needs=("after",), rules=(rules.plan_when_owed,), main=True, leads=rules.after_finish, branches=("to_accept",),
             help="要有整改后的照片；由别人验收。"),
        Step("plan", ("registered", "fixing_now"), "planned", "定整改方案", (ASSIGNEE, *SCHOOL), "calendar-clock", "定了五落实，由{assignee}限期整改",
             sets=("measures", "assignee", "money", "due_on", "interim"), main=True, rules=(rules.in_time,), does="tell_of_plan",
             leads=rules.after_plan, branches=("supervised",), help="措施、责任人、资金、时限、临时防范，五项都要填。"),
        Step("start", ("planned",), "working", "开始整改", ASSIGNEE, "hammer", "开始整改", main=True),
        Step("close_out", ("to_check",), "closed_out", "验收销号", (*SCHOOL, "safety_officer"), "shield-check", "验收合格，销号", tone="good",
             main=True, rules=(rules.checker_is_not_fixer,), help="整改人不能验收自己的。"),
        Step("accept", ("to_accept",), "to_recheck", "验收通过", ("safety_officer", "director"), "shield-check", "验收合格，七天内复查后销号",
             tone="good", main=True, rules=(rules.checker_is_not_fixer,), tells=(ASSIGNEE, "principal"), help="重大隐患由局里验收，学校七天内复查。"),
        Step("send_back", CHECKED, "working", "退回整改", (*SCHOOL, "safety_officer", "director"), "undo-2", "验收不合格，退回整改", tone="bad",
             counts="rework", rules=(rules.checker_is_not_fixer,), leads=rules.back_to_work, branches=("supervised", "registered"), tells=(ASSIGNEE,)),
        Step("recheck_ok", ("to_recheck",), "closed_out", "复查无误，销号", (*SCHOOL, "safety_officer"), "flag", "复查无误，销号", tone="good", main=True,
             rules=(rules.checker_is_not_fixer,)),
        Step("recheck_bad", ("to_recheck",), "working", "复查不合格", (*SCHOOL, "safety_officer"), "rotate-ccw", "复查不合格，重新整改", tone="bad",
             counts="rework", leads=rules.back_to_work, branches=("supervised", "registered"), tells=(ASSIGNEE, "safety_officer")),
        Step("reassign", OPEN_WORK, None, "换责任人", SCHOOL, "users", "改由{assignee}整改", sets=("assignee",), tells=(ASSIGNEE,)),
        Step("regrade", OPEN_WORK, None, "改级别", rules.DECIDES_MAJOR, "tags", "把级别改为{grade}", sets=("grade", "rule", "colour"),
             does="tell_of_major", tells=(ASSIGNEE, "safety_head")),
        Step("to_repair", OPEN_WORK, None, "转报修", (ASSIGNEE, *SCHOOL), "wrench", "转为报修", opens=("repairs.ticket", rules.REPAIR),
             carries=("unit", "words", "photos"), rules=(rules.not_a_repair_yet,), help="请后勤来修；隐患还在这里验收。"),
        Step("ask_time", PLANNED, None, "申请延期", ASSIGNEE, "hourglass", "申请延期到 {asked_on}", sets=("asked_on",),
             rules=(rules.in_time, rules.later_than_promised), tells=("safety_head",)),
        Step("grant_time", PLANNED, None, "批准延期", (*SCHOOL, "safety_officer"), "hourglass", "批准延期到 {due_on}", tone="good",
             sets=("due_on",), clears=("asked_on",), restarts=True, counts="extensions", offered=rules.is_asked, tells=(ASSIGNEE,),
             rules=(rules.ask_is_open, rules.in_time, rules.not_own_ask), help="可以改成别的日期。"),
        Step("refuse_time", PLANNED, None, "不批准延期", (*SCHOOL, "safety_officer"), "x", "不批准延期", tone="bad", clears=("asked_on",),
             rules=(rules.ask_is_open, rules.not_own_ask), tells=(ASSIGNEE,)),
        Step("supervise", ("planned", "working"), "supervised", "挂牌督办", ("safety_officer", BY_CLOCK), "badge-alert", "挂牌督办", tone="bad",
             does="put_on_board", tells=("safety_head", *HEADS, *ABOVE), help="列入督办公示，每周报一次进展。"),
        Step("report_week", ("supervised",), None, "报本周进展", (ASSIGNEE, *SCHOOL), "file-clock", "报了督办周报", counts="reports",
             renews=("weekly",), tells=("principal", *ABOVE), help="挂牌督办期间每周一份。"),
    ),
    clocks=(
        Clock("register", "核实登记", runs=("unconfirmed", *NEW), within=rules.register_time, late=LATE),
        Clock("at_once", "立即整改或定方案", runs=("registered", "fixing_now"), within=rules.at_once_time, late=LATE),
        Clock("rectify", "整改", runs=PLANNED, stands=CHECKED, within=rules.rectify_time, until=rules.promised_moment, late=LATE),
        Clock("supervise", "到期挂牌督办", runs=("planned", "working"), stands=CHECKED, within=rules.rectify_time,
              until=rules.promised_moment, then="supervise", silent=True),
        Clock("check", "验收", runs=CHECKED, within=rules.check_time, late=UNCHECKED),
        Clock("recheck", "复查", runs=("to_recheck",), within=rules.recheck_time, late=UNCHECKED),
        Clock("weekly", "督办周报", runs=("supervised",), stands=CHECKED, within=rules.weekly_time, late=LATE),
    ),
)  # fmt: skip
