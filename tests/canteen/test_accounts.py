"""The canteen's accounts: filled from the books, signed by three, out on Friday at five if signed; months and terms by their forms."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from canteen.actions.accounts import plan_refund, refund_done, sign_plan
from canteen.actions.books import close_month, seal
from canteen.actions.ingredients import add_ingredient
from canteen.actions.stock import receive
from canteen.flow import MONTHS, TERMS, WEEKLY
from canteen.models import Canteen, WeeklyAccount
from canteen.publications.accounts import build_month, build_week
from canteen.queries.books import sums, week_span
from portal import clock
from portal.cases.actions import filled, move
from portal.cases.flow import address_of
from portal.cases.models import Escalation
from portal.cases.sweep import sweep
from portal.errors import NotAllowed, Refused
from portal.orgs.actions import appoint, relieve
from portal.orgs.models import Appointment
from portal.publications.actions import correct, retract
from portal.publications.models import Publication
from portal.publications.periods import Every, period_of
from portal.publications.queries import issues, state_of
from portal.publications.running import publish_due
from tests.canteen.booking import (
    FRIDAY,
    LAST,
    WEEK,
    a_week,
    a_week_out,
    booked,
    kindergarten,
    middle_school,
    on,
    opened,
    signed_by_six,
    signed_by_three,
)
from tests.canteen.cast import Kitchen
from tests.district import Cast, District
from tests.signing import browser_of

pytestmark = pytest.mark.usefixtures("db")


def plain(content: Any) -> dict[str, Any]:
    """Figures by code and tables by code."""
    return {one.code: one for one in content.tables} | {one.code: one.value for one in content.figures}


def test_a_signed_week_is_out_on_friday_at_five_and_says_what_the_books_say(kitchen: Kitchen, canteen: Canteen) -> None:
    with clock.at(on(LAST, 14)):
        a_week(canteen, kitchen)
        case = opened(canteen, WEEKLY, WEEK)
        case = signed_by_three(case, kitchen)
        assert (case.state, case.title) == ("signed", "2026 年第 46 周食堂周账")
        late = booked(canteen, kitchen, "CE-03", "50.00", LAST)
        assert late.day == date(2026, 11, 14)
    with clock.at(FRIDAY):
        publish_due()
    made = Publication.objects.get(issue__kind=WEEKLY.kind)
    said = json.loads(made.payload)
    figures = {one["code"]: one["value"] for one in said["content"]["figures"]}
    assert figures == {"income": "23310.00", "expense": "23026.90", "balance": "283.10", "food_per_meal": "7.33"}
    assert said["content"]["lead"] == "11月7日—11月13日 · 5 天午餐 · 2 590 人次 · 每餐 9.00 元"
    assert [one["value"] for one in said["content"]["marks"]] == ["0.824"]
    assert said["signed"][-1]["post"] == "膳食委员会"
    spent = next(one for one in said["content"]["tables"] if one["code"] == "spent")
    assert [row[:2] for row in spent["rows"]][:3] == [
        ["畜禽肉", "7386.00"],
        ["蔬菜菌菇", "3214.50"],
        ["粮食", "2760.00"],
    ]
    books = sums([canteen], *week_span(period_of(Every.WEEK, WEEK)))
    paid = sum((one.amount for one in books if not one.category.is_income), Decimal(0))
    assert Decimal(spent["total"][1]) == paid == sum(Decimal(row[1]) for row in spent["rows"])


def test_what_three_signed_is_corrected_by_the_head_alone_and_whoever_counts_a_meal_late_is_told(
    kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    a_week_out(canteen, kitchen)
    with clock.at(FRIDAY):
        issue = Publication.objects.get(issue__kind=WEEKLY.kind).issue

        def counted(day: date) -> str:
            said = {
                "day": str(day),
                "meal": "lunch",
                "students": "499",
                "staff": "18",
                "guests": "0",
                "key": f"count-{day}",
            }
            answer = browser_of(kitchen.chu, Client()).post(f"/canteen/counts/{canteen.pk}/", said, follow=True)
            return answer.content.decode()

        told = "食堂周账已经公示，里面还是原来的人数，这次登记只算进月报。要改周账，请校长在它公示以后更正。"
        assert f'{told} <a href="/p/LX01/canteen.weeklyaccount/{WEEK}/">看周账</a>' in counted(LAST)
        for act in (correct, retract):
            with pytest.raises(NotAllowed, match="由校长更正"):
                act(issue, reason="少记一笔", by=kitchen.jiang, seen=1)
        assert (correct(issue, reason="少记一笔", by=cast.hu, seen=1).version, issue.current) == (2, 1)
    with clock.at(FRIDAY + timedelta(days=1)):
        assert "里面还是原来的人数" not in counted(LAST + timedelta(days=1))  # a Saturday counts in the week to come


def test_unsigned_at_five_it_is_not_published_and_the_board_names_the_post_and_the_ladder_runs(
    kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    with clock.at(on(LAST, 14)):
        a_week(canteen, kitchen)
        case = opened(canteen, WEEKLY, WEEK)
        with pytest.raises(NotAllowed):
            move(case, "prepare", by=kitchen.na)
        move(case, "prepare", by=kitchen.kuai)
        move(case, "check", by=cast.vera)
    with clock.at(FRIDAY + timedelta(minutes=5)):
        sweep()
        publish_due()
        issue = issues().get(kind=WEEKLY.kind)
        assert (issue.current, state_of(issue).words, state_of(issue).holder) == (0, "未按时公示", "膳食委员会")
    with clock.at(FRIDAY + timedelta(days=2)):
        sweep()
        move(WeeklyAccount.objects.get(), "sign", by=kitchen.mei)
        assert state_of(issues().get(kind=WEEKLY.kind)).words == "迟公示"
    rungs = Escalation.objects.filter(case=case).order_by("rung").values_list("rung", flat=True)
    assert list(rungs) == [0, 1, 2, 3]


def test_what_nobody_has_sealed_is_in_no_account_and_what_moved_is_not_signed(
    kitchen: Kitchen, canteen: Canteen
) -> None:
    with clock.at(on(LAST, 14)):
        a_week(canteen, kitchen)
        loose = booked(canteen, kitchen, "CE-42", "300.00", LAST, sealed=False)
        with pytest.raises(Refused, match="1 笔没有复核"):
            build_week(canteen.school, period_of(Every.WEEK, WEEK))
        seal(loose, by=kitchen.jiang)
        case = opened(canteen, WEEKLY, WEEK)
        move(case, "prepare", by=kitchen.kuai)
        booked(canteen, kitchen, "CE-40", "5.00", LAST)
        with pytest.raises(Refused, match="台账有变动"):
            move(case, "check", by=kitchen.jiang)


def test_the_public_monthly_form_with_stock_is_represented_and_its_arithmetic_holds(
    kitchen: Kitchen, canteen: Canteen
) -> None:
    with clock.at(on(date(2026, 11, 2))):
        kindergarten(canteen, kitchen)
        said = build_month(canteen.school, period_of(Every.MONTH, "2026-10"))
    found = plain(said)
    income, expense = Decimal("38400.00"), Decimal("37899.50")
    assert (found["income"], found["expense"], found["balance"]) == (income, expense, income - expense)
    assert (found["year_balance"], found["rate"]) == (Decimal("1200.50"), Decimal("0.014"))
    assert found["food_of_fees"] == (Decimal("32699.50") / Decimal("37760.00")).quantize(Decimal("0.001"))
    assert [row[:5] for row in found["stock"].rows] == [
        ["CE-01 粮食", Decimal("400.00"), Decimal("5000.00"), Decimal("4499.50"), Decimal("900.50")],
        ["CE-03 畜禽肉", Decimal("0.00"), Decimal("17000.00"), Decimal("17000.00"), Decimal("0.00")],
        ["CE-06 奶及奶制品", Decimal("0.00"), Decimal("8000.00"), Decimal("8000.00"), Decimal("0.00")],
        ["CE-10 调味品", Decimal("0.00"), Decimal("3200.00"), Decimal("3200.00"), Decimal("0.00")],
        ["CE-20 燃料燃气", None, Decimal("5200.00"), Decimal("5200.00"), None],
    ]
    assert found["stock"].total == [
        "合计",
        Decimal("400.00"),
        Decimal("38400.00"),
        expense,
        Decimal("900.50"),
        Decimal("84399.50"),
    ]
    assert found["counts"].rows[:3] == [["就餐天数", 16], ["学生人次", 1920], ["教职工人次", 320]]
    assert found["apart"].rows[1] == ["教职工", 320, Decimal("3200.00"), Decimal("8157.07"), Decimal("-4957.07")]
    took_in = next(one for one in said.tables if one.code == "income")
    assert (sum(row[1] for row in took_in.rows), sum(row[2] for row in took_in.rows)) == (income, Decimal("85600.00"))
    assert took_in.total == ["合计", income, Decimal("85600.00")]
    assert said.words[0] == "盈亏原因和措施：节前备货，下月减量"


def test_the_public_monthly_form_of_a_boarding_school_is_represented_and_its_arithmetic_holds(
    kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    with clock.at(on(date(2026, 12, 2))):
        middle_school(canteen, kitchen)
        signed_by_six(opened(canteen, MONTHS, "2026-11"), kitchen, cast)
    said = json.loads(Publication.objects.get(issue__kind=MONTHS.kind).payload)
    content = said["content"]
    figures = {one["code"]: Decimal(one["value"]) for one in content["figures"]}
    tables = {one["code"]: one for one in content["tables"]}
    used = {
        "CE-01": "46110.00",
        "CE-03": "128538.20",
        "CE-07": "61000.10",
        "CE-20": "15300.40",
        "CE-22": "6020.55",
        "CE-30": "39000.00",
    }
    assert {row[0][:5]: row[3] for row in tables["stock"]["rows"]} == used
    expense = sum(map(Decimal, used.values()), Decimal(0))
    assert (figures["income"], figures["expense"]) == (Decimal("292200.00"), expense)
    assert figures["balance"] == figures["income"] - expense == Decimal("-3769.25")
    assert figures["year_balance"] == figures["balance"] + Decimal("250000.00") - Decimal("246500.00")
    assert figures["rate"] == (figures["year_balance"] / Decimal("542200.00")).quantize(Decimal("0.001"))
    for row in tables["stock"]["rows"]:
        if row[1] is not None:
            assert Decimal(row[1]) + Decimal(row[2]) - Decimal(row[4]) == Decimal(row[3])
    for code in ("stock", "income", "spent"):
        sums = [sum((Decimal(row[at] or 0) for row in tables[code]["rows"]), Decimal(0)) for at in (1, 2)]
        assert sums[0] == Decimal(tables[code]["total"][1]) and (
            code == "spent" or sums[1] == Decimal(tables[code]["total"][2])
        )
    assert {row[0]: row[1] for row in tables["counts"]["rows"]} == {
        "就餐天数": 20, "学生人次": 30800, "教职工人次": 900, "家长陪餐人次": 0, "合计人次": 31700, "就餐人天": 18900,
        "三餐学生（日均）": 320, "只吃午餐的学生（日均）": 580,
    }  # fmt: skip
    pupils, staff = (row[1:] for row in tables["apart"]["rows"])
    assert (staff[0], Decimal(staff[1]), Decimal(staff[1]) - Decimal(staff[2])) == (
        900,
        Decimal("9000.00"),
        Decimal(staff[3]),
    )
    assert (
        Decimal(pupils[2]) + Decimal(staff[2]) == expense
        and Decimal(pupils[1]) + Decimal(staff[1]) == figures["income"]
    )
    assert content["words"][0] == "盈亏原因和措施：肉价上涨，本月略亏。措施：多用时令菜，集中采购。"
    assert [(one["part"], one["post"]) for one in said["signed"]] == [
        ("制表", "食堂会计"), ("核对", "食堂管理员"), ("签字", "膳食委员会"), ("审核", "总务主任"), ("审批", "分管副校长"), ("公示", "校长"),
    ]  # fmt: skip


def test_a_month_goes_past_a_post_that_is_vacant_or_signs_elsewhere_and_the_form_says_so(
    kitchen: Kitchen, canteen: Canteen, cast: Cast, place: District
) -> None:
    with clock.at(on(date(2026, 12, 2))):
        first = opened(canteen, MONTHS, "2026-08")
        for step, by in (("prepare", kitchen.kuai), ("check", kitchen.jiang), ("sign", kitchen.mei)):
            first = move(first, step, by=by)
        assert (first.state, first.turn) == ("to_head", "logistics_head")
        with pytest.raises(NotAllowed, match="审核签字"):
            move(first, "agree", by=cast.vera)
        relieve(Appointment.objects.get(person=cast.lin, role="logistics_head"), by="clock")
        first = move(first, "send_back", by=cast.hu, data={"reason": "总务主任空缺了"})
        first = signed_by_three(first, kitchen)
        assert (first.state, first.turn) == ("to_vice", "vice_principal")
        page = browser_of(cast.vera, Client()).get(address_of(first)).content.decode()
        assert "总务主任空缺，转到下一环节" in page
        for step, by in (("approve", cast.vera), ("publish", cast.hu)):
            first = move(first, step, by=by)
        appoint(person=cast.vera, role="canteen_manager", unit=place.school, by="clock")
        relieve(Appointment.objects.get(person=kitchen.jiang, role="canteen_manager"), by="clock")
        second = opened(canteen, MONTHS, "2026-09")
        for step, by in (("prepare", kitchen.kuai), ("check", cast.vera), ("sign", kitchen.mei), ("publish", cast.hu)):
            second = move(second, step, by=by)
        relieve(Appointment.objects.get(person=cast.vera, role="canteen_manager"), by="clock")
        relieve(Appointment.objects.get(person=cast.hu, role="principal"), by="clock")
        third = opened(canteen, MONTHS, "2026-07")
        for step, by in (("prepare", kitchen.kuai), ("sign", kitchen.mei), ("publish", cast.vera)):
            third = move(third, step, by=by)
    said = [json.loads(one.payload)["signed"] for one in Publication.objects.order_by("pk")]
    assert [[f"{one['part']} {one['post']}" for one in signed] for signed in said] == [
        ["制表 食堂会计", "核对 食堂管理员", "签字 膳食委员会", "审核 总务主任空缺", "审批 分管副校长", "公示 校长"],
        ["制表 食堂会计", "核对 食堂管理员", "签字 膳食委员会", "审核 总务主任空缺",
         "审批 分管副校长兼任别的环节，只签一次", "公示 校长"],
        ["制表 食堂会计", "核对 食堂管理员空缺", "签字 膳食委员会", "审核 总务主任空缺",
         "审批 分管副校长兼任别的环节，只签一次", "公示 分管副校长"],
    ]  # fmt: skip


def test_one_month_may_lose_more_than_the_limit_while_the_year_stays_within(kitchen: Kitchen, canteen: Canteen) -> None:
    with clock.at(on(date(2026, 11, 2))):
        for month, spent in ((9, "9900.00"), (10, "10300.00")):
            booked(canteen, kitchen, "CI-01", "10000.00", date(2026, month, 9))
            booked(canteen, kitchen, "CE-03", spent, date(2026, month, 9))
            close_month(canteen, f"2026-{month:02d}", counted={"CE-03": Decimal(0)}, by=kitchen.kuai)
        said = build_month(canteen.school, period_of(Every.MONTH, "2026-10"))
        rate = next(one for one in said.figures if one.code == "rate")
    assert (plain(said)["balance"], rate.value, rate.note) == (Decimal("-300.00"), Decimal("-0.010"), "在 2% 以内")


def test_a_month_is_checked_signed_and_published_by_the_head_by_the_fifteenth(
    kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    with clock.at(on(date(2026, 11, 1))):
        case = opened(canteen, MONTHS, "2026-10")
        booked(canteen, kitchen, "CE-03", "10.00", date(2026, 10, 9))
        with pytest.raises(Refused, match="还没有结账"):
            move(case, "prepare", by=kitchen.kuai)
    assert case.due_at is not None and case.due_at.astimezone(clock.SCHOOL_TIME).date() == date(2026, 11, 15)
    with clock.at(on(date(2026, 11, 9))):
        close_month(canteen, "2026-10", counted={"CE-03": Decimal(0)}, by=kitchen.kuai)
        signed_by_six(case, kitchen, cast)
        assert state_of(issues().get()).words == "按时公示"


@pytest.mark.parametrize(("rule", "over"), [("within", "1600.00"), ("returned", "2000.00")])
def test_a_terms_surplus_goes_back_by_its_rule_before_the_term_is_accounted_for(
    rule: str, over: str, kitchen: Kitchen, canteen: Canteen
) -> None:
    canteen.surplus_rule = rule
    canteen.save(update_fields=["surplus_rule"])
    with clock.at(on(date(2027, 2, 1))):
        booked(canteen, kitchen, "CI-01", "20000.00", date(2026, 12, 9))
        booked(canteen, kitchen, "CE-03", "18000.00", date(2026, 12, 9))
        case = opened(canteen, TERMS, "2026-1")
        for month in ("2026-12", "2027-01"):
            close_month(canteen, month, counted={"CE-03": Decimal(0)}, by=kitchen.kuai)
        with pytest.raises(Refused, match=over) as refused:
            move(case, "prepare", by=kitchen.kuai)
        assert ("CR-24" if rule == "within" else "CR-25") in refused.value.rule
        plan = plan_refund(canteen, "2026-1", amount=Decimal(over), how="按每人就餐次数退到饭卡", by=kitchen.kuai)
        move(case, "prepare", by=kitchen.kuai)
        plan = sign_plan(plan, by=kitchen.jiang)
        with pytest.raises(Refused, match="只退了"):
            refund_done(plan, on=date(2027, 2, 1), by=kitchen.kuai)
        booked(canteen, kitchen, "CE-60", over, date(2027, 2, 1))
        assert refund_done(plan, on=date(2027, 2, 1), by=kitchen.kuai).done_on == date(2027, 2, 1)


def test_the_clock_opens_nothing_where_no_canteen_cooks(kitchen: Kitchen, cast: Cast) -> None:
    with clock.at(on(LAST, 14)):
        form = filled(WEEKLY, WEEKLY.opening, case=None, by="clock", data={"unit": kitchen.jiang.home_id})
        assert WEEKLY.open_action()(form, by="clock") == []


def test_what_was_bought_stands_beside_last_weeks_price_and_unfolds_after_eight(
    kitchen: Kitchen, canteen: Canteen
) -> None:
    names = [f"菜{n}" for n in range(10)]
    foods = [add_ingredient(school=canteen.school, name=name, category="CE-07", by="clock") for name in names]
    with clock.at(on(date(2026, 11, 5))):
        receive(canteen, foods[0], Decimal(10), Decimal("5.00"), by="clock")
    with clock.at(on(LAST, 14)):
        for n, food in enumerate(foods):
            receive(canteen, food, Decimal(10), Decimal(6 + n), by="clock")
        said = build_week(canteen.school, period_of(Every.WEEK, WEEK))
    table = plain(said)["bought"]
    assert (table.total[0], table.total[-1], table.first) == ("食材合计（10 项）", Decimal("1050.00"), 8)
    assert table.rows[-1] == ["菜0", "", "10 斤", Decimal("6.00"), Decimal("0.200"), None, None, Decimal("60.00")]
