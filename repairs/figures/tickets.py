"""How repairs stand: what each ticket counts for, and the figures read from that."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.db.models import Q

from portal import clock
from portal.ledger.models import Event
from portal.publications import figures as publications
from portal.rollups.book import Chapter, Figure, How, Light, Part, Past, Tally, day_of
from portal.rollups.spread import bin_of
from portal.worktime.spans import Measure
from repairs.flow import FLOW, MATERIALS, MONTHLY
from repairs.queries import topics

from .materials import spent

SOON = timedelta(hours=24)


def counted(past: Past) -> Iterator[Part]:
    """What one ticket adds. Its last completion counts, unless it was sent back since; each time it came back counts as rework."""
    case = past.case
    opened = day_of(case.opened_at)
    yield Part("repairs.reported", opened)
    yield Part("repairs.place", opened)
    answers = past.took("accept", "reject")
    if answers:
        hours = past.calendar.between(case.opened_at, answers[0].at, Measure.HOURS)
        yield Part("repairs.responded", day_of(answers[0].at), bin=bin_of(hours))
    returned = past.took("send_back", "reopen")
    for event in returned:
        yield Part("repairs.rework", day_of(event.at))
    finished = past.took("finish", "enter_sheet")
    if finished and case.state in ("finished", "closed", "unreviewed"):
        yield from _finished(past, finished[-1], again=bool(returned))
    if case.state in ("closed", "unreviewed"):
        yield from _closed(past)


def _finished(past: Past, last: Event, *, again: bool) -> Iterator[Part]:
    """A completed repair: when, how fast by the wall clock, whether in time, whether at the first attempt."""
    day, took = day_of(last.at), last.at - past.case.opened_at
    hours = past.calendar.between(past.case.opened_at, last.at, Measure.HOURS)
    yield Part("repairs.finished", day)
    yield Part("repairs.resolved", day, bin=bin_of(hours))
    if took <= timedelta(hours=2):
        yield Part("repairs.within_2h", day)
    if took <= timedelta(hours=24):
        yield Part("repairs.within_24h", day)
    if past.kept("resolve", last.at):
        yield Part("repairs.on_time", day)
    if not again:
        yield Part("repairs.first_time", day)


def _closed(past: Past) -> Iterator[Part]:
    """A closed repair, with its rating or without: silence is never praise."""
    case = past.case
    day = day_of(case.closed_at)
    yield Part("repairs.closed", day)
    if case.state == "unreviewed":
        yield Part("repairs.unreviewed", day)
    elif case.speed is not None and case.quality is not None:
        yield Part("repairs.rated", day, amount=Decimal(case.speed + case.quality) / 2)


def late() -> Q:
    """Open and past the nearest clock, this moment."""
    return Q(is_open=True, due_at__lt=clock.now())


def soon() -> Q:
    """Open and due within 24 hours from this moment."""
    return Q(is_open=True, due_at__gte=clock.now(), due_at__lt=clock.now() + SOON)


def is_open() -> Q:
    """Open, this moment."""
    return Q(is_open=True)


CHAPTER = Chapter(
    affair="repairs",
    title="报修",
    icon="wrench",
    kinds={FLOW.kind: counted, MATERIALS.kind: spent, MONTHLY.kind: publications.counted},
    leading=("late", "soon", "open", "reported", "on_time", "rating"),
    ranked=(("on_time", 7), ("first_time", 3)),
    by_kind=("reported", "finished", "on_time", "within_24h", "first_time", "rating", "cost"),
    drawn=("on_time", "rating"),
    paired=("reported", "finished"),
    places="repairs.place",
    costs="repairs.cost_place",
    cost="cost",
    version=3,
    reported="reported",
    topics=lambda: {topic.code: topic.short for topic in topics().values()},
    tallies=(
        Tally("repairs.reported"),
        Tally("repairs.place", by_topic=True, by_place=True),
        Tally("repairs.responded", by_topic=False),
        Tally("repairs.rework"),
        Tally("repairs.finished"),
        Tally("repairs.resolved", by_topic=False),
        Tally("repairs.within_2h"),
        Tally("repairs.within_24h"),
        Tally("repairs.on_time"),
        Tally("repairs.first_time"),
        Tally("repairs.closed"),
        Tally("repairs.unreviewed", by_topic=False),
        Tally("repairs.rated"),
        Tally("repairs.cost"),
        Tally("repairs.cost_place", by_topic=False, by_place=True),
        *publications.tallies(MONTHLY),
    ),
    figures=(
        Figure("repairs.late", "超时未办", "件", "此刻在办、最近一个时限已过的报修单。", How.LIVE, live=late, icon="octagon-alert", high_is_good=False,
               light=Light(Decimal(1), Decimal(1), high_is_good=False, word="超时")),
        Figure("repairs.soon", "24 小时内到期", "件", "此刻在办、最近一个时限在 24 小时之内的报修单。", How.LIVE, live=soon, icon="triangle-alert"),
        Figure("repairs.open", "在办", "件", "此刻没有办结的报修单。", How.LIVE, live=is_open, icon="circle-dot"),
        Figure("repairs.reported", "报修", "件", "这段时间里报修的单数，按报修那天算。", How.COUNT, of="repairs.reported", icon="wrench"),
        Figure("repairs.finished", "修好", "件", "这段时间里完工、没有再退回的单数，按最后一次完工那天算。", How.COUNT, of="repairs.finished", icon="hammer"),
        Figure("repairs.on_time", "按时修好", "%", "在修复时限之内完工的 ÷ 修好的。", How.SHARE, of="repairs.on_time", over="repairs.finished",
               icon="circle-check", high_is_good=True, light=Light(Decimal(70), Decimal(90))),
        Figure("repairs.within_2h", "2 小时内修好", "%", "报修后 2 小时（按钟表）内完工的 ÷ 修好的。", How.SHARE, of="repairs.within_2h", over="repairs.finished",
               icon="zap", high_is_good=True),
        Figure("repairs.within_24h", "24 小时内修好", "%", "报修后 24 小时（按钟表）内完工的 ÷ 修好的。", How.SHARE, of="repairs.within_24h", over="repairs.finished",
               icon="clock", high_is_good=True, light=Light(Decimal(50), Decimal(75), word="24小时")),
        Figure("repairs.first_time", "一次修好", "%", "没有退回、也没有重新报修过的 ÷ 修好的。", How.SHARE, of="repairs.first_time", over="repairs.finished",
               icon="thumbs-up", high_is_good=True, light=Light(Decimal(80), Decimal(90))),
        Figure("repairs.rework", "退回返修", "次", "验收时退回、办结后又坏了重新报修的次数，按那天算。", How.COUNT, of="repairs.rework", icon="undo-2", high_is_good=False),
        Figure("repairs.respond_median", "响应时间中位数", "小时", "从报修到受理答复，按上学时间算；一半的单比它快。由分档计数得出，误差在 5% 以内。", How.MIDDLE,
               of="repairs.responded", icon="timer", high_is_good=False),
        Figure("repairs.respond_p90", "响应时间九成线", "小时", "九成的单在这个时间之内得到答复，按上学时间算。由分档计数得出，误差在 5% 以内。", How.MIDDLE, of="repairs.responded", at=Decimal("0.9"),
               icon="timer", high_is_good=False),
        Figure("repairs.resolve_median", "修复时间中位数", "小时", "从报修到最后一次完工，按上学时间算；一半的单比它快。由分档计数得出，误差在 5% 以内。", How.MIDDLE,
               of="repairs.resolved", icon="hourglass", high_is_good=False),
        Figure("repairs.resolve_p90", "修复时间九成线", "小时", "九成的单在这个时间之内修好，按上学时间算。由分档计数得出，误差在 5% 以内。", How.MIDDLE, of="repairs.resolved", at=Decimal("0.9"),
               icon="hourglass", high_is_good=False),
        Figure("repairs.rating", "评价", "分", "速度和质量两项评分的平均，满分 5 分；没有评价的不算好评，也不算进来。", How.MEAN, of="repairs.rated", over="repairs.rated",
               icon="star", high_is_good=True, light=Light(Decimal("3.5"), Decimal("4.2"))),
        Figure("repairs.rated_share", "评价率", "%", "报修人评了分的 ÷ 办结的。", How.SHARE, of="repairs.rated", over="repairs.closed", icon="star", high_is_good=True),
        Figure("repairs.unreviewed", "未评价", "%", "到期没有验收、系统办结的 ÷ 办结的。没有人说话，不等于满意。", How.SHARE, of="repairs.unreviewed",
               over="repairs.closed", icon="circle-question-mark", high_is_good=False),
        Figure("repairs.cost", "材料费", "元", "这段时间里发出的材料减去退回的，按进价算；类别按申请材料时的报修类别。点开是这些材料申请。", How.AMOUNT,
               of="repairs.cost", icon="coins", high_is_good=False),
        *publications.figures(MONTHLY),
    ),
)  # fmt: skip
