"""CP-05, CP-06 and CP-08: suppliers and prices each month, meals eaten along each week, licence and people each term."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from canteen.actions import (
    book_meal,
    change_canteen,
    enter_health_card,
    open_accompanies,
    rate_supplier,
)
from canteen.actions.meals import count_meal
from canteen.figures import CHAPTER
from canteen.flow import ACCOMPANIES, MEALS, PARENT_MEALS, PARTICULARS, SUPPLIES
from canteen.models import Accompany, Canteen, Contract, Control, InquiryItem, ParentMeal
from canteen.publications import meals, particulars, supplies
from canteen.rules import duties as rules
from portal import clock
from portal.cases.actions import filled, move
from portal.cases.flow import Flow
from portal.errors import Refused
from portal.hall.figures.board import Board
from portal.ledger.queries import chain_of
from portal.orgs.models import Unit
from portal.publications.content import canonical
from portal.publications.kinds import KINDS
from portal.publications.models import Publication
from portal.publications.periods import Every, period_of
from portal.publications.queries import issues, state_of
from portal.publications.running import publish_due
from portal.rollups.periods import Almanac
from tests.access.kitchen import dish_at
from tests.canteen.cast import Kitchen
from tests.canteen.orders import on_scale, ordered, seller
from tests.canteen.prices import asked, choice
from tests.district import MONDAY, Cast, District

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday", "cast")]
NOVEMBER, WEEK = period_of(Every.MONTH, "2026-11"), period_of(Every.WEEK, "2026-W47")
FIFTH = MONDAY.replace(month=12, day=5, hour=8)


@pytest.fixture
def month(monday: None, place: District, canteen: Canteen, kitchen: Kitchen) -> Iterator[None]:
    """A November with one inquiry, of which the dearer pork was chosen, and one delivery of rice and pork."""
    case = asked(place.school, kitchen.cai)
    move(case, "choose", by=kitchen.jiang, data=choice(case, 猪肉=("县批发市场", "农贸市场当天没有货")))
    lines = [{"food": "大米", "quantity": "10", "price": "5.00"}, {"food": "猪肉", "quantity": "4", "price": "31"}]
    delivery = ordered(place, canteen, kitchen.cai, lines=lines)
    move(delivery, "weigh_in", by=kitchen.bo, data=on_scale(delivery, kitchen.bo))
    move(delivery, "sign_delivery", by=kitchen.yan)
    move(delivery, "countersign", by=kitchen.bo)
    rate_supplier(seller(place), goods=5, price=4, service=3, by=kitchen.bo)
    yield


def table(content: Any, code: str) -> list[list[str]]:
    """The rows of one table as they are published."""
    plain = json.loads(canonical(content.plain()))
    return next((one["rows"] for one in plain["tables"] if one["code"] == code), [])


@pytest.mark.usefixtures("month")
def test_a_month_says_who_delivered_under_which_contract_what_was_asked_chosen_and_paid_and_by_which_post(
    place: District, kitchen: Kitchen
) -> None:
    content = supplies.build(place.school, NOVEMBER)
    assert table(content, "suppliers") == [
        ["青禾粮油公司", "—", "2026-01-01 至 2026-12-31", "可以供货", "4.0（1 人）", "174.00"]
    ]
    assert table(content, "weeks") == [
        ["11月16日起", "柳溪农贸市场、县批发市场、鲜到家平台", "1100.00", "1080.00", "食堂管理员"]
    ]
    assert table(content, "prices") == [
        ["大米（斤）", 3, "4.80", "4.80", "5.00", "5.00", "0.042"],
        ["猪肉（斤）", 3, "30.00", "31.00", "31.00", "31.00", "0.000"],
    ]
    assert table(content, "why") == [["猪肉", "11月16日起", "县批发市场", "31.00", "30.00", "农贸市场当天没有货"]]
    Contract.objects.all().delete()
    assert supplies.build(place.school, NOVEMBER).words == ["本月供了货、没有在期合同：青禾粮油公司。"]
    assert "蔡芹" not in canonical(content.plain()) and "江涛" not in canonical(content.plain())
    assert supplies.build(place.school, period_of(Every.MONTH, "2026-10")).words == ["这个月没有询价。"]
    assert InquiryItem.objects.filter(price=None).count() == 0


@pytest.mark.usefixtures("month")
def test_the_clock_publishes_what_needs_no_signature_where_a_school_cooks_and_says_in_time_however_late_the_machine(
    place: District,
) -> None:
    with clock.at(FIFTH - timedelta(hours=1)):
        assert due(place.far_school, SUPPLIES) == due(place.far_school, MEALS) == []
        case = due(place.school, SUPPLIES)
        assert (publish_due(), standings(place)) == (0, {"canteen.supplies": ("待公示", "食堂管理员")})
    with clock.at(FIFTH + timedelta(minutes=20)):
        assert (publish_due(), publish_due()) == (1, 0)
        due(place.school, MEALS)  # opened when its Monday was over: out at once, and late
    with clock.at(FIFTH + timedelta(minutes=21)):
        assert (publish_due(), publish_due()) == (1, 0)
    assert standings(place) == {"canteen.supplies": ("按时公示", ""), "canteen.meals": ("迟公示", "")}
    assert [one.verb for one in chain_of(case.address)] == ["open_supplies", "publish"]
    assert Publication.objects.get(issue__kind="canteen.supplies").post == "系统"
    with clock.at(FIFTH + timedelta(days=1)), CaptureQueriesContext(connection) as asked:
        read = [the_league(place).here.read(CHAPTER.figure(name)) for name in ("published_on_time", "published")]
    assert [(one.n, one.over) for one in read] == [(1, 2), (2, 2)]
    assert (
        sum("publications_issue" in one["sql"] for one in asked) == 4
    )  # a board asks once for now, once for the term before


def standings(place: District) -> dict[str, tuple[str, str]]:
    """How each publication of the school stands, and which post holds it."""
    stands = {one.kind: state_of(one) for one in issues().filter(unit=place.school)}
    return {kind: (one.words, one.holder) for kind, one in stands.items()}


def the_league(place: District) -> Board:
    """What the bureau's page knows of the term."""
    almanac = Almanac(place.bureau.path)
    return Board(place.bureau, CHAPTER, almanac, almanac.holding("term", FIFTH.date()), [place.school])


def test_a_week_of_meals_says_by_which_post_each_was_accompanied_and_which_by_nobody(
    place: District, canteen: Canteen, kitchen: Kitchen, cast: Cast
) -> None:
    for at in range(3):
        with clock.at(MONDAY + timedelta(days=at)):
            dish_at(place.school)
            form = filled(ACCOMPANIES, ACCOMPANIES.opening, case=None, by="clock", data={"unit": place.school.pk})
            open_accompanies(form, by="clock")
    first, second, third = Accompany.objects.order_by("day")
    with clock.at(MONDAY + timedelta(hours=5)):
        move(first, "record_meal", by=cast.vera, data={"score": "4", "words": "菜热"})
        booked_by(cast.ping, canteen)
    with clock.at(third.opened_at):
        count_meal(canteen, day=second.day, meal="lunch", students=3, staff=0, by=kitchen.chu)
        with pytest.raises(Refused, match="供了餐"):
            move(second, "not_served", by=kitchen.jiang, data={"reason": "停电"})
        move(third, "not_served", by=kitchen.jiang, data={"reason": "停电"})
    with pytest.raises(Refused, match="不能免"):
        rules.nobody_ate(Control(canteen=canteen, day=second.day), by=cast.hu)
    rules.nobody_ate(Control(canteen=canteen, day=third.day), by=cast.hu)
    Accompany.objects.filter(pk=second.pk).update(state="missed")
    content = meals.build(place.school, WEEK)
    assert table(content, "meals") == [
        ["11月16日 周一", "午餐", "分管副校长", "4 分", 1, "3.0 分"], ["11月17日 周二", "午餐", "没有陪餐", "—", 0, "—"],
    ]  # fmt: skip
    assert {one.code: one.value for one in content.figures} == {
        "meals": 2, "share": pytest.approx(0.5), "parents": 1, "answered": 0,
    }  # fmt: skip
    assert meals.build(place.far_school, WEEK).words == ("这一周没有供餐。",)
    with clock.at(third.opened_at):
        count_meal(canteen, day=third.day, meal="lunch", students=3, staff=0, by=kitchen.chu)
    assert table(meals.build(place.school, WEEK), "meals")[2] == ["11月18日 周三", "午餐", "没有陪餐", "—", 0, "—"]


def booked_by(person: Any, canteen: Canteen) -> None:
    """A parent who ate there today and says how it was."""
    data = {"canteen": canteen.pk, "day": clock.today(), "meal": "lunch"}
    case = book_meal(filled(PARENT_MEALS, PARENT_MEALS.opening, case=None, by=person, data=data), by=person)
    move(case, "give_opinion", by=person, data={"score": "3", "words": "偏咸"})
    assert ParentMeal.objects.get().state == "eaten"


def test_licence_and_people_are_checked_each_term_and_hold_no_names(
    place: District, canteen: Canteen, kitchen: Kitchen, cast: Cast
) -> None:
    assert due(place.far_school) == []
    case = due(place.school)
    with pytest.raises(Refused, match="许可证号和有效期"):
        move(case, "check", by=kitchen.jiang)
    change_canteen(canteen, licence="JY1", licence_until=clock.today() - timedelta(days=1), by=kitchen.jiang)
    with pytest.raises(Refused, match="已过期"):
        move(case, "check", by=kitchen.jiang)
    change_canteen(canteen, licence_until=date(2028, 1, 1), by=kitchen.jiang)
    with pytest.raises(Refused, match="投诉电话"):
        move(case, "check", by=kitchen.jiang)
    change_canteen(canteen, phone="0838-5550126", by=kitchen.jiang)
    for name, job, until in (
        ("甲", "厨师", date(2027, 1, 1)),
        ("乙", "厨师", date(2026, 12, 1)),
        ("丙", "洗消", date(2027, 5, 1)),
    ):
        enter_health_card(canteen, name=name, job=job, until=until, by=kitchen.jiang)
    move(case, "check", by=kitchen.jiang)
    move(case, "publish", by=cast.hu)
    said = json.loads(Publication.objects.get().payload)["content"]
    tables = {one["code"]: one["rows"] for one in said["tables"]}
    assert tables["licences"] == [["第一食堂", "自营，供午餐", "JY1", "2028-01-01", "0838-5550126"]]
    assert tables["health"] == [["厨师", 2, 2, "2026-12-01"], ["洗消", 1, 1, "2027-05-01"]]
    assert dict(tables["posts"]) == {
        "校长": 1, "食堂管理员": 1, "采购员": 1, "保管员": 1, "验收员": 1, "厨师长": 1, "食堂会计": 1, "食堂出纳": 1, "食品安全员": 1,
        "食品安全总监": 1, "膳食委员会": 1,
    }  # fmt: skip
    assert said["words"] == [
        "投诉举报：学校 0838-5550126，市民热线 12345，市场监管 12315。", "就餐 500 人以上，须配食品安全总监：已配。",
    ]  # fmt: skip
    assert not any(name in Publication.objects.get().payload for name in ("江涛", "甲", "乙", "丙"))


def due(school: Unit, flow: Flow = PARTICULARS) -> Any:
    """What the clock opens there for the period that is to be published."""
    form = filled(flow, flow.opening, case=None, by="clock", data={"unit": school.pk})
    return flow.open_action()(form, by="clock")


def test_every_publication_of_the_reference_has_its_kind() -> None:
    mine = {code for code in KINDS if code.startswith("canteen.") and "test" not in code}
    assert mine >= {
        "canteen.weekmenu", "canteen.purchases", "canteen.monthlyaccount", "canteen.satisfaction", "canteen.supplies",
        "canteen.meals", "canteen.termaccount", "canteen.particulars", "canteen.weeklyaccount",
    }  # fmt: skip
    assert {one.code: one.every for one in (supplies.MONTHLY, meals.WEEKLY, particulars.TERM)} == {
        "canteen.supplies": "month", "canteen.meals": "week", "canteen.particulars": "term",
    }  # fmt: skip
