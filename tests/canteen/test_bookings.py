"""The books follow the store: what two people have signed for is booked once, what goes back is taken off, and a month's
closing begins as the store says."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from canteen.actions.books import close_month, reverse, seal, seal_all
from canteen.forms.books import CloseForm
from canteen.models import Canteen, ClosedStock, Entry, EntrySeal, FoodMove
from canteen.publications.accounts import build_month, build_week
from canteen.queries.books import sums, week_with
from canteen.queries.stock import worth_on
from portal import clock
from portal.cases.actions import move
from portal.cases.flow import address_of
from portal.errors import BadInput, NotAllowed, Refused, WrongStep
from portal.orgs.actions import record_absence
from portal.publications.periods import Every, period_of
from tests.canteen.booking import TODAY, booked, on
from tests.canteen.cast import Kitchen
from tests.canteen.orders import stocked, weighed
from tests.canteen.test_books_api import answered
from tests.district import District
from tests.signing import browser_of

pytestmark = pytest.mark.usefixtures("monday")
BOUGHT = {"CE-01": Decimal("250.00"), "CE-03": Decimal("600.00"), "CE-07": Decimal("180.00")}


def by_category(**narrow: object) -> dict[str, Decimal]:
    """What stands in the books, sealed or not."""
    found: dict[str, Decimal] = {}
    for one in Entry.objects.filter(**narrow):
        found[one.category] = found.get(one.category, Decimal(0)) + one.amount
    return found


def test_a_delivery_signed_by_two_is_in_the_books_once_and_what_goes_back_is_taken_off(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    case = stocked(place, canteen, kitchen)
    said = Entry.objects.order_by("category").values_list("category", "amount", "voucher", "by", "dated", "words")
    assert list(said) == [
        (code, amount, case.number, None, TODAY, f"到货：{case.supplier.name}") for code, amount in BOUGHT.items()
    ]
    assert sums([canteen], TODAY, TODAY) == []
    for entry in Entry.objects.select_related("canteen"):
        for nobody in (kitchen.bo, kitchen.yan, kitchen.na, kitchen.mei):
            with pytest.raises(NotAllowed):
                seal(entry, by=nobody)
        seal(entry, by=kitchen.kuai)
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.pk = None
        entry._state.adding = True
        entry.save()
    meat = case.lines.get(ingredient__category="CE-03")
    move(case, "return_goods", by=kitchen.bo, data={"reason": "发酸", "lines": [{"line": meat.pk, "quantity": "5"}]})
    gone = Entry.objects.get(amount__lt=0)
    assert (gone.category, gone.amount, gone.case_id, gone.words) == (
        "CE-03", Decimal("-75.00"), case.pk, f"退货：{case.supplier.name}",
    )  # fmt: skip
    with pytest.raises(WrongStep):
        reverse(gone, why="再来", by=kitchen.kuai)
    seal(gone, by=kitchen.jiang)
    booked(canteen, kitchen, "CI-01", "2000.00")
    week = {one.code: one.value for one in build_week(canteen.school, week_with(TODAY)).figures}
    moved = sum(FoodMove.objects.filter(kind__in=("in", "back")).values_list("amount", flat=True), Decimal(0))
    assert (week["expense"], week["balance"]) == (moved, Decimal("1045.00")) == (Decimal("955.00"), Decimal("1045.00"))


def test_what_a_delivery_booked_is_not_booked_by_hand_unless_somebody_says_why_it_is_another_purchase(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    case = stocked(place, canteen, kitchen)
    meat = case.lines.get(ingredient__category="CE-03")
    move(case, "return_goods", by=kitchen.bo, data={"reason": "发酸", "lines": [{"line": meat.pk, "quantity": "5"}]})
    same = (("CE-01", "250.00", {}), ("CE-03", "600.00", {}), ("CE-03", "525.00", {}), ("CE-12", "955.00", {}),
            ("CE-01", "7.00", {"voucher": case.number}))  # fmt: skip
    for category, amount, more in same:
        with pytest.raises(Refused, match="已经自动入账") as refused:
            booked(canteen, kitchen, category, amount, date(2026, 11, 2), **more)
        assert (refused.value.see, list(refused.value.errors)) == (
            (f"看到货 {case.number}", address_of(case)), ["apart"],
        )  # fmt: skip
    for category, amount, day in (
        ("CE-20", "250.00", TODAY),
        ("CE-01", "250.01", TODAY),
        ("CE-01", "250.00", date(2026, 10, 9)),
    ):
        assert booked(canteen, kitchen, category, amount, day, sealed=False, apart="多余的话").apart == ""
    typed = {"category": "CE-01", "dated": "2026-11-16", "amount": "250.00", "words": "大米", "diners": "shared"}
    browser, at = browser_of(kitchen.kuai, Client()), f"/canteen/books/add/?canteen={canteen.pk}"
    assert "为什么是另一次采购" not in browser.get(at).content.decode()
    page = browser.post(at, typed | {"key": "first-try-of-rice"})
    assert (page.status_code, "为什么是另一次采购" in page.content.decode()) == (422, True)
    assert address_of(case) in page.content.decode()
    status, said = answered(kitchen.kuai, "books", typed | {"canteen": canteen.pk})
    assert (status, said["see"], list(said["errors"])) == (422, address_of(case), ["apart"])
    status, made = answered(kitchen.kuai, "books", typed | {"canteen": canteen.pk, "apart": "下午另买一车"})
    assert (status, made["apart"]) == (201, "下午另买一车")
    page = browser_of(kitchen.jiang, Client()).get(f"/canteen/books/{made['id']}/").content.decode()
    assert "记账的人说是另一次采购" in page and "下午另买一车" in page
    reverse(Entry.objects.get(category="CE-01", by=None), why="发票价不同", by=kitchen.kuai)
    assert booked(canteen, kitchen, "CE-01", "250.00", sealed=False).apart == ""


def test_what_was_booked_by_hand_before_its_delivery_counts_once(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    hand = booked(canteen, kitchen, "CE-01", "250.00", date(2026, 11, 10))  # sealed: nobody could know
    other = booked(canteen, kitchen, "CE-12", "1030.00", sealed=False)  # what the whole delivery comes to
    stocked(place, canteen, kitchen)
    rice, meat = (Entry.objects.get(by=None, category=code) for code in ("CE-01", "CE-03"))
    for entry, twin in ((rice, hand), (meat, other), (other, meat)):
        with pytest.raises(Refused, match="像是同一次采购") as refused:
            seal(entry, by=kitchen.kuai if entry.by_id is None else kitchen.jiang)
        assert refused.value.see == ("看另一笔账", f"/canteen/books/{twin.pk}/")
    page = browser_of(kitchen.kuai, Client()).get(f"/canteen/books/{rice.pk}/").content.decode()
    assert "像是同一次采购" in page and f"/canteen/books/{hand.pk}/" in page
    for wrong in (hand, other):
        seal(reverse(wrong, why="到货已入账", by=kitchen.kuai), by=kitchen.jiang)
    waiting = list(canteen.entries.filter(seal=None, by=None))
    assert (seal_all(waiting, by=kitchen.kuai), seal(other, by=kitchen.jiang).entry_id) == (3, other.pk)
    assert {one.category.code: one.amount for one in sums([canteen], date(2026, 11, 1), TODAY)} == BOUGHT


def test_equal_purchases_day_by_day_are_sealed_by_whoever_says_once_why_they_are_not_the_same(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    """A canteen that booked by hand until the store came into use: each amount by hand stands against one delivery."""
    hand = booked(canteen, kitchen, "CE-01", "250.00", date(2026, 11, 10))
    for _ in range(2):
        stocked(place, canteen, kitchen)
    first, second = Entry.objects.filter(by=None, category="CE-01").order_by("pk")
    page = browser_of(kitchen.kuai, Client())
    assert 'name="apart"' not in page.get(f"/canteen/books/{second.pk}/").content.decode()
    assert 'name="apart"' in page.get(f"/canteen/books/{first.pk}/").content.decode()
    assert answered(kitchen.kuai, f"books/{first.pk}/seal", {})[0] == 422
    assert page.post(f"/canteen/books/{first.pk}/seal/", {"apart": "十日那次是另买的"}).status_code == 302
    assert "十日那次是另买的" in page.get(f"/canteen/books/{first.pk}/").content.decode()
    third = stocked(place, canteen, kitchen)
    assert seal_all(canteen.entries.filter(seal=None), by=kitchen.kuai) == 8 and third.state == "stocked"
    assert {one.apart for one in EntrySeal.objects.exclude(entry=first)} == {""} and hand.seal.by == kitchen.jiang


def test_whoever_took_it_in_does_not_seal_it_and_a_wrong_one_is_reversed(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    case = weighed(place, canteen, kitchen)
    move(case, "sign_delivery", by=kitchen.jiang)
    move(case, "countersign", by=kitchen.bo)
    rice = Entry.objects.get(category="CE-01")
    with pytest.raises(Refused, match="是您验收的"):
        seal(rice, by=kitchen.jiang)
    seal(rice, by=kitchen.kuai)
    back = reverse(rice, why="发票价不同", by=kitchen.kuai)
    with pytest.raises(NotAllowed):
        seal(back, by=kitchen.kuai)
    seal(back, by=kitchen.jiang)
    assert by_category(category="CE-01") == {"CE-01": Decimal(0)}


def test_a_months_closing_begins_as_the_store_says_and_what_differs_needs_its_reason(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    stocked(place, canteen, kitchen)
    for entry in Entry.objects.select_related("canteen"):
        seal(entry, by=kitchen.kuai)
    with clock.at(on(date(2026, 12, 2))):
        store = worth_on(canteen, date(2026, 11, 30))
        assert store == BOUGHT
        form = CloseForm(stock={"CE-03": (Decimal(0), BOUGHT["CE-03"])}, store=store)
        assert (list(form.fields), form.fields["CE-03"].initial) == (
            ["CE-03", "difference", "analysis"], BOUGHT["CE-03"],
        )  # fmt: skip
        assert "库存账月末结存 600.00" in form.fields["CE-03"].help_text
        counted = store | {"CE-03": Decimal("590.00")}
        with pytest.raises(BadInput, match="畜禽肉（库存账 600"):
            close_month(canteen, "2026-11", counted=counted, by=kitchen.kuai)
        made = close_month(canteen, "2026-11", counted=counted, difference="解冻失水", by=kitchen.kuai)
        said = build_month(canteen.school, period_of(Every.MONTH, "2026-11"))
    assert made.difference == "解冻失水" and "盘点和库存账不同：解冻失水" in said.words
    rows = ClosedStock.objects.order_by("category").values_list("category", "closing", "store")
    assert list(rows) == [(code, counted[code], amount) for code, amount in BOUGHT.items()]


def test_who_took_goods_in_or_keeps_the_till_for_somebody_away_seals_nothing_of_it(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    by_two = weighed(place, canteen, kitchen)
    move(move(by_two, "sign_delivery", by=kitchen.yan), "countersign", by=kitchen.jiang)
    for entry in Entry.objects.select_related("canteen"):
        with pytest.raises(Refused, match="您验收的"):
            seal(entry, by=kitchen.jiang)
        seal(entry, by=kitchen.kuai)
    stocked(place, canteen, kitchen)
    gas = booked(canteen, kitchen, "CE-20", "10.00", sealed=False)
    record_absence(person=kitchen.na, substitute=kitchen.jiang, since=TODAY, until=TODAY, by="clock")
    waiting = list(Entry.objects.select_related("canteen").filter(seal=None).order_by("pk"))
    assert (len(waiting), waiting[-1]) == (4, gas)
    for entry in waiting:
        with pytest.raises(Refused, match="管钱的人不能复核"):
            seal(entry, by=kitchen.jiang)
