"""What a sample, an accompanying meal, a control and a booked place must hold."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from canteen.apps import HEADS
from canteen.models import Accompany, Canteen, Control, ParentMeal, Sample, Sampling
from canteen.queries import duties as queries
from canteen.queries.meals import eaten_on, is_proven
from portal import clock
from portal.cases.actors import Actor
from portal.errors import NotAllowed, Refused
from portal.orgs.access import may
from portal.orgs.models import User
from portal.worktime.calendars import calendar_for
from portal.worktime.spans import Measure, Span

HOLDERS = {
    "daily": ("food_safety_officer", "food_safety_director"),
    "weekly": ("food_safety_director", *HEADS),
    "monthly": HEADS,
    "self": ("canteen_manager", "canteen_chef", *HEADS),
}
WHO = {"daily": "食品安全员", "weekly": "食品安全总监", "monthly": "校长", "self": "食堂管理员"}
FAR = timedelta(days=60)


def example_time(case: Any) -> Span:
    """What the settings' example shows; the moment a case names goes first."""
    return Span(Decimal(8), Measure.WALL)


def answer_time(case: ParentMeal) -> Span:
    """A parent's opinion is answered within five school days (CR-03)."""
    return Span(Decimal(5), Measure.DAYS)


def enough(canteen: Canteen, grams: int) -> None:
    """At least the canteen's grams, which are never below 125 (CR-09)."""
    if grams < canteen.sample_grams:
        said = f"留样每份不少于 {canteen.sample_grams} 克，这里填的是 {grams} 克。"
        raise Refused(said, rule="每餐每样不少于 125 克，冷藏 48 小时（CR-09）", instead="请补足再留。")


def kept_long_enough(sample: Sample) -> None:
    """Nothing is discarded before its hours are over (CR-09)."""
    if sample.discarded_at is not None:
        raise Refused("这份留样已经销毁过了。", instead="请扫下一份的标签。")
    if clock.now() < sample.until:
        left = int((sample.until - clock.now()).total_seconds() // 3600) + 1
        said = f"这份留样还要再留约 {left} 小时。"
        raise Refused(said, rule="留样冷藏不少于 48 小时（CR-09）", instead="请到时再销毁。")


def after_samples(case: Sampling) -> str:
    """The cabinet has everything once no dish is left without a sample."""
    return "due" if queries.unsampled(case) else "kept"


def after_discard(case: Sampling) -> str:
    """Over with the last sample."""
    return "kept" if Sample.objects.filter(sampling_id=case.pk, discarded_at=None).exists() else "discarded"


def nothing_was_served(case: Sampling | Accompany, *, by: Actor, **_: Any) -> None:
    """这一餐没有供: never said of a meal that was counted, sampled or eaten along; what is missing there stays missing."""
    if is_proven(case):
        raise Refused("这一餐登记过就餐人数、留样或陪餐，供了餐就不能这样办。", rule="每餐留样、陪餐（CR-02、CR-09）",
                      instead="登记错的，请先更正就餐人数。")  # fmt: skip


def nobody_ate(case: Control, *, by: Actor, **_: Any) -> None:
    """这次免 is for days without meals: who ate that day was cooked for."""
    if eaten_on(case.canteen_id, case.day):
        raise Refused(
            "那天登记过就餐人数，管控不能免。", rule="日管控、周排查、月调度（CR-26）", instead="请逐项检查。"
        )


def where_control(case: Control) -> str:
    """Where a control begins: with the post it belongs to."""
    return str(queries.control_of(case.topic_of)["state"])


def own_control(case: Control, *, by: Actor, **_: Any) -> None:
    """Each kind is done by its own post: the officer's day, the director's week, the principal's month, the canteen's own."""
    if isinstance(by, User) and not may(by, HOLDERS[case.topic_of], case.unit.path):
        raise NotAllowed(f"这一项由{WHO[case.topic_of]}办。", who=WHO[case.topic_of])


def may_book(canteen: Canteen, day: date, meal: str, *, by: User) -> None:
    """A day to come, a meal that is served, a place that is free, once for each parent and meal."""
    if not clock.today() <= day <= clock.today() + FAR:
        raise Refused("只能预约今天起 60 天内的。", instead="请换一天。")
    if meal not in canteen.meals:
        raise Refused("这个食堂不供这一餐。", instead="请换一餐。")
    if not calendar_for(canteen.school.path).is_school_day(day) and not queries.is_planned(canteen, day, meal):
        raise Refused("那天不上学，食堂不供餐。", instead="请换一个上学日。")
    mine = ParentMeal.objects.filter(canteen=canteen, day=day, meal=meal, opener=by).exclude(state="cancelled")
    if mine.exists():
        raise Refused("您已经预约了这一餐。", instead="在“我发起的”里可以看到。")
    if not queries.seats_left(canteen, day, meal):
        raise Refused("这一餐的陪餐名额已经约满。", instead="请换一天或换一餐。")


def is_the_day(case: ParentMeal) -> bool:
    """Whether the day of the meal has come."""
    return clock.today() >= case.day


def has_begun(case: ParentMeal, **_: Any) -> None:
    """An opinion is given on the day of the meal or later."""
    if not is_the_day(case):
        raise Refused("还没到陪餐的日子。", instead="陪餐以后再写。")
