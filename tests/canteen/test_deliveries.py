"""From the order to the store: weighed in with photos and certificates, signed by two who do not buy, in stock at once."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from canteen.actions import add_ingredient, ban_supplier
from canteen.actions.stock import issue
from canteen.models import Canteen, Contract, Delivery, DeliveryLine, FoodMove, Shelf
from canteen.queries import bought, week_of
from canteen.queries.deliveries import Bought, facts_of
from portal import clock
from portal.cases.actions import move
from portal.cases.models import Deadline
from portal.cases.page import actions_for
from portal.cases.sweep import sweep
from portal.errors import BadInput, NotAllowed, NotThere, Refused
from portal.evidence.models import Piece
from portal.ledger.queries import chain_of
from portal.notices.models import Notice
from tests.canteen.cast import Kitchen
from tests.canteen.orders import fresh, on_scale, ordered, seller, stocked, weighed
from tests.canteen.suppliers import supplier_at
from tests.district import MONDAY, Cast, District
from tests.portal.cases.test_pages import as_

pytestmark = pytest.mark.usefixtures("monday")
D = Decimal


def test_ordered_weighed_in_signed_by_two_and_in_stock(place: District, canteen: Canteen, kitchen: Kitchen) -> None:
    case = ordered(place, canteen, kitchen.cai)
    assert (case.number, case.title, case.state, case.turn) == (
        "DH-LX01-2026-00001", "猪后腿肉等 3 样：青禾粮油公司", "ordered", "canteen_keeper",
    )  # fmt: skip
    until = {"keeps_until": "2026-11-20", "batch": "A1", "degrees": "-2.5"}
    data = on_scale(case, kitchen.bo, until)
    move(case, "weigh_in", by=kitchen.bo, data=data)
    now = fresh(case)
    assert (now.state, now.turn, now.amount, now.alerts, now.weighed_by) == (
        "weighed", "canteen_inspector", D(1030), 0, kitchen.bo,
    )  # fmt: skip
    assert FoodMove.objects.count() == 0  # nothing is in stock before two have signed
    move(case, "sign_delivery", by=kitchen.yan)
    assert (fresh(case).state, fresh(case).turn) == ("to_keeper", "canteen_keeper")
    move(case, "countersign", by=kitchen.bo)
    done = fresh(case)
    assert (done.state, done.first, done.second, done.run) == ("stocked", kitchen.yan, kitchen.bo, 1)
    shelves = Shelf.objects.order_by("ingredient").values_list("ingredient__name", "on_hand", "worth", "price")
    assert list(shelves) == [("猪后腿肉", 40, 600, 15), ("青菜", 60, 180, 3), ("大米", 100, 250, D("2.50"))]
    lot = DeliveryLine.objects.get(case=case, ingredient__name="猪后腿肉").lot
    assert lot is not None
    assert (lot.batch, str(lot.keeps_until), lot.came_on, lot.on_hand) == ("A1", "2026-11-20", clock.today(), 40)
    papers = Piece.objects.filter(address=case.address).order_by("role").values_list("role", flat=True)
    assert list(papers) == ["papers", "papers", "photos"]
    facts = next(event for event in chain_of(case.address) if event.verb == "weigh_in").facts
    assert {name: len(many) for name, many in facts["photos"].items()} == {"photos": 1, "papers": 2}


def test_what_came_differently_has_a_reason_and_what_the_law_asks_for_a_photo(
    place: District, canteen: Canteen, kitchen: Kitchen
) -> None:
    case = ordered(place, canteen, kitchen.cai)
    wrong: list[tuple[int, dict[str, Any], str]] = [
        (0, {"papers": []}, "猪后腿肉要拍动物检疫合格证明"),
        (1, {"papers": []}, "青菜要拍农药残留检测结果"),
        (2, {"accepted": "94.9"}, "大米比订的少 5.1%，请写原因"),
        (2, {"accepted": "105.1"}, "大米比订的多 5.1%"),
        (2, {"accepted": "0"}, "大米拒收，请写原因"),
        (2, {"price": "2.76"}, "大米比订的价高 10.4%"),
        (2, {"keeps_until": "2026-11-15"}, "大米已经过期，不能收"),
        (2, {"made_on": "2026-11-17"}, "生产日期在以后"),
    ]
    for at, change, sentence in wrong:
        data = on_scale(case, kitchen.bo)
        data["lines"][at] |= change
        with pytest.raises(BadInput) as no:
            move(case, "weigh_in", by=kitchen.bo, data=data)
        assert sentence in no.value.errors["lines"][0]
    data = on_scale(case, kitchen.bo)
    with pytest.raises(BadInput, match="还有 1 样没有过秤"):
        move(case, "weigh_in", by=kitchen.bo, data=data | {"lines": data["lines"][:2]})
    with pytest.raises(BadInput, match="请至少上传 1 张照片"):
        move(case, "weigh_in", by=kitchen.bo, data=data | {"photos": []})
    page, where = as_(kitchen.bo), f"/canteen/deliveries/{case.number}/weigh_in/"
    shown = page.get(where).content.decode()
    assert (shown.count('<details class="more"><summary>'), shown.count('<details class="more" open>')) == (3, 0)
    sent = {f"lines-{at}-line": one.pk for at, one in enumerate(case.lines.order_by("pk"))}
    sent |= {"key": "k" * 20, "version": case.version, "lines-2-keeps_until": "2026-11-15"}
    shown = page.post(where, sent).content.decode()
    assert (shown.count('<details class="more"><summary>'), shown.count('<details class="more" open>')) == (2, 1)
    close = on_scale(case, kitchen.bo, {}, {}, {"accepted": "95", "price": "2.75"})
    assert move(case, "weigh_in", by=kitchen.bo, data=close).state == "weighed"  # just within the canteen's gaps


def test_the_buyer_never_signs_and_one_person_never_signs_twice(
    place: District, canteen: Canteen, kitchen: Kitchen, cast: Cast
) -> None:
    case = weighed(place, canteen, kitchen)
    for person in (kitchen.cai, kitchen.mei, kitchen.kuai, cast.hu):
        with pytest.raises(NotAllowed, match="由"):
            move(case, "sign_delivery", by=person)
    with pytest.raises(NotThere):
        move(case, "sign_delivery", by=kitchen.yuan)
    move(case, "sign_delivery", by=kitchen.bo)
    assert fresh(case).turn == "canteen_inspector"
    offered = {
        person: [one.name for one in actions_for(fresh(case), by=person)][:1] for person in (kitchen.bo, kitchen.yan)
    }
    assert offered == {kitchen.bo: ["reweigh"], kitchen.yan: ["countersign"]}  # no button that could only be refused
    with pytest.raises(Refused, match="您已经签过"):
        move(case, "countersign", by=kitchen.bo)
    assert move(case, "countersign", by=kitchen.chu).state == "stocked"
    own = ordered(place, canteen, kitchen.jiang)  # the manager orders, and so neither weighs nor signs
    with pytest.raises(Refused, match="采购的人不能过秤"):
        move(own, "weigh_in", by=kitchen.jiang, data=on_scale(own, kitchen.jiang))
    move(own, "weigh_in", by=kitchen.bo, data=on_scale(own, kitchen.bo))
    with pytest.raises(Refused, match="不能签收"):
        move(own, "sign_delivery", by=kitchen.jiang)


def test_only_who_buys_orders_from_who_may_deliver_what_the_school_lists(
    place: District, canteen: Canteen, kitchen: Kitchen
) -> None:
    with pytest.raises(NotAllowed, match="采购员或食堂管理员"):
        ordered(place, canteen, kitchen.bo)
    with clock.at(MONDAY - timedelta(days=9)):
        over = supplier_at(place.school, "过期商行", until=MONDAY.date() - timedelta(days=1))
    add_ingredient(school=place.school, name="四季豆", category="CE-07", banned=True, by="clock")
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"supplier": over.pk}, "supplier", "过期商行那天不能供货"),
        ({"supplier": supplier_at(place.far_school).pk}, "supplier", ""),
        ({"needed_on": "2026-11-15"}, "needed_on", "不能早于今天"),
        ({"lines": [{"food": "四季豆", "quantity": "1", "price": "1"}]}, "lines", "没有“四季豆”（或已禁用）"),
        ({"lines": [{"food": "青菜", "quantity": "1", "price": "1"}] * 2}, "lines", "写了两次"),
    ]
    for change, field, sentence in wrong:
        with pytest.raises(BadInput) as no:
            ordered(place, canteen, kitchen.cai, **change)
        assert sentence in no.value.errors[field][0]
    case = ordered(place, canteen, kitchen.cai)
    ban_supplier(seller(place), why="以次充好", by=kitchen.jiang)
    with pytest.raises(Refused, match="已停止合作"):
        move(case, "weigh_in", by=kitchen.bo, data=on_scale(case, kitchen.bo))
    none = [{"accepted": "0", "reason": "不收他家的"}] * 3
    assert move(case, "weigh_in", by=kitchen.bo, data=on_scale(case, kitchen.bo, *none)).state == "turned_away"


def test_a_price_over_the_usual_and_a_short_weight_are_named_and_told(
    place: District, canteen: Canteen, kitchen: Kitchen
) -> None:
    with clock.at(MONDAY - timedelta(days=7)):
        stocked(place, canteen, kitchen)
    dear = {"price": "18", "reason": "猪价涨了"}, {"accepted": "50", "reason": "只送来这些"}
    case = weighed(place, canteen, kitchen, *dear)
    assert (case.alerts, case.amount) == (2, D("720") + D("150") + D("250"))
    lines = list(DeliveryLine.objects.filter(case=case).order_by("pk").values_list("reference", "over", "short"))
    assert lines == [(15, 20, None), (3, None, D("16.7")), (D("2.5"), None, None)]
    assert facts_of(case)[0] == (
        "提醒", "猪后腿肉：比参考价 15.00 元高 20%\n青菜：比订的少 16.7%",
    )  # fmt: skip
    told = Notice.objects.get(to=kitchen.jiang, about=case.address, verb="named")
    assert (told.title, told.body) == ("到货有 2 处要看：猪后腿肉等 3 样：青禾粮油公司", "价高：猪后腿肉。短秤：青菜。")
    assert "到货有" not in as_(kitchen.cai).get("/").content.decode()
    assert "价高或短秤的到货" in as_(kitchen.jiang).get("/").content.decode()


def test_a_supplier_without_a_contract_in_force_is_named_and_told(
    place: District, canteen: Canteen, kitchen: Kitchen
) -> None:
    assert not weighed(place, canteen, kitchen).without_contract
    Contract.objects.update(until=clock.today() - timedelta(days=1))
    case = weighed(place, canteen, kitchen)
    assert (case.without_contract, case.alerts, facts_of(case)[0]) == (
        True, 0, ("提醒", "青禾粮油公司到货时没有在期的合同"),
    )  # fmt: skip
    assert Notice.objects.get(about=case.address, verb="named").body == "青禾粮油公司没有在期的合同。"
    move(case, "reweigh", by=kitchen.bo, data={"reason": "没有去皮"})
    assert not fresh(case).without_contract


def test_the_same_two_twenty_times_running_are_told_of(place: District, canteen: Canteen, kitchen: Kitchen) -> None:
    Delivery.objects.filter(pk=stocked(place, canteen, kitchen).pk).update(run=18)
    assert stocked(place, canteen, kitchen).run == 19
    assert not Notice.objects.filter(verb="named").exists()
    case = weighed(place, canteen, kitchen)
    move(case, "sign_delivery", by=kitchen.bo)
    move(case, "countersign", by=kitchen.yan)  # the other way round is the same pair
    assert fresh(case).run == 20
    assert Notice.objects.get(verb="named").title == "同两个人连续签收 20 次：薄稳、严明"
    other = weighed(place, canteen, kitchen)
    move(other, "sign_delivery", by=kitchen.bo)
    move(other, "countersign", by=kitchen.chu)
    assert fresh(other).run == 1


def test_weighed_again_nothing_counts_twice(place: District, canteen: Canteen, kitchen: Kitchen) -> None:
    case = weighed(place, canteen, kitchen, {"accepted": "30", "reason": "少一筐"})
    move(case, "sign_delivery", by=kitchen.bo)
    move(case, "reweigh", by=kitchen.yan, data={"reason": "秤没有归零"})
    again = fresh(case)
    assert (again.state, again.first, again.amount, again.weighed_at) == ("ordered", None, 0, None)
    move(case, "weigh_in", by=kitchen.bo, data=on_scale(case, kitchen.bo))
    move(case, "sign_delivery", by=kitchen.bo)
    move(case, "countersign", by=kitchen.yan)
    assert fresh(case).amount == 1030 == sum(FoodMove.objects.values_list("amount", flat=True))


def test_what_is_still_there_goes_back_to_the_supplier(place: District, canteen: Canteen, kitchen: Kitchen) -> None:
    case = stocked(place, canteen, kitchen)
    greens = DeliveryLine.objects.get(case=case, ingredient__name="青菜")
    issue(Shelf.objects.get(ingredient=greens.ingredient).pk, D(50), by=kitchen.bo, meal="lunch")
    back: dict[str, Any] = {"reason": "有烂叶", "lines": [{"line": greens.pk, "quantity": "11"}]}
    with pytest.raises(BadInput, match="只剩 10 斤"):
        move(case, "return_goods", by=kitchen.bo, data=back)
    back["lines"][0]["quantity"] = "4"
    move(case, "return_goods", by=kitchen.bo, data=back)
    today = clock.today()
    assert bought(canteen, today, today)[-1] == Bought(
        today,
        "CE-07",
        "青菜",
        "",
        "斤",
        D(-4),
        D(3),
        D(-12),
        "青禾粮油公司",
        kitchen.cai.pk,
        (kitchen.yan.pk, kitchen.bo.pk),
        case.number,
    )
    week = week_of(canteen, today, today)
    assert {code: (one.came_in, one.used) for code, one in week.items()} == {
        "CE-01": (250, 0), "CE-03": (600, 0), "CE-07": (168, 150),
    }  # fmt: skip
    assert sum(one.amount for one in bought(canteen, today, today)) == sum(one.came_in for one in week.values())


def test_signed_the_same_day_or_it_rises(place: District, canteen: Canteen, kitchen: Kitchen, cast: Cast) -> None:
    case = weighed(place, canteen, kitchen)
    deadline = Deadline.objects.get(case=case, clock="sign", done_at=None)
    midnight = MONDAY.replace(hour=0) + timedelta(days=1)
    assert deadline.due_at == midnight
    with clock.at(midnight + timedelta(hours=10)):
        sweep()
    assert list(case.escalations.order_by("rung").values_list("role", "told")) == [
        ("holder", [kitchen.yan.pk]), ("canteen_manager", [kitchen.jiang.pk]), ("vice_principal", [cast.vera.pk]),
    ]  # fmt: skip
    late = ordered(place, canteen, kitchen.cai)
    with clock.at(MONDAY.replace(hour=18, minute=1)):
        sweep()
    assert list(late.escalations.values_list("role", "told")) == [("canteen_buyer", [kitchen.cai.pk])]


def test_the_page_shows_its_lines_in_seven_queries(
    place: District, canteen: Canteen, kitchen: Kitchen, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = stocked(place, canteen, kitchen, {"price": "15.5", "batch": "A1"})
    for person in (kitchen.bo, kitchen.mei):
        client = as_(person)
        client.get(f"/canteen/deliveries/{case.number}/")
        with django_assert_num_queries(7):
            page = client.get(f"/canteen/deliveries/{case.number}/").content.decode()
        assert all(words in page for words in ("猪后腿肉", "批号 A1", "动物检疫合格证明 1 张", "620.00"))
    assert as_(kitchen.yuan).get(f"/canteen/deliveries/{case.number}/").status_code == 404
