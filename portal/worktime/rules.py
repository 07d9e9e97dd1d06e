"""What a calendar must never say, one function each; all raise `BadInput` with a sentence for every fault."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db.models import Model

from portal.errors import BadInput, Stale
from portal.ledger.models import Chained
from portal.wire.days import FIRST, LAST

from .days import FRIDAY
from .models import EVERY_DAY, DayKind
from .notice import NoticeRow

Stretches = Sequence[tuple[time, time]]
WEEKDAYS = ("其余各天", "周一", "周二", "周三", "周四", "周五", "周六", "周日")
LAST_WEEKDAY = 7
AUGUST = 8
TERMS_A_YEAR = 2


def nobody_changed_it_since(holder: Chained, seen: int | None) -> None:
    """Raises `Stale` when the chain has grown since the page that showed `seen` as its length was opened."""
    if seen is not None and seen != holder.chain_seq:
        raise Stale("校历刚被别人改过，这次没有写入。", instead="请刷新页面，看过新的内容再改。")


def believable_year(year: int) -> None:
    """A year between 2000 and 2099."""
    if not FIRST.year <= year <= LAST.year:
        _refuse("day", [f"年份要在 {FIRST.year} 到 {LAST.year} 之间。"])


def fitting_fields(row: Model) -> None:
    """What the model says about each field: lengths, choices, nothing left empty that must be filled."""
    try:
        row.clean_fields()
    except ValidationError as fault:
        raise BadInput("有几处需要改一下。", errors=fault.message_dict) from fault


def possible_kind(day: date, kind: str) -> None:
    """Only a weekend can be a make-up day, and a weekend is worked only as one."""
    if fault := _kind_fault(day, kind):
        _refuse("kind", [fault])


def whole_notice(year: int, rows: Sequence[NoticeRow]) -> None:
    """Every row of that year, each day once, kinds possible, and at least one make-up day: every notice names some."""
    faults = [f"第 {number} 行：{fault}" for number, fault in _row_faults(year, rows)]
    if not faults and not any(row.kind == DayKind.MAKEUP for row in rows):
        faults = [f"{year} 年没有一个补班日，通知可能不完整，请核对后再导入。"]
    if faults:
        _refuse("rows", faults)


def orderly_hours(hours: Mapping[int, Stretches]) -> None:
    """At least one stretch for each weekday named; each ends after it begins, on the same day; none overlap."""
    faults = [] if hours else ["请至少填写一段时间。"]
    for weekday, stretches in hours.items():
        if not EVERY_DAY <= weekday <= LAST_WEEKDAY:
            faults.append("星期要在周一到周日之间。")
        else:
            faults += [f"{WEEKDAYS[weekday]}：{fault}" for fault in _stretch_faults(stretches)]
    if faults:
        _refuse("hours", faults)


def both_terms(start_year: int, terms: Sequence[tuple[date, date]]) -> None:
    """Two terms in order, from August to the next August, or none at all."""
    believable_year(start_year)
    if not terms:
        return
    if len(terms) != TERMS_A_YEAR:
        _refuse("terms", ["请同时填写两个学期：只填一个，另一个学期就没有上学日了。"])
    (first, first_end), (second, second_end) = terms
    faults = [
        f"第{name}学期的放假日期要晚于开学日期。"
        for name, (starts, ends) in zip("一二", terms, strict=True)
        if ends <= starts
    ]
    if not faults and second <= first_end:
        faults = ["第二学期要在第一学期放假之后开学。"]
    if first < date(start_year, AUGUST, 1) or second_end > date(start_year + 1, AUGUST, 31):
        faults.append(f"日期要在 {start_year} 年 8 月到 {start_year + 1} 年 8 月之间。")
    if faults:
        _refuse("terms", faults)


def _refuse(field: str, faults: list[str]) -> None:
    sentence = faults[0] if len(faults) == 1 else f"有 {len(faults)} 处需要改一下，什么也没有写入。"
    raise BadInput(sentence, errors={field: faults})


def _kind_fault(day: date, kind: str) -> str:
    if kind not in DayKind.values:
        return f"没有“{kind}”这种日子，请填 {'、'.join(DayKind.values)} 之一。"
    if kind == DayKind.MAKEUP and day.isoweekday() <= FRIDAY:
        return f"{day} 不是周末，不能设为补班日。"
    if kind == DayKind.WORKDAY and day.isoweekday() > FRIDAY:
        return f"{day} 是周末，要上班请设为补班日。"
    return ""


def _row_faults(year: int, rows: Sequence[NoticeRow]) -> Iterator[tuple[int, str]]:
    seen: set[date] = set()
    for number, row in enumerate(rows, 1):
        if row.date.year != year:
            yield number, f"{row.date} 不在 {year} 年。"
        elif row.date in seen:
            yield number, f"{row.date} 出现了两次。"
        elif fault := _kind_fault(row.date, row.kind):
            yield number, fault
        seen.add(row.date)


def _stretch_faults(stretches: Stretches) -> Iterator[str]:
    if not stretches:
        yield "请至少填写一段时间。"
    for number, (opens, closes) in enumerate(stretches, 1):
        if closes <= opens:
            yield f"第 {number} 段的结束时间要晚于开始时间。"
    ordered = sorted(stretches)
    if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
        yield "有两段时间重叠。"
