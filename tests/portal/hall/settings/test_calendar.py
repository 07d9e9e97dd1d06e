"""校历: a month with its reasons, a unit's own days, hours and terms, and the yearly notice of the bureau."""

from datetime import date, time

import pytest

from portal.cases.models import Deadline
from portal.orgs.models import Term
from portal.worktime.actions import set_terms, set_unit_day
from portal.worktime.calendars import calendar_for
from portal.worktime.models import CalendarDay, CalendarYear, Hours, UnitDay
from tests.district import Cast, District
from tests.portal.worktime.test_notice import NOTICE
from tests.repairs.test_loop import reported

from .conftest import Desk, words

pytestmark = pytest.mark.usefixtures("monday")
FRIDAY = "2026-11-20"
NATIONAL = "/settings/calendar/national/"


def day_of(place: District, day: str = FRIDAY, *, path: str = "day/") -> str:
    return f"/settings/calendar/{path}?unit={place.school.pk}&date={day}"


def test_a_month_shows_each_day_with_its_reason(desk: Desk, place: District, cast: Cast) -> None:
    set_unit_day(unit=place.school, day=date(2026, 10, 30), is_open=False, name="校运动会", by=cast.ada)
    page = words(desk.sal, f"/settings/calendar/?unit={place.school.pk}&month=2026-10")
    for said in (
        "10月1日，不上学，国庆节",
        "10月10日，上学，补班",
        "10月30日，不上学，校运动会",
        "10月12日，上学",
        "10月17日，不上学，周末",
    ):
        assert f'aria-label="{said}"' in page
    assert page.count("<td") == 35 and "暂定的" not in page
    assert "暂定的" in words(desk.sal, "/settings/calendar/?month=2027-03")


def test_a_day_of_ones_own_moves_the_clocks_that_run(desk: Desk, place: District, cast: Cast) -> None:
    ticket = reported(place, cast.rita, topic="RP-09")  # 72 school hours to repair
    due = Deadline.objects.get(case=ticket, clock="resolve").due_at
    assert "原因" in words(desk.sal, day_of(place))
    answer = desk.sal.post(day_of(place), {"open": "0", "name": "校运动会", "version": 0, "key": "k"})
    assert answer["Location"] == f"/settings/calendar/?unit={place.school.pk}&month=2026-11"
    assert Deadline.objects.get(case=ticket, clock="resolve").due_at > due
    page = words(desk.sal, answer["Location"])
    assert "11月20日，不上学，校运动会" in page and "把 2026年11月20日 设为不上学" in page
    assert 'value="校运动会"' in words(desk.sal, day_of(place))
    assert desk.sal.post(day_of(place, path="day/clear/"), {"version": 1}).status_code == 302
    assert not UnitDay.objects.exists() and Deadline.objects.get(case=ticket, clock="resolve").due_at == due


def test_a_day_set_above_is_named_and_may_be_set_otherwise(desk: Desk, place: District, cast: Cast) -> None:
    set_unit_day(unit=place.bureau, day=date(2026, 11, 20), is_open=False, name="台风停课", by=cast.ada)
    page = words(desk.sal, day_of(place))
    assert "青禾县教育局已设为不上学：台风停课" in page and "取消单独设置" not in page
    assert desk.sal.post(day_of(place), {"open": "1", "name": "照常", "version": 0}).status_code == 302
    assert calendar_for(place.school.path).is_school_day(date(2026, 11, 20))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"open": "", "name": "校运动会"}, "请选择“这一天”"),
        ({"open": "0", "name": ""}, "请填写“原因”"),
        ({"open": "0", "name": "长" * 41}, "40"),
    ],
)
def test_a_day_without_a_reason_is_refused_and_kept(
    desk: Desk, place: District, said: dict[str, str], sentence: str
) -> None:
    answer = desk.sal.post(day_of(place), said | {"version": 0})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert not said["name"] or said["name"] in page
    assert not UnitDay.objects.exists()


def test_who_comes_second_to_a_calendar_is_told_and_keeps_what_they_typed(
    desk: Desk, place: District, cast: Cast
) -> None:
    set_unit_day(unit=place.school, day=date(2026, 11, 27), is_open=False, name="家长会", by=cast.ada)
    answer = desk.sal.post(day_of(place), {"open": "0", "name": "校运动会", "version": 0})
    assert (
        answer.status_code == 412
        and "校历刚被别人改过" in answer.content.decode()
        and 'value="校运动会"' in answer.content.decode()
    )
    assert desk.sal.post(day_of(place), {"open": "0", "name": "校运动会", "version": 1}).status_code == 302
    assert desk.sal.post(day_of(place, path="day/clear/"), {"version": 1}).status_code == 412
    assert desk.sal.post(day_of(place, "2026-11-25", path="day/clear/"), {"version": 2}).status_code == 404


def hours_at(place: District) -> str:
    return f"/settings/calendar/hours/?unit={place.school.pk}"


def test_hours_are_typed_as_people_write_them(desk: Desk, place: District) -> None:
    assert 'value="08:00-12:00 14:00-17:30"' in words(desk.sal, hours_at(place))
    said = {
        "since": "2026-11-16",
        "every": "7:50—11:30，14：00 至 16:40",
        "day5": "8:00-12:00",
        "version": 0,
        "key": "k",
    }
    assert desk.sal.post(hours_at(place), said).status_code == 302
    calendar = calendar_for(place.school.path)
    assert calendar.open_hours(date(2026, 11, 19)) == [(time(7, 50), time(11, 30)), (time(14), time(16, 40))]
    assert calendar.open_hours(date(2026, 11, 20)) == [(time(8), time(12))]
    page = words(desk.sal, hours_at(place))
    assert 'value="07:50-11:30 14:00-16:40"' in page and 'value="08:00-12:00"' in page and "2026年11月16日起" in page
    assert "周五 08:00-12:00" in words(desk.sal, f"/settings/calendar/?unit={place.school.pk}")
    cleared = f"/settings/calendar/hours/clear/?unit={place.school.pk}&since=2026-11-16"
    assert desk.sal.post(cleared, {"version": 1}).status_code == 302
    assert not Hours.objects.exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [({"every": "早上到晚上"}, "没看懂“早上到晚上”"), ({"every": "08:00-12:00 有课"}, "没看懂“有课”"), ({"every": "25:00-26:00"}, "没有这样的时间"),
     ({"every": "12:00-08:00"}, "结束时间要晚于开始时间"), ({"every": "08:00-12:00 11:00-13:00"}, "有两段时间重叠"), ({"every": ""}, "请填写“每天”"),
     ({"every": "08:00-12:00", "since": "2036-01-01"}, "一年左右"), ({"every": "08:00-12:00", "day3": "中午"}, "没看懂“中午”")],
)  # fmt: skip
def test_hours_that_make_no_sense_are_refused_and_kept(
    desk: Desk, place: District, said: dict[str, str], sentence: str
) -> None:
    typed = {"since": "2026-11-16", "version": 0} | said
    answer = desk.sal.post(hours_at(place), typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page
    assert all(f'value="{value}"' in page for value in said.values() if value)
    assert not Hours.objects.exists()


TERMS = {
    "first_starts": "2026-09-01",
    "first_ends": "2027-01-20",
    "second_starts": "2027-02-22",
    "second_ends": "2027-07-02",
}


def terms_at(place: District) -> str:
    return f"/settings/calendar/terms/?unit={place.school.pk}&year=2026"


def test_both_terms_are_set_and_given_up_again(desk: Desk, place: District, cast: Cast) -> None:
    set_terms(
        unit=place.bureau,
        start_year=2026,
        terms=[(date(2026, 9, 1), date(2027, 1, 24)), (date(2027, 3, 1), date(2027, 7, 4))],
        by=cast.ada,
    )
    assert "现在按青禾县教育局的学期" in words(desk.sal, terms_at(place))
    assert desk.sal.post(terms_at(place), TERMS | {"version": 0, "key": "1"}).status_code == 302
    assert [(one.starts, one.ends) for one in Term.objects.filter(unit=place.school)] == [
        (date(2026, 9, 1), date(2027, 1, 20)), (date(2027, 2, 22), date(2027, 7, 2)),
    ]  # fmt: skip
    assert 'value="2027-02-22"' in words(desk.sal, terms_at(place))
    assert "本单位设置" in words(desk.sal, f"/settings/calendar/?unit={place.school.pk}")
    assert desk.sal.post(terms_at(place), dict.fromkeys(TERMS, "") | {"version": 1, "key": "2"}).status_code == 302
    assert not Term.objects.filter(unit=place.school).exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"second_ends": ""}, "两个学期的日期要一起填"),
        ({"first_ends": "2026-08-01"}, "放假日期要晚于开学日期"),
        ({"second_ends": "2029-07-02"}, "日期要在 2026 年 8 月到 2027 年 8 月之间"),
    ],
)
def test_terms_that_make_no_sense_are_refused_and_kept(
    desk: Desk, place: District, changed: dict[str, str], sentence: str
) -> None:
    answer = desk.sal.post(terms_at(place), TERMS | changed | {"version": 0})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and 'value="2027-02-22"' in page
    assert not Term.objects.exists()


def test_a_notice_is_looked_over_before_it_is_written(desk: Desk) -> None:
    CalendarYear.objects.filter(year=2026).update(confirmed=False)
    CalendarDay.objects.filter(date=date(2026, 10, 10)).delete()
    known = CalendarDay.objects.filter(date__year=2026).count()
    said = {"text": NOTICE, "source": "国办发明电〔2025〕7号", "version": 0, "key": "k"}
    looked = desk.ada.post(f"{NATIONAL}?year=2026", said | {"act": "look"}).content.decode()
    assert (
        "10月10日" in looked
        and "上学与否改动 1 天" in looked
        and "还没有写入" in looked
        and "国办发明电〔2025〕7号" in looked
    )
    assert CalendarDay.objects.filter(date__year=2026).count() == known
    assert desk.ada.post(f"{NATIONAL}?year=2026", said | {"act": "import"}).status_code == 302
    assert CalendarDay.objects.get(date=date(2026, 10, 10)).kind == "makeup"
    assert CalendarYear.objects.get(year=2026).confirmed
    page = words(desk.ada, f"{NATIONAL}?year=2026")
    assert (
        "已核定" in page
        and "放假（国庆节）" in page
        and "10月1日至10月7日，7 天" in page
        and "导入了 2026 年放假安排" in page
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("今年放假听通知", "没有读到放假或上班的日期"),
        ("一、元旦：2月30日放假。", "不是一段读得懂的日期"),
        ("一、元旦：1月1日放假。", "没有一个补班日"),
        ("", "请填写“通知正文”"),
    ],
)
def test_a_notice_that_is_not_understood_is_refused_and_kept(desk: Desk, text: str, sentence: str) -> None:
    answer = desk.ada.post(
        f"{NATIONAL}?year=2027", {"text": text, "source": "国办〔2026〕1号", "version": 0, "act": "import"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and text in page and "国办〔2026〕1号" in page
    assert not CalendarYear.objects.get(year=2027).confirmed


def test_a_year_is_confirmed_once_its_make_up_days_are_known(desk: Desk) -> None:
    CalendarYear.objects.filter(year=2026).update(confirmed=False)
    year = CalendarYear.objects.get(year=2026)
    assert "和通知一致，核定" in words(desk.ada, f"{NATIONAL}?year=2026")
    assert "和通知一致，核定" not in words(desk.ada, f"{NATIONAL}?year=2027")
    assert desk.ada.post(f"{NATIONAL}confirm/?year=2026", {"version": year.chain_seq}).status_code == 302
    assert CalendarYear.objects.get(year=2026).confirmed
    assert desk.ada.post(f"{NATIONAL}confirm/?year=2027", {"version": 0}).status_code == 422


def test_a_notice_over_a_newer_calendar_is_told_so(desk: Desk) -> None:
    said = {
        "text": NOTICE,
        "source": "国办〔2025〕7号",
        "act": "import",
        "version": CalendarYear.objects.get(year=2026).chain_seq + 1,
    }
    answer = desk.ada.post(f"{NATIONAL}?year=2026", said)
    assert answer.status_code == 412 and "国办〔2025〕7号" in answer.content.decode()


def test_only_the_bureaus_admin_finds_the_door_to_the_national_calendar(desk: Desk, place: District) -> None:
    assert NATIONAL in words(desk.ada, "/settings/calendar/")
    assert NATIONAL not in words(desk.sal, "/settings/calendar/")
