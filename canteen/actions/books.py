"""Writing the books: entries, seals, reversals and the closing of a month. Nothing is ever changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum

from canteen.flow import WEEKLY
from canteen.models import BookMonth, Canteen, ClosedStock, Diners, Entry, EntrySeal, Voucher
from canteen.models.categories import categories
from canteen.queries.books import ZERO, after_closed, corrections, counts_on, last_closed, unsealed
from canteen.queries.stock import worth_on
from canteen.queries.twins import same_delivery, twins_of
from canteen.rules import books as rules
from portal import clock
from portal.cases.bulk import set_columns
from portal.cases.models import Case
from portal.errors import NotAllowed, WrongStep
from portal.evidence.actions import attach
from portal.evidence.models import Piece
from portal.ledger.actions import append, write
from portal.ledger.actions import entry as event
from portal.orgs.access import may
from portal.orgs.models import User
from portal.publications.periods import Every, Period, over_before, period_of

VOUCHER = "voucher"  # the role of a voucher's photos
WHOSE = {"CI-01": Diners.STUDENTS, "CI-02": Diners.STAFF, "CE-60": Diners.STUDENTS}  # said by the category itself


@dataclass(frozen=True, kw_only=True)
class Amount:
    """One amount to be booked, in 元: of which day, under which category, for what, for whose meals; `apart` says why it is
    no purchase that a delivery has booked."""

    dated: date
    category: str
    amount: Decimal
    words: str
    diners: str = ""
    voucher: str = ""
    vouchers: Iterable[Piece] = ()
    apart: str = ""

    @property
    def is_income(self) -> bool:
        """Whether it came in."""
        return categories()[self.category].is_income


def book(canteen: Canteen, *, by: User, **said: Any) -> Entry:
    """记账: one amount (the fields of `Amount`), refused as several are."""
    return book_all(canteen, [Amount(**said)], by=by)[0]


@transaction.atomic
def book_all(canteen: Canteen, amounts: Sequence[Amount], *, by: User) -> list[Entry]:
    """记账 of several at once, all or none, each waiting for its seal, with its voucher. Each counts on its own day, or on
    the first day that is still open.

    Refused: forbidden categories and words (CR-20, CR-21), the cashier booking income (CR-18), a day to come, what a
    delivery has booked by itself, unless `apart` says why it is another purchase. Who books is asked once, and each day once.
    """
    for one in amounts:
        rules.may_be_booked(one.category)
    rules.keeps_books(by, canteen, income=any(one.is_income for one in amounts))
    for one in amounts:
        rules.fits_the_canteen(one.category, canteen)
        rules.words_are_clean(one.words, income=one.is_income)
        rules.not_ahead(one.dated)
    canteen = locked(canteen)
    days = {day: counts_on(canteen, day) for day in {one.dated for one in amounts}}
    made = enter([_entry(canteen, one, days[one.dated], by=by) for one in amounts], "booked", by=by)
    for one, entry in zip(amounts, made, strict=True):
        if pieces := list(one.vouchers):
            keep_voucher(entry, pieces, by=by)
    return made


def _entry(canteen: Canteen, one: Amount, day: date, *, by: User) -> Entry:
    """Not yet written; refused where a delivery has booked the same."""
    same = same_delivery(canteen, one.category, one.amount, one.dated, named=f"{one.words} {one.voucher}")
    rules.not_booked_already(same, one.apart)
    return Entry(
        canteen=canteen, dated=one.dated, day=day, category=one.category, amount=one.amount, words=one.words,
        diners=WHOSE.get(one.category) or one.diners or Diners.SHARED, voucher=one.voucher, by=by, at=clock.now(),
        apart=one.apart if same else "",
    )  # fmt: skip


@transaction.atomic
def keep_voucher(entry: Entry, photos: Iterable[Piece], *, by: User) -> Voucher:
    """附凭证: photos of an entry's voucher, with it or later. Refused: people who do not keep the books."""
    canteen = locked(entry.canteen)
    rules.keeps_books(by, canteen, income=entry.is_income)
    made, at = Voucher.objects.get_or_create(entry=entry)[0], clock.now()
    pieces = attach(photos, to=made.address, role=VOUCHER, by=by, at=at)
    append(made, "kept", by=by, at=at, facts={"entry": entry.pk, "photos": {VOUCHER: [one.sha256 for one in pieces]}})
    return made


@transaction.atomic
def seal(entry: Entry, *, by: User, apart: str = "") -> EntrySeal:
    """复核盖章, by a second person. Refused: the one who booked it, people of books and till, one that is sealed, a purchase that
    seems to stand in the books twice and nobody says is another one (`apart`)."""
    return _sealed(entry.canteen, [entry], by=by, apart=apart.strip())[0]


@transaction.atomic
def seal_all(entries: Iterable[Entry], *, by: User) -> int:
    """复核 of several that were looked at together: all of them or, if one is refused, none; how many there were.

    As many questions for many of one canteen as for one.
    """
    of: dict[int, list[Entry]] = {}
    for one in entries:
        of.setdefault(one.canteen_id, []).append(one)
    return sum(len(_sealed(rows[0].canteen, rows, by=by)) for _, rows in sorted(of.items()))


def _sealed(canteen: Canteen, entries: Sequence[Entry], *, by: User, apart: str = "") -> list[EntrySeal]:
    """Seals entries of one canteen, under its lock; `apart` is kept only where something looks like the same purchase."""
    canteen, at = locked(canteen), clock.now()
    rules.seals_books(by, canteen, entries)
    known = set(EntrySeal.objects.filter(entry__in=[one.pk for one in entries]).values_list("entry_id", flat=True))
    twins = twins_of(canteen, entries)
    for one in entries:
        rules.stands_there_once(one, twins.get(one.pk), apart)
        if one.pk in known:
            raise WrongStep(f"“{one.words}”已经复核过了。", instead="请回到账本，看看还有哪些待复核。")
        known.add(one.pk)
    made = [EntrySeal(entry=one, by=by, at=at, apart=apart if one.pk in twins else "") for one in entries]
    EntrySeal.objects.bulk_create(made)
    write([event(canteen, "sealed", by=by, at=at, facts={"entry": one.entry_id}) for one in made])
    set_columns(Canteen, [canteen], chain_seq="integer", chain_head="text")
    return made


@transaction.atomic
def reverse(entry: Entry, *, why: str, by: User) -> Entry:
    """红冲: the same amount below zero, counted where the books are still open; it needs a seal of its own.

    Refused: a reversal, what went back to a supplier, an entry reversed before, people who do not keep the books.
    """
    canteen = locked(entry.canteen)
    entry = Entry.objects.select_related("canteen").get(pk=entry.pk)
    rules.keeps_books(by, canteen, income=entry.is_income)
    rules.can_be_reversed(entry)
    today = clock.today()
    made = Entry(
        canteen=canteen, dated=today, day=counts_on(canteen, entry.day), category=entry.category,
        amount=-entry.amount, words=f"红冲：{why}"[:100], diners=entry.diners, voucher=entry.voucher, case=entry.case,
        reverses=entry, by=by, at=clock.now(),
    )  # fmt: skip
    return enter([made], "reversed", by=by)[0]


@transaction.atomic
def close_month(
    canteen: Canteen,
    month: str,
    *,
    counted: Mapping[str, Decimal],
    by: User,
    analysis: str = "",
    opening: Mapping[str, Decimal] | None = None,
    difference: str = "",
) -> BookMonth:
    """结账: every entry sealed, every food counted (`counted` in 元 by category), nothing used below zero; then it is shut.

    The opening is the month before's closing; `opening` counts only where nothing was closed before. `difference` says why
    what was counted is not what the food store says. Refused: a month that is not over, months out of order, one that is
    closed, a difference without its reason.
    """
    canteen = locked(canteen)
    if not may(by, "canteen_accountant", canteen.unit.path):
        raise NotAllowed("结账由食堂会计办。", who="食堂会计")
    period = period_of(Every.MONTH, month)
    _refuse_out_of_order(canteen, period)
    rules.every_entry_is_sealed(unsealed([canteen], period.since, period.until)[:200], of=period.title)
    stock, corrected = stock_to_count(canteen, period, opening), corrections(canteen, period)
    rules.stock_is_counted(stock, counted, corrected)
    store = worth_on(canteen, period.until)
    rules.difference_is_explained(store, counted, difference)
    made, _ = BookMonth.objects.get_or_create(canteen=canteen, month=month)
    made.closed_at, made.closed_by, made.analysis, made.difference = clock.now(), by, analysis, difference
    made.save(update_fields=["closed_at", "closed_by", "analysis", "difference"])
    rows = _counted(made, stock, counted, store, corrected)
    ClosedStock.objects.bulk_create(rows)
    facts: dict[str, Any] = {"entries": canteen.entries.filter(day__range=(period.since, period.until)).count()}
    facts |= {"closing": sum((one.closing for one in rows), ZERO), "foods": {one.category: one.closing for one in rows}}
    append(made, "closed", by=by, at=clock.now(), facts=facts)
    return made


def _counted(
    month: BookMonth,
    stock: Mapping[str, tuple[Decimal, Decimal]],
    counted: Mapping[str, Decimal],
    store: Mapping[str, Decimal],
    corrected: Mapping[str, Decimal],
) -> list[ClosedStock]:
    """A row for each food that was there or was booked."""
    return [
        ClosedStock(
            month=month,
            category=code,
            opening=begins,
            booked=booked,
            closing=counted.get(code, ZERO),
            store=store.get(code),
            corrected=corrected.get(code, ZERO),
        )
        for code, (begins, booked) in stock.items()
        if begins or booked
    ]


def next_to_close(canteen: Canteen) -> Period:
    """The month to close next. Refused: it is not over."""
    period = after_closed(canteen, last_closed(canteen))
    if period.until >= clock.today():
        raise WrongStep(f"{period.title}还没有过完，现在没有要结的月份。", instead="下个月 1 日起结这个月的账。")
    return period


def stock_to_count(
    canteen: Canteen, period: Period, opening: Mapping[str, Decimal] | None = None
) -> dict[str, tuple[Decimal, Decimal]]:
    """By kind of food, in 元: what the month began with and what was booked in it."""
    before = last_closed(canteen)
    begins = dict(before.stocks.values_list("category", "closing")) if before else dict(opening or {})
    rows = canteen.entries.filter(day__range=(period.since, period.until), seal__isnull=False).order_by()
    booked = dict(rows.values_list("category").annotate(total=Sum("amount")))
    food = [code for code, one in categories().items() if one.is_food]
    return {code: (begins.get(code, ZERO), booked.get(code, ZERO)) for code in food}


def locked(canteen: Canteen) -> Canteen:
    """The canteen as it is now, locked until the transaction ends: its books are written one after the other, and never
    while somebody signs or publishes an account of its school's week."""
    found = Canteen.objects.select_for_update(of=("self",)).select_related("school", "place").get(pk=canteen.pk)
    weeks = Case.objects.filter(kind=WEEKLY.kind, unit=found.school_id, is_open=True)
    list(weeks.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    return found


def _refuse_out_of_order(canteen: Canteen, period: Period) -> None:
    if period.until >= clock.today():
        raise WrongStep(f"{period.title}还没有过完，不能结账。")
    before = last_closed(canteen)
    if before is not None and before.month >= period.code:
        raise WrongStep(f"{period.title}已经结账。", instead="有误请在开着的月份里红冲，再记对的。")
    first = canteen.entries.order_by("day").values_list("day", flat=True).first()
    earlier = over_before(Every.MONTH, period.since)
    if before.month < earlier.code if before else first is not None and first < period.since:
        raise WrongStep("要按月份先后结账，前一个月还没有结。", instead="请先结前一个月。")


def enter(entries: Sequence[Entry], verb: str, *, by: User | str) -> list[Entry]:
    """Writes these entries of one locked canteen, and each into its chain: which category, how much; never its words. As
    many questions for many as for one."""
    if not entries:
        return []
    made, at, canteen = Entry.objects.bulk_create(entries), clock.now(), entries[0].canteen
    write([event(canteen, verb, by=by, at=at, facts=_facts(one)) for one in made])
    set_columns(Canteen, [canteen], chain_seq="integer", chain_head="text")
    return made


def _facts(entry: Entry) -> dict[str, Any]:
    facts = {"entry": entry.pk, "category": entry.category, "amount": entry.amount, "day": entry.day}
    return facts | {"diners": entry.diners, "case": entry.case, "reverses": entry.reverses_id}
