"""Suppliers: listing one, taking in a certificate or a contract, rating, banning and taking back; each in their chain."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from canteen.models import Certificate, Contract, Renewal, Supplier, SupplierRating
from canteen.rules import suppliers as rules
from portal import clock
from portal.cases.actions import locked as locked_case
from portal.cases.actions import move
from portal.cases.models import Case
from portal.errors import BadInput, Refused, Stale
from portal.evidence.actions import attach
from portal.evidence.models import Piece
from portal.ledger.actions import CLOCK, append
from portal.orgs.models import Unit, User

PHOTOS = "papers"  # the role of a certificate's photos


@transaction.atomic
def add_supplier(*, school: Unit, name: str, uscc: str, by: User | str, **columns: Any) -> Supplier:
    """登记供应商. Refused: people who do not buy or run the canteen, a wrong credit code, one listed already."""
    rules.keeps_suppliers(by, school)
    one = Supplier(school=school, name=name, uscc=rules.is_a_credit_code(uscc), **columns)
    _refuse_doubles(one)
    one.save()
    append(one, "added", by=by, at=clock.now(), facts={"school": school})
    return one


@transaction.atomic
def change_supplier(one: Supplier, *, by: User | str, seen: int | None = None, **to: Any) -> Supplier:
    """Corrects name, code, contact or goods. Refused: one changed meanwhile, a wrong code, a code that is taken."""
    one = locked(one)
    rules.keeps_suppliers(by, one.school)
    _refuse_stale(one, seen)
    if "uscc" in to:
        to["uscc"] = rules.is_a_credit_code(to["uscc"])
    changed = [name for name, value in to.items() if getattr(one, name) != value]
    if changed:
        for name in changed:
            setattr(one, name, to[name])
        _refuse_doubles(one)
        _save(one, changed)
        append(one, "changed", by=by, at=clock.now(), facts={"columns": changed})
    return one


@transaction.atomic
def take_in_certificate(
    supplier: Supplier,
    *,
    kind: str,
    number: str,
    until: date | None,
    by: User | str,
    photos: Iterable[Piece] = (),
    case: Case | None = None,
) -> Certificate:
    """登记证件 as it was shown, with photos (or the renewal `case` that has them); it ends what is open for the same paper, and
    stands in place of what was shown under the same number.

    Refused: one that is over already, one without an end of a kind that always has one.
    """
    waiting = [] if case else _waiting_for(supplier, kind)  # cases are locked before suppliers, as their steps do
    supplier = locked(supplier)
    rules.keeps_suppliers(by, supplier.school)
    rules.ends_some_day(kind, until)
    if until is not None and until < clock.today():
        why = "这个证件已经过期，请登记有效的。"
        raise BadInput(why, errors={"until": [why]})
    at, person = clock.now(), by if isinstance(by, User) else None
    made = Certificate.objects.create(
        supplier=supplier, kind=kind, number=number, until=until, shown_at=at, shown_by=person, case=case
    )
    pieces = attach(photos, to=made.address, role=PHOTOS, by=person, at=at) if person else []
    facts = {"kind": kind, "until": until, "case": case, "photos": [one.sha256 for one in pieces]}
    append(made, "shown", by=by, at=at, facts=facts | {"supplier": supplier})
    append(supplier, "showed", by=by, at=at, facts={"certificate": made, "kind": kind, "until": until})
    for renewal in waiting:
        move(renewal, "settle", by=CLOCK)
    return made


@transaction.atomic
def sign_contract(
    supplier: Supplier, *, since: date, until: date, tender: str, by: User | str, number: str = ""
) -> Contract:
    """登记合同, and how the supplier was found. Refused: one that ends before it begins."""
    supplier = locked(supplier)
    rules.keeps_suppliers(by, supplier.school)
    if until < since:
        raise BadInput("合同的止期早于起期。", errors={"until": ["止期不能早于起期。"]})
    made = Contract.objects.create(
        supplier=supplier, since=since, until=until, tender=tender, number=number, made_at=clock.now()
    )
    facts = {"contract": made, "since": since, "until": until}
    append(supplier, "contracted", by=by, at=clock.now(), facts=facts)
    return made


@transaction.atomic
def rate_supplier(
    supplier: Supplier, *, goods: int, price: int, service: int, by: User, words: str = ""
) -> SupplierRating:
    """评价: one person's marks (1 to 5) for this month; a second one replaces the first. Refused for who buys."""
    supplier = locked(supplier)
    rules.rates_suppliers(by, supplier.school)
    at = clock.now()
    marks = {"goods": goods, "price": price, "service": service}
    made, _ = SupplierRating.objects.update_or_create(
        supplier=supplier, month=f"{clock.today():%Y-%m}", by=by, defaults=marks | {"words": words, "at": at}
    )
    append(supplier, "rated", by=by, at=at, facts=marks | {"month": made.month})
    return made


@transaction.atomic
def ban_supplier(supplier: Supplier, *, why: str, by: User | str) -> Supplier:
    """停止合作 (拉黑): nothing is ordered or accepted from now on. Refused for the buyer alone, and for one banned already."""
    supplier = locked(supplier)
    rules.bans_suppliers(by, supplier.school)
    if supplier.banned_on is not None:
        raise Refused("这家供应商已经停止合作。", instead="请刷新页面看最新情况。")
    supplier.banned_on, supplier.why = clock.today(), why
    _save(supplier, ["banned_on", "why"])
    append(supplier, "banned", by=by, at=clock.now())
    return supplier


@transaction.atomic
def take_supplier_back(supplier: Supplier, *, why: str, by: User | str) -> Supplier:
    """恢复合作, with a reason. Refused for the buyer alone, and for one that is not banned."""
    supplier = locked(supplier)
    rules.bans_suppliers(by, supplier.school)
    if supplier.banned_on is None:
        raise Refused("这家供应商没有停止合作。", instead="请刷新页面看最新情况。")
    supplier.banned_on, supplier.why = None, why
    _save(supplier, ["banned_on", "why"])
    append(supplier, "taken_back", by=by, at=clock.now())
    return supplier


def locked(one: Supplier) -> Supplier:
    """The supplier as it is now, locked until the transaction ends."""
    return Supplier.objects.select_for_update(of=("self",)).select_related("school").get(pk=one.pk)


def _waiting_for(supplier: Supplier, kind: str) -> list[Renewal]:
    """The open renewals of this paper of theirs, locked."""
    rows = Renewal.objects.filter(is_open=True, certificate__supplier=supplier.pk, certificate__kind=kind)
    found = list(rows.order_by("pk"))
    return [one for one in found if locked_case(one).is_open]


def _save(one: Supplier, names: list[str]) -> None:
    one.version += 1
    one.save(update_fields=[*names, "version"])


def _refuse_stale(one: Supplier, seen: int | None) -> None:
    if seen is not None and seen != one.version:
        raise Stale("这家供应商刚刚被别人改过。", instead="请看过现在的内容再改。")


def _refuse_doubles(one: Supplier) -> None:
    """The table's own constraints, as sentences for the person."""
    try:
        one.validate_constraints()
    except ValidationError as wrong:
        raise BadInput("供应商没有保存：" + "".join(wrong.messages), errors={"uscc": wrong.messages}) from wrong
