"""Meal counts and meal money: counted once a meal, brought from the card system, seen by the family alone."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from canteen.actions import open_canteen
from canteen.actions.meals import carry_out, count_meal, plan, refund
from canteen.forms.meals import HOW, MONEY
from canteen.models import Canteen, MealCount, MealMoney, RefundPlan
from canteen.queries.meals import balance_of, children_of, eaten, till_for, usual
from portal import clock
from portal.errors import BadInput, NotAllowed, NotThere, Refused, Stale
from portal.orgs.models import Guardianship
from portal.sheets.importing import Plan, Table
from tests.canteen.booking import TODAY, on, pupil
from tests.canteen.cast import Kitchen
from tests.district import Cast, District, hire
from tests.portal.cases.test_pages import as_
from tests.repairs.test_asset_import import SimpleUploadedFile

pytestmark = pytest.mark.usefixtures("monday")
MONDAY_PAID = ["1001", "20260101", "陈一诺", "2026-11-09", "充值", 200]
ATE = ["1002", "20260101", "陈一诺", "2026-11-10", "消费", 9]


def read(*rows: list[Any]) -> Table:
    return MONEY.read(SimpleUploadedFile("card.xlsx", MONEY.template(HOW, rows)))


def brought(canteen: Canteen, kitchen: Kitchen, *rows: list[Any]) -> Plan:
    table = read(*rows)
    return carry_out(table, canteen=canteen, seen=plan(table, canteen=canteen).digest, by=kitchen.kuai)


def test_a_meal_is_counted_again_until_its_month_is_closed(kitchen: Kitchen, canteen: Canteen, cast: Cast) -> None:
    count_meal(canteen, day=TODAY, meal="lunch", students=500, staff=20, by=kitchen.chu)
    count_meal(canteen, day=TODAY, meal="lunch", students=498, staff=20, guests=2, by=kitchen.jiang)
    for said, error in (
        ({"day": date(2026, 11, 17)}, BadInput), ({"meal": "dinner"}, BadInput), ({"by": kitchen.mei}, NotAllowed),
    ):  # fmt: skip
        with pytest.raises(error):
            count_meal(
                canteen, **({"day": TODAY, "meal": "lunch", "students": 1, "staff": 1, "by": kitchen.chu} | said)
            )  # type: ignore[arg-type]
    found = eaten([canteen], TODAY, TODAY)
    assert (found.students, found.staff, found.guests, found.meals, found.days) == (498, 20, 2, 520, 1)
    assert (usual(canteen, "lunch"), usual(canteen, "dinner")) == ({"students": 498, "staff": 20}, {"students": 500})
    canteen.months.create(month="2026-11", closed_at=clock.now())
    with pytest.raises(Refused, match="结账"):
        count_meal(canteen, day=TODAY, meal="lunch", students=1, staff=1, by=kitchen.chu)
    assert MealCount.objects.get().students == 498


def test_the_same_file_twice_changes_nothing_and_every_bad_line_is_named(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    child = pupil(place, "20260101", "陈一诺", cast.ping)
    table = read(
        MONDAY_PAID, ["1003", "20269999", "陈一诺", "2026-11-09", "充值", 1], ["1004", "20260101", "陈二诺", "2026-11-09", "充值", 1],
        ["1005", "20260101", "陈一诺", "2026-11-09", "借款", 1], ["1006", "20260101", "陈一诺", "哪天", "消费", -9],
        ["TK-1", "20260101", "陈一诺", "2026-11-09", "充值", 1], MONDAY_PAID,
    )  # fmt: skip
    assert [one.number for one in plan(table, canteen=canteen).mistakes] == [3, 4, 5, 6, 7, 8]
    with pytest.raises(BadInput, match="6 行"):
        carry_out(table, canteen=canteen, seen=plan(table, canteen=canteen).digest, by=kitchen.kuai)
    assert (brought(canteen, kitchen, MONDAY_PAID, ATE).new, brought(canteen, kitchen, MONDAY_PAID, ATE).same) == (2, 2)
    changed = plan(read([*MONDAY_PAID[:5], 300]), canteen=canteen)
    assert [one.reason for one in changed.mistakes] == ["流水号 1001 导入过，内容不同。"]
    with pytest.raises(Stale):
        carry_out(read(ATE), canteen=canteen, seen="0" * 64, by=kitchen.kuai)
    with pytest.raises(NotAllowed):
        carry_out(read(ATE), canteen=canteen, seen="0" * 64, by=kitchen.jiang)
    assert (balance_of(child, canteen), MealMoney.objects.count()) == (Decimal("191.00"), 2)


def test_money_is_given_back_up_to_what_is_left_and_none_is_collected_before(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    child = pupil(place, "20260101", "陈一诺", cast.ping)
    brought(canteen, kitchen, MONDAY_PAID)
    for said, error in (({"amount": Decimal("200.01")}, Refused), ({"by": kitchen.jiang}, NotAllowed)):
        with pytest.raises(error):
            refund(canteen, child, **({"amount": Decimal(50), "why": "转学", "by": kitchen.na} | said))  # type: ignore[arg-type]
    refund(canteen, child, amount=Decimal("150.50"), why="转学", by=kitchen.na)
    assert balance_of(child, canteen) == Decimal("49.50")
    RefundPlan.objects.create(
        canteen=canteen, term="2026-1", amount=100, how="按余额退", by=kitchen.kuai, at=clock.now()
    )
    with clock.at(on(date(2027, 3, 2))), pytest.raises(Refused, match="还没有退完") as refused:
        brought(canteen, kitchen, ["2001", "20260101", "陈一诺", "2027-03-01", "充值", 200])
    assert "CR-30" in refused.value.rule


def test_a_till_sees_and_gives_back_only_the_money_of_its_own_canteen(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    child = pupil(place, "20260101", "陈一诺", cast.ping)
    far = open_canteen(school=place.far_school, name="远山食堂", meals=["lunch"], by="clock")
    second = open_canteen(school=place.school, name="第二食堂", meals=["lunch"], by="clock")
    for n, one in enumerate((canteen, second, far)):
        MealMoney.objects.create(
            canteen=one,
            student=child,
            day=TODAY,
            kind="paid",
            amount=100 + n,
            serial="1",
            by=kitchen.na,
            at=clock.now(),
        )
    kuai, far_till = (
        as_(kitchen.kuai),
        hire("far", "远会计", place.far_school, ("canteen_accountant", place.far_school)),
    )

    def seen(who: Client, address: str) -> list[str]:
        page = who.get(address).content.decode()
        return [amount for amount in ("+100.00", "+101.00", "+102.00") if amount in page]

    assert seen(kuai, f"/canteen/money/{child.pk}/") == ["+100.00"]
    assert seen(kuai, f"/canteen/money/{child.pk}/?canteen={second.pk}") == ["+101.00"]
    assert seen(as_(far_till), f"/canteen/money/{child.pk}/") == ["+102.00"]
    assert seen(as_(cast.ping), "/canteen/money/") == ["+100.00", "+101.00", "+102.00"]
    rows = [as_(who).get(f"/api/v1/canteen/meal-money/{child.pk}").json()["results"] for who in (far_till, kitchen.na)]
    assert [{one["canteen"] for one in many} for many in rows] == [{far.pk}, {canteen.pk, second.pk}]
    assert kuai.get(f"/canteen/money/{child.pk}/?canteen={far.pk}").status_code == 404
    for wrong in ("x", "9" * 30):
        assert kuai.get(f"/canteen/money/{child.pk}/?canteen={wrong}").status_code == 422
    listed = kuai.get(f"/canteen/money/all/?canteen={second.pk}").content.decode()
    assert f"/canteen/money/{child.pk}/?canteen={second.pk}" in listed
    refund_at = f"/canteen/money/{child.pk}/refund/?canteen={second.pk}"
    assert refund_at in kuai.get(f"/canteen/money/{child.pk}/?canteen={second.pk}").content.decode()
    assert kuai.post(refund_at, {"amount": "100.50", "why": "转学"}).status_code == 302
    assert [balance_of(child, one) for one in (canteen, second)] == [Decimal(100), Decimal("0.50")]


def test_nothing_is_brought_of_a_day_to_come_and_no_line_hides_another_from_the_rule(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    pupil(place, "20260101", "陈一诺", cast.ping)
    ahead = ["1009", "20260101", "陈一诺", "2026-11-17", "充值", 1]
    assert [one.reason for one in plan(read(ahead), canteen=canteen).mistakes] == ["日期 2026-11-17 还没到。"]
    RefundPlan.objects.create(
        canteen=canteen, term="2026-1", amount=100, how="按余额退", by=kitchen.kuai, at=clock.now()
    )
    spring = ["2001", "20260101", "陈一诺", "2027-03-01", "充值", 200]
    autumn = ["2002", "20260101", "陈一诺", "2027-09-02", "充值", 200]
    with clock.at(on(date(2027, 9, 3))), pytest.raises(Refused, match="还没有退完"):
        brought(canteen, kitchen, spring, autumn)


def test_a_familys_money_is_nobody_elses(place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast) -> None:
    child, other = pupil(place, "20260101", "陈一诺", cast.ping), pupil(place, "20260102", "许多", kitchen.mei)
    assert [list(children_of(who)) for who in (cast.ping, kitchen.mei, kitchen.kuai, cast.hu)] == [
        [child],
        [other],
        [],
        [],
    ]
    for who, more in ((cast.sam, {"custody": False}), (cast.tess, {"until": date(2026, 11, 15)})):  # no family any more
        Guardianship.objects.create(guardian=who, student=child, relation="父亲", since=date(2026, 9, 1), **more)
        assert (list(children_of(who)), as_(who).get(f"/api/v1/canteen/meal-money/{child.pk}").status_code) == ([], 404)
    assert [till_for(who) for who in (kitchen.kuai, kitchen.na)] == [canteen, canteen]
    for who in (kitchen.jiang, cast.hu, kitchen.tang, kitchen.mei, cast.ping):
        with pytest.raises(NotThere):
            till_for(who)
