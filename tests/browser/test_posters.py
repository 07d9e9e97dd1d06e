"""What hangs on a wall is read from before it: one sheet, or several where one would be small, printed to PDF as a school would."""

import gzip
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.test import Client
from playwright.sync_api import expect

from canteen.actions import add_dish, add_ingredient, set_meal
from canteen.models import Canteen
from canteen.publications import menus
from canteen.publications.purchases import LINES
from portal import clock
from portal.orgs.models import Unit
from portal.publications.actions import publish
from portal.publications.content import Column, Content, Figure, Table
from portal.publications.extracts import extracts_of
from portal.publications.kinds import KINDS, Audience, Kind
from portal.publications.models import Publication
from portal.publications.periods import Every, Opened, Period, opened_on, over_before, period_of
from tests.browser.conftest import SCREENS, Meet, Visitor
from tests.canteen.cast import Kitchen, canteen_of, kitchen_of
from tests.district import Cast, District

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHEETS = {"a4": (703, 1032), "a3": (1002, 1466)}  # pixels between the margins
ROWS = {"2026-W45": 6, "2026-W44": 24, "2026-W43": 60}
PAPER = {"a4": b"594.95996 841.91998", "a3": b"841.91998 1191.12"}


def menu_of(place: District, who: Kitchen) -> Publication:
    """Next week's lunches: six dishes a day of two or three things each."""
    canteen = canteen_of(place)
    food = [
        add_ingredient(school=place.school, name=name, category="CE-07", measure="斤", by="clock")
        for name in ("大白菜", "西红柿", "菜籽油")
    ]
    dishes = [
        add_dish(school=place.school, name=f"{one}烧{other}", course="vegetable", price=Decimal("2.50"), by="clock",
                 parts=[{"ingredient": part, "grams": Decimal(60)} for part in food[: 2 + at % 2]])
        for at, (one, other) in enumerate(zip("红黄白绿黑紫", ("豆腐", "土豆", "茄子", "冬瓜", "南瓜", "青菜"), strict=True))
    ]  # fmt: skip
    period = opened_on(Every.WEEK, clock.today(), Opened.COMING)
    for at in range(5):
        set_meal(canteen, day=period.since + timedelta(days=at), meal="lunch", dishes=dishes, by="clock")
    return publish(menus.WEEKLY, unit=place.school, period=period, by=who.jiang)


def long_menu_of(place: District, who: Kitchen) -> Publication:
    """Next week's breakfast, lunch and dinner at a school whose pupils live there: fourteen dishes on each of seven days."""
    canteen = canteen_of(place)
    Canteen.objects.filter(pk=canteen.pk).update(meals=["breakfast", "lunch", "dinner"])
    food = [
        add_ingredient(
            school=place.school, name=name, category="CE-07", measure="斤", by="clock", allergens=["soy", "peanut"]
        )
        for name in ("大白菜", "西红柿", "菜籽油", "猪肉")
    ]
    dishes = [
        add_dish(school=place.school, name=f"{one}烧{other}", course="vegetable", price=Decimal("2.50"), by="clock",
                 parts=[{"ingredient": part, "grams": Decimal(60)} for part in food[: 1 + at % 4]])
        for at, (one, other) in enumerate(product("红黄", ("豆腐", "土豆", "茄子", "冬瓜", "南瓜", "青菜", "萝卜")))
    ]  # fmt: skip
    period = opened_on(Every.WEEK, clock.today(), Opened.COMING)
    for at in range(7):
        for meal, these in (("breakfast", dishes[:4]), ("lunch", dishes[4:9]), ("dinner", dishes[9:])):
            set_meal(canteen, day=period.since + timedelta(days=at), meal=meal, dishes=these, by="clock")
    return publish(menus.WEEKLY, unit=place.school, period=period, by=who.jiang)


def purchases_of(place: District, who: Kitchen) -> Publication:
    """A week in which thirty things were bought, from suppliers with long names."""
    row = [
        "猪肉 去皮后腿肉",
        "11月12日",
        "38 公斤",
        Decimal(26),
        Decimal(988),
        "东桥肉类联合加工厂",
        "采购员",
        "验收员、保管员",
    ]
    sums = [[name, Decimal(900), Decimal("0.2")] for name in ("粮食", "食用油", "畜禽肉", "蔬菜菌菇", "豆类豆制品")]
    heads = (Column("category", "类别"), Column("amount", "金额（元）", "money"), Column("share", "占比", "share"))
    tables = (
        Table("categories", "按类别", heads, sums),
        Table("lines", "食堂逐笔", LINES, [row] * 30, said="金额按实收数量算。"),
    )
    figures = (Figure("total", "采购金额", Decimal(4500), "money", "元"), Figure("lines", "进货", 30, unit="笔"))
    period = over_before(Every.WEEK, clock.today())
    content = Content(figures, tables, (), "采购", posts=(("核对", "食堂会计"), ("公示", "食堂管理员")))
    return publish(KINDS["canteen.purchases"], unit=place.school, period=period, by=who.jiang, content=content)


def a_big_week_of(place: District, who: Kitchen) -> Publication:
    """A boarding school's week: two hundred things from four suppliers, of which one brought eighty."""
    names = ["东桥肉类联合加工厂"] * 80 + ["青禾县粮油公司"] * 60 + ["柳溪镇蔬菜专业合作社"] * 40 + ["县蛋品厂"] * 20
    rows = [
        ["猪肉 去皮后腿肉", "11月12日", "38 公斤", Decimal(26), Decimal(100 + at), name, "采购员", "验收员、保管员"]
        for at, name in enumerate(names)
    ]
    total = ["合计", "", "", "", sum(row[4] for row in rows), "", "", ""]
    said = "金额按实收数量算。"
    table = Table("lines", "食堂逐笔", LINES, rows, total, said=said, first=40, apart="supplier")
    figures = (Figure("total", "采购金额", total[4], "money", "元"), Figure("lines", "进货", 200, unit="笔"))
    content = Content(figures, (table,), (), "采购", posts=(("核对", "食堂会计"), ("公示", "食堂管理员")))
    period = over_before(Every.WEEK, clock.today())
    return publish(KINDS["canteen.purchases"], unit=place.school, period=period, by=who.jiang, content=content)


def printed(visitor: Visitor, made: Publication, size: str, sheet: int = 0) -> tuple[int, bool, bool]:
    """How many sheets, whether they are of the size that was asked for, and whether all of it is on them."""
    issue = made.issue
    visitor.go(f"/p/LX01/{issue.kind}/{issue.period}/1/poster/?size={size}&sheet={sheet}")
    paper = visitor.page.pdf(prefer_css_page_size=True, print_background=True)
    width, height = SHEETS[size]
    visitor.page.set_viewport_size({"width": width, "height": height})
    visitor.page.emulate_media(media="print")
    whole = visitor.page.locator(".poster-in").evaluate_all(
        "all => all.every(one => one.scrollHeight <= one.clientHeight + 1)"
    )
    if SCREENS is not None:
        visitor.page.screenshot(path=SCREENS / f"poster-{issue.kind}-{size}.png", full_page=False)
        (SCREENS / f"poster-{issue.kind}-{size}.pdf").write_bytes(paper)
    visitor.page.emulate_media(media="null")
    return len(re.findall(rb"/Type\s*/Page\b", paper)), PAPER[size] in paper, whole


def test_a_week_on_the_wall_is_one_sheet_or_two_that_can_be_read(place: District, cast: Cast, meet: Meet) -> None:
    who = kitchen_of(place)
    made = [menu_of(place, who), purchases_of(place, who)]
    mei = meet(who.mei, 1440)
    assert [printed(mei, one, size) for one in made for size in PAPER] == [
        (count, True, True) for count in (1, 1, 2, 1)
    ]


def test_three_meals_a_day_for_seven_days_are_two_small_sheets_or_a_large_one(
    place: District, cast: Cast, meet: Meet
) -> None:
    who = kitchen_of(place)
    made, mei = long_menu_of(place, who), meet(who.mei, 1440)
    assert [printed(mei, made, size) for size in PAPER] == [(2, True, True), (1, True, True)]
    assert (mei.page.locator(".poster-cols").count(), mei.page.locator(".poster-in tbody tr").count()) == (1, 98)
    mei.go(f"/p/LX01/{made.issue.kind}/{made.issue.period}/1/poster/")
    assert mei.page.locator(".poster-in tbody tr").count() == 98
    assert [one.split(" · ")[-1] for one in mei.page.locator(".poster header p").all_inner_texts()] == [
        "第 1 张，共 2 张", "第 2 张，共 2 张",
    ]  # fmt: skip
    mei.page.get_by_role("link", name="只打一张").click()
    expect(mei.page.get_by_role("link", name="分几张打")).to_be_visible()
    assert mei.page.locator(".poster").count() == 1


def test_every_line_of_a_big_week_is_on_its_page_and_on_a_sheet_of_its_supplier(
    place: District, cast: Cast, meet: Meet
) -> None:
    who = kitchen_of(place)
    made = a_big_week_of(place, who)
    at = f"/p/LX01/{made.issue.kind}/{made.issue.period}/"
    answer = Client().get(at, headers={"accept-encoding": "gzip"})
    page = gzip.decompress(answer.content).decode()
    assert (page.count("猪肉 去皮后腿肉"), "看其余 160 项" in page, len(answer.content) < 60 * 1024) == (
        200,
        True,
        True,
    )
    mei, extracts = meet(who.mei, 1440), extracts_of(made)
    assert [one.title.removeprefix("食堂逐笔 ") for one in extracts] == [
        *(f"东桥肉类联合加工厂 第 {n} 张，共 4 张" for n in (1, 2, 3, 4)),
        *(f"青禾县粮油公司 第 {n} 张，共 3 张" for n in (1, 2, 3)),
        *(f"柳溪镇蔬菜专业合作社 第 {n} 张，共 2 张" for n in (1, 2)), "县蛋品厂",
    ]  # fmt: skip
    assert sum(Decimal(one.table["total"][4]) for one in extracts) == sum(100 + at for at in range(200))
    for number, rows, said in (
        (1, 25, "本张合计"),
        (4, 5, "8"),
        (9, 15, "本张合计"),
        (99, 0, ""),
    ):  # one that is not there is the whole poster
        assert printed(mei, made, "a4", number) == (1, True, True)
        assert mei.page.locator(".poster-in tbody tr").count() == rows
        assert not rows or said in mei.page.locator(".poster-in tfoot").inner_text()


def account(unit: Unit, period: Period) -> Content:
    """As many rows as the week is to have, and lines for the wall."""
    rows = [[f"第 {n} 项支出", Decimal(n)] for n in range(1, ROWS[period.code] + 1)]
    table = Table(
        "spent", "钱花在哪", (Column("what", "项目"), Column("sum", "金额", "money")), rows, bars="sum", drawn=True
    )
    wall = [("价格比对", "大米 5.60 元（询价 5.54），" * 6)]
    figures = [Figure(f"f{n}", f"第 {n} 个数", Decimal(100 * n), "money", "元") for n in range(4)]
    return Content(figures, (table,), words=["共同的支出按就餐人数分摊。"], wall=wall)


@pytest.fixture
def weekly() -> Iterator[Kind]:
    kind = Kind(
        "canteen.poster_test",
        "食堂周账",
        "收支",
        "utensils",
        Audience.PUBLIC,
        Every.WEEK,
        ("principal",),
        build=account,
    )
    yield kind
    del KINDS[kind.code]


def test_nothing_is_cut_off_however_much_hangs_on_a_wall(place: District, cast: Cast, weekly: Kind, meet: Meet) -> None:
    made = [publish(weekly, unit=place.school, period=period_of(Every.WEEK, week), by="clock") for week in ROWS]
    rita = meet(cast.rita, 1440)
    found = [printed(rita, one, size) for one in made for size in PAPER]
    assert found == [(2 if week == "2026-W43" else 1, True, True) for week in ROWS for _ in PAPER]
