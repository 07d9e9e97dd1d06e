"""Obligations that come again: the clock opens their case when the moment is reached, once."""

import logging
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db import OperationalError, transaction

from portal import clock
from portal.errors import BadInput, Refused
from portal.ledger.actions import CLOCK, append, entry, write
from portal.orgs.models import Unit, User
from portal.worktime.calendars import Calendar, Calendars, calendar_for

from .actions import filled
from .bulk import set_columns
from .flow import FLOWS
from .models import Case, Schedule

EVERY = {"day": "每天", "week": "每周", "month": "每月", "term": "每学期"}
WEEKDAYS = "一二三四五六日"
LAST = 31  # the day of the month that is always its last
HORIZON = 400  # days looked ahead
BATCH = 50  # schedules of one kind opened in one transaction, where their affair opens them together
SPARE = timedelta(seconds=8)  # of the ten until the next sweep
log = logging.getLogger(__name__)


@transaction.atomic
def plan(
    *,
    kind: str,
    unit: Unit,
    title: str,
    rule: dict[str, object],
    data: dict[str, object],
    by: User | str,
    calendar: Calendar | None = None,
) -> Schedule:
    """Plans a recurring case. `rule` is {"every": "day|week|month|term", "day": ..., "time": "HH:MM", "school_days": bool}.

    `day` is 1-7 of a week, 1-31 of a month, or the school day of a term from its beginning (1) or its end (-1); it may be a
    list, and so may `time`. `months` leaves out the others (quarterly: [3, 6, 9, 12]), `since` the days before
    it. Refused for an unknown kind or a rule that never comes.
    """
    if kind not in FLOWS:
        raise BadInput("没有这种事项。", errors={"kind": ["没有这种事项。"]})
    next_at = next_time(rule, clock.now(), calendar or calendar_for(unit.path))
    schedule = Schedule.objects.create(kind=kind, unit=unit, title=title, rule=rule, data=data, next_at=next_at)
    append(schedule, "planned", by=by, at=clock.now(), facts={"unit": unit, "kind": kind, "next_at": schedule.next_at})
    return schedule


@transaction.atomic
def replan(
    schedule: Schedule,
    *,
    rule: dict[str, object],
    is_on: bool = True,
    by: User | str,
    calendar: Calendar | None = None,
) -> Schedule:
    """Another rhythm from now on, or none (`is_on`); cases opened before stay. Refused for a rule that never comes."""
    schedule = Schedule.objects.select_for_update(of=("self",)).select_related("unit").get(pk=schedule.pk)
    schedule.rule, schedule.is_on = rule, is_on
    schedule.next_at = next_time(rule, clock.now(), calendar or calendar_for(schedule.unit.path))
    schedule.save(update_fields=["rule", "is_on", "next_at"])
    append(
        schedule, "replanned", by=by, at=clock.now(), facts={"rule": rule, "is_on": is_on, "next_at": schedule.next_at}
    )
    return schedule


def open_due(limit: int | None = None) -> int:
    """Opens the cases whose moment has come, as many as eight seconds allow (or at most `limit`); the next sweep goes on.

    A case that cannot be opened is tried again in an hour, and recorded.
    """
    done, until, tried = 0, clock.now() + SPARE, 0
    while limit is None or tried < limit:
        opened = _open_next(BATCH if limit is None else min(BATCH, limit - tried))
        if not opened:
            break
        done, tried = done + sum(opened), tried + len(opened)
        if clock.now() >= until:
            break
    return done


@transaction.atomic
def _open_next(most: int) -> list[bool]:
    """The next case due, and others of its kind with it where their affair opens them together; says of each whether it
    was opened. What another sweep opens is left to it; none: nothing is due.

    Else one to a transaction: a case takes its number from its school's counter, and two sweeps that held several
    counters would wait for each other. Those opened together take theirs in one statement, in one order.
    """
    at = clock.now()
    due = Schedule.objects.select_for_update(skip_locked=True, of=("self",)).select_related("unit__school")
    due = due.filter(is_on=True, next_at__lte=at).order_by("next_at", "pk")
    first = due.first()
    if first is None:
        return []
    flow = FLOWS.get(first.kind)
    together = flow is not None and flow.opening.together
    others = due.filter(kind=first.kind).exclude(pk=first.pk)[: most - 1] if together else ()
    return _open_all([first, *others], at)


def _open_all(batch: list[Schedule], at: datetime) -> list[bool]:
    """Opens these at once; where one of several cannot be opened, each is opened alone, and that one is set aside."""
    try:
        with transaction.atomic():
            _open(batch, at)
    except OperationalError:  # not the schedule's fault: the whole transaction is tried again by the next sweep
        raise
    except Exception as failure:
        if len(batch) > 1:
            return [opened for one in batch for opened in _open_all([one], at)]
        if not isinstance(failure, Refused):
            log.exception("schedule %s cannot be opened", batch[0].pk)
        append(batch[0], "missed", by=CLOCK, at=at, facts={"why": type(failure).__name__})
        Schedule.objects.filter(pk=batch[0].pk).update(next_at=at + timedelta(hours=1))
        return [False]
    return [True] * len(batch)


def next_time(rule: dict[str, object], after: datetime, calendar: Calendar) -> datetime:
    """The first moment after `after` that fits the rule; with `school_days`, a day that is none moves to the next that is."""
    times = sorted(map(_time, _many(rule.get("time", "08:00"))))
    day = after.astimezone(clock.SCHOOL_TIME).date()
    day = max(day, date.fromisoformat(str(rule["since"]))) if rule.get("since") else day
    for _ in range(HORIZON):
        if _fits(rule, day, calendar):
            shown = _school_day(day, calendar) if rule.get("school_days") else day
            moments = [datetime.combine(shown, at, clock.SCHOOL_TIME) for at in times]
            if moments[-1] > after:
                return next(one for one in moments if one > after)
        day += timedelta(days=1)
    raise BadInput("这个周期永远不会到来，请检查日期。", errors={"rule": ["这个周期永远不会到来。"]})


def words_of(rule: Mapping[str, object]) -> str:
    """The rule as people say it."""
    every, days = str(rule["every"]), [int(one) for one in _many(rule.get("day", 1))]
    months = f"（{'、'.join(_many(rule['months']))} 月）" if rule.get("months") else ""
    on = "" if every == "day" else "、".join(day_words(every, one) for one in days)
    shifted = "，不上学就顺延到上学日" if rule.get("school_days") else ""
    return f"{EVERY[every]}{months}{on} {'、'.join(_many(rule.get('time', '08:00')))}{shifted}"


def day_words(every: str, day: int) -> str:
    """Which day of a week, a month or a term."""
    if every == "week":
        return WEEKDAYS[day - 1]
    if every == "month":
        return "最后一天" if day == LAST else f" {day} 日"
    return f"第 {day} 个上学日" if day > 0 else f"倒数第 {-day} 个上学日"


def _many(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _time(said: str) -> time:
    hour, _, minute = said.partition(":")
    return time(int(hour), int(minute or 0))


def _fits(rule: dict[str, object], day: date, calendar: Calendar) -> bool:
    wanted = [int(one) for one in _many(rule.get("day", 1))]
    if rule.get("months") and str(day.month) not in _many(rule["months"]):
        return False
    if rule.get("every") == "day":
        return True
    if rule.get("every") == "week":
        return day.isoweekday() in wanted
    if rule.get("every") == "term":
        return any(calendar.school_day_of_term(day, one) == day for one in wanted)
    return day.day in {min(one, monthrange(day.year, day.month)[1]) for one in wanted}


def _school_day(day: date, calendar: Calendar) -> date:
    for ahead in range(HORIZON):
        if calendar.is_school_day(day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    return day


def _open(batch: list[Schedule], at: datetime) -> None:
    """The affair's opener answers its case, or as many as the occasion asks for (one for each person on duty, or none)."""
    flow, alone = FLOWS[batch[0].kind], len(batch) == 1
    calendars = Calendars(only=batch[0].unit.path if alone else None)
    forms = [filled(flow, flow.opening, case=None, by=CLOCK, data={"unit": one.unit_id, **one.data}) for one in batch]
    opened: list[Case | list[Case]] = (
        [flow.open_action()(forms[0], by=CLOCK)] if alone else [*flow.open_together()(forms, by=CLOCK)]
    )
    for one in batch:
        one.next_at = next_time(one.rule, at, calendars.of(one.unit.path))
    write(entry(one, "opened", by=CLOCK, at=at, facts=_facts(made)) for one, made in zip(batch, opened, strict=True))
    set_columns(Schedule, batch, next_at="timestamptz", chain_seq="integer", chain_head="text")


def _facts(opened: Case | list[Case]) -> dict[str, object]:
    return {"case": opened} if isinstance(opened, Case) else {"cases": [one.number for one in opened]}
