"""How safety stands: what each hazard, round and drill counts for, the grid's cover, who takes part, and the figures of that.

Leads on students are another kind and counted nowhere; what stands in a closed circle is counted by nobody.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Cast, Coalesce

from portal import clock
from portal.orgs.models import UnitKind, User
from portal.rollups.book import Chapter, Figure, How, Light, Part, Past, Tally, day_of
from portal.rollups.models import Daily
from portal.rollups.spread import bin_of
from safety_grid.flow import DRILLS, FLOW, ROUNDS
from safety_grid.models import MAJOR, Cell, Drill, DrillResult, Holding, Level, SignIn, level_at
from safety_grid.models.cells import held_at
from safety_grid.queries.hazards import NOT_ONE, categories, on_board

DAY = 86400  # seconds
HANDS = "safety_grid.hands"


def counted(past: Past) -> Iterator[Part]:
    """What one hazard adds: found on the day it was reported, closed out on the day it was; and everybody who acted on it."""
    case = past.case
    if case.state in NOT_ONE:
        return
    found, major = day_of(case.opened_at), case.grade == MAJOR
    yield Part("safety_grid.found", found)
    yield Part("safety_grid.place", found)
    if major:
        yield Part("safety_grid.found_major", found)
    if case.again:
        yield Part("safety_grid.again", found)
    for event in past.took("send_back", "recheck_bad"):
        yield Part("safety_grid.rework", day_of(event.at))
    if case.state == "closed_out":
        closed = day_of(case.closed_at)
        yield Part("safety_grid.closed", closed)
        yield Part("safety_grid.closed_place", closed)
        yield Part("safety_grid.settled", found)
        yield Part("safety_grid.took", closed, bin=bin_of((case.closed_at - case.opened_at).total_seconds() / DAY))
        if major:
            yield Part("safety_grid.closed_major", closed)
            yield Part("safety_grid.settled_major", found)
    yield from _hands(past)


def walked(past: Past) -> Iterator[Part]:
    """What one round adds: due on its day, done or missed; rounds somebody was excused from were not due."""
    day = day_of(past.case.slot)
    if past.case.state == "excused":
        return
    yield Part("safety_grid.rounds", day)
    if past.case.state == "done":
        yield Part("safety_grid.rounds_done", day)
        yield from _hands(past)
    if past.case.state == "missed":
        yield Part("safety_grid.rounds_missed", day)


def drilled(past: Past) -> Iterator[Part]:
    """What one drill adds: planned on the day agreed, and held; a cancelled one nothing."""
    if past.case.state == "cancelled":
        return
    yield Part("safety_grid.drills", past.case.planned_on)
    if past.case.held_at is not None:
        yield Part("safety_grid.drills_done", past.case.planned_on)


def _hands(past: Past) -> Iterator[Part]:
    """Every person who took a step of it, in the month they did."""
    for event in past.events:
        kind, _, pk = event.who.partition(":")
        if kind == "person":
            yield Part(HANDS, day_of(event.at), who=int(pk))


def cells(path: str, since: date, until: date) -> Iterator[tuple[str, int, int]]:
    """Cells in use now, by school or office, and how many of them somebody answers for today."""
    today = Holding.objects.filter(held_at(clock.today(), clock.now()), cell=OuterRef("pk"), person__is_active=True)
    rows = Cell.objects.filter(closed_on=None, unit__path__startswith=path).annotate(held=Exists(today)).order_by()
    where = Coalesce(F("unit__school__path"), F("unit__path"))
    for row in rows.values(where=where).annotate(over=Count("pk"), n=Count("pk", filter=Q(held=True))):
        yield row["where"], row["n"], row["over"]


def all_cells(path: str, since: date, until: date) -> Iterator[tuple[str, int, int]]:
    """Cells in use now, by school or office."""
    for where, _, over in cells(path, since, until):
        yield where, over, over


def taking_part(path: str, since: date, until: date) -> Iterator[tuple[str, int, int]]:
    """Staff of each school who took a step of a hazard or round there, or signed in on duty, in these months; and all staff."""
    months = (since.replace(day=1), until)
    mine = {"topic": Cast(OuterRef("pk"), CharField()), "unit": OuterRef("home__school")}
    acted = Exists(Daily.objects.filter(tally=HANDS, day__range=months, n__gt=0, **mine))
    stood = Exists(SignIn.objects.filter(person=OuterRef("pk"), day__range=months, at__isnull=False))
    staff = User.objects.filter(is_active=True, student=None, home__school__path__startswith=path)
    rows = staff.annotate(took=acted, stood=stood).order_by().values("home__school__path")
    for row in rows.annotate(over=Count("pk"), n=Count("pk", filter=Q(took=True) | Q(stood=True))):
        yield row["home__school__path"], row["n"], row["over"]


def evacuation(path: str, since: date, until: date) -> Iterator[tuple[str, int, int]]:
    """Of each school's last drill up to that day: the seconds of all its classes and groups, and how many these are."""
    measured = Exists(DrillResult.objects.filter(drill=OuterRef("pk")))
    held = Drill.objects.filter(measured, held_at__date__lte=until, unit_path__startswith=path, circle="")
    last = held.order_by("unit__school", "-held_at", "-pk").distinct("unit__school")
    rows = DrillResult.objects.filter(drill__in=last.values("pk")).order_by()
    for row in rows.values("drill__unit__school__path").annotate(n=Sum("seconds"), over=Count("pk")):
        yield row["drill__unit__school__path"], row["n"], row["over"]


def late() -> Q:
    """Open and past the nearest clock, this moment."""
    return Q(is_open=True, due_at__lt=clock.now())


def late_major() -> Q:
    """The same of major ones."""
    return late() & major_open()


def major_open() -> Q:
    """Major ones that are open this moment."""
    return Q(is_open=True, grade=MAJOR)


def is_open() -> Q:
    """Open this moment, and no report a stranger's word alone stands behind."""
    return Q(is_open=True) & ~Q(state="unconfirmed")


def _levels() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The four levels of the grid with the kinds of unit that are of each."""
    return tuple(
        (str(level.label), tuple(kind.value for kind in UnitKind if level_at(kind) == level)) for level in Level
    )


CHAPTER = Chapter(
    affair="safety_grid",
    title="安全网格",
    icon="shield-check",
    version=2,
    kinds={FLOW.kind: counted, ROUNDS.kind: walked, DRILLS.kind: drilled},
    leading=("late", "open", "found", "closed", "close_rate", "coverage", "participation"),
    ranked=(("close_rate", 10),),
    by_kind=("found", "closed", "close_rate", "again", "open", "late"),
    drawn=("close_rate", "rounds_rate"),
    paired=("found", "closed"),
    places="safety_grid.place",
    heat=True,
    levels=_levels(),
    by_level=("found", "closed", "open", "late", "open_major"),
    reported="found",
    topics=lambda: {one.code: one.short for one in categories().values() if not one.private},
    tallies=(
        Tally("safety_grid.found"),
        Tally("safety_grid.place", by_place=True),
        Tally("safety_grid.found_major"),
        Tally("safety_grid.again"),
        Tally("safety_grid.rework"),
        Tally("safety_grid.closed"),
        Tally("safety_grid.closed_place", by_topic=False, by_place=True),
        Tally("safety_grid.closed_major"),
        Tally("safety_grid.settled"),
        Tally("safety_grid.settled_major"),
        Tally("safety_grid.took", by_topic=False),
        Tally("safety_grid.rounds", by_topic=False),
        Tally("safety_grid.rounds_done", by_topic=False),
        Tally("safety_grid.rounds_missed", by_topic=False),
        Tally("safety_grid.drills", by_topic=False),
        Tally("safety_grid.drills_done", by_topic=False),
        Tally(HANDS, by_person=True),
    ),
    figures=(
        Figure("safety_grid.late", "超时未办", "件", "此刻没有销号、最近一个时限已过的隐患。", How.LIVE, live=late, icon="octagon-alert", high_is_good=False,
               light=Light(Decimal(1), Decimal(1), high_is_good=False, word="超时")),
        Figure("safety_grid.open", "未销号", "件", "此刻没有销号的隐患。", How.LIVE, live=is_open, icon="circle-dot"),
        Figure("safety_grid.open_major", "重大未销号", "件", "此刻没有销号的重大隐患。", How.LIVE, live=major_open, icon="triangle-alert", high_is_good=False,
               light=Light(Decimal(1), Decimal(1), high_is_good=False, word="重大")),
        Figure("safety_grid.late_major", "重大超时", "件", "此刻没有销号、时限已过的重大隐患。", How.LIVE, live=late_major, icon="octagon-alert", high_is_good=False),
        Figure("safety_grid.supervised", "挂牌督办", "件", "此刻正在挂牌督办的隐患。", How.LIVE, live=on_board, icon="badge-alert", high_is_good=False),
        Figure("safety_grid.found", "隐患", "件", "这段时间里发现的隐患，按报告那天算；不属实、重复和撤回的不算。", How.COUNT, of="safety_grid.found",
               placed="safety_grid.place", icon="triangle-alert"),
        Figure("safety_grid.found_major", "重大隐患", "件", "其中定为重大的。", How.COUNT, of="safety_grid.found_major", icon="flame"),
        Figure("safety_grid.closed", "销号", "件", "这段时间里验收销号的隐患，按销号那天算。", How.COUNT, of="safety_grid.closed",
               placed="safety_grid.closed_place", icon="shield-check"),
        Figure("safety_grid.closed_major", "重大销号", "件", "其中重大的。", How.COUNT, of="safety_grid.closed_major", icon="shield-check"),
        Figure("safety_grid.close_rate", "销号率", "%", "这段时间里发现的隐患中，到现在已经销号的。", How.SHARE, of="safety_grid.settled",
               over="safety_grid.found", icon="circle-check", high_is_good=True, light=Light(Decimal(80), Decimal(95))),
        Figure("safety_grid.close_rate_major", "重大销号率", "%", "这段时间里发现的重大隐患中，到现在已经销号的。", How.SHARE,
               of="safety_grid.settled_major", over="safety_grid.found_major", icon="circle-check", high_is_good=True),
        Figure("safety_grid.days", "销号天数中位数", "天", "从报告到销号，按钟表算；一半的比它快。由分档计数得出，误差在 5% 以内。", How.MIDDLE,
               of="safety_grid.took", icon="hourglass", high_is_good=False),
        Figure("safety_grid.again", "复发", "件", "同一地点同一类别，90 天内又出现的隐患。", How.COUNT, of="safety_grid.again", icon="repeat", high_is_good=False),
        Figure("safety_grid.rework", "验收退回", "次", "验收或复查不合格、退回整改的次数，按那天算。", How.COUNT, of="safety_grid.rework", icon="undo-2",
               high_is_good=False),
        Figure("safety_grid.rounds", "应巡查", "次", "这段时间里应完成的巡查，免巡的不算。", How.COUNT, of="safety_grid.rounds", icon="footprints"),
        Figure("safety_grid.rounds_rate", "巡查完成率", "%", "完成的巡查 ÷ 应完成的。", How.SHARE, of="safety_grid.rounds_done", over="safety_grid.rounds",
               word="次", icon="footprints", high_is_good=True, light=Light(Decimal(80), Decimal(95), word="巡查")),
        Figure("safety_grid.rounds_missed", "漏查", "次", "到时没有完成的巡查。", How.COUNT, of="safety_grid.rounds_missed", icon="circle-x", high_is_good=False),
        Figure("safety_grid.drills", "计划演练", "次", "计划在这段时间里做的演练，按计划日期算；取消的不算。", How.COUNT, of="safety_grid.drills", icon="siren"),
        Figure("safety_grid.drills_done", "完成演练", "次", "其中到现在已经演练的。", How.COUNT, of="safety_grid.drills_done", icon="siren"),
        Figure("safety_grid.drills_rate", "演练完成率", "%", "完成的演练 ÷ 计划在这段时间里做的。", How.SHARE, of="safety_grid.drills_done",
               over="safety_grid.drills", word="次", icon="siren", high_is_good=True),
        Figure("safety_grid.evacuation", "平均疏散", "秒", "每所学校到这段时间为止最近一次演练，各班级和人群疏散用时的平均。", How.MEAN,
               asked=evacuation, word="个班级或人群", fewest=1, icon="timer", high_is_good=False),
        Figure("safety_grid.cells", "网格", "个", "此刻在用的网格，教育局和乡镇的也算。", How.COUNT, asked=all_cells, word="个", icon="grid-2x2"),
        Figure("safety_grid.coverage", "网格覆盖", "%", "此刻有人负责的网格 ÷ 在用的网格。", How.SHARE, asked=cells, word="个", icon="shield",
               high_is_good=True, light=Light(Decimal(90), Decimal(100), word="覆盖")),
        Figure("safety_grid.participation", "教职工参与", "%", "这段时间所在的月份里，在本校隐患、巡查上办过一步，或值班签到过的教职工 ÷ 全体教职工；一人只算一次。",
               How.SHARE, asked=taking_part, word="人", icon="users", high_is_good=True, light=Light(Decimal(60), Decimal(80), word="参与")),
    ),
)  # fmt: skip
