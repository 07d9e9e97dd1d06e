"""照这样设置: what the engine would do with a case opened right now, and whom a setting touches."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from portal import clock as moments
from portal.cases.deadlines import grant, ladder_of, nearest_first, recompute, rung_at, settings_for
from portal.cases.faces import TrailFace
from portal.cases.flow import ASSIGNEE, HOLDER, OPENER, Clock, Flow, Rung
from portal.cases.ladders import Whom
from portal.cases.models import Case, ClockSetting, Deadline
from portal.orgs.models import Post, Unit, UnitKind, prefixes
from portal.templatetags.sunlit import day, when
from portal.worktime.calendars import Calendar, calendar_for
from portal.worktime.spans import Measure, plain

from .limits import sample, teller, topics_of

WEEKS = 4  # counted back to say how many cases a week there are
MOST_SCHOOLS = 500
NAMED = 3  # names shown before "and so many more"


@dataclass
class Example:
    """A case opened at `place` right now: when it is due and who hears of it, and what to mind."""

    place: str
    at: str
    trail: list[TrailFace] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def example(flow: Flow, clock: Clock, unit: Unit, topic: str, wanted: ClockSetting | None) -> Example | None:
    """By the engine's own functions, with `wanted` in place of what is set here now; none where there is no school."""
    place = _school_in(unit)
    if place is None:
        return None
    case = sample(flow, place, topic, state=clock.runs[0])
    rows = settings_for(case, clock.name)
    if wanted is not None:
        rows = nearest_first([*rows, wanted])
    calendar, at = calendar_for(place.path), moments.now()
    deadline = Deadline(clock=clock.name, started_at=at)
    grant(deadline, clock.within(case), rows)
    recompute(deadline, flow, calendar)
    ladder = () if clock.then else ladder_of(deadline, flow)
    words = dict(topics_of(flow)).get(case.topic, flow.title)
    shown = Example(place.name, f"{when(at)} 在{place.name}{flow.opening.title}（{words}）")
    shown.trail = _trail(case, flow, clock, deadline, ladder, calendar)
    shown.warnings = list(_warnings(deadline, flow, ladder, calendar))
    decided = next((row for row in rows if row.amount is not None or row.rungs is not None), None)
    if wanted is not None and decided is not None and decided.unit_id != wanted.unit_id:
        shown.warnings.append(f"{decided.unit.name}自己设置过，那里以自己的为准。")
    return shown


def touched(flow: Flow, clock: Clock, unit: Unit, ladder: tuple[Rung, ...]) -> list[str]:
    """Whom a setting here touches, in sentences: schools, cases a week, posts nobody holds, units that set their own."""
    here = Unit.objects.under(unit.path).open().filter(kind=UnitKind.SCHOOL)
    schools = list(here[:MOST_SCHOOLS]) or ([unit.school] if unit.school else [])
    since = moments.now() - timedelta(weeks=WEEKS)
    cases = Case.objects.filter(kind=flow.kind, unit_path__startswith=unit.path, opened_at__gte=since).count()
    where = f"{len(schools)} 所学校" if len(schools) != 1 else schools[0].name
    lines = [f"{where}，近 {WEEKS} 周平均每周 {plain(Decimal(cases) / WEEKS)} 件。"]
    return [*lines, *_gaps(schools, unit, ladder), *_own_below(flow, clock, unit)]


def _school_in(unit: Unit) -> Unit | None:
    """Where the example happens: right here inside a school, else the first school below."""
    if unit.school_id is not None:
        return unit
    return Unit.objects.under(unit.path).open().filter(kind=UnitKind.SCHOOL).select_related("school").first()


def _trail(
    case: Case, flow: Flow, clock: Clock, deadline: Deadline, ladder: tuple[Rung, ...], calendar: Calendar
) -> list[TrailFace]:
    """What happens, in the order in which it happens."""
    whom = Whom()
    whom.need(case, [HOLDER, *(rung.tells for rung in ladder)])
    whom.load()
    holder = _people(whom, case, HOLDER) or teller(case.turn)
    does = f"应完成{clock.title}"
    if clock.then:
        step = flow.step(clock.then)
        does = f"应完成{clock.title}，否则系统“{step.title if step else ''}”"
    found = [(deadline.due_at, 0, TrailFace("flag", "good", holder, does, when(deadline.due_at)))]
    for number, rung in enumerate(ladder, 1):
        moment = rung_at(deadline, rung, calendar)
        found.append((moment, number, _rung_face(whom, case, rung, moment)))
    return [face for _, _, face in sorted(found, key=lambda one: one[:2])]


def _rung_face(whom: Whom, case: Case, rung: Rung, moment: datetime) -> TrailFace:
    people = _people(whom, case, rung.tells)
    seen = f"，{plain(rung.ack)} 小时内须知悉" if rung.ack else ""
    if rung.tells in (HOLDER, ASSIGNEE, OPENER):
        return TrailFace("bell", "", people or teller(case.turn), f"收到提醒{seen}", when(moment))
    if not people:
        return TrailFace("user-x", "bad", teller(rung.tells), "空缺，直接报下一级", when(moment))
    return TrailFace("arrow-up-right", "bad", people, f"{teller(rung.tells)}收到上报{seen}", when(moment))


def _people(whom: Whom, case: Case, code: str) -> str:
    """At most two names, with those they stand in for today."""
    named = []
    for one in whom.of(case, code)[:2]:
        away = "、".join(whom.away(case, code, one))
        named.append(f"{whom.names[one]}（代 {away}）" if away else whom.names[one])
    return "、".join(named)


def _warnings(deadline: Deadline, flow: Flow, ladder: tuple[Rung, ...], calendar: Calendar) -> list[str]:
    """What to mind: rungs on days without school, and years whose holidays are not known yet."""
    lines = []
    if deadline.provisional:
        lines.append("期限跨到放假安排还没公布的年份，是暂定的；公布并导入后会重新计算。")
    if deadline.measure != Measure.WALL:
        return lines
    for number, rung in enumerate(ladder, 1):
        moment = rung_at(deadline, rung, calendar)
        if rung.tells != HOLDER and not calendar.is_school_day(moment.astimezone(moments.SCHOOL_TIME).date()):
            other = Deadline(clock=deadline.clock, started_at=deadline.started_at, amount=deadline.amount)
            other.measure, other.setting = Measure.HOURS, deadline.setting
            recompute(other, flow, calendar)
            lines.append(
                f"第 {number} 级落在{day(moment)}，不上学。若只按上学时间走，会变成{when(rung_at(other, rung, calendar))}。"
            )
            break
    return lines


def _gaps(schools: list[Unit], unit: Unit, ladder: tuple[Rung, ...]) -> list[str]:
    """Rungs that are skipped at a school because nobody holds the post there or above."""
    codes = [rung.tells for rung in ladder if rung.tells not in (HOLDER, ASSIGNEE, OPENER)]
    posts = Post.objects.filter(permission__codename__in=codes, user__is_active=True)
    near = posts.filter(content_object__path__startswith=unit.path) | posts.filter(
        content_object__path__in=prefixes(unit.path)
    )
    held = set(near.values_list("permission__codename", "content_object__path"))
    lines = []
    for code in codes:
        without = [one.name for one in schools if not any((code, path) in held for path in prefixes(one.path))]
        if without:
            names = "、".join(without[:NAMED]) + (f"等 {len(without)} 所学校" if len(without) > NAMED else "")
            lines.append(f"{names}没有“{teller(code)}”，这一级会跳过。")
    return lines


def _own_below(flow: Flow, clock: Clock, unit: Unit) -> list[str]:
    """Units below that have set the same clock themselves."""
    rows = ClockSetting.objects.filter(kind=flow.kind, clock=clock.name, unit__path__startswith=unit.path)
    rows = rows.exclude(unit=unit).select_related("unit").order_by("version")
    live = [one for one in nearest_first(rows) if one.amount is not None or one.rungs is not None]
    names = list(dict.fromkeys(one.unit.name for one in live))
    if not names:
        return []
    return [
        f"{'、'.join(names[:NAMED])}{'等' if len(names) > NAMED else ''} {len(names)} 个单位自己设置过，以自己的为准。"
    ]
