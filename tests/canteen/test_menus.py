"""Dishes with the grams for one head, the week's menu, what schools do not serve, and CP-01 in time or visibly late."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from canteen.actions import add_dish, add_ingredient, change_dish, copy_week, price_dish, retire_dish, set_meal
from canteen.actions.meals import count_meal
from canteen.models import Canteen, Dish, Ingredient, Serving, WeekMenu
from canteen.queries.menus import meals_of, week_of
from canteen.queries.nutrition import advice_on, energy_of
from portal import clock
from portal.cases.actions import move
from portal.cases.routines import arrange
from portal.cases.schedules import open_due
from portal.cases.sweep import sweep
from portal.errors import BadInput, NotAllowed, Refused
from portal.ledger.models import Event
from portal.notices.models import Notice
from portal.publications.models import Issue, Publication
from portal.publications.running import publish_due
from tests.canteen.cast import Kitchen
from tests.conftest import photo_of
from tests.district import MONDAY, Cast, District
from tests.portal.cases.test_pages import as_

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
NEXT = MONDAY.date() + timedelta(days=7)
FOOD = {
    "米": ("CE-01", []),
    "五花肉": ("CE-03", []),
    "青菜": ("CE-07", []),
    "鸡蛋": ("CE-05", ["egg"]),
    "豆腐": ("CE-09", ["soy"]),
}


@pytest.fixture
def food(canteen: Canteen) -> dict[str, Ingredient]:
    return {
        name: add_ingredient(school=canteen.school, name=name, category=category, allergens=allergens, by="clock")
        for name, (category, allergens) in FOOD.items()
    }


def cooked(canteen: Canteen, name: str, by: Any, /, *parts: tuple[Ingredient, int], **other: Any) -> Dish:
    rows = [{"ingredient": one, "grams": Decimal(grams)} for one, grams in parts]
    said: dict[str, Any] = {"course": "meat", "price": Decimal("3.50")} | other
    return add_dish(school=canteen.school, name=name, parts=rows, by=by, **said)


@pytest.fixture
def dishes(canteen: Canteen, food: dict[str, Ingredient], kitchen: Kitchen) -> list[Dish]:
    rice = cooked(canteen, "米饭", kitchen.chu, (food["米"], 110), course="staple", price=Decimal("1.00"))
    pork = cooked(canteen, "红烧肉", kitchen.jiang, (food["五花肉"], 60), (food["鸡蛋"], 20))
    return [rice, pork, cooked(canteen, "炒青菜", kitchen.jiang, (food["青菜"], 130), course="vegetable")]


def test_what_schools_do_not_serve_is_refused_with_the_rule_named(
    canteen: Canteen, kitchen: Kitchen, food: dict[str, Ingredient], dishes: list[Dish]
) -> None:
    beans = add_ingredient(school=canteen.school, name="四季豆", category="CE-07", by="clock")
    bad: list[tuple[str, Any, dict[str, Any]]] = [
        ("干煸豆 角", food["青菜"], {}), ("小炒", beans, {}), ("拌三丝", food["青菜"], {"style": "cold"}), ("生鱼片", food["青菜"], {"style": "raw"}),
        ("寿星蛋糕", food["鸡蛋"], {"style": "cream"}),
    ]  # fmt: skip
    for name, ingredient, other in bad:
        with pytest.raises(Refused) as no:
            cooked(canteen, name, kitchen.chu, (ingredient, 50), **other)
        assert "CR-11" in no.value.rule
    assert Dish.objects.count() == 3
    set_meal(canteen, day=NEXT, meal="lunch", dishes=dishes, by=kitchen.chu)
    food["青菜"].banned, food["青菜"].why = True, "农残超标"
    food["青菜"].save()
    with pytest.raises(Refused, match="农残超标"):
        set_meal(canteen, day=NEXT + timedelta(days=1), meal="lunch", dishes=dishes, by=kitchen.chu)
    assert copy_week(canteen, week=NEXT + timedelta(days=7), by=kitchen.chu) == 1, "the rest of the week is copied"
    copied = Serving.objects.filter(day=NEXT + timedelta(days=7))
    assert sorted(copied.values_list("dish__name", flat=True)) == ["米饭", "红烧肉"]


def test_a_menu_is_written_by_those_who_cook_and_stays_once_eaten(
    canteen: Canteen, kitchen: Kitchen, dishes: list[Dish]
) -> None:
    for who in (kitchen.cai, kitchen.mei, kitchen.yuan):
        with pytest.raises(NotAllowed):
            set_meal(canteen, day=NEXT, meal="lunch", dishes=dishes, by=who)
        with pytest.raises(NotAllowed):
            cooked(canteen, "汤", who)
    with pytest.raises(Refused, match="已经过去"):
        set_meal(canteen, day=MONDAY.date() - timedelta(days=1), meal="lunch", dishes=dishes, by=kitchen.chu)
    with pytest.raises(Refused, match="不供这一餐"):
        set_meal(canteen, day=NEXT, meal="dinner", dishes=dishes, by=kitchen.chu)
    set_meal(canteen, day=NEXT, meal="lunch", dishes=dishes, by=kitchen.chu)
    set_meal(canteen, day=NEXT, meal="lunch", dishes=dishes[:2], by=kitchen.jiang)
    assert [(one.dish.name, one.price) for one in meals_of(canteen, NEXT, NEXT)[NEXT, "lunch"]] == [
        ("米饭", Decimal("1.00")), ("红烧肉", Decimal("3.50")),
    ]  # fmt: skip
    assert Event.objects.filter(address=canteen.address, verb="menu_set").count() == 2
    with pytest.raises(Refused, match="还在今天或以后的菜谱上"):
        retire_dish(dishes[1], by=kitchen.jiang)
    with pytest.raises(BadInput, match="同名"):
        cooked(canteen, "米饭", kitchen.chu)
    retire_dish(dishes[2], by=kitchen.jiang)
    today = {"day": MONDAY.date(), "meal": "lunch"}
    set_meal(canteen, **today, dishes=dishes[:2], by=kitchen.chu)  # type: ignore[arg-type]
    count_meal(canteen, **today, students=300, staff=20, guests=0, by=kitchen.jiang)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="已经登记了就餐人数"):
        set_meal(canteen, **today, dishes=dishes[:1], by=kitchen.chu)  # type: ignore[arg-type]


def test_another_price_needs_minutes_and_notice_and_tells_the_committee(
    canteen: Canteen, kitchen: Kitchen, dishes: list[Dish]
) -> None:
    set_meal(canteen, day=NEXT, meal="lunch", dishes=dishes, by=kitchen.chu)
    said: dict[str, Any] = {"price": Decimal("4.00"), "since": NEXT, "notice": "肉价上涨"}
    with pytest.raises(BadInput, match="会议纪要"):
        price_dish(dishes[1], minutes=[], by=kitchen.jiang, **said)
    with pytest.raises(BadInput, match="提前 3 天"):
        price_dish(dishes[1], minutes=[photo_of(kitchen.jiang)], by=kitchen.jiang, **said | {"since": MONDAY.date()})
    with pytest.raises(NotAllowed):
        price_dish(dishes[1], minutes=[photo_of(kitchen.chu)], by=kitchen.chu, **said)
    price_dish(dishes[1], minutes=[photo_of(kitchen.jiang)], by=kitchen.jiang, **said)
    assert Serving.objects.get(dish=dishes[1]).price == Decimal("4.00")
    assert dishes[1].price_on(MONDAY.date()) == Decimal("3.50")
    assert Notice.objects.filter(to=kitchen.mei, verb="priced").count() == 1


def test_grams_stand_beside_the_norm_of_the_age_and_refuse_nothing(
    canteen: Canteen, kitchen: Kitchen, food: dict[str, Ingredient], dishes: list[Dish]
) -> None:
    Ingredient.objects.filter(name="米").update(kcal=Decimal(346), protein=Decimal("7.4"))
    set_meal(canteen, day=NEXT, meal="lunch", dishes=dishes, by=kitchen.chu)
    set_meal(canteen, day=NEXT + timedelta(days=1), meal="lunch", dishes=dishes[:1], by=kitchen.chu)
    days = week_of(canteen, NEXT)
    assert [(one.day.weekday(), [(len(meal.servings), meal.poor) for meal in one.meals]) for one in days] == [
        (0, [(3, False)]), (1, [(1, True)]), (2, [(0, False)]), (3, [(0, False)]), (4, [(0, False)]),
    ]  # fmt: skip
    meals = meals_of(canteen, NEXT, NEXT + timedelta(days=6))
    found = {one.title: (one.grams, one.words) for one in advice_on(meals, "6-8")}
    assert {name: found[name] for name in ("谷薯", "蔬菜", "畜禽肉", "蛋", "奶及奶制品")} == {
        "谷薯": (Decimal("110.0"), "合适"), "蔬菜": (Decimal("65.0"), "偏少"), "畜禽肉": (Decimal("30.0"), "偏多"),
        "蛋": (Decimal("10.0"), "偏少"), "奶及奶制品": (Decimal("0.0"), "偏少"),
    }  # fmt: skip
    energy = energy_of(meals)
    assert energy is not None
    assert (energy.kcal, energy.protein, energy.unknown) == (Decimal(381), Decimal("8.1"), 3)


def thursday_opens(place: District) -> WeekMenu:
    arrange()
    with clock.at(MONDAY + timedelta(days=3)):
        open_due()
    return WeekMenu.objects.get(unit=place.school)


def plan_week(canteen: Canteen, dishes: list[Dish], by: Any) -> None:
    for at in range(5):
        set_meal(canteen, day=NEXT + timedelta(days=at), meal="lunch", dishes=dishes, by=by)


def test_the_week_is_checked_signed_and_out_before_eight_on_monday_and_any_reader_sees_grams_and_allergens(
    place: District, canteen: Canteen, kitchen: Kitchen, dishes: list[Dish]
) -> None:
    case = thursday_opens(place)
    assert WeekMenu.objects.count() == 1, "schools without a canteen owe none"
    with pytest.raises(Refused, match="还没有排"):
        move(case, "check", by=kitchen.fang)
    plan_week(canteen, dishes, kitchen.chu)
    move(case, "check", by=kitchen.fang)
    move(case, "sign_menu", by=kitchen.jiang)
    assert Publication.objects.count() == 0
    with clock.at(MONDAY + timedelta(days=6, hours=22, minutes=1)):  # Monday, 7:01
        assert publish_due() == 1
    made = Publication.objects.get()
    assert made.issue.first_at < MONDAY + timedelta(days=6, hours=23)
    page = Client().get(f"/p/{place.school.code}/canteen.weekmenu/{made.issue.period}/")
    body = page.content.decode()
    assert page.status_code == 200
    assert "五花肉 60 克" in body
    assert "蛋" in body
    assert "<script" not in body
    with clock.at(MONDAY + timedelta(days=7)):
        with pytest.raises(BadInput, match="已经公示"):
            set_meal(canteen, day=NEXT + timedelta(days=2), meal="lunch", dishes=dishes[:2], by=kitchen.chu)
        set_meal(canteen, day=NEXT + timedelta(days=2), meal="lunch", dishes=dishes[:2], by=kitchen.chu, reason="缺货")
        shown = as_(kitchen.mei).get(f"/canteen/menus/?day={NEXT}").content.decode()
    assert "缺货" in shown


def test_what_nobody_signed_is_late_and_named_not_published(
    place: District, canteen: Canteen, kitchen: Kitchen, dishes: list[Dish], cast: Cast
) -> None:
    case = thursday_opens(place)
    plan_week(canteen, dishes, kitchen.chu)
    with clock.at(MONDAY + timedelta(days=7)):
        sweep()
        issue = Issue.objects.get(kind=case.kind)
        publish_due()
        assert (issue.versions.count(), Issue.objects.get(pk=issue.pk).current) == (0, 0)
        shown = as_(kitchen.jiang).get(f"/canteen/menus/?day={NEXT}").content.decode()
    assert "未按时公示" in shown
    told = set(Notice.objects.filter(about=case.address).values_list("to__username", flat=True))
    assert {"fang", "jiang", "hu"} <= told


def test_a_recipe_changes_from_now_on(
    canteen: Canteen, kitchen: Kitchen, food: dict[str, Ingredient], dishes: list[Dish]
) -> None:
    parts = [{"ingredient": food["豆腐"], "grams": Decimal(80)}]
    changed = change_dish(dishes[1], name="红烧豆腐", course="meat", style="hot", parts=parts, by=kitchen.chu, seen=0)
    assert (changed.allergen_words, changed.version) == (["大豆"], 1)
