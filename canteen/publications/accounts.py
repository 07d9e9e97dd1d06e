"""The canteen's accounts as parents read them: each week (食堂周账), each month (CP-03), each term (CP-07)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from canteen.flow import MONTHS as MONTH_FLOW
from canteen.flow import TERMS as TERM_FLOW
from canteen.flow import WEEKLY as WEEK_FLOW
from canteen.models import Canteen, Meal, RefundPlan, SurplusRule, categories
from canteen.queries import accounts as queries
from canteen.queries.accounts import Account, MonthAccount
from canteen.queries.books import unsealed, week_span
from canteen.queries.places import canteens_in
from canteen.queries.refunds import standing_at
from canteen.rules.accounts import every_month_is_closed, surplus_goes_back
from canteen.rules.books import every_entry_is_sealed
from portal.errors import Refused
from portal.orgs.models import Unit
from portal.publications.content import Column, Content, Figure, Mark, Table
from portal.publications.kinds import Audience, Kind
from portal.publications.periods import Every, Opened, Period
from portal.wire.amounts import rounded

from .bought import bought, prices_in_words
from .scores import scored

POSTS = ("canteen_manager", "principal", "vice_principal")
TENTH = Decimal("0.1")
HEAD = ("principal",)  # what several signed is not corrected by one of them below the head
ASK = ("有疑问就问", "食堂须按时公开答复，问过的都看得到", "canteen:ask")
MONEY = (Column("what", "项目"), Column("amount", "金额（元）", "money"))


def build_week(school: Unit, period: Period) -> Content:
    """One week from the Saturday before to Friday. Refused: entries nobody has sealed."""
    since, until = week_span(period)
    canteens = _canteens(school, since)
    every_entry_is_sealed(unsealed(canteens, since, until)[:200], of="这一周")
    account = queries.account_of(canteens, since, until)
    tables = [_spent(account, "钱花在哪"), *_bought(canteens, since, until), _income(account), _apart(account)]
    summary = f"收入 {account.income:.2f} 元，支出 {account.expense:.2f} 元，结余 {account.balance:.2f} 元"
    return Content(
        _figures(account), [one for one in tables if one is not None], _counted(account), summary,
        marks=[*_marks(account), *scored(canteens, until)], lead=_lead(account, since, until), wall=prices_in_words(canteens, since, until),
    )  # fmt: skip


def build_month(school: Unit, period: Period) -> Content:
    """收支月报 by the fields of the public forms. Refused: a month that is not closed, entries nobody has sealed."""
    canteens = _canteens(school, period.since)
    every_month_is_closed(canteens, period.since, period.until, period.title)
    said = queries.month_account(canteens, period)
    month = said.month
    share = Figure("food_of_fees", "食材占餐费", month.food_of_fees, "share", note="食材实耗 ÷ 学生和教职工伙食费")
    figures = (*_totals(month), *_yearly(said, canteens), share)
    tables = (
        _spent(month, "支出（按实耗）"),
        _stock(said),
        _income(month, said.year),
        _counts(month, canteens),
        _apart(month),
    )
    summary = (
        f"收入 {month.income:.2f} 元，支出 {month.expense:.2f} 元，结余 {month.balance:.2f} 元，"
        f"累计结余 {said.year.balance:.2f} 元"
    )
    words = [
        *(f"盈亏原因和措施：{one}" for one in said.analysis),
        *(f"盘点和库存账不同：{one}" for one in said.differences),
    ]
    words += _counted(month)
    return Content(figures, [one for one in tables if one is not None], words, summary, marks=_marks(month))


def build_term(school: Unit, period: Period) -> Content:
    """学期决算 with what is done with the surplus. Refused: open months; a surplus over its rule without a plan (CR-24, CR-25), a
    plan for more than the school year's surplus."""
    canteens = _canteens(school, period.since)
    every_month_is_closed(canteens, period.since, period.until, period.title)
    account = queries.closed_account(canteens, period.since, period.until)
    plans = {one.canteen_id: one for one in RefundPlan.objects.filter(canteen__in=canteens, term=period.code)}
    for canteen in canteens:
        surplus_goes_back(standing_at(canteen, period), canteen, plans.get(canteen.pk), period.title)
    owed = sum((one.amount for one in plans.values()), Decimal("0.00"))
    year = queries.closed_account(canteens, queries.year_begins(period.since), period.until)
    figures = (*_totals(account, back=owed), Figure("year_balance", "累计结余", year.balance, "money", "元", "本学年以来"),
               Figure("rate", "盈亏率", queries.share(account.balance, account.income), "share"),
               Figure("refund", "退还学生", owed, "money", "元"))  # fmt: skip
    tables = (
        _spent(account, "支出（按实耗）"),
        _income(account),
        _counts(account, canteens),
        _surplus(canteens, plans),
    )
    summary = f"收入 {account.income:.2f} 元，支出 {account.expense:.2f} 元，结余 {account.balance:.2f} 元，退还学生 {owed:.2f} 元"
    return Content(
        figures, [one for one in tables if one is not None], _counted(account), summary, marks=_marks(account)
    )


def _canteens(school: Unit, since: date) -> list[Canteen]:
    found = canteens_in(school, since)
    if not found:
        raise Refused("本校没有启用的食堂，没有账可以公示。", instead="请先启用食堂。")
    return found


def _totals(account: Account, back: Decimal | None = None) -> tuple[Figure, ...]:
    """What came in, what was spent, what is left and what becomes of that; at a term's end `back` goes back to the pupils."""
    returned = any(one.surplus_rule == SurplusRule.RETURNED for one in account.canteens)
    note = "学期末全部退还学生" if returned else "全部留作伙食"
    if account.balance < 0:
        note = "由以前的结余补上"
    elif back:
        note = "退还学生" if back >= account.balance else f"退还学生 {back:.2f} 元，其余留作伙食"
    return (
        Figure("income", "收入", account.income, "money", "元"),
        Figure("expense", "支出", account.expense, "money", "元"),
        Figure("balance", "结余", account.balance, "money", "元", note, against="was"),
    )


def _figures(account: Account) -> tuple[Figure, ...]:
    fee = f"每餐收 {account.fee_per_meal:.2f} 元" if account.fee_per_meal else ""
    eaten = Figure("food_per_meal", "每餐吃到嘴里", account.food_per_meal, "money", "元食材", fee, against="none")
    return (*_totals(account), eaten)


def _yearly(said: MonthAccount, canteens: Sequence[Canteen]) -> tuple[Figure, ...]:
    limit = min(one.surplus_limit for one in canteens)
    within = abs(said.year.balance) * 100 <= said.year.income * limit  # exactly, not by the rate as it is shown
    percent = f"{limit.normalize():f}%"
    note = "" if said.rate is None else f"在 {percent} 以内" if within else f"超出 {percent}"
    return (
        Figure("year_balance", "累计结余", said.year.balance, "money", "元", "本学年以来", against="was"),
        Figure("rate", "累计盈亏率", said.rate, "share", note=note, against="none"),
    )


def _spent(account: Account, title: str) -> Table:
    columns = (*MONEY, Column("share", "占支出", "share"))
    rows = [[name, amount, queries.share(amount, account.expense)] for name, amount in account.lines]
    return Table("spent", title, columns, rows, ["合计", account.expense, None], "amount", drawn=True)


def _income(account: Account, year: Account | None = None) -> Table:
    """By category; with the school year so far where it is given. What went back to pupils is its own line, below zero."""
    codes = [code for code, one in categories().items() if one.is_income and not one.is_forbidden]
    shown = year or account
    rows: list[list[object]] = [
        [categories()[code].name, account.of(code)] + ([year.of(code)] if year else [])
        for code in codes
        if shown.of(code)
    ]
    if shown.of("CE-60"):
        rows.append([categories()["CE-60"].name, -account.of("CE-60")] + ([-year.of("CE-60")] if year else []))
    total = ["合计", account.income] + ([year.income] if year else [])
    columns = [Column("what", "收入"), Column("amount", "本月（元）" if year else "金额（元）", "money")]
    columns += [Column("year", "本学年累计（元）", "money")] if year else []
    return Table("income", "收入", columns, rows, total)


def _stock(said: MonthAccount) -> Table:
    """期初 + 入账 - 期末 = 实耗 by food; other expenses as they were booked."""
    columns = (
        Column("what", "科目"), Column("opening", "期初库存", "money"), Column("booked", "本月入账", "money"),
        Column("used", "本月实耗", "money"), Column("closing", "期末库存", "money"), Column("year", "本学年累计", "money"),
    )  # fmt: skip
    year, rows = said.year.spent, []
    for code in (one for one in categories() if one in said.stocks or said.month.spent.get(one) or year.get(one)):
        name = f"{code} {categories()[code].name}"
        stock, spent = said.stocks.get(code), said.month.spent.get(code, Decimal("0.00"))
        own = [stock.opening, stock.booked, stock.used, stock.closing] if stock else [None, spent, spent, None]
        rows.append([name, *own, year.get(code, Decimal("0.00"))])
    total = ["合计", *(sum((row[at] or Decimal(0) for row in rows), Decimal("0.00")) for at in range(1, 6))]
    said_below = "实耗 = 期初库存 + 本月入账 - 期末库存；支出按实耗计。"
    if corrected := sum((one.corrected for one in said.stocks.values()), Decimal(0)):
        said_below += f"本月入账里有红冲以前月份的 {corrected:.2f} 元。"
    return Table("stock", "各科目明细（元）", columns, rows, total, said=said_below)


def _counts(account: Account, canteens: Sequence[Canteen]) -> Table:
    eaten, rows = account.eaten, list[list[object]]()
    rows = [
        ["就餐天数", eaten.days],
        ["学生人次", eaten.students],
        ["教职工人次", eaten.staff],
        ["家长陪餐人次", eaten.guests],
        ["合计人次", eaten.meals],
        ["就餐人天", eaten.diner_days],
    ]
    if eaten.three_meals:
        days = max(1, eaten.days)
        rows += [
            ["三餐学生（日均）", int(rounded(Decimal(eaten.three_meals) / days, Decimal(1)))],
            ["只吃午餐的学生（日均）", int(rounded(Decimal(eaten.lunch_only) / days, Decimal(1)))],
        ]
    modes = "、".join(
        f"{one.name}：{one.get_mode_display()}，供{'、'.join(Meal(meal).label for meal in one.meals)}"
        for one in canteens
    )
    return Table("counts", "就餐人数", (Column("what", "项目"), Column("n", "数量", "count")), rows, said=modes)


def _apart(account: Account) -> Table | None:
    """教职工餐 booked apart (CR-22); nothing to say where no staff ate or paid."""
    apart = account.apart()
    if not apart.staff_meals and not apart.staff_income:
        return None
    columns = (Column("who", "谁的餐"), Column("meals", "人次", "count"), Column("income", "收入（元）", "money"),
               Column("spent", "支出（元）", "money"), Column("balance", "结余（元）", "money"))  # fmt: skip
    pupils = account.eaten.meals - apart.staff_meals
    rows = [
        ["学生和陪餐", pupils, apart.pupils_income, apart.pupils_spent, apart.pupils_income - apart.pupils_spent],
        ["教职工", apart.staff_meals, apart.staff_income, apart.staff_spent, apart.staff_income - apart.staff_spent],
    ]
    return Table("apart", "学生餐和教职工餐分开记", columns, rows, said="共同的支出按就餐人次分摊。")


def _surplus(canteens: Sequence[Canteen], plans: dict[int, RefundPlan]) -> Table:
    """What is done with each canteen's surplus."""
    columns = (
        Column("canteen", "食堂"),
        Column("rule", "办法"),
        Column("amount", "退还（元）", "money"),
        Column("how", "怎么退"),
        Column("done", "退还日期"),
    )
    rows = []
    for one in canteens:
        plan = plans.get(one.pk)
        rule = (
            f"累计不超过收入的 {one.surplus_limit.normalize():f}%"
            if one.surplus_rule == SurplusRule.WITHIN
            else "学期末全部退还"
        )
        done = plan.done_on.isoformat() if plan and plan.done_on else ("还没有退" if plan else "")
        rows.append([one.name, rule, plan.amount if plan else None, plan.how if plan else "转入下学期伙食", done])
    return Table("surplus", "结余怎么办", columns, rows)


def _bought(canteens: Sequence[Canteen], since: date, until: date) -> list[Table]:
    table = bought(canteens, since, until)
    return [table] if table.rows else []


def _marks(account: Account) -> list[Mark]:
    if account.food_share is None:
        return []
    whole = account.expense
    rest = [
        f"{name} {rounded(amount / whole * 100, TENTH)}%" for name, amount in account.lines if name not in _food_lines()
    ]
    said = f"其余：{'，'.join(rest)}。" if rest else "全部用于买食材。"
    return [Mark("food_share", "食材占支出", account.food_share, label="食材", said=said)]


def _food_lines() -> set[str]:
    return {words for code, words in queries.LINES.items() if categories()[code].is_food}


def _lead(account: Account, since: date, until: date) -> str:
    parts = [f"{since.month}月{since.day}日—{until.month}月{until.day}日"]
    meals = {meal for one in account.canteens for meal in one.meals}
    names = "、".join(one.label for one in Meal if one in meals)
    if account.eaten.meals:
        parts += [f"{account.eaten.days} 天{names}", f"{account.eaten.meals:,} 人次".replace(",", " ")]
    parts += [f"每餐 {account.fee_per_meal:.2f} 元"] if account.fee_per_meal else []
    return " · ".join(parts)


def _counted(account: Account) -> list[str]:
    if account.eaten.meals:
        return []
    return ["这一期没有登记就餐人数，算不出每餐的数。"]


def _week_named(period: Period) -> str:
    return f"{period.title.partition('（')[0]}食堂周账"


WEEKLY = Kind(
    WEEK_FLOW.kind, title="食堂周账", about="每周收了多少、花在哪、买了什么、什么价钱", icon="soup", audience=Audience.PUBLIC, every=Every.WEEK,
    posts=POSTS, corrected_by=HEAD, build=build_week, opens=Opened.RUNNING, asks=ASK, named=_week_named,
)  # fmt: skip
MONTHLY = Kind(
    MONTH_FLOW.kind, title="食堂收支月报", about="每月收支、库存、盈亏和学年累计", icon="chart-pie", audience=Audience.PUBLIC,
    every=Every.MONTH, posts=POSTS, corrected_by=HEAD, build=build_month, asks=ASK,
)  # fmt: skip
TERM = Kind(
    TERM_FLOW.kind, title="食堂学期决算", about="一学期的收支，结余怎么退、怎么用", icon="landmark", audience=Audience.PUBLIC,
    every=Every.TERM, posts=POSTS, corrected_by=HEAD, build=build_term, asks=ASK,
)  # fmt: skip
