"""The only writers of the store: every change is a move, an entry in the item's chain, and a new number on hand."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from portal import clock
from portal.cases.models import Case
from portal.errors import BadInput, NotAllowed, Refused
from portal.ledger.actions import append
from portal.orgs.access import may
from portal.orgs.models import Unit, User
from portal.wire.amounts import MOST, cents, share
from repairs.models import StockItem, StockMove
from repairs.queries.stock import KEEPERS
from repairs.queries.stock import amount as said


def refuse_others(by: User, school: Unit) -> None:
    """Only who keeps this school's store writes to it."""
    if not may(by, KEEPERS, school.path):
        raise NotAllowed("库存由本校的资产管理员或总务主任登记。", who="资产管理员、总务主任")


@transaction.atomic
def register(*, school: Unit, quantity: Decimal | None, price: Decimal | None, by: User, **columns: Any) -> StockItem:
    """A new item with what is there already."""
    refuse_others(by, school)
    item = add_item(school=school, by=by, **columns)
    if quantity:
        receive(item.pk, quantity, price or Decimal(0), by=by, why="建账")
    return locked(item.pk)


@transaction.atomic
def record(
    item: StockItem,
    kind: str,
    *,
    quantity: Decimal,
    why: str,
    by: User,
    price: Decimal | None = None,
    seen: Decimal | None = None,
) -> None:
    """One move by hand, with its reason: in, return, count or write-off."""
    refuse_others(by, item.school)
    if kind == StockMove.IN:
        receive(item.pk, quantity, price or Decimal(0), by=by, why=why)
    elif kind == StockMove.RETURN:
        take_in_return(item.pk, quantity, quantity * item.unit_price, by=by, why=why)
    elif kind == StockMove.COUNT:
        correct_count(item.pk, quantity, by=by, why=why, seen=seen)
    else:
        write_off(item.pk, quantity, by=by, why=why)


@transaction.atomic
def add_item(*, school: Unit, name: str, spec: str = "", by: User | str, **columns: Any) -> StockItem:
    """A new thing in a school's store, with nothing on hand. Refused when it is there already under this name."""
    if StockItem.objects.filter(school=school, name=name, spec=spec).exists():
        raise BadInput("库里已有同名同规格的物品。", errors={"name": ["库里已有同名同规格的物品。"]})
    item = StockItem.objects.create(school=school, name=name, spec=spec, **columns)
    append(item, "added", by=by, at=clock.now(), facts={"school": school, "category": item.category})
    return item


@transaction.atomic
def change_item(item: StockItem, columns: Mapping[str, Any], *, by: User) -> StockItem:
    """Changes what an item is called, its category, minimum or supplier; never how many there are."""
    refuse_others(by, item.school)
    item = locked(item.pk)
    changed = {name: value for name, value in columns.items() if getattr(item, name) != value}
    taken = StockItem.objects.filter(
        school=item.school, name=columns.get("name", item.name), spec=columns.get("spec", item.spec)
    )
    if taken.exclude(pk=item.pk).exists():
        raise BadInput("库里已有同名同规格的物品。", errors={"name": ["库里已有同名同规格的物品。"]})
    if changed:
        StockItem.objects.filter(pk=item.pk).update(**changed)
        facts = {name: value for name, value in changed.items() if name in ("minimum", "category")}
        append(item, "changed", by=by, at=clock.now(), facts=facts)
    return locked(item.pk)


@transaction.atomic
def receive(
    item: int, quantity: Decimal, price: Decimal, *, by: User | str, why: str = "", case: Case | None = None
) -> StockMove:
    """入库: so many at this unit price."""
    return _move(locked(item), StockMove.IN, quantity, cents(quantity * price), by=by, why=why, case=case, price=price)


@transaction.atomic
def issue(item: int, quantity: Decimal, *, by: User | str, why: str = "", case: Case | None = None) -> StockMove:
    """领用: so many leave the store, at the mean price of what is there. Refused when fewer are there."""
    row = locked(item)
    _refuse_more_than_there(row, quantity)
    return _move(row, StockMove.ISSUE, -quantity, -share(row.worth, quantity, row.on_hand), by=by, why=why, case=case)


@transaction.atomic
def take_in_return(
    item: int, quantity: Decimal, worth: Decimal, *, by: User | str, why: str = "", case: Case | None = None
) -> StockMove:
    """退库: so many come back, at what they had cost."""
    return _move(locked(item), StockMove.RETURN, quantity, cents(worth), by=by, why=why, case=case)


@transaction.atomic
def correct_count(
    item: int, counted: Decimal, *, by: User | str, why: str, seen: Decimal | None = None
) -> StockMove | None:
    """盘点更正: so many were counted. Nothing is written when that is what the books say.

    Refused when the books no longer say what the counter `seen`.
    """
    row = locked(item)
    if seen is not None and row.on_hand != seen:
        raise Refused(
            f"您打开页面之后，库存已变为 {said(row.on_hand)} {row.measure}，这次没有写入。",
            instead="请按现在的数重新清点。",
        )
    change = counted - row.on_hand
    if not change:
        return None
    worth = -share(row.worth, -change, row.on_hand) if change < 0 else cents(change * row.unit_price)
    return _move(row, StockMove.COUNT, change, worth, by=by, why=why)


@transaction.atomic
def write_off(item: int, quantity: Decimal, *, by: User | str, why: str) -> StockMove:
    """报损: so many are broken or lost. Refused when fewer are there."""
    row = locked(item)
    _refuse_more_than_there(row, quantity)
    return _move(row, StockMove.WRITE_OFF, -quantity, -share(row.worth, quantity, row.on_hand), by=by, why=why)


def locked(item: int) -> StockItem:
    """The item as it is now, locked until the transaction ends; several are locked in the order of their ids."""
    return StockItem.objects.select_for_update(of=("self",)).get(pk=item)


def _refuse_more_than_there(item: StockItem, quantity: Decimal) -> None:
    if quantity > item.on_hand:
        raise Refused(
            f"{item.label} 库存 {said(item.on_hand)} {item.measure}，不够 {said(quantity)} {item.measure}。",
            instead="请改少数量，其余的转采购。",
        )


def _move(
    item: StockItem,
    kind: str,
    quantity: Decimal,
    worth: Decimal,
    *,
    by: User | str,
    why: str = "",
    case: Case | None = None,
    price: Decimal | None = None,
) -> StockMove:
    """Writes one move of a locked item: the row, the number on hand, the item's chain."""
    if not quantity or abs(quantity) > MOST or item.on_hand + quantity > MOST:
        raise BadInput("数量要大于零，也不能太大。", errors={"quantity": ["数量要大于零，也不能太大。"]})
    at = clock.now()
    each = price if price is not None else cents(worth / quantity)
    item.on_hand, item.worth = item.on_hand + quantity, item.worth + worth
    item.price = each if kind == StockMove.IN else item.price
    move = StockMove.objects.create(
        item=item, kind=kind, quantity=quantity, price=each, amount=worth, left=item.on_hand,
        by=by if isinstance(by, User) else None, at=at, why=why, case=case,
    )  # fmt: skip
    StockItem.objects.filter(pk=item.pk).update(on_hand=item.on_hand, worth=item.worth, price=item.price)
    facts = {"move": move, "quantity": quantity, "amount": worth, "left": item.on_hand, "case": case}
    append(item, kind, by=by, at=at, facts=facts)
    return move
