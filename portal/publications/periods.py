"""What a publication is about in time: a week, a month, a term, or one event. Codes sort as the times do."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal import clock
from portal.clock import SCHOOL_TIME
from portal.errors import BadInput

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_WEEK = re.compile(r"(20\d\d)-W(0[1-9]|[1-4]\d|5[0-3])")
_TERM = re.compile(r"(20\d\d)-([12])")
_EVENT = re.compile(r"[0-9]{8}-[0-9a-z]{4,12}")
TERMS = {"1": "第一学期", "2": "第二学期"}


class Every(StrEnum):
    """How often a kind is published."""

    WEEK, MONTH, TERM, EVENT = "week", "month", "term", "event"


class Opened(StrEnum):
    """Which period the clock opens on a day: the one that is over, the one that is running, or the one to come (a menu)."""

    OVER, RUNNING, COMING = "over", "running", "coming"


@dataclass(frozen=True)
class Period:
    """One week, month, term or event: its code for addresses, its name, and its first and last day in China."""

    code: str
    title: str
    since: date
    until: date

    @property
    def starts(self) -> datetime:
        """Its first moment."""
        return clock.midnight(self.since)

    @property
    def ends(self) -> datetime:
        """The first moment that no longer belongs to it."""
        return clock.days(self.since, self.until)[1]


def period_of(every: Every, code: str) -> Period:
    """The period of that code; refused when there is none."""
    made = {Every.WEEK: _week, Every.MONTH: _month, Every.TERM: _term, Every.EVENT: _event}[every](code)
    if made is None:
        raise BadInput("没有这一期。", errors={"period": ["没有这一期。"]})
    return made


def opened_on(every: Every, day: date, which: Opened) -> Period:
    """The period the clock opens on this day. Refused for events, which no clock opens."""
    over = over_before(every, day)
    if which == Opened.OVER:
        return over
    running = _holding(every, over.until + timedelta(days=1))
    return running if which == Opened.RUNNING else _holding(every, running.until + timedelta(days=1))


def on_weekday(day: int, at: str) -> Callable[[Period], datetime]:
    """The moment of a week's publication: `on_weekday(5, "17:00")` is Friday of that week at five in the afternoon.

    A day before 1 lies in the week before: `on_weekday(-6, ...)` is that week's Monday.
    """
    return lambda period: datetime.combine(period.since + timedelta(days=day - 1), time.fromisoformat(at), SCHOOL_TIME)


def after_it(days: int, at: str) -> Callable[[Period], datetime]:
    """So many days after the period's last: `after_it(15, "23:59")` of a month is the end of the next month's 15th."""
    return lambda period: datetime.combine(period.until + timedelta(days=days), time.fromisoformat(at), SCHOOL_TIME)


def over_before(every: Every, day: date) -> Period:
    """The latest period that is over by this day; an event has none before it."""
    if every == Every.MONTH:
        last = day.replace(day=1) - timedelta(days=1)
        return period_of(every, f"{last:%Y-%m}")
    if every == Every.WEEK:
        year, week, _ = (day - timedelta(days=7)).isocalendar()
        return period_of(every, f"{year}-W{week:02d}")
    if every == Every.TERM:
        return period_of(every, f"{day.year - 1}-1" if 2 <= day.month <= 7 else f"{day.year - (day.month < 2) - 1}-2")
    raise BadInput("这种公示没有固定的周期，请写明是哪一件。", errors={"period": ["请写明是哪一件。"]})


def before(every: Every, period: Period) -> Period | None:
    """The one before this; none for events."""
    return None if every == Every.EVENT else over_before(every, period.since)


def _holding(every: Every, first: date) -> Period:
    """The week, month or term that begins on this day."""
    if every == Every.WEEK:
        year, week, _ = first.isocalendar()
        return period_of(every, f"{year}-W{week:02d}")
    if every == Every.MONTH:
        return period_of(every, f"{first:%Y-%m}")
    return period_of(every, f"{first.year}-1" if first.month == 8 else f"{first.year - 1}-2")


def _month(code: str) -> Period | None:
    found = _MONTH.fullmatch(code)
    if found is None:
        return None
    since = date(int(found[1]), int(found[2]), 1)
    until = (since + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Period(code, f"{since.year} 年 {since.month} 月", since, until)


def _week(code: str) -> Period | None:
    found = _WEEK.fullmatch(code)
    if found is None:
        return None
    try:
        since = date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        return None
    until = since + timedelta(days=6)
    words = f"{since.month}月{since.day}日—{until.month}月{until.day}日"
    return Period(code, f"{found[1]} 年第 {int(found[2])} 周（{words}）", since, until)


def _term(code: str) -> Period | None:
    """By the school year it belongs to: autumn to January, February to July."""
    found = _TERM.fullmatch(code)
    if found is None:
        return None
    year = int(found[1])
    first = found[2] == "1"
    since, until = (date(year, 8, 1), date(year + 1, 1, 31)) if first else (date(year + 1, 2, 1), date(year + 1, 7, 31))
    return Period(code, f"{year}—{year + 1} 学年{TERMS[found[2]]}", since, until)


def _event(code: str) -> Period | None:
    if _EVENT.fullmatch(code) is None:
        return None
    try:
        day = datetime.strptime(code[:8], "%Y%m%d").replace(tzinfo=SCHOOL_TIME).date()
    except ValueError:
        return None
    return Period(code, f"{day.year} 年 {day.month} 月 {day.day} 日", day, day)
