"""Refusals of the food store, one function each, named for what they demand."""

from datetime import date
from decimal import Decimal

from canteen.apps import STORE
from canteen.models import Canteen, Lot, Shelf
from portal.errors import BadInput, NotAllowed, Refused
from portal.orgs.access import may
from portal.orgs.models import User
from portal.templatetags.sunlit import full_day, plain
from portal.wire.amounts import MOST


def keeps_the_store(by: User | str, canteen: Canteen) -> None:
    """Only who keeps this canteen's store writes to it by hand (CR-18: neither accountant nor cashier)."""
    if isinstance(by, User) and not may(by, STORE, canteen.unit.path):
        raise NotAllowed("库存由本食堂的保管员登记。", who="保管员、食堂管理员")


def of_this_school(shelf_school: int, canteen: Canteen) -> None:
    """A canteen keeps its own school's ingredients."""
    if shelf_school != canteen.school_id:
        raise BadInput("这种食材不在本校的食材表里。", errors={"ingredient": ["这种食材不在本校的食材表里。"]})


def is_a_quantity(quantity: Decimal, on_hand: Decimal) -> None:
    """More than nothing, and no more than a store can hold."""
    if not quantity or abs(quantity) > MOST or on_hand + quantity > MOST:
        raise BadInput("数量要大于零，也不能太大。", errors={"quantity": ["数量要大于零，也不能太大。"]})


def enough_is_there(shelf: Shelf, quantity: Decimal, fresh: Decimal) -> None:
    """No more is taken than is there and may still be eaten; what has expired is written off, never cooked."""
    if quantity <= fresh:
        return
    name, measure = shelf.ingredient.label, shelf.ingredient.measure
    expired = shelf.on_hand - fresh
    if expired:
        raise Refused(
            f"{name} 能用的只有 {plain(fresh)} {measure}，另有 {plain(expired)} {measure} 已经过期，不能领用。",
            rule="过期食材不得使用",
            instead="请改少数量；过期的请先报损。",
        )
    raise Refused(
        f"{name} 库存 {plain(fresh)} {measure}，不够 {plain(quantity)} {measure}。",
        instead="请改少数量；如果实际有货，请先盘点更正或办完验收入库。",
    )


def is_in_the_lot(lot: Lot, quantity: Decimal) -> None:
    """No more leaves a batch than is left of it."""
    if quantity > lot.on_hand:
        measure = lot.shelf.ingredient.measure
        raise Refused(f"这一批只剩 {plain(lot.on_hand)} {measure}。", instead="请改少数量。")


def still_counts_so(shelf: Shelf, seen: Decimal | None) -> None:
    """A count corrects what the counter saw, never what has changed since."""
    if seen is not None and shelf.on_hand != seen:
        raise Refused(
            f"您打开页面之后，{shelf.ingredient.label} 的库存已变为 {plain(shelf.on_hand)} {shelf.ingredient.measure}，这次没有写入。",
            instead="请按现在的数重新清点。",
        )


def may_be_eaten(keeps_until: date | None, made_on: date | None, day: date) -> None:
    """Nothing comes in that has expired already, or was made tomorrow."""
    if keeps_until is not None and keeps_until < day:
        said = f"保质期到 {full_day(keeps_until)}，已经过期，不能收。"
        raise BadInput(said, instead="请拒收并写明原因。", errors={"keeps_until": [said]})
    if made_on is not None and (made_on > day or (keeps_until is not None and made_on > keeps_until)):
        said = "生产日期不对，请核对包装。"
        raise BadInput(said, errors={"made_on": [said]})
