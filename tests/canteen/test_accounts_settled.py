"""What closes, falls between weeks or goes back is accounted for too: to the last day, and to the fen."""

import json
from datetime import date
from decimal import Decimal

import pytest

from canteen.actions.accounts import plan_refund, refund_done, sign_plan
from canteen.actions.books import close_month
from canteen.actions.places import close_canteen
from canteen.flow import WEEKLY
from canteen.models import Canteen
from canteen.publications.accounts import build_month, build_term
from portal import clock
from portal.cases.actions import filled
from portal.errors import Refused
from portal.publications.periods import Every, period_of
from portal.worktime.actions import set_day
from tests.canteen.booking import LAST, WEEK, booked, on, opened, signed_by_three
from tests.canteen.cast import Kitchen
from tests.portal.cases.test_pages import as_

pytestmark = pytest.mark.usefixtures("db")


def weeks_opened(canteen: Canteen, period: str) -> bool:
    """Whether the clock opens this week's account at the school."""
    form = filled(WEEKLY, WEEKLY.opening, case=None, by="clock", data={"unit": canteen.school_id, "period": period})
    return bool(WEEKLY.open_action()(form, by="clock"))


def test_a_canteen_closed_in_mid_week_still_accounts_for_it_and_its_books_are_settled(
    kitchen: Kitchen, canteen: Canteen
) -> None:
    with clock.at(on(date(2026, 11, 11))):
        booked(canteen, kitchen, "CE-03", "70.00", date(2026, 11, 10))
        close_canteen(canteen, by=kitchen.jiang)
    with clock.at(on(LAST, 14)):
        last = booked(canteen, kitchen, "CE-20", "30.00", date(2026, 11, 12))
        case = signed_by_three(opened(canteen, WEEKLY, WEEK), kitchen)
        assert json.loads(case.prepared.content)["summary"] == "收入 0.00 元，支出 100.00 元，结余 -100.00 元"
        page = as_(kitchen.kuai).get(f"/canteen/books/?canteen={canteen.pk}")
        assert (page.status_code, last.words in page.content.decode()) == (200, True)
    with clock.at(on(date(2026, 12, 1))):
        assert weeks_opened(canteen, "2026-W47") is False
        close_month(canteen, "2026-11", counted={"CE-03": Decimal(0)}, by=kitchen.kuai)
        assert build_month(canteen.school, period_of(Every.MONTH, "2026-11")).summary.startswith(
            "收入 0.00 元，支出 100.00 元"
        )


def test_a_school_day_on_a_saturday_is_accounted_for_with_the_week_after_it_though_that_is_a_holiday(
    kitchen: Kitchen, canteen: Canteen
) -> None:
    for day in range(16, 23):
        set_day(day=date(2026, 11, day), kind="holiday", by="clock")
    with clock.at(on(date(2026, 11, 20))):
        assert weeks_opened(canteen, "2026-W47") is False
        set_day(day=date(2026, 11, 14), kind="makeup", by="clock")
        assert weeks_opened(canteen, "2026-W47") is True


def test_a_surplus_is_measured_to_the_fen_and_a_plan_is_not_made_smaller_once_its_months_are_closed(
    kitchen: Kitchen, canteen: Canteen
) -> None:
    with clock.at(on(date(2027, 2, 1))):
        booked(canteen, kitchen, "CI-01", "100000.00", date(2026, 12, 9))
        booked(canteen, kitchen, "CE-20", "97999.99", date(2026, 12, 9))
        for code in ("2026-12", "2027-01"):
            close_month(canteen, code, counted={}, by=kitchen.kuai)
        term = period_of(Every.TERM, "2026-1")
        with pytest.raises(Refused, match=r"要退 0\.01 元"):  # 2.00001 % is more than 2 %
            build_term(canteen.school, term)
        month = build_month(canteen.school, period_of(Every.MONTH, "2026-12"))
        assert next(one.note for one in month.figures if one.code == "rate") == "超出 2%"
        for n in (1, 2):
            plan = plan_refund(canteen, "2026-1", amount=Decimal("0.01") * n, how="退到饭卡", by=kitchen.kuai)
        build_term(canteen.school, term)
        canteen.surplus_rule = "returned"
        canteen.save(update_fields=["surplus_rule"])
        with pytest.raises(Refused, match=r"要退 2000\.01 元"):
            plan_refund(canteen, "2026-1", amount=Decimal(2000), how="退到饭卡", by=kitchen.kuai)
        plan.refresh_from_db()
        assert plan.amount == Decimal("0.02")


def test_one_refund_in_the_books_is_not_the_end_of_two_plans(kitchen: Kitchen, canteen: Canteen) -> None:
    with clock.at(on(date(2027, 8, 2))):
        plans = [
            sign_plan(
                plan_refund(canteen, term, amount=Decimal(100), how="退到饭卡", by=kitchen.kuai), by=kitchen.jiang
            )
            for term in ("2026-1", "2026-2")
        ]
        booked(canteen, kitchen, "CE-60", "100.00", date(2027, 8, 2))
        refund_done(plans[0], on=date(2027, 8, 2), by=kitchen.kuai)
        with pytest.raises(Refused, match=r"只退了 0\.00 元"):
            refund_done(plans[1], on=date(2027, 8, 2), by=kitchen.kuai)
        booked(canteen, kitchen, "CE-60", "100.00", date(2027, 8, 2))
        refund_done(plans[1], on=date(2027, 8, 2), by=kitchen.kuai)
