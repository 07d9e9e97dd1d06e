"""How canteens stand beside each other, by the path of the school: publications in time, the year's surplus, prices, shares.

Asked of the sealed books, the store and the issues themselves, so that a recount finds the same. Money in 分.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Sum, Value

from canteen.models import BookMonth, ClosedStock, Entry, categories
from portal import clock
from portal.publications.models import Issue
from portal.publications.queries import issues, tally

from .accounts import year_begins
from .books import REFUND

OWED = "canteen."  # kinds of publications a canteen owes begin like this
ONE_DAY = timedelta(days=1)
Sums = defaultdict[str, Decimal]
BASKET = """
    with bought as (
        select u.path, s.ingredient_id as food, m.on, m.quantity, m.amount
        from canteen_foodmove m join canteen_shelf s on s.id = m.shelf_id join canteen_canteen c on c.id = s.canteen_id
        join orgs_unit u on u.id = c.school_id
        where m.kind = 'in' and m.case_id is not null and m.amount > 0 and u.path like %s and m.on between %s and %s
    ), first as (select path, date_trunc('month', min(bought.on)) as month from bought group by path
    ), base as (
        select b.path, b.food, sum(b.quantity) as quantity, sum(b.amount) as amount
        from bought b join first f on f.path = b.path and date_trunc('month', b.on) = f.month group by b.path, b.food
    ), now as (select path, food, sum(quantity) as quantity, sum(amount) as amount from bought
               where bought.on between %s and %s group by path, food)
    select b.path, round(sum(b.quantity * n.amount / n.quantity) * 100)::bigint, round(sum(b.amount) * 100)::bigint
    from base b join now n on n.path = b.path and n.food = b.food group by b.path order by b.path
"""


def owed(path: str, since: date, until: date) -> QuerySet[Issue]:
    """What canteens at and below a place owed the public on these days, by when it was due."""
    start, end = clock.days(since, until)
    return issues().filter(Q(due__gte=start, due__lt=end), kind__startswith=OWED, unit__path__startswith=path)


def league(path: str, since: date, until: date, *by: str) -> list[dict[str, Any]]:
    """By school (`unit__path`) and whatever else (`kind`): due, on_time, late and missing publications. One question."""
    return tally(owed(path, since, until), "unit__path", *by)


def published(path: str, since: date, until: date) -> Iterator[tuple[str, int, int, int]]:
    """By school: published in time, of what was due; and published at all."""
    for row in league(path, since, until):
        if row["due"]:
            yield row["unit__path"], row["on_time"], row["due"], row["on_time"] + row["late"]


def surplus(path: str, since: date, until: date) -> Iterator[tuple[str, int, int]]:
    """累计结余 and 累计收入 of the school year up to the last closed month that is over by then."""
    begins, over = year_begins(until), (until + ONE_DAY).replace(day=1) - ONE_DAY
    if over < begins:
        return
    months = (f"{begins:%Y-%m}", f"{over:%Y-%m}")
    closed = BookMonth.objects.filter(month__range=months, closed_at__isnull=False)
    income, spent = _paid(path, begins, over, closed)
    stocks = ClosedStock.objects.filter(month__in=closed, month__canteen__school__path__startswith=path).order_by()
    used = Sum(F("opening") + F("booked") - F("closing"))
    for school, total in stocks.values_list("month__canteen__school__path").annotate(total=used):
        spent[school] += total
    for school in sorted({*income, *spent}):
        yield school, round((income[school] - spent[school]) * 100), round(income[school] * 100)


def _paid(path: str, since: date, until: date, closed: QuerySet[BookMonth]) -> tuple[Sums, Sums]:
    """收入 less what went back to pupils, and what was spent on other things than food, in 元, in these closed months."""
    income: Sums = defaultdict(Decimal)
    spent: Sums = defaultdict(Decimal)
    of_month = Func(F("day"), Value("YYYY-MM"), function="to_char", output_field=CharField())
    rows = Entry.objects.filter(seal__isnull=False, day__range=(since, until), canteen__school__path__startswith=path)
    rows = rows.annotate(of=of_month).filter(Exists(closed.filter(canteen=OuterRef("canteen"), month=OuterRef("of"))))
    sums = rows.order_by().values_list("canteen__school__path", "category").annotate(total=Sum("amount"))
    for school, code, total in sums:
        if categories()[code].is_income or code == REFUND:
            income[school] += -total if code == REFUND else total
        elif not categories()[code].is_food:
            spent[school] += total
    return income, spent


def basket(path: str, since: date, until: date) -> list[tuple[str, int, int]]:
    """What the base month's purchases cost at the prices of these days, and what they cost then; only things bought both
    times. The base month is the school year's first with a delivery."""
    with connection.cursor() as cursor:
        cursor.execute(BASKET, [f"{path}%", year_begins(until), until, since, until])
        return [(str(school), int(now), int(then)) for school, now, then in cursor.fetchall()]
