"""A surplus is the school year's: what one term owes the pupils is not lost in the next, and no more goes back than there is."""

from datetime import date
from decimal import Decimal

import pytest

from canteen.actions.accounts import plan_refund, refund_done, sign_plan
from canteen.actions.books import close_month, reverse, seal
from canteen.flow import MONTHS, TERMS
from canteen.models import Canteen, ClosedStock, TermAccount
from canteen.publications.accounts import build_month, build_term
from canteen.queries.accounts import share
from canteen.queries.books import corrections, counts_on
from canteen.rules.meals import terms_before_are_settled
from portal import clock
from portal.errors import BadInput, Refused
from portal.publications.periods import Every, period_of
from tests.canteen.booking import booked, on, opened
from tests.canteen.cast import Kitchen

pytestmark = pytest.mark.usefixtures("db")
MONTHS_OF = {
    "2026-1": ("2026-12", "2027-01"),
    "2026-2": ("2027-02", "2027-03", "2027-04", "2027-05", "2027-06", "2027-07"),
    "2027-1": ("2027-08", "2027-09", "2027-10", "2027-11", "2027-12", "2028-01"),
}


def earned(canteen: Canteen, kitchen: Kitchen, income: str, gas: str, dated: date) -> None:
    """So much came in and went out on a day."""
    booked(canteen, kitchen, "CI-01", income, dated)
    booked(canteen, kitchen, "CE-20", gas, dated)


def shut(canteen: Canteen, kitchen: Kitchen, term: str) -> None:
    """Every month of a term is closed, nothing left in store."""
    for code in MONTHS_OF[term]:
        close_month(canteen, code, counted={}, by=kitchen.kuai)


def refused(canteen: Canteen, kitchen: Kitchen, term: str, amount: str) -> str:
    """Why a plan of this much is refused."""
    with pytest.raises(Refused) as said:
        plan_refund(canteen, term, amount=Decimal(amount), how="退到饭卡", by=kitchen.kuai)
    return said.value.errors["amount"][0]


def test_a_surplus_is_the_school_years_and_a_plan_is_for_all_of_it_and_no_more(
    kitchen: Kitchen, canteen: Canteen
) -> None:
    canteen.surplus_rule = "returned"
    canteen.save(update_fields=["surplus_rule"])
    with clock.at(on(date(2027, 2, 1))):
        earned(canteen, kitchen, "1000.00", "900.00", date(2026, 12, 9))
        shut(canteen, kitchen, "2026-1")
        assert refused(canteen, kitchen, "2026-1", "100.01") == "最多 100.00 元。"
        with pytest.raises(Refused, match="还没有退还方案"):
            terms_before_are_settled(canteen, [date(2027, 2, 20)])
        autumn = plan_refund(canteen, "2026-1", amount=Decimal(100), how="退到饭卡", by=kitchen.kuai)
        with pytest.raises(Refused, match="还没有退完"):
            terms_before_are_settled(canteen, [date(2027, 2, 20)])
    with clock.at(on(date(2027, 8, 2))):
        earned(canteen, kitchen, "500.00", "430.00", date(2027, 3, 9))
        shut(canteen, kitchen, "2026-2")
        assert refused(canteen, kitchen, "2026-2", "70.01") == "最多 70.00 元。"  # autumn's 100 are promised, not gone
        spring = plan_refund(canteen, "2026-2", amount=Decimal(70), how="退到饭卡", by=kitchen.kuai)
        for plan in (autumn, spring):
            sign_plan(plan, by=kitchen.jiang)
        booked(canteen, kitchen, "CE-60", "170.00", date(2027, 8, 2))
        for plan in (autumn, spring):
            refund_done(plan, on=date(2027, 8, 2), by=kitchen.kuai)
        terms_before_are_settled(canteen, [date(2027, 9, 1)])
    with clock.at(on(date(2028, 2, 1))):
        earned(canteen, kitchen, "800.00", "750.00", date(2027, 9, 9))
        shut(canteen, kitchen, "2027-1")
        assert refused(canteen, kitchen, "2027-1", "49.99") == "至少 50.00 元。"  # 800 - 170 - 750 would owe nothing
        with pytest.raises(Refused, match=r"累计结余 50\.00 元，要退 50\.00 元"):
            build_term(canteen.school, period_of(Every.TERM, "2027-1"))
        plan_refund(canteen, "2027-1", amount=Decimal(50), how="退到饭卡", by=kitchen.kuai)
        said = {one.code: one for one in build_term(canteen.school, period_of(Every.TERM, "2027-1")).figures}
        assert (said["refund"].value, said["year_balance"].value) == (Decimal(50), Decimal(-120))


def test_what_parents_were_told_comes_back_is_not_made_less_and_not_more_than_there_is(
    kitchen: Kitchen, canteen: Canteen
) -> None:
    with clock.at(on(date(2027, 1, 20))):
        earned(canteen, kitchen, "1000.00", "900.00", date(2026, 12, 9))
        early = plan_refund(canteen, "2026-1", amount=Decimal("100.01"), how="退到饭卡", by=kitchen.kuai)
        assert early.amount == Decimal("100.01")  # the term is not over: nobody knows yet
    with clock.at(on(date(2027, 2, 1))):
        shut(canteen, kitchen, "2026-1")
        term = period_of(Every.TERM, "2026-1")
        with pytest.raises(Refused, match="退了就是亏空"):
            build_term(canteen.school, term)
        plan_refund(canteen, "2026-1", amount=Decimal(90), how="退到饭卡", by=kitchen.kuai)
        notes = {one.code: one.note for one in build_term(canteen.school, term).figures}
        assert notes["balance"] == "退还学生 90.00 元，其余留作伙食"
        opened(canteen, TERMS, "2026-1")
        TermAccount.objects.update(state="published")
        assert refused(canteen, kitchen, "2026-1", "89.99") == "至少 90.00 元。"
        assert plan_refund(canteen, "2026-1", amount=Decimal(95), how="退到饭卡", by=kitchen.kuai).amount == 95


def test_a_month_without_an_entry_is_closed_too_and_what_is_published_gets_no_late_voucher(
    kitchen: Kitchen, canteen: Canteen
) -> None:
    november = period_of(Every.MONTH, "2026-11")
    with clock.at(on(date(2026, 12, 2))):
        case = opened(canteen, MONTHS, "2026-11")
        assert build_month(canteen.school, november).summary.startswith("收入 0.00 元，支出 0.00 元")
        type(case).objects.update(state="published")
        assert counts_on(canteen, date(2026, 11, 10)) == date(2026, 12, 1)
        type(case).objects.update(state="due")
        booked(canteen, kitchen, "CE-03", "90.00", date(2026, 10, 9))
        with pytest.raises(Refused, match=r"2026 年 10 月还没有结账"):
            build_term(canteen.school, period_of(Every.TERM, "2026-1"))
        close_month(canteen, "2026-10", counted={"CE-03": Decimal(40)}, by=kitchen.kuai)
        with pytest.raises(Refused, match=r"2026 年 11 月还没有结账"):
            build_month(canteen.school, november)
        close_month(canteen, "2026-11", counted={"CE-03": Decimal(15)}, by=kitchen.kuai)
        assert "支出 25.00 元" in build_month(canteen.school, november).summary


def test_what_is_taken_back_after_a_close_does_not_keep_the_next_month_from_closing(
    kitchen: Kitchen, canteen: Canteen
) -> None:
    with clock.at(on(date(2026, 11, 2))):
        wrong = booked(canteen, kitchen, "CE-04", "1000.00", date(2026, 10, 9))
        close_month(canteen, "2026-10", counted={"CE-04": Decimal(0)}, by=kitchen.kuai)
        seal(reverse(wrong, why="记错科目", by=kitchen.kuai), by=kitchen.jiang)
        booked(canteen, kitchen, "CE-04", "30.00", date(2026, 11, 2))
    with clock.at(on(date(2026, 12, 1))):
        assert corrections(canteen, period_of(Every.MONTH, "2026-11")) == {"CE-04": Decimal("-1000.00")}
        with pytest.raises(BadInput, match=r"只有 30\.00 元"):
            close_month(canteen, "2026-11", counted={"CE-04": Decimal("30.01")}, by=kitchen.kuai)
        close_month(canteen, "2026-11", counted={"CE-04": Decimal(10)}, by=kitchen.kuai)
        month = build_month(canteen.school, period_of(Every.MONTH, "2026-11"))
    stock = next(one for one in month.tables if one.code == "stock")
    assert (stock.rows[0][1:5], stock.total[3]) == (
        [Decimal("0.00"), Decimal("-970.00"), Decimal("-980.00"), Decimal("10.00")], Decimal("-980.00"),
    )  # fmt: skip
    assert stock.said.endswith("本月入账里有红冲以前月份的 -1000.00 元。")
    row = ClosedStock.objects.get(month__month="2026-11")
    assert (row.used - row.corrected, {one.code: one.value for one in month.figures}["year_balance"]) == (20, -20)


def test_halves_are_rounded_up_as_people_round() -> None:
    assert [share(Decimal(n), Decimal(2000)) for n in (1, 3, -1)] == [
        Decimal("0.001"), Decimal("0.002"), Decimal("-0.001"),
    ]  # fmt: skip
