"""The clocks of a case follow from its state: started, stood still, resumed and stopped here, and nowhere else."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_UP, Decimal
from typing import Any, TypeVar

from portal.errors import Refused
from portal.orgs.models import prefixes
from portal.worktime.calendars import Calendar, Calendars, calendar_for
from portal.worktime.spans import Measure, Span

from .flow import Clock, Flow, Ladder, Rung, flow_of
from .models import Case, ClockSetting, Deadline


def follow_state(
    case: Case, *, at: datetime, restart: bool = False, reopened: bool = False, renew: tuple[str, ...] = ()
) -> list[Deadline]:
    """Brings the clocks of a locked case into line with its state; sets `case.due_at`. Returns the live ones.

    `restart` counts again from the beginning with today's settings, after a case was re-classified or re-placed.
    `reopened`: the case had ended; its clocks take up what was left of them, as after a stand-still (ADR 0011).
    `renew`: these clocks are done, and begin anew where they still run.
    """
    flow = flow_of(case)
    if renew:
        Deadline.objects.filter(case_id=case.pk, clock__in=renew, done_at=None).update(done_at=at, next_rung_at=None)
    live = {one.clock: one for one in Deadline.objects.select_for_update().filter(case_id=case.pk, done_at=None)}
    if reopened:
        live |= _taken_up(case, flow, but=live)
    if not live and not any(case.state in clock.runs for clock in flow.clocks):
        case.due_at = None
        return []
    calendar = calendar_for(case.unit_path)
    fresh: list[Deadline] = []
    changed: list[Deadline] = []
    for clock in flow.clocks:
        deadline = live.get(clock.name)
        if deadline is None:
            if case.state in clock.runs:
                fresh.append(start(case, clock, at=at, calendar=calendar))
            continue
        if restart and case.is_open:
            allow(deadline, case, clock)
            deadline.round, deadline.rung = deadline.round + 1, 0
        if _change(deadline, clock, case.state, at, calendar) or restart:
            recompute(deadline, flow, calendar)
            changed.append(deadline)
    Deadline.objects.bulk_create(fresh)
    _save(changed)
    kept = [one for one in (*live.values(), *fresh) if one.done_at is None]
    case.due_at = nearest(kept)
    return kept


def begin_clocks(cases: Sequence[Case], *, at: datetime) -> None:
    """Starts the clocks of cases just opened, which have none yet, and sets their `due_at`; two questions for them all."""
    running = [(case, clock) for case in cases for clock in flow_of(case).clocks if case.state in clock.runs]
    calendars = Calendars(only=cases[0].unit_path if len(cases) == 1 else None)
    known = _settings(cases) if running else []
    fresh = [start(case, clock, at=at, calendar=calendars.of(case.unit_path), known=known) for case, clock in running]
    Deadline.objects.bulk_create(fresh)
    own: dict[int, list[Deadline]] = {}
    for one in fresh:
        own.setdefault(one.case_id, []).append(one)
    for case in cases:
        case.due_at = nearest(own.get(case.pk, ()))


def start(
    case: Case, clock: Clock, *, at: datetime, calendar: Calendar, known: Iterable[ClockSetting] | None = None
) -> Deadline:
    """A clock that starts now, with the settings in force here and today (`known`, where they were asked for many)."""
    deadline = Deadline(case_id=case.pk, clock=clock.name, started_at=at)
    allow(deadline, case, clock, known)
    recompute(deadline, flow_of(case), calendar)
    return deadline


def extend(case: Case, clock_name: str, column: str) -> dict[str, Any]:
    """Adds the time granted in `column` to the running clock, in its own measure; its ladder starts again from below."""
    deadline = Deadline.objects.select_for_update().filter(case_id=case.pk, clock=clock_name, done_at=None).first()
    granted = getattr(case, column)
    if deadline is None or granted is None:
        raise Refused("现在没有可以延长的时限。")
    deadline.extra += granted
    deadline.round, deadline.rung = deadline.round + 1, 0
    recompute(deadline, flow_of(case), calendar_for(case.unit_path))
    _save([deadline])
    return {"granted": granted, "clock": clock_name}


def allow(deadline: Deadline, case: Case, clock: Clock, known: Iterable[ClockSetting] | None = None) -> None:
    """Gives the clock its time and ladder: the nearest unit's setting, the topic's own first, else the flow's; a date the case names before all of them."""
    deadline.named = clock.until(case) if clock.until else None
    if deadline.named is None:
        grant(deadline, clock.within(case), settings_for(case, clock.name, known))
        return
    left = max(Decimal((deadline.named - deadline.started_at).total_seconds()) / 3600, Decimal("0.01"))
    span = Span(left.quantize(Decimal("0.01"), ROUND_UP), Measure.WALL)
    grant(deadline, span, settings_for(case, clock.name, known), dated=True)


def grant(deadline: Deadline, span: Span, rows: list[ClockSetting], *, dated: bool = False) -> None:
    """Gives a clock the flow's own time, or what the first of these settings says that says anything; of a dated one the ladder."""
    deadline.amount, deadline.measure, deadline.setting = span.amount, span.measure, None
    for row in () if dated else rows:
        if row.amount is not None:
            deadline.amount, deadline.measure = row.amount, row.measure or span.measure
            break
    deadline.setting = next((row for row in rows if row.rungs is not None), None)


def settings_for(case: Case, clock: str, known: Iterable[ClockSetting] | None = None) -> list[ClockSetting]:
    """Settings that apply to this case's clock, the nearest and most particular first, newest version of each."""
    rows = _settings([case]) if known is None else known
    return nearest_first(
        row
        for row in rows
        if (row.kind, row.clock) == (case.kind, clock)
        and row.topic in ("", case.topic)
        and case.unit_path.startswith(row.unit.path)
    )


def _settings(cases: Iterable[Case]) -> list[ClockSetting]:
    """What may bear on the clocks of these cases. One question."""
    paths = {path for case in cases for path in prefixes(case.unit_path)}
    kinds = {case.kind for case in cases}
    return list(ClockSetting.objects.filter(kind__in=kinds, unit__path__in=paths).select_related("unit"))


Versioned = TypeVar("Versioned", bound=Any)


def nearest_first(rows: Iterable[Versioned]) -> list[Versioned]:
    """Settings of one thing (with `unit`, `topic`, `version`) in the order in which they decide, without those that a newer version has replaced."""
    newest = {(row.unit_id, row.topic): row for row in sorted(rows, key=lambda row: row.version)}
    return sorted(newest.values(), key=lambda row: (len(row.unit.path), bool(row.topic)), reverse=True)


def ladder_of(deadline: Deadline, flow: Flow) -> Ladder:
    """The rungs in force for this clock: those of the setting it started with, else the flow's own."""
    if deadline.setting is not None and deadline.setting.rungs is not None:
        return tuple(Rung.from_json(row) for row in deadline.setting.rungs)
    return flow.clock(deadline.clock).late


def recompute(deadline: Deadline, flow: Flow, calendar: Calendar) -> None:
    """Works out anew when it is due and when its next rung is, from its start, its stand-stills and the calendar."""
    deadline.due_at = moment(deadline, deadline.amount + deadline.extra, calendar)
    if deadline.named is not None and not deadline.extra and not deadline.stood:
        deadline.due_at = max(deadline.named, deadline.started_at)  # to the second: hours would round it up
    deadline.provisional = deadline.measure != Measure.WALL and calendar.provisional(
        deadline.started_at, deadline.due_at
    )
    deadline.next_rung_at = next_rung_at(deadline, flow, calendar)


def next_rung_at(deadline: Deadline, flow: Flow, calendar: Calendar) -> datetime | None:
    """When the ladder's next rung fires; a clock with `then` has one rung, at its due time."""
    if deadline.done_at is not None:
        return None
    if flow.clock(deadline.clock).then:
        return deadline.due_at
    rungs = ladder_of(deadline, flow)
    return rung_at(deadline, rungs[deadline.rung], calendar) if deadline.rung < len(rungs) else None


def rung_at(deadline: Deadline, rung: Rung, calendar: Calendar) -> datetime:
    """When one rung fires: at a share of the time allowed, or hours after it, in the clock's own time."""
    if rung.share is not None:
        return moment(deadline, (deadline.amount + deadline.extra) * rung.share, calendar)
    measure = Measure.WALL if deadline.measure == Measure.WALL else Measure.HOURS
    return _stood_later(
        deadline, calendar.add(deadline.due_at, Span(rung.plus or Decimal(0), measure)), measure, calendar
    )


def _stood_later(deadline: Deadline, when: datetime, measure: Measure, calendar: Calendar) -> datetime:
    """A moment after the due time, moved on by the times the clock stood still once it was late."""
    for paused, resumed in (map(datetime.fromisoformat, pair) for pair in deadline.stood):
        if deadline.due_at <= paused < when:
            when = calendar.add(when, Span(calendar.between(paused, resumed, measure), measure))
    return when


def moment(deadline: Deadline, amount: Decimal, calendar: Calendar) -> datetime:
    """The moment `amount` of the clock's own time is used up, times it stood still not counted."""
    measure = Measure(deadline.measure)
    when = calendar.add(deadline.started_at, Span(amount, measure))
    for since, until in deadline.stood:
        paused, resumed = datetime.fromisoformat(since), datetime.fromisoformat(until)
        if paused < when:
            when = calendar.add(when, Span(calendar.between(paused, resumed, measure), measure))
    return when


def nearest(deadlines: Iterable[Deadline]) -> datetime | None:
    """The nearest due time of the clocks that run."""
    return min((one.due_at for one in deadlines if one.paused_at is None and one.done_at is None), default=None)


def _change(deadline: Deadline, clock: Clock, state: str, at: datetime, calendar: Calendar) -> bool:
    """Stops, pauses or resumes one live clock as the state asks; says whether anything changed."""
    if state in clock.runs:
        if deadline.paused_at is None:
            return False
        deadline.stood = [*deadline.stood, [deadline.paused_at.isoformat(), at.isoformat()]]
        deadline.paused_at = None
    elif state in clock.stands:
        if deadline.paused_at is not None:
            return False
        deadline.paused_at = at
    else:
        deadline.done_at = deadline.paused_at or at
        deadline.paused_at = None
    return True


def _taken_up(case: Case, flow: Flow, *, but: dict[str, Deadline]) -> dict[str, Deadline]:
    """The last run of each clock that runs or stands here again, standing still since the moment it was over."""
    wanted = [clock.name for clock in flow.clocks if case.state in clock.runs + clock.stands and clock.name not in but]
    over = Deadline.objects.select_for_update().filter(case_id=case.pk, clock__in=wanted).order_by("pk")
    found = {one.clock: one for one in over}
    for deadline in found.values():
        deadline.paused_at, deadline.done_at = deadline.done_at, None
    return found


def _save(deadlines: list[Deadline]) -> None:
    fields = (
        "amount",
        "extra",
        "measure",
        "named",
        "setting",
        "stood",
        "paused_at",
        "due_at",
        "provisional",
        "next_rung_at",
        "done_at",
        "round",
        "rung",
    )
    for deadline in deadlines:
        deadline.save(update_fields=fields)
