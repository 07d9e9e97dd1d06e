"""Questions about the books: who keeps them, what stands in them, on which day an amount counts, and sums of sealed entries."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from canteen.apps import READERS
from canteen.models import BookMonth, Canteen, Category, Entry, MonthlyAccount, Voucher, WeeklyAccount, categories
from portal import clock
from portal.errors import NotThere
from portal.orgs.models import User
from portal.publications.periods import Every, Period, over_before, period_of
from portal.publications.queries import SIGNED
from portal.wire.paging import Keyset, Page, page_of

from .places import canteens_for

BOOKKEEPERS = ("canteen_accountant", "canteen_cashier")  # the cashier books what was paid out, never income (CR-18)
SEALERS = ("canteen_manager", "logistics_head", "vice_principal", "principal")
FIXED = (SIGNED, "published")  # states of a weekly account in which its figures move no more
NEWEST: Keyset[Entry] = Keyset(("day", "pk"), (date, int), lambda one: (one.day, one.pk), falling=True)
BY_MONTH: Keyset[BookMonth] = Keyset(("month",), (str,), lambda one: (one.month,), falling=True)
REFUND = "CE-60"  # 退还学生餐费: taken off the income, never an expense
ZERO = Decimal("0.00")
NUMBER = re.compile(r"DH-\w+-\d{4}-\d{5}")  # of a delivery


def week_span(period: Period) -> tuple[date, date]:
    """The days a weekly account covers: from the Saturday before to its Friday, so that no day falls between two accounts."""
    return period.since - timedelta(days=2), period.since + timedelta(days=4)


def week_with(day: date) -> Period:
    """The week in whose account a day counts."""
    monday = day + timedelta(days=7)
    if day.isoweekday() >= 6:
        monday += timedelta(days=7)
    return over_before(Every.WEEK, monday)


def month_of_day(day: date) -> str:
    """The month of a day, as codes write it."""
    return f"{day:%Y-%m}"


def counts_on(canteen: Canteen, dated: date) -> date:
    """The day on which something of this day counts: itself, or the first one whose week is unsigned, and whose month is
    neither closed nor published."""
    school = canteen.school_id
    weeks = WeeklyAccount.objects.filter(unit=school, period__gte=week_with(dated).code, state__in=FIXED)
    signed = set(weeks.values_list("period", flat=True))
    shut = canteen.months.filter(month__gte=month_of_day(dated), closed_at__isnull=False).values_list("month")
    out = MonthlyAccount.objects.filter(unit=school, period__gte=month_of_day(dated), state="published")
    closed = {code for (code,) in shut.union(out.values_list("period"), all=True)}
    day = dated
    while True:
        if month_of_day(day) in closed:
            day = period_of(Every.MONTH, month_of_day(day)).until + timedelta(days=1)
        elif week_with(day).code in signed:
            day = week_span(week_with(day))[1] + timedelta(days=1)
        else:
            return day


def fixed_account(canteen: Canteen, day: date) -> WeeklyAccount | None:
    """The weekly account with this day, once the committee has signed it: what is said of the day later is not in it."""
    rows = WeeklyAccount.objects.filter(unit=canteen.school_id, period=week_with(day).code, state__in=FIXED)
    return rows.select_related("issue__unit").first()


@dataclass(frozen=True)
class Booked:
    """What was booked under one category for whose meals, in 元."""

    category: Category
    diners: str
    amount: Decimal


def sums(canteens: Iterable[Canteen], since: date, until: date) -> list[Booked]:
    """Sealed entries of these days, summed by category and whose meals, in the order of the forms. One question."""
    rows = Entry.objects.filter(canteen__in=list(canteens), day__range=(since, until), seal__isnull=False).order_by()
    found = rows.values_list("category", "diners").annotate(total=Sum("amount"))
    known = categories()
    order = list(known)
    sums = [Booked(known[code], diners, total) for code, diners, total in found if total]
    return sorted(sums, key=lambda one: (order.index(one.category.code), one.diners))


def after_closed(canteen: Canteen, closed: BookMonth | None) -> Period:
    """The month to close next: the one after the last closed, else that of the first entry, over or not."""
    if closed is not None:
        day = period_of(Every.MONTH, closed.month).until + timedelta(days=1)
    else:
        day = canteen.entries.order_by("day").values_list("day", flat=True).first() or clock.today()
    return period_of(Every.MONTH, month_of_day(day))


def unsealed(canteens: Iterable[Canteen], since: date, until: date) -> QuerySet[Entry]:
    """Entries of these days that nobody has sealed."""
    return Entry.objects.filter(canteen__in=list(canteens), day__range=(since, until), seal=None)


def corrections(canteen: Canteen, period: Period) -> dict[str, Decimal]:
    """By category, what of a month takes back amounts of months before it, in 元, below zero."""
    rows = canteen.entries.filter(day__range=(period.since, period.until), seal__isnull=False).order_by()
    earlier = rows.filter(reverses__day__lt=period.since)
    return dict(earlier.values_list("category").annotate(total=Sum("amount")))


def readable_books(user: User) -> QuerySet[Canteen]:
    """The canteens whose books this person reads, closed ones too."""
    return canteens_for(user, *READERS, closed=True)


def entry_for(user: User, pk: int) -> Entry:
    """One entry, for those who read the books it stands in; not there for others."""
    rows = Entry.objects.select_related(
        "canteen__school", "canteen__place", "seal__by", "by", "case__delivery", "reverses", "paper"
    )
    found = rows.filter(pk=pk, canteen__in=readable_books(user).order_by().values("pk")).first()
    if found is None:
        raise NotThere
    return found


def picked(canteen: Canteen, pks: Collection[int]) -> list[Entry]:
    """Those entries of its books, the oldest first; not there if one is none of its own."""
    found = list(canteen.entries.select_related("canteen__place", "case__delivery").filter(pk__in=pks).order_by("pk"))
    if len(found) != len(set(pks)):
        raise NotThere
    return found


def sees_voucher(by: object, address: str) -> bool:
    """Photos of a voucher are served to those who read the books it stands in."""
    pk = address.partition(":")[2]
    if not isinstance(by, User) or not pk.isdigit():
        return False
    return Voucher.objects.filter(pk=int(pk), entry__canteen__in=readable_books(by).order_by().values("pk")).exists()


def in_and_out(canteen: Canteen, period: Period, category: str = "") -> tuple[Decimal, Decimal]:
    """What came in and went out in these days as it is booked, sealed or not, of one category or all; refunds to pupils are
    taken off the income."""
    rows = canteen.entries.filter(day__range=(period.since, period.until)).order_by()
    rows = rows.filter(category=category) if category else rows
    came, went = ZERO, ZERO
    for code, total in rows.values_list("category").annotate(total=Sum("amount")):
        if categories()[code].is_income:
            came += total
        elif code == REFUND:
            came -= total
        else:
            went += total
    return came, went


def entries(canteen: Canteen, asked: dict[str, Any]) -> Page[Entry]:
    """A page of a canteen's books, the newest day first; narrowed to a category, a month, or what waits for its seal."""
    rows = canteen.entries.select_related("seal__by", "by", "reversed_by", "case__delivery", "paper")
    if asked.get("category"):
        rows = rows.filter(category=asked["category"])
    if asked.get("month"):
        period = period_of(Every.MONTH, asked["month"])
        rows = rows.filter(day__range=(period.since, period.until))
    if asked.get("waiting"):
        rows = rows.filter(seal=None)

    def ask(bounds: Q, back: bool, n: int) -> list[Entry]:
        return list(rows.filter(bounds).order_by(*(("day", "pk") if back else ("-day", "-pk")))[:n])

    return page_of(ask, NEWEST, cursor=asked.get("cursor") or "", limit=asked.get("limit"))


def closed_months(canteen: Canteen, asked: dict[str, Any]) -> Page[BookMonth]:
    """A page of a canteen's closed months, the newest first, each with its foods."""
    rows = canteen.months.filter(closed_at__isnull=False).prefetch_related("stocks")

    def ask(bounds: Q, back: bool, n: int) -> list[BookMonth]:
        return list(rows.filter(bounds).order_by("month" if back else "-month")[:n])

    return page_of(ask, BY_MONTH, cursor=asked.get("cursor") or "", limit=asked.get("limit"))


def month_for(user: User, pk: int) -> BookMonth:
    """One closed month, for those who read its books; not there for others."""
    rows = BookMonth.objects.select_related("canteen__school", "canteen__place", "closed_by").prefetch_related("stocks")
    found = rows.filter(
        pk=pk, closed_at__isnull=False, canteen__in=readable_books(user).order_by().values("pk")
    ).first()
    if found is None:
        raise NotThere
    return found


def totals_of(month: BookMonth) -> dict[str, Decimal]:
    """Its foods together, in 元."""
    return {
        name: sum((getattr(one, name) for one in month.foods), ZERO)
        for name in ("opening", "booked", "used", "closing")
    }


def papers_in(month: BookMonth) -> dict[str, Any]:
    """How many entries of the month there are, and how many have photos of their voucher or came from a delivery."""
    period = period_of(Every.MONTH, month.month)
    rows = month.canteen.entries.filter(day__range=(period.since, period.until), reverses=None)
    with_paper = Count("pk", filter=Q(paper__isnull=False) | Q(by=None))
    return rows.aggregate(entries=Count("pk"), papers=with_paper)


def last_closed(canteen: Canteen) -> BookMonth | None:
    """The latest month that is closed."""
    return canteen.months.filter(closed_at__isnull=False).order_by("-month").first()
