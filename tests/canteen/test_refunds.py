"""A surplus that goes back: who gets what, two people, done when the books say so; vouchers beside the books."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from canteen.actions import open_canteen
from canteen.actions.accounts import plan_refund, refund_done, sign_plan
from canteen.actions.books import book, keep_voucher
from canteen.models import Canteen, Entry, MealMoney, RefundPlan, Voucher
from canteen.queries.books import sees_voucher
from canteen.queries.refunds import shares_of
from portal import clock
from portal.errors import NotAllowed, Refused, WrongStep
from portal.evidence.proof import check
from portal.orgs.models import Student
from tests.canteen.booking import TODAY, booked, on, pupil
from tests.canteen.cast import Kitchen
from tests.conftest import photo_of
from tests.district import Cast, District
from tests.signing import browser_of

pytestmark = pytest.mark.usefixtures("monday")
DAY = date(2026, 11, 10)


def ate(canteen: Canteen, child: Student, amount: str) -> None:
    """So much of the child's meal money was eaten."""
    MealMoney.objects.create(
        canteen=canteen, student=child, day=DAY, kind="eaten", amount=-Decimal(amount), serial=f"K{child.pk}", at=clock.now()
    )  # fmt: skip


def test_who_gets_what_back_is_signed_by_two_and_done_when_the_books_say_so(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    for number, name, amount in (("01", "陈一诺", "200"), ("02", "李二", "100"), ("03", "王三", "33.33")):
        ate(canteen, pupil(place, number, name), amount)
    plan = plan_refund(canteen, "2026-1", amount=Decimal("100.00"), how="按消费退到饭卡", by=kitchen.kuai)
    assert [(one.number, one.amount) for one in shares_of(plan)] == [
        ("01", Decimal("60.00")), ("02", Decimal("30.00")), ("03", Decimal("10.00")),
    ]  # fmt: skip
    with pytest.raises(WrongStep):
        refund_done(plan, on=TODAY, by=kitchen.kuai)
    for nobody in (kitchen.kuai, kitchen.na, kitchen.mei):
        with pytest.raises(NotAllowed):
            sign_plan(plan, by=nobody)
    page = f"/canteen/books/plans/{plan.pk}/"
    manager, accountant, mother = (browser_of(who) for who in (kitchen.jiang, kitchen.kuai, kitchen.mei))
    assert "陈一诺" not in manager.get(page).content.decode() + mother.get(page).content.decode()
    assert "陈一诺" in accountant.get(page).content.decode()
    assert (mother.get(f"{page}shares.xlsx").status_code, accountant.get(f"{page}shares.xlsx").status_code) == (
        403,
        200,
    )
    assert manager.post(f"{page}sign/").status_code == 302
    assert "登记已退还" in accountant.get(page).content.decode()
    booked(canteen, kitchen, "CE-60", "99.99")
    with pytest.raises(Refused, match="只退了"):
        refund_done(RefundPlan.objects.get(), on=TODAY, by=kitchen.kuai)
    booked(canteen, kitchen, "CE-60", "0.01")
    assert accountant.post(f"{page}done/", {"on": "2026-11-16", "key": "k" * 24}).status_code == 302
    assert (RefundPlan.objects.get().done_on, "已退完" in manager.get("/canteen/books/").content.decode()) == (
        TODAY,
        True,
    )


@settings(max_examples=20)
@given(eaten=st.lists(st.integers(1, 90_000), min_size=1, max_size=6), fen=st.integers(1, 1_000_000))
def test_the_parts_make_the_whole_to_the_fen(
    place: District, kitchen: Kitchen, canteen: Canteen, eaten: list[int], fen: int
) -> None:

    with transaction.atomic():
        for at, one in enumerate(eaten):
            ate(canteen, pupil(place, f"{at:02d}", "某"), str(Decimal(one) / 100))
        amount = Decimal(fen) / 100
        shares = shares_of(plan_refund(canteen, "2026-1", amount=amount, how="按消费", by=kitchen.kuai))
        assert sum(one.amount for one in shares) == amount
        for one in shares:
            assert abs(one.amount - amount * one.eaten / (sum(eaten) / Decimal(100))) < Decimal("0.01")
        transaction.set_rollback(True)


def test_vouchers_hang_at_their_entry_and_are_seen_by_those_who_read_the_books(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    photos = [photo_of(kitchen.na)]
    entry = book(
        canteen, dated=TODAY, category="CE-20", amount=Decimal(60), words="燃气", vouchers=photos, by=kitchen.na
    )
    address = Voucher.objects.get().address
    assert [sees_voucher(who, address) for who in (kitchen.mei, kitchen.tang, kitchen.yuan)] == [True, True, False]
    accountant: Client = browser_of(kitchen.kuai)
    sent = {"vouchers": [str(photo_of(kitchen.kuai).pk)], "key": "v" * 24}
    assert accountant.post(f"/canteen/books/{entry.pk}/voucher/", sent).status_code == 302
    assert accountant.get(f"/canteen/books/{entry.pk}/").content.decode().count('alt="凭证 ') == 2
    assert (Voucher.objects.count(), check().flaw, Entry.objects.count()) == (1, None, 1)
    with pytest.raises(NotAllowed):
        keep_voucher(entry, [photo_of(kitchen.jiang)], by=kitchen.jiang)


def test_a_school_with_two_canteens_is_asked_whose_card_system_it_is(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    one = browser_of(kitchen.kuai).get("/canteen/money/import/").content.decode()
    assert ("请选择" in one, "第一食堂" in one) == (False, True)
    open_canteen(school=place.school, name="第二食堂", meals=["lunch"], diners=80, by="clock")
    with clock.at(on(TODAY)):
        two = browser_of(kitchen.kuai).get("/canteen/money/import/").content.decode()
    assert ("请选择" in two, "柳溪镇中心小学 第二食堂" in two) == (True, True)


def test_a_parent_comes_to_the_familys_money_from_the_menu(kitchen: Kitchen, canteen: Canteen) -> None:
    assert "/canteen/money/" in browser_of(kitchen.mei).get("/").content.decode()
