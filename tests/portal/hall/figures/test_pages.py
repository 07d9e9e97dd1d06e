"""Pages of figures: what each level shows, that every figure lists its cases, and that growth costs no questions."""

import re
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils.http import urlencode
from python_calamine import CalamineWorkbook

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case
from portal.orgs.actions import plant
from portal.orgs.models import Unit, User
from portal.rollups.folding import fold
from portal.worktime.actions import set_unit_day
from repairs.actions import report
from repairs.flow import FLOW
from tests.conftest import photo_of
from tests.district import MONDAY, Cast, District, hire, later
from tests.signing import browser_of

pytestmark = pytest.mark.django_db
TODAY = f"?day={MONDAY:%Y-%m-%d}"  # on its first morning a week is shown only to who asks for it


def reported(by: User, place: Any, topic: str = "RP-05") -> Case:
    data = {"unit": place.pk, "topic": topic, "words": "灯不亮"}
    return report(filled(FLOW, FLOW.opening, case=None, by=by, data=data), by=by)


@pytest.fixture
def week(place: District, cast: Cast) -> District:
    """Six tickets at the school, five of them repaired and rated; one late at the other school."""
    with clock.at(MONDAY):
        cases = [reported(cast.rita, place.room) for _ in range(6)]
        late = reported(cast.tess, place.far_room, "RP-01")
    for number, case in enumerate(cases[:5]):
        with clock.at(later(hours=1, minutes=number)):
            move(case, "accept", by=cast.dora, data={"reply": "马上来"})
            move(case, "assign", by=cast.dora, data={"assignee": cast.will.pk})
            move(case, "arrive", by=cast.will)
            move(case, "finish", by=cast.will, data={"after": [photo_of(cast.will).pk], "done": "换了"})
            move(case, "confirm", by=cast.rita, data={"speed": 5, "quality": 4})
    with clock.at(later(hours=2)):
        Case.objects.filter(pk=late.pk).update(due_at=MONDAY)
        fold()
    return place


def get(person: User, address: str) -> Any:
    with clock.at(later(hours=2)):
        return browser_of(person, Client(raise_request_exception=True)).get(address)


def page(person: User, address: str) -> str:
    answer = get(person, address)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def test_the_county_puts_the_school_that_is_late_first_and_says_the_rule(week: District, cast: Cast) -> None:
    said = page(cast.ouyang, f"/figures/{week.bureau.pk}/{TODAY}")
    lights = re.findall(r"<h2 id=\"t-repairs-lights\">.*?</table>", said, re.S)[0]
    rows = re.findall(r"<tr><th>.*?>([^<]+)</a>", lights)
    assert rows == ["石门小学", "柳溪镇中心小学"]
    assert re.findall(r'class="light is-(\w+)"[^>]*>([^<]+)<', lights) == [
        ("late", "超时 1"), ("off", "无"), ("off", "无"), ("off", "无"), ("off", "无"),
        ("done", "正常"), ("done", "100%"), ("done", "100%"), ("done", "100%"), ("done", "4.5"),
    ]  # fmt: skip
    assert "超时未办：有就是红，没有就是绿；按时修好：低于 70% 红，低于 90% 黄" in said
    assert "合计截至 11月16日" in said or "合计截至 今天 11:00" in said


def test_a_head_lands_on_the_own_school_and_an_officer_on_the_county(week: District, cast: Cast) -> None:
    assert get(cast.hu, "/figures/")["Location"] == f"/figures/{week.school.pk}/"
    assert get(cast.lin, "/figures/")["Location"] == f"/figures/{week.school.pk}/"
    assert get(cast.ouyang, "/figures/")["Location"] == f"/figures/{week.bureau.pk}/"
    assert get(cast.hu, f"/figures/{week.far_school.pk}/").status_code == 404
    assert get(cast.hu, f"/figures/{week.town.pk}/").status_code == 404
    assert get(cast.dora, "/figures/").status_code == 403


def test_only_who_sees_figures_has_them_in_the_menu(week: District, cast: Cast) -> None:
    for person, there in ((cast.hu, True), (cast.lin, True), (cast.dora, False), (cast.rita, False), (cast.ada, False)):
        assert ('href="/figures/"' in page(person, "/")) == there, person


def test_every_tile_lists_exactly_the_cases_it_counts(week: District, cast: Cast) -> None:
    said = page(cast.hu, f"/figures/{week.school.pk}/{TODAY}&of=repairs")
    tiles = re.findall(
        r'<a class="stat[^"]*" href="([^"]+)"><span>.*?</svg>([^<]+)</span>.*?<b>(?:约 )?([\d.]+)', said, re.S
    )
    counts = {title: (url, value) for url, title, value in tiles}
    assert {title: value for title, (_, value) in counts.items()} == {
        "在办": "1", "24 小时内到期": "1", "报修": "6", "修好": "5", "按时修好": "100", "评价": "4.5", "2 小时内修好": "100",
        "24 小时内修好": "100", "一次修好": "100", "响应时间中位数": counts["响应时间中位数"][1],
        "响应时间九成线": counts["响应时间九成线"][1], "修复时间中位数": counts["修复时间中位数"][1],
        "修复时间九成线": counts["修复时间九成线"][1], "评价率": "100",
    }  # fmt: skip
    wanted = {"在办": 1, "报修": 6, "修好": 5, "按时修好": 5, "评价": 5, "一次修好": 5}
    for title, number in wanted.items():
        listed = page(cast.hu, counts[title][0])
        assert len(set(re.findall(r"BX-LX01-2026-\d{5}", listed))) == number, title
        assert "只列这个数据里的：柳溪镇中心小学" in listed
    assert said.count("<b>约 ") == 4  # middles are read from bins
    assert 0.95 <= float(counts["修复时间中位数"][1]) <= 1.2


def test_a_table_as_excel_is_the_table_of_the_page(week: District, cast: Cast) -> None:
    answer = get(cast.hu, f"/figures/{week.school.pk}/kinds.xlsx{TODAY}")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert book.sheet_names == ["填写说明", "按类别"] or book.sheet_names[1] == "按类别"
    rows = book.get_sheet_by_name("按类别").to_python()
    assert rows == [
        ["类别", "报修", "修好", "按时修好", "24 小时内修好", "一次修好", "评价（分）", "材料费（元）"],
        [rows[1][0], 6, 5, 1, 1, 1, 4.5, 0],
    ]
    whole = CalamineWorkbook.from_filelike(
        BytesIO(get(cast.ouyang, f"/figures/{week.bureau.pk}/all.xlsx{TODAY}").content)
    )
    assert whole.sheet_names[1:] == [
        "各校情况",
        "排名",
        "全部指标",
        "按类别",
        "报修最多的地点",
        "反复出现",
        "材料费最多的地点",
    ]


@pytest.mark.parametrize(
    "asked",
    [
        {"period": "x"}, {"day": "2026-13-45"}, {"day": "0001-01-01"}, {"day": "9999-12-31"}, {"period": "term", "day": "1999-01-01"},
        {"period": "month", "day": "2026-02-30"}, {"all": "1"}, {"period": "周"},
    ],
)  # fmt: skip
def test_an_absurd_address_shows_a_page(week: District, cast: Cast, asked: dict[str, str]) -> None:
    assert "报修" in page(cast.ouyang, f"/figures/{week.bureau.pk}/?{urlencode(asked)}")


def test_more_schools_and_more_cases_ask_no_more(week: District, cast: Cast, django_assert_num_queries: Any) -> None:
    browser = browser_of(cast.ouyang)
    with clock.at(later(hours=2)), django_assert_num_queries(QUERIES):
        browser.get(f"/figures/{week.bureau.pk}/{TODAY}")
    with clock.at(later(hours=2)):
        for number in range(4):
            school = plant(name=f"第{number}小学", kind="school", parent=week.town, code=f"Q{number}", by="clock")
            plant(name="101", kind="room", parent=school, by="clock")
        for _ in range(3):
            reported(cast.rita, week.other_room, "RP-01")
        fold()
        with django_assert_num_queries(QUERIES):
            browser.get(f"/figures/{week.bureau.pk}/{TODAY}")


QUERIES = 21
LISTED = 10


def test_every_school_is_found_by_name_town_or_page_in_the_order_of_any_figure(
    week: District, cast: Cast, django_assert_num_queries: Any
) -> None:
    browser, address = browser_of(cast.ouyang), f"/figures/{week.bureau.pk}/schools/"
    with clock.at(later(hours=2)), django_assert_num_queries(LISTED):
        browser.get(address)
    hill = plant(name="山镇", kind="town", parent=week.bureau, code="T9", by="clock")
    for number in range(60):
        plant(name=f"第{number:02}小学", kind="school", parent=hill, code=f"Q{number}", by="clock")
    with clock.at(later(hours=2)), django_assert_num_queries(LISTED):
        first = browser.get(address)
    assert len(first.content) < 60 * 1024

    def listed(**asked: Any) -> list[str]:
        said = page(cast.ouyang, f"{address}?{urlencode(asked)}")
        return re.findall(r"<tr><th>.*?>([^<]+)</a>", said)

    seen, after = [], 0
    for _ in range(4):
        seen += listed(by="late", **({"after": after} if after else {}))
        after = Unit.objects.get(name=seen[-1], kind="school").pk
    every = ["石门小学", "柳溪镇中心小学", *(f"第{number:02}小学" for number in range(60))]
    assert (seen, len(seen)) == (every, 62)
    assert listed(by="reported", order="best")[0] == "柳溪镇中心小学"
    assert listed(q="第59") == ["第59小学"]
    assert listed(town=hill.pk)[0] == "第00小学"
    assert listed(town=hill.pk, q="柳溪") == [] and "没有找到" in page(cast.ouyang, f"{address}?q=zz")
    assert listed(by="x", town="y", after="0x", order="z") == listed()
    county = page(cast.ouyang, f"/figures/{week.bureau.pk}/")
    assert len(county.encode()) < 100 * 1024 and f'href="{address}?of=repairs"' in county
    assert get(cast.ouyang, f"/figures/{week.school.pk}/schools/")["Location"] == f"/figures/{week.school.pk}/"


def test_until_a_school_day_of_it_is_over_a_week_is_shown_only_to_who_asks(week: District, cast: Cast) -> None:
    boss, address = hire("boss", "程远", None, ("director", week.bureau)), f"/figures/{week.bureau.pk}/"

    def shown(days: int, asked: str = "") -> tuple[str, bool, bool]:
        with clock.at(later(days=days)):
            said = browser_of(boss).get(f"{address}{asked}").content.decode()
        return re.findall(r"（(.*?)）", said)[0], "先看上周的" in said, "多数指标还没有数" in said

    last, this = "11月9日—11月15日", "11月16日—11月22日"
    assert [shown(0), shown(0, TODAY), shown(1), shown(4)] == [
        (last, True, False), (this, False, True), (this, False, False), (this, False, False),
    ]  # fmt: skip
    assert shown(0, "?period=month")[0] == "11月1日—11月30日"
    set_unit_day(unit=week.bureau, day=MONDAY.date(), is_open=False, name="运动会补休", by=cast.ada)
    assert [shown(1)[:2], shown(2)[:2]] == [(last, True), (this, False)]


def test_many_affairs_are_seen_at_a_glance_and_each_whole_behind_one_link(
    week: District, cast: Cast, django_assert_num_queries: Any
) -> None:
    boss, address = (
        browser_of(hire("boss", "程远", None, ("director", week.bureau))),
        f"/figures/{week.bureau.pk}/{TODAY}",
    )
    for number in range(30):
        plant(name=f"第{number:02}小学", kind="school", parent=week.town, code=f"Q{number}", by="clock")
    with clock.at(later(hours=2)), django_assert_num_queries(GLANCE):
        every = unescape(boss.get(address).content.decode())
    with clock.at(later(hours=2)):
        one = unescape(boss.get(f"{address}&of=repairs").content.decode())
    assert (every.count("怎么算的"), one.count("怎么算的"), len(every.encode()) < 60_000, len(one.encode()) < 80_000) == (
        0, 1, True, True,
    )  # fmt: skip
    lights = [re.findall(r'id="t-repairs-lights".*?</table>', page, re.S)[0].count("<tr>") - 1 for page in (every, one)]
    assert lights == [5, 10]
    assert f'href="?day={MONDAY:%Y-%m-%d}&of=repairs"' in every and "食堂的全部指标和算法" in every
    assert ('aria-current="true">报修</a>' in one, 'aria-current="true">全部</a>' in every) == (True, True)


GLANCE = 40
