"""The laws of the day: samples, leaders and parents who eat along, controls. What is missed rises, and stays counted."""

from decimal import Decimal

from canteen.apps import HEADS
from canteen.models import Accompany, Control, ParentMeal, Sampling
from canteen.queries import duties as queries
from canteen.rules import duties as rules
from portal.cases.flow import BY_CLOCK, HOLDER, OPENER, Clock, Flow, Recurring, Rung, State, Step

KEEPS = ("canteen_chef", "canteen_manager", "food_safety_officer")
CONTROLS_OPEN = ("daily", "weekly", "monthly", "self")
EVERY_DAY = Recurring({"every": "day", "time": "06:00"})
LATE = (
    Rung(HOLDER, share=Decimal("0.7")),
    Rung("canteen_manager", share=Decimal(1), ack=Decimal(1)),
    Rung("principal", plus=Decimal(2), ack=Decimal(2)),
    Rung("canteen_officer", plus=Decimal(6)),
)

SAMPLINGS = Flow(
    Sampling,
    title="留样",
    prefix="LY",
    icon="flask-conical",
    plural="samplings",
    assigner="canteen_manager",
    facts=queries.facts_of_sampling,
    papers=queries.papers_of_sampling,
    brings=queries.with_samples,
    recurs=EVERY_DAY,
    opening=Step("open_samplings", (), "due", "到时留样", BY_CLOCK, "calendar-clock", "到时留样"),
    states=(
        State("due", "待留样", turn="canteen_chef", line="留样", icon="flask-conical"),
        State("kept", "留样中", turn="canteen_chef", line="留样", icon="snowflake"),
        State("discarded", "已销毁", final="done", line="销毁", icon="flag"),
        State("missed", "没有留齐", final="off", icon="circle-x"),
        State("unserved", "没有供餐", final="off", icon="ban"),
    ),
    steps=(
        Step("keep_samples", ("due",), "due", "留样", KEEPS, "flask-conical", "留样 {kept} 份", tone="good", main=True,
             does="store_samples", leads=rules.after_samples, branches=("kept",), help="每样菜称重，放进专用冷藏柜，贴上标签。"),
        Step("discard_sample", ("kept",), "kept", "销毁留样", KEEPS, "trash-2", "到时销毁一份", main=True, does="discard",
             leads=rules.after_discard, branches=("discarded",), help="扫标签上的码，或照着输。不到时间不能销毁。"),
        Step("not_served", ("due",), "unserved", "这一餐没有供", ("canteen_manager", *HEADS), "ban", "这一餐没有供",
             rules=(rules.nothing_was_served,)),
        Step("close_unsampled", ("due",), "missed", "没有留齐", BY_CLOCK, "circle-x", "到时没有留齐", tone="bad",
             tells=("canteen_manager", "food_safety_director")),
    ),
    clocks=(
        Clock("keep", "留样", runs=("due",), within=rules.example_time, until=queries.sample_due, late=LATE),
        Clock("unsampled", "补留", runs=("due",), within=rules.example_time, until=queries.sample_missed,
              then="close_unsampled", silent=True),
        Clock("discard", "销毁", runs=("kept",), within=rules.example_time, until=queries.discard_due, late=LATE),
    ),
)  # fmt: skip

ACCOMPANIES = Flow(
    Accompany,
    title="陪餐",
    prefix="PC",
    icon="utensils",
    plural="accompanies",
    assigner="principal",
    facts=queries.facts_of_meal,
    brings=queries.with_eater,
    recurs=EVERY_DAY,
    opening=Step("open_accompanies", (), "due", "到时陪餐", BY_CLOCK, "calendar-clock", "到时陪餐"),
    states=(
        State("due", "待陪餐", turn="principal", line="陪餐", icon="utensils"),
        State("done", "已陪餐", final="done", line="办结", icon="flag"),
        State("missed", "没有陪餐", final="off", icon="circle-x"),
        State("unserved", "没有供餐", final="off", icon="ban"),
    ),
    steps=(
        Step("record_meal", ("due",), "done", "记陪餐", HEADS, "utensils", "陪餐了", tone="good", main=True, sets=("score",),
             does="ate_along", help="和学生同吃一份，次日中午十二点前记下。"),
        Step("not_served", ("due",), "unserved", "这一餐没有供", ("canteen_manager", *HEADS), "ban", "这一餐没有供",
             rules=(rules.nothing_was_served,)),
        Step("close_unaccompanied", ("due",), "missed", "没有陪餐", BY_CLOCK, "circle-x", "到时没有陪餐记录", tone="bad",
             tells=("principal",)),
    ),
    clocks=(
        Clock("eat", "陪餐记录", runs=("due",), within=rules.example_time, until=queries.accompany_due, late=LATE),
        Clock("uneaten", "补记", runs=("due",), within=rules.example_time, until=queries.accompany_missed,
              then="close_unaccompanied", silent=True),
    ),
)  # fmt: skip

CONTROLS = Flow(
    Control,
    title="食品安全管控",
    prefix="GK",
    icon="clipboard-check",
    plural="controls",
    assigner="canteen_manager",
    facts=queries.facts_of_control,
    recurs=EVERY_DAY,
    opening=Step("open_controls", (), "daily", "到时管控", BY_CLOCK, "calendar-clock", "到时管控", leads=rules.where_control,
                 branches=("weekly", "monthly", "self")),
    states=(
        State("daily", "待日管控", turn="food_safety_officer", line="检查", icon="clipboard-check"),
        State("weekly", "待周排查", turn="food_safety_director", line="检查", icon="clipboard-check"),
        State("monthly", "待月调度", turn="principal", line="检查", icon="users"),
        State("self", "待自查", turn="canteen_manager", line="检查", icon="clipboard-check"),
        State("done", "已完成", final="done", line="办结", icon="flag"),
        State("missed", "没有做", final="off", icon="circle-x"),
        State("excused", "这次免", final="off", icon="ban"),
    ),
    steps=(
        Step("fill_control", CONTROLS_OPEN, "done", "逐项检查", (*KEEPS, "food_safety_director", *HEADS), "clipboard-check",
             "检查完，有问题 {problems} 项", tone="good", main=True, rules=(rules.own_control,), does="keep_outcomes"),
        Step("excuse_control", CONTROLS_OPEN, "excused", "这次免", HEADS, "ban", "这次免", rules=(rules.nobody_ate,), help="停课停餐时用，要写原因。"),
        Step("close_uncontrolled", CONTROLS_OPEN, "missed", "没有做", BY_CLOCK, "circle-x", "到时没有做", tone="bad",
             tells=("canteen_manager", "principal")),
    ),
    clocks=(
        Clock("control", "管控", runs=CONTROLS_OPEN, within=rules.example_time, until=queries.control_due, late=LATE),
        Clock("uncontrolled", "补做", runs=CONTROLS_OPEN, within=rules.example_time, until=queries.control_missed,
              then="close_uncontrolled", silent=True),
    ),
)  # fmt: skip

PARENT_MEALS = Flow(
    ParentMeal,
    title="家长陪餐",
    prefix="JP",
    icon="users",
    plural="parentmeals",
    assigner="canteen_manager",
    facts=queries.facts_of_meal,
    opening=Step("book_meal", (), "booked", "预约陪餐", ("parent", "meal_committee"), "calendar-check", "预约陪餐"),
    states=(
        State("booked", "已预约", turn=OPENER, line="陪餐", icon="calendar-check"),
        State("eaten", "待答复", turn="canteen_manager", line="答复", icon="message-square"),
        State("answered", "已答复", final="done", line="办结", icon="flag"),
        State("cancelled", "已取消", final="off", icon="ban"),
        State("unused", "没有来", final="off", icon="circle-x"),
    ),
    steps=(
        Step("give_opinion", ("booked",), "eaten", "写陪餐意见", OPENER, "message-square", "陪餐了，写了意见", tone="good", main=True,
             sets=("score",), rules=(rules.has_begun,), offered=rules.is_the_day, help="饭菜怎么样，有什么建议。食堂五个工作日内答复。"),
        Step("cancel_booking", ("booked",), "cancelled", "取消预约", OPENER, "ban", "取消预约"),
        Step("answer_opinion", ("eaten",), "answered", "答复", ("canteen_manager", *HEADS), "message-square", "答复了", tone="good",
             main=True, tells=(OPENER,)),
        Step("close_unused", ("booked",), "unused", "没有来", BY_CLOCK, "circle-x", "预约的名额没有用"),
    ),
    clocks=(
        Clock("come", "陪餐", runs=("booked",), within=rules.example_time, until=queries.come_missed, then="close_unused",
              silent=True),
        Clock("answer", "答复", runs=("eaten",), within=rules.answer_time, late=LATE),
    ),
)  # fmt: skip
