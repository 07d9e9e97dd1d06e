"""The books: what may be booked and by whom, two people to each amount, nothing changed, months that follow from each other."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from canteen.actions.books import book, close_month, reverse, seal
from canteen.models import Canteen, ClosedStock, Entry, EntrySeal
from canteen.queries.books import entries, sums, week_span, week_with
from portal import clock
from portal.errors import BadInput, NotAllowed, Refused, WrongStep
from portal.ledger.models import Event
from portal.publications.periods import Every, period_of
from tests.canteen.booking import TODAY, booked, on
from tests.canteen.cast import Kitchen
from tests.district import Cast
from tests.portal.cases.test_pages import as_

pytestmark = pytest.mark.usefixtures("monday")
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 12), date(2026, 11, 9), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"category": "CE-90"}, "CR-21"), ({"category": "CI-90"}, "CR-20"), ({"words": "教师节福利"}, "CR-21"),
        ({"words": "招待检查组"}, "CR-21"), ({"words": "厨师奖 · 金"}, "CR-21"), ({"category": "CE-45"}, "折旧"),
        ({"category": "CE-46"}, "承包"), ({"category": "CE-77"}, ""), ({"dated": date(2026, 11, 17)}, ""),
    ],
)  # fmt: skip
def test_what_the_law_forbids_is_refused_with_its_rule(
    said: dict[str, Any], rule: str, kitchen: Kitchen, canteen: Canteen
) -> None:
    given = {"dated": TODAY, "category": "CE-01", "amount": Decimal("12.50"), "words": "大米"} | said
    with pytest.raises(Refused) as refused:
        book(canteen, by=kitchen.kuai, **given)
    assert (rule in refused.value.rule, Entry.objects.count()) == (True, 0)


def test_two_people_to_each_amount_and_the_cashier_books_no_income(
    kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    def refused(effect: Callable[[], Any]) -> bool:
        with pytest.raises(Refused):
            effect()
        return True

    paid = {"dated": TODAY, "amount": Decimal(10), "words": "餐费"}
    assert refused(lambda: book(canteen, category="CI-01", by=kitchen.na, **paid))
    spent = book(canteen, category="CE-20", by=kitchen.na, **(paid | {"words": "燃气"}))
    for who in (kitchen.cai, kitchen.mei, cast.ping, kitchen.yuan):
        with pytest.raises(NotAllowed):
            book(canteen, category="CE-20", by=who, **(paid | {"words": "燃气"}))
    for who in (kitchen.na, kitchen.kuai, kitchen.mei, kitchen.yuan):
        assert refused(lambda who=who: seal(spent, by=who))  # type: ignore[misc]
    assert sums([canteen], TODAY, TODAY) == []
    seal(spent, by=cast.lin)
    assert refused(lambda: seal(spent, by=kitchen.jiang))
    assert [(one.category.code, one.diners, one.amount) for one in sums([canteen], TODAY, TODAY)] == [
        ("CE-20", "shared", Decimal("10.00"))
    ]
    verbs = list(Event.objects.filter(address=canteen.address).order_by("seq").values_list("verb", "facts__amount"))
    assert verbs == [("opened", None), ("booked", "10"), ("sealed", None)]


def test_what_was_looked_at_together_is_sealed_together_or_not_at_all(
    kitchen: Kitchen, canteen: Canteen, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = [booked(canteen, kitchen, "CE-20", "1.00", sealed=False) for _ in range(3)]
    jiang, address = as_(kitchen.jiang), f"/canteen/books/?canteen={canteen.pk}&waiting=1"
    ticked = {"canteen": canteen.pk, "entry": [one.pk for one in made]}
    with django_assert_num_queries(8):
        assert jiang.get(address).content.decode().count('name="entry"') == 3
    assert 'name="entry"' not in as_(kitchen.kuai).get(address).content.decode()  # who booked them is told so
    seal(made[1], by=kitchen.jiang)
    refused = jiang.post("/canteen/books/seal/", ticked)
    assert (refused.status_code, EntrySeal.objects.count()) == (409, 1)
    for wrong in ({}, {"canteen": "x"}, ticked | {"entry": []}, ticked | {"entry": ["9" * 30, "x"]}):
        assert jiang.post("/canteen/books/seal/", wrong).status_code == 422
    assert jiang.post("/canteen/books/seal/", ticked | {"entry": [made[0].pk, 10**15]}).status_code == 404
    done = jiang.post("/canteen/books/seal/", ticked | {"entry": [made[0].pk, made[2].pk]}, follow=True)
    assert ("已复核 2 笔。" in done.content.decode(), entries(canteen, {"waiting": True}).rows) == (True, [])


def test_the_books_say_what_came_in_and_went_out_in_a_month_and_are_narrowed_to_a_category(
    kitchen: Kitchen, canteen: Canteen, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for category, amount in (("CI-01", "900.00"), ("CE-60", "100.00"), ("CE-20", "60.00"), ("CE-22", "40.50")):
        booked(canteen, kitchen, category, amount, sealed=category != "CE-22")
    kuai, address = as_(kitchen.kuai), f"/canteen/books/?canteen={canteen.pk}"
    assert "月的账</a>" not in kuai.get(address).content.decode()  # November is not over
    booked(canteen, kitchen, "CE-20", "7.00", date(2026, 10, 12))
    with django_assert_num_queries(10):
        page = kuai.get(address)
    assert "结 10 月的账</a>" in page.content.decode()
    assert [page.context[name] for name in ("came", "went", "left")] == [
        Decimal("800.00"),
        Decimal("100.50"),
        Decimal("699.50"),
    ]
    page = kuai.get(address, {"canteen": canteen.pk, "month": "2026-10", "category": "CE-20"})
    assert ([one.amount for one in page.context["page"].rows], page.context["went"]) == ([Decimal(7)], Decimal(7))
    assert "10 月燃料燃气" in page.content.decode()


def test_nothing_is_changed_a_mistake_is_reversed_once(kitchen: Kitchen, canteen: Canteen) -> None:
    wrong = booked(canteen, kitchen, "CE-03", "100.00")
    back = reverse(wrong, why="重复入账", by=kitchen.kuai)
    assert (back.amount, back.day, back.words, back.diners) == (Decimal("-100.00"), TODAY, "红冲：重复入账", "shared")
    for one in (wrong, back):
        with pytest.raises(WrongStep):
            reverse(one, why="再来", by=kitchen.kuai)
    seal(back, by=kitchen.jiang)
    assert sums([canteen], TODAY, TODAY) == []
    for statement in (
        lambda: Entry.objects.filter(pk=wrong.pk).update(amount=1), EntrySeal.objects.all().delete, wrong.delete,
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()


def closed(canteen: Canteen, kitchen: Kitchen, month: str, at: date, **counted: str) -> Any:
    with clock.at(on(at)):
        amounts = {f"CE-{code[2:]}": Decimal(value) for code, value in counted.items()}
        return close_month(canteen, month, counted=amounts, by=kitchen.kuai)


def test_a_book_of_more_than_one_page_is_turned_day_by_day(kitchen: Kitchen, canteen: Canteen) -> None:
    made = [booked(canteen, kitchen, "CE-20", "1.00", date(2026, 11, day)) for day in (2, 4, 3, 4)]
    first = entries(canteen, {"limit": 3})
    assert first.rows == [made[3], made[1], made[2]]
    assert entries(canteen, {"limit": 3, "cursor": first.next}).rows == [made[0]]


def test_a_month_closes_when_everything_holds_and_the_next_begins_with_its_closing(
    kitchen: Kitchen, canteen: Canteen
) -> None:
    booked(canteen, kitchen, "CE-01", "300.00", OCTOBER)
    waiting = booked(canteen, kitchen, "CE-03", "200.00", OCTOBER, sealed=False)
    for at, said, why in (
        (date(2026, 10, 31), {}, "没有过完"), (NOVEMBER, {}, "没有复核"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=why):
            closed(canteen, kitchen, "2026-10", at, **said)
    seal(waiting, by=kitchen.jiang)
    for said, why in (({"ce01": "20"}, "没有盘点"), ({"ce01": "20", "ce03": "200.01"}, "实耗不能为负")):
        with pytest.raises(BadInput, match=why):
            closed(canteen, kitchen, "2026-10", NOVEMBER, **said)
    closed(canteen, kitchen, "2026-10", NOVEMBER, ce01="20.00", ce03="0")
    late = booked(canteen, kitchen, "CE-01", "50.00", OCTOBER)
    assert (late.dated, late.day) == (OCTOBER, date(2026, 11, 1))
    back = reverse(waiting, why="退货", by=kitchen.kuai)
    seal(back, by=kitchen.jiang)
    assert back.day == date(2026, 11, 1)
    booked(canteen, kitchen, "CE-03", "260.00", NOVEMBER)
    closed(canteen, kitchen, "2026-11", DECEMBER, ce01="70.00", ce03="10.00")
    rows = ClosedStock.objects.order_by("month__month", "category")
    assert [(one.month.month, one.category, one.opening, one.booked, one.closing, one.used) for one in rows] == [
        ("2026-10", "CE-01", Decimal(0), Decimal(300), Decimal(20), Decimal(280)),
        ("2026-10", "CE-03", Decimal(0), Decimal(200), Decimal(0), Decimal(200)),
        ("2026-11", "CE-01", Decimal(20), Decimal(50), Decimal(70), Decimal(0)),
        ("2026-11", "CE-03", Decimal(0), Decimal(60), Decimal(10), Decimal(50)),
    ]
    with pytest.raises(WrongStep):
        closed(canteen, kitchen, "2026-11", DECEMBER, ce01="70.00", ce03="10.00")


def test_no_day_falls_between_two_weekly_accounts() -> None:
    days = [date.fromordinal(TODAY.toordinal() + n) for n in range(-400, 400)]
    for day in days:
        since, until = week_span(week_with(day))
        assert since <= day <= until
    assert week_span(period_of(Every.WEEK, "2026-W46")) == (date(2026, 11, 7), date(2026, 11, 13))


CODES = st.sampled_from(["CI-01", "CI-02", "CI-03", "CE-01", "CE-03", "CE-22", "CE-60"])
FEN = st.integers(1, 10_000_000).map(lambda fen: Decimal(fen) / 100)


@settings(max_examples=25)
@given(st.lists(st.tuples(CODES, FEN, st.sampled_from(["waiting", "sealed", "reversed"])), max_size=6))
def test_the_books_balance_to_the_fen(kitchen: Kitchen, canteen: Canteen, rows: list[tuple[str, Decimal, str]]) -> None:
    with transaction.atomic():
        expected: dict[str, Decimal] = {}
        for code, amount, fate in rows:
            entry = booked(canteen, kitchen, code, str(amount), sealed=fate != "waiting")
            if fate == "reversed":
                seal(reverse(entry, why="错", by=kitchen.kuai), by=kitchen.jiang)
            if fate == "sealed":
                expected[code] = expected.get(code, Decimal(0)) + amount
        assert {one.category.code: one.amount for one in sums([canteen], TODAY, TODAY)} == expected
        transaction.set_rollback(True)
