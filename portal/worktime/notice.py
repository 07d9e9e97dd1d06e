"""The yearly notice of holidays (放假安排的通知): as rows to import, or pasted as the State Council words it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.errors import BadInput

from .models import DayKind

FRIDAY = 5
LONGEST = 31  # days in one range; a longer one is a slip of the pen
ASIDE = re.compile(r"（[^）]*）|\([^)]*\)|\s")
SECTION = re.compile(r"[一二三四五六七八九十]+[、.．]([^：:。]{1,20})[：:]")
DAY = r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日"
WORD = re.compile(rf"{DAY}(?:(?:至|到|—|－|-|~|～)(?:(\d{{4}})年)?(?:(\d{{1,2}})月)?(\d{{1,2}})日)?|放假|上班")
VERBS = {"放假": DayKind.HOLIDAY, "上班": DayKind.MAKEUP}


@dataclass(frozen=True)
class NoticeRow:
    """One day of the notice: closed (`holiday`, `restday`) or a weekend worked (`makeup`)."""

    date: date
    kind: str
    name: str = ""


def read_notice(text: str, *, year: int) -> list[NoticeRow]:
    """The days of a pasted notice, in order. Refused, sentence by sentence, where a date cannot be read.

    Weekends of the year before, with which a New Year's holiday may begin, are rest days anyway and left out.
    """
    rows: dict[date, NoticeRow] = {}
    wrong: list[str] = []
    for name, kind, stretch in _stretches(ASIDE.sub("", text)):
        try:
            days = list(_days(stretch, year))
        except ValueError:
            wrong.append(f"“{stretch.group()}”不是一段读得懂的日期。")
            continue
        label = "补班" if kind == DayKind.MAKEUP else name
        rows |= {day: NoticeRow(day, kind, label) for day in days if day.year == year or day.isoweekday() <= FRIDAY}
    if not rows and not wrong:
        wrong.append("没有读到放假或上班的日期，请粘贴通知里“一、元旦：1月1日……放假”这样的段落。")
    if wrong:
        raise BadInput("这份通知没有读懂，什么也没有写入。", errors={"text": wrong})
    return [rows[day] for day in sorted(rows)]


def _stretches(text: str) -> Iterator[tuple[str, DayKind, re.Match[str]]]:
    """Each stretch of days with its section's holiday and the verb after it; dates before no verb say nothing."""
    marks = list(SECTION.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=False):
        waiting: list[re.Match[str]] = []
        for word in WORD.finditer(text, mark.end(), end):
            if word.group() not in VERBS:
                waiting.append(word)
                continue
            yield from ((mark.group(1), VERBS[word.group()], stretch) for stretch in waiting)
            waiting = []


def _days(stretch: re.Match[str], year: int) -> Iterator[date]:
    """The days of "2月15日至23日"; raises ValueError for a day there is not, or a range that runs backwards."""
    own_year, month, day, last_year, last_month, last_day = (int(part) if part else 0 for part in stretch.groups())
    first = date(own_year or year, month, day)
    last = date(last_year or first.year, last_month or first.month, last_day) if last_day else first
    if not 0 <= (last - first).days < LONGEST:
        raise ValueError(stretch.group())
    for step in range((last - first).days + 1):
        yield first + timedelta(days=step)
