"""Changing the calendar: what is written, what the ledger keeps, who is told, what is refused."""

from datetime import date, time
from typing import Any

import pytest

from portal import clock
from portal.errors import BadInput, NotThere, Refused, Stale
from portal.ledger.models import Event
from portal.orgs.models import Term, User
from portal.worktime import actions
from portal.worktime.calendars import calendar_for
from portal.worktime.models import CalendarDay, CalendarYear, Hours, UnitCalendar, UnitDay
from portal.worktime.notice import NoticeRow

from .conftest import District, Told
from .moments import at
from .test_places import AFTERNOON, MORNING, TERMS_2026

ROWS_2027 = [
    NoticeRow(date(2027, 1, 1), "holiday", "元旦"),
    NoticeRow(date(2027, 2, 8), "holiday", "春节"),
    NoticeRow(date(2027, 1, 9), "makeup", "补班"),
]


def entries() -> list[tuple[str, str, dict[str, Any]]]:
    return list(Event.objects.order_by("id").values_list("address", "verb", "facts"))


def year_address(year: int) -> str:
    return f"calendaryear:{CalendarYear.objects.get(year=year).pk}"


def test_a_national_day_is_set_with_its_old_value_in_the_ledger(district: District, hu: User, told: list[Told]) -> None:
    day = date(2026, 2, 14)
    actions.set_day(day=day, kind="restday", name="改为休息", by=hu)
    assert not calendar_for(district.school.path).is_school_day(day)
    assert entries() == [(year_address(2026), "day_set", {"date": "2026-02-14", "kind": "restday", "was": "makeup"})]
    assert Event.objects.get().who == f"person:{hu.pk}"
    assert told == [("", day, day, hu)]


def test_a_new_name_for_a_day_is_recorded_but_recomputes_nothing(hu: User, told: list[Told]) -> None:
    actions.set_day(day=date(2026, 1, 1), kind="holiday", name="新年", by=hu)
    assert CalendarDay.objects.get(date=date(2026, 1, 1)).name == "新年"
    assert [facts for _, _, facts in entries()] == [{"date": "2026-01-01", "kind": "holiday", "was": "holiday"}]
    assert told == []


def test_the_same_day_set_twice_is_one_entry(hu: User, told: list[Told]) -> None:
    for _ in range(2):
        actions.set_day(day=date(2031, 3, 4), kind="holiday", name="节", source="通知", by=hu)
    assert [facts for _, _, facts in entries()] == [{"date": "2031-03-04", "kind": "holiday"}]
    assert [since for _, since, _, _ in told] == [date(2031, 3, 4)]
    assert not CalendarYear.objects.get(year=2031).confirmed


@pytest.mark.parametrize(
    ("day", "kind", "sentence"),
    [
        (date(2027, 3, 1), "makeup", "2027-03-01 不是周末，不能设为补班日。"),
        (date(2027, 3, 6), "workday", "2027-03-06 是周末，要上班请设为补班日。"),
        (date(2027, 3, 1), "party", "没有“party”这种日子，请填 workday、restday、holiday、makeup 之一。"),
        (date(1999, 3, 1), "holiday", "年份要在 2000 到 2099 之间。"),
    ],
)
def test_an_impossible_national_day_is_refused(hu: User, day: date, kind: str, sentence: str) -> None:
    with pytest.raises(BadInput) as refused:
        actions.set_day(day=day, kind=kind, by=hu)
    assert [refused.value.sentence] == [line for lines in refused.value.errors.values() for line in lines] == [sentence]
    assert entries() == []


def test_a_name_too_long_is_refused_at_its_field(hu: User) -> None:
    with pytest.raises(BadInput) as refused:
        actions.set_day(day=date(2027, 3, 1), kind="holiday", name="长" * 41, by=hu)
    assert list(refused.value.errors) == ["name"]


def test_importing_the_notice_replaces_the_year_and_confirms_it(district: District, hu: User, told: list[Told]) -> None:
    before = dict(CalendarDay.objects.filter(date__year=2027).values_list("date", "kind"))
    changed = actions.import_year(year=2027, rows=ROWS_2027, source="国办通知", by=hu)
    calendar = calendar_for(district.school.path)
    after = {date(2027, 1, 1): "holiday", date(2027, 1, 9): "makeup", date(2027, 2, 8): "holiday"}
    assert dict(CalendarDay.objects.filter(date__year=2027).values_list("date", "kind")) == after
    assert not calendar.provisional(at("2027-01-01 00:00"), at("2027-12-31 23:00"))
    lost = [day for day in before if day not in after and day.weekday() < 5]
    assert changed == len(lost) + 1  # days no longer off, and the worked Saturday
    assert told == [("", date(2027, 1, 1), date(2027, 12, 31), hu)]
    [(address, verb, facts)] = entries()
    assert (address, verb, facts["year"]) == (year_address(2027), "year_imported", 2027)
    assert facts["days"] == [
        [day.isoformat(), before.get(day), after.get(day)]
        for day in sorted({*before, *after})
        if before.get(day) != after.get(day)
    ]


def test_the_same_notice_twice_changes_nothing(hu: User, told: list[Told]) -> None:
    actions.import_year(year=2027, rows=ROWS_2027, source="国办通知", by=hu)
    assert actions.import_year(year=2027, rows=ROWS_2027[::-1], source="国办通知", by=hu) == 0
    assert (len(entries()), len(told)) == (1, 1)


def test_a_notice_with_wrong_rows_is_refused_whole_naming_each(hu: User, told: list[Told]) -> None:
    rows = [*ROWS_2027, NoticeRow(date(2028, 1, 1), "holiday"), ROWS_2027[0], NoticeRow(date(2027, 3, 1), "makeup")]
    before = list(CalendarDay.objects.values_list())
    with pytest.raises(BadInput) as refused:
        actions.import_year(year=2027, rows=rows, source="国办通知", by=hu)
    assert refused.value.errors == {
        "rows": [
            "第 4 行：2028-01-01 不在 2027 年。",
            "第 5 行：2027-01-01 出现了两次。",
            "第 6 行：2027-03-01 不是周末，不能设为补班日。",
        ]
    }
    assert (list(CalendarDay.objects.values_list()), entries(), told) == (before, [], [])


def test_a_notice_without_any_make_up_day_is_refused_as_incomplete(hu: User) -> None:
    with pytest.raises(BadInput, match="2027 年没有一个补班日"):
        actions.import_year(year=2027, rows=ROWS_2027[:2], source="国办通知", by=hu)
    assert not CalendarYear.objects.get(year=2027).confirmed


@pytest.mark.parametrize("year", [2027, 2042])
def test_a_year_without_make_up_days_cannot_be_confirmed(hu: User, year: int) -> None:
    with pytest.raises(Refused, match="还没有补班日，不能核定"):
        actions.confirm_year(year=year, by=hu)
    assert entries() == []


def test_a_year_typed_in_day_by_day_is_confirmed_by_a_person(hu: User, told: list[Told]) -> None:
    actions.set_day(day=date(2027, 1, 9), kind="makeup", by=hu)
    for _ in range(2):
        actions.confirm_year(year=2027, by=hu, source="国办通知")
    year = CalendarYear.objects.get(year=2027)
    assert (year.confirmed, year.source) == (True, "国办通知")
    assert [verb for _, verb, _ in entries()] == ["day_set", "year_confirmed"]
    assert told[1:] == [("", date(2027, 1, 1), date(2027, 12, 31), hu)]


def test_a_places_own_day_is_set_changed_and_cleared_each_with_an_entry(
    district: District, hu: User, told: list[Told]
) -> None:
    day, school = date(2026, 11, 5), district.school
    actions.set_unit_day(unit=school, day=day, is_open=False, name="运动会", by=hu)
    actions.set_unit_day(unit=school, day=day, is_open=False, name="运动会", by=hu)
    actions.set_unit_day(unit=school, day=day, is_open=True, name="雨天改期", by=hu)
    actions.clear_unit_day(unit=school, day=day, by=hu)
    address = f"unitcalendar:{UnitCalendar.objects.get().pk}"
    facts = {"unit": school.pk, "date": "2026-11-05"}
    assert entries() == [
        (address, "unit_day_set", {**facts, "open": False}),
        (address, "unit_day_set", {**facts, "open": True, "was": False}),
        (address, "unit_day_cleared", {**facts, "was": True}),
    ]
    assert told == [(school.path, day, day, hu)] * 3
    assert not UnitDay.objects.exists()


def test_a_places_own_day_needs_a_name(district: District, hu: User) -> None:
    with pytest.raises(BadInput) as refused:
        actions.set_unit_day(unit=district.school, day=date(2026, 11, 5), is_open=False, name="", by=hu)
    assert list(refused.value.errors) == ["name"]
    assert not UnitDay.objects.exists()


def test_a_day_never_set_cannot_be_cleared(district: District, hu: User) -> None:
    with pytest.raises(NotThere, match="林溪中学没有为 2026-11-05 单独设置过"):
        actions.clear_unit_day(unit=district.school, day=date(2026, 11, 5), by=hu)


def test_a_timetable_begins_today_unless_said_otherwise_and_keeps_its_old_value(
    district: District, hu: User, told: list[Told]
) -> None:
    with clock.at(at("2026-05-06 07:00")):
        actions.set_hours(unit=district.school, hours={0: [MORNING]}, by=hu)
        actions.set_hours(unit=district.school, hours={5: [MORNING], 0: [AFTERNOON, MORNING]}, by=hu)
    facts = {"unit": district.school.pk, "since": "2026-05-06"}
    both = {"0": ["08:00-12:00", "14:00-17:30"], "5": ["08:00-12:00"]}
    assert [facts for _, _, facts in entries()] == [
        {**facts, "hours": {"0": ["08:00-12:00"]}},
        {**facts, "hours": both, "was": {"0": ["08:00-12:00"]}},
    ]
    assert told == [(district.school.path, date(2026, 5, 6), None, hu)] * 2
    assert list(Hours.objects.values_list("weekday", "opens", "closes")) == [
        (0, *MORNING),
        (0, *AFTERNOON),
        (5, *MORNING),
    ]


def test_the_same_timetable_twice_is_one_entry(district: District, hu: User, told: list[Told]) -> None:
    for stretches in ([MORNING, AFTERNOON], [AFTERNOON, MORNING]):
        actions.set_hours(unit=district.school, since=date(2026, 1, 1), hours={0: stretches}, by=hu)
    assert (len(entries()), len(told)) == (1, 1)


def test_a_timetable_concerns_only_the_days_before_the_next_one(district: District, hu: User, told: list[Told]) -> None:
    actions.set_hours(unit=district.school, since=date(2026, 10, 8), hours={0: [MORNING]}, by=hu)
    actions.set_hours(unit=district.school, since=date(2026, 5, 6), hours={0: [AFTERNOON]}, by=hu)
    actions.clear_hours(unit=district.school, since=date(2026, 5, 6), by=hu)
    stretch = (district.school.path, date(2026, 5, 6), date(2026, 10, 7), hu)
    assert told == [(district.school.path, date(2026, 10, 8), None, hu), stretch, stretch]
    assert calendar_for(district.school.path).open_hours(date(2026, 9, 1)) == [MORNING, AFTERNOON]
    assert entries()[-1][1:] == (
        "hours_cleared",
        {"unit": district.school.pk, "since": "2026-05-06", "was": {"0": ["14:00-17:30"]}},
    )


@pytest.mark.parametrize(
    ("hours", "faults"),
    [
        ({}, ["请至少填写一段时间。"]),
        ({5: []}, ["周五：请至少填写一段时间。"]),
        ({8: [MORNING]}, ["星期要在周一到周日之间。"]),
        ({0: [(time(12), time(8))]}, ["其余各天：第 1 段的结束时间要晚于开始时间。"]),
        ({1: [MORNING, (time(11), time(13))]}, ["周一：有两段时间重叠。"]),
    ],
)
def test_a_disorderly_timetable_is_refused(district: District, hu: User, hours: Any, faults: list[str]) -> None:
    with pytest.raises(BadInput) as refused:
        actions.set_hours(unit=district.school, hours=hours, by=hu)
    assert refused.value.errors == {"hours": faults}
    assert not Hours.objects.exists()


def test_a_timetable_that_is_not_there_cannot_be_taken_back(district: District, hu: User) -> None:
    with pytest.raises(NotThere, match="林溪中学没有从 2026-05-06 起的作息时间"):
        actions.clear_hours(unit=district.school, since=date(2026, 5, 6), by=hu)


def test_terms_are_set_changed_and_taken_back_with_their_old_dates_in_the_ledger(
    district: District, hu: User, told: list[Told]
) -> None:
    later = [(date(2026, 9, 7), date(2027, 1, 22)), TERMS_2026[1]]
    for terms in (TERMS_2026, TERMS_2026, later, []):
        actions.set_terms(unit=district.school, start_year=2026, terms=terms, by=hu)
    facts = {"unit": district.school.pk, "year": 2026}
    first, second = (
        ["2026-09-01..2027-01-22", "2027-02-22..2027-07-02"],
        ["2026-09-07..2027-01-22", "2027-02-22..2027-07-02"],
    )
    assert [facts for _, _, facts in entries()] == [
        {**facts, "terms": first, "was": []},
        {**facts, "terms": second, "was": first},
        {**facts, "terms": [], "was": second},
    ]
    assert told == [(district.school.path, date(2026, 8, 1), date(2027, 8, 31), hu)] * 3
    assert not Term.objects.exists()


@pytest.mark.parametrize(
    ("terms", "faults"),
    [
        (TERMS_2026[:1], ["请同时填写两个学期：只填一个，另一个学期就没有上学日了。"]),
        ([TERMS_2026[0][::-1], TERMS_2026[1]], ["第一学期的放假日期要晚于开学日期。"]),
        (TERMS_2026[::-1], ["第二学期要在第一学期放假之后开学。"]),
        ([(date(2025, 9, 1), date(2026, 1, 20)), TERMS_2026[1]], ["日期要在 2026 年 8 月到 2027 年 8 月之间。"]),
    ],
)
def test_disorderly_terms_are_refused(district: District, hu: User, terms: Any, faults: list[str]) -> None:
    with pytest.raises(BadInput) as refused:
        actions.set_terms(unit=district.school, start_year=2026, terms=terms, by=hu)
    assert refused.value.errors == {"terms": faults}
    assert not Term.objects.exists()


def test_what_somebody_else_changed_since_the_page_was_opened_is_not_overwritten(district: District, hu: User) -> None:
    actions.set_day(day=date(2027, 3, 1), kind="holiday", by=hu, seen=0)
    actions.set_hours(unit=district.school, hours={0: [MORNING]}, by=hu, seen=0)
    school, day = district.school, date(2027, 3, 2)
    for write in (
        lambda: actions.set_day(day=day, kind="holiday", by=hu, seen=0),
        lambda: actions.import_year(year=2027, rows=ROWS_2027, source="", by=hu, seen=0),
        lambda: actions.set_hours(unit=school, hours={0: [AFTERNOON]}, by=hu, seen=0),
        lambda: actions.set_unit_day(unit=school, day=day, is_open=False, name="运动会", by=hu, seen=0),
        lambda: actions.set_terms(unit=school, start_year=2026, terms=TERMS_2026, by=hu, seen=0),
    ):
        with pytest.raises(Stale):
            write()
    assert len(entries()) == 2
    actions.set_day(day=day, kind="holiday", by=hu, seen=1)
    assert len(entries()) == 3


def test_every_entry_is_linked_to_the_one_before_and_the_row_carries_the_last(district: District, hu: User) -> None:
    actions.set_unit_day(unit=district.school, day=date(2026, 11, 5), is_open=False, name="运动会", by=hu)
    actions.set_terms(unit=district.school, start_year=2026, terms=TERMS_2026, by=hu)
    first, second = Event.objects.order_by("seq")
    holder = UnitCalendar.objects.get()
    assert (first.before, second.before, holder.chain_head, holder.chain_seq) == ("", first.digest, second.digest, 2)
    assert [event.digest for event in (first, second)] == [event.expected() for event in (first, second)]


def test_a_listener_that_refuses_takes_the_change_back(district: District, hu: User, told: list[Told]) -> None:
    @actions.on_calendar_changed
    def refuse(**_: Any) -> None:
        raise Refused("现在不行")

    with pytest.raises(Refused, match="现在不行"):
        actions.set_unit_day(unit=district.school, day=date(2026, 11, 5), is_open=False, name="运动会", by=hu)
    assert (UnitDay.objects.exists(), entries()) == (False, [])
