"""The laws of a rating and of what is put right because of it: owner, date, measures, another's check, the same question again."""

from decimal import Decimal

from canteen.models import Rating, Rectification
from canteen.queries import ratings as queries
from canteen.rules import ratings as rules
from portal.cases.flow import ASSIGNEE, BY_CLOCK, HOLDER, Clock, Flow, Recurring, Rung, State, Step

ARRANGERS = ("canteen_manager", "principal", "vice_principal")
CHECKERS = ("principal", "vice_principal", "food_safety_director")
LATE = (
    Rung(HOLDER, share=Decimal("0.8")),
    Rung("canteen_manager", share=Decimal(1), ack=Decimal(2)),
    Rung("principal", plus=Decimal(4), ack=Decimal(4)),
    Rung("canteen_officer", plus=Decimal(24)),
)

RATINGS = Flow(
    Rating,
    title="满意度",
    prefix="MY",
    icon="star",
    plural="ratings",
    facts=queries.facts_of_rating,
    papers=queries.papers_of,
    brings=lambda rows: rows.select_related("canteen", "survey"),
    recurs=Recurring({"every": "month", "day": 20, "time": "08:00", "school_days": True}),
    moves=((queries.RESURVEY, "resurveyed"),),
    opening=Step("open_ratings", (), "asking", "到期评分", BY_CLOCK, "star", "请大家评分"),
    states=(
        State("asking", "正在评分", turn=BY_CLOCK, line="评分", icon="star"),
        State("rated", "已有结果", final="done", line="结果", icon="megaphone"),
        State("too_few", "答的人太少", final="off", icon="users"),
    ),
    steps=(
        Step("count_ratings", ("asking",), "rated", "计票", BY_CLOCK, "calculator", "截止计票", leads=rules.has_result,
             branches=("too_few",), does="put_right"),
    ),
)  # fmt: skip

RECTIFICATIONS = Flow(
    Rectification,
    title="食堂整改",
    prefix="ZG",
    icon="wrench",
    plural="rectifications",
    assigner="canteen_manager",
    facts=queries.facts_of,
    brings=lambda rows: rows.select_related("canteen"),
    opening=Step("open_rectification", (), "found", "需要整改", BY_CLOCK, "triangle-alert", "满意度低于线，需要整改"),
    states=(
        State("found", "待安排", turn="canteen_manager", line="安排", icon="triangle-alert"),
        State("fixing", "整改中", turn=ASSIGNEE, line="整改", icon="wrench"),
        State("to_check", "待核验", turn="principal", line="核验", icon="clipboard-check"),
        State("asked_again", "待复评", turn=BY_CLOCK, line="复评", icon="star"),
        State("undecided", "复评答的人太少，待决定", turn="principal", line="复评", icon="scale"),
        State("unrated", "复评答的人太少，写明理由办结", final="done", line="办结", icon="flag"),
        State("settled", "已达标", final="done", line="办结", icon="flag"),
    ),
    steps=(
        Step("arrange", ("found",), "fixing", "安排整改", ARRANGERS, "user-check", "安排 {assignee} 整改", main=True,
             sets=("assignee", "due_on"), help="谁来改、哪天改好、怎么改。"),
        Step("finish_rectification", ("fixing",), "to_check", "改好了，请核验", ASSIGNEE, "check", "改好了", main=True, tone="good"),
        Step("check_rectification", ("to_check",), "asked_again", "核验通过，请大家再评", CHECKERS, "clipboard-check", "核验通过，再请大家评",
             main=True, tone="good", rules=(rules.another_checks,), does="ask_diners_again", help="系统就同一样再发一次评分，七天截止。"),
        Step("send_back_rectification", ("to_check",), "fixing", "退回再改", CHECKERS, "undo-2", "退回再改", tone="bad",
             rules=(rules.another_checks,), counts="rework"),
        Step("resurveyed", ("asked_again",), "settled", "复评", BY_CLOCK, "star", "复评有了结果", leads=rules.satisfied_now, branches=("found", "undecided")),
        Step("ask_once_more", ("undecided",), "asked_again", "再请大家评一次", CHECKERS, "star", "再请大家评一次", main=True, tone="good",
             rules=(rules.another_checks,), does="ask_diners_again", help="请班主任提醒大家来评；七天截止。"),
        Step("settle_unrated", ("undecided",), "unrated", "写明理由办结", CHECKERS, "flag", "答的人太少，负责人看过后办结",
             rules=(rules.another_checks,), help="您看过了、确实改好了才办结。公示上写的是“答的人太少”，不是“已达标”。"),
    ),
    clocks=(
        Clock("arrange", "安排", runs=("found",), within=rules.arrange_time, late=LATE),
        Clock("fix", "整改", runs=("fixing",), stands=("to_check",), within=rules.arrange_time, until=rules.until_due, late=LATE),
        Clock("check", "核验", runs=("to_check", "undecided"), within=rules.check_time, late=LATE),
    ),
)  # fmt: skip
