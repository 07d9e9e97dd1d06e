"""Suppliers show their papers, are rated by who receives, and deliver only while every paper holds."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from canteen.actions import (
    add_supplier,
    ban_supplier,
    change_supplier,
    rate_supplier,
    sign_contract,
    take_in_certificate,
    take_supplier_back,
)
from canteen.models import Supplier
from canteen.queries.renewals import ending
from canteen.queries.suppliers import (
    STATES,
    contracts_on,
    deliverers_of,
    in_state,
    marks_of,
    papers_of,
    standing,
    suppliers_for,
)
from canteen.rules.suppliers import may_deliver
from portal import clock
from portal.errors import BadInput, NotAllowed, Refused, Stale
from portal.ledger.models import Event
from tests.canteen.cast import Kitchen
from tests.canteen.suppliers import code_of, supplier_at
from tests.conftest import photo_of
from tests.district import Cast, District

pytestmark = pytest.mark.django_db


def test_a_paper_shown_again_under_its_number_mends_a_wrong_day(place: District, kitchen: Kitchen) -> None:
    today = clock.today()
    meat = add_supplier(school=place.school, name="东桥肉联厂", uscc=code_of(1), by=kitchen.cai)
    for ends in (today + timedelta(days=9000), today + timedelta(days=9)):
        take_in_certificate(meat, kind="permit", number="JY7", until=ends, by=kitchen.cai)
    permit = next(one for one in papers_of(fresh(meat), today) if one.kind == "permit")
    assert (permit.newest and permit.newest.until, permit.state) == (ends, "soon")
    take_in_certificate(meat, kind="licence", number="1", until=None, by=kitchen.cai)
    assert [state for state, _ in STATES if in_state(Supplier.objects.filter(pk=meat.pk), state, today)] == ["soon"]
    assert [(one.kind, one.until) for one in ending([place.school], today)] == [("permit", ends)]


def test_nothing_is_accepted_without_every_paper_valid_that_day_and_the_paper_is_named(
    place: District, kitchen: Kitchen
) -> None:
    today = clock.today()
    meat = add_supplier(school=place.school, name="东桥肉联厂", uscc=code_of(1), by=kitchen.cai)
    with pytest.raises(Refused, match="东桥肉联厂的营业执照没有登记，不能收货"):
        may_deliver(meat, today)
    take_in_certificate(meat, kind="licence", number="1", until=None, by=kitchen.cai)
    ends = today + timedelta(days=20)
    with pytest.raises(BadInput, match="都有有效期"):
        take_in_certificate(meat, kind="permit", number="JY1", until=None, by=kitchen.cai)
    take_in_certificate(meat, kind="permit", number="JY1", until=ends, by=kitchen.cai, photos=[photo_of(kitchen.cai)])
    may_deliver(fresh(meat), ends)
    with pytest.raises(Refused, match="许可证已过期 1 天"):
        may_deliver(fresh(meat), ends + timedelta(days=1))
    take_in_certificate(meat, kind="quarantine", number="Q1", until=today + timedelta(days=3), by=kitchen.jiang)
    with pytest.raises(Refused, match="动物检疫或屠宰证明已过期"):
        may_deliver(fresh(meat), today + timedelta(days=5))
    take_in_certificate(meat, kind="quarantine", number="Q2", until=today + timedelta(days=60), by=kitchen.jiang)
    may_deliver(fresh(meat), today + timedelta(days=5))
    assert [(one.kind, one.state) for one in papers_of(fresh(meat), today)] == [
        ("licence", "fine"), ("permit", "soon"), ("quarantine", "fine"),
    ]  # fmt: skip
    with pytest.raises(BadInput, match="已经过期"):
        take_in_certificate(meat, kind="permit", number="JY0", until=today - timedelta(days=1), by=kitchen.cai)


def test_lists_by_state_say_the_same_as_each_supplier(place: District, kitchen: Kitchen) -> None:
    today = clock.today()
    days = {"fine": 31, "soon": 30, "ended": None, "none": None}
    made = {name: supplier_at(place.school, name, until=today + timedelta(days=n or 9)) for name, n in days.items()}
    never = add_supplier(school=place.school, name="没有证件", uscc=code_of(99), by=kitchen.cai)
    banned = supplier_at(place.school, "拉黑")
    ban_supplier(banned, why="以次充好", by=kitchen.jiang)
    for day in (today, today + timedelta(days=9), today + timedelta(days=10), today + timedelta(days=31)):
        for state, _ in STATES:
            found = in_state(Supplier.objects.filter(school=place.school), state, day)
            said = {one.pk for one in Supplier.objects.filter(school=place.school) if standing(one, day) == state}
            assert {one.pk for one in found} == said, (day, state)
    assert [standing(fresh(one), today) for one in (made["fine"], made["soon"], never, fresh(banned))] == [
        "fine", "soon", "ended", "banned",
    ]  # fmt: skip
    assert {one.name for one in deliverers_of(place.school)} == {"fine", "soon", "ended", "none"}


def test_who_buys_lists_and_others_ban_and_rate(place: District, kitchen: Kitchen, cast: Cast) -> None:
    one = supplier_at(place.school)
    for person in (kitchen.bo, kitchen.yuan, kitchen.mei, cast.ping):
        with pytest.raises(NotAllowed):
            take_in_certificate(one, kind="other", number="1", until=None, by=person)
    with pytest.raises(NotAllowed):
        ban_supplier(one, why="迟到", by=kitchen.cai)
    with pytest.raises(NotAllowed):
        rate_supplier(one, goods=5, price=5, service=5, by=kitchen.cai)
    rate_supplier(one, goods=5, price=4, service=3, by=kitchen.bo)
    rate_supplier(one, goods=3, price=3, service=3, by=kitchen.bo, words="菜有点老")
    rate_supplier(one, goods=5, price=5, service=5, by=kitchen.yan)
    assert (marks_of(one).mean, marks_of(one).number) == (Decimal("4.0"), 2)
    ban_supplier(one, why="以次充好", by=kitchen.jiang)
    with pytest.raises(Refused, match="已停止合作：以次充好"):
        may_deliver(fresh(one), clock.today())
    take_supplier_back(one, why="整改合格", by=cast.hu)
    may_deliver(fresh(one), clock.today())
    verbs = Event.objects.filter(address=one.address).order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["added", "showed", "showed", "rated", "rated", "rated", "banned", "taken_back"]
    assert [list(suppliers_for(who)) for who in (kitchen.mei, kitchen.tang, kitchen.yuan, cast.ping)] == [
        [one], [one], [], [],
    ]  # fmt: skip


def test_the_credit_code_has_to_fit_and_contracts_have_an_end(place: District, kitchen: Kitchen) -> None:
    for wrong in ("91350100M000100Y4Z", "91350100M000100Y44", "913501", "91350100M000100I43", "N2350100M000100Y4"):
        with pytest.raises(BadInput, match="18 位"):
            add_supplier(school=place.school, name="粮油", uscc=wrong, by=kitchen.cai)
    one = add_supplier(school=place.school, name="粮油", uscc=" 91350100m000100y43", by=kitchen.cai)
    assert one.uscc == "91350100M000100Y43"
    with pytest.raises(BadInput, match="已有这个信用代码"):
        add_supplier(school=place.school, name="别名", uscc="91350100M000100Y43", by=kitchen.jiang)
    with pytest.raises(Stale):
        change_supplier(one, by=kitchen.cai, seen=4, name="粮油公司")
    with pytest.raises(BadInput, match="止期"):
        sign_contract(one, since=date(2026, 9, 1), until=date(2026, 8, 1), tender="公开招标", by=kitchen.cai)
    made = sign_contract(one, since=date(2026, 9, 1), until=date(2027, 8, 31), tender="公开招标", by=kitchen.cai)
    days = (date(2026, 8, 31), date(2026, 9, 1), date(2027, 8, 31), date(2027, 9, 1))
    assert [contracts_on([one], day).get(one.pk) for day in days] == [
        None, made, made, None,
    ]  # fmt: skip


def fresh(one: Supplier) -> Supplier:
    """The supplier as the database has it now."""
    return Supplier.objects.get(pk=one.pk)
