"""A store brought in from Excel: what each line would do, and doing it as it was seen, all of it or nothing."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from portal import clock
from portal.errors import BadInput, Stale
from portal.ledger.actions import entry, write
from portal.orgs.models import Unit, User
from portal.sheets.importing import Change, Line, Mistake, Plan, Table
from portal.wire.amounts import cents
from repairs.models import StockItem, StockMove
from repairs.queries.stock import amount

from .stock import correct_count, locked, refuse_others

WRITTEN = {"measure": "单位", "category": "类别", "minimum": "最低库存", "supplier": "供应商"}
WHY = "导入 Excel"


def plan(table: Table, *, school: Unit) -> Plan:
    """What each line would do to this school's store as it is now."""
    known = {(item.name, item.spec): item for item in StockItem.objects.filter(school=school)}
    changes, mistakes = [], list(table.mistakes)
    for line in table.lines:
        item = known.get((line.clean["name"], line.clean["spec"]))
        if item is not None:
            words = "；".join(_differences(item, line))
            changes.append(Change(line, "changed" if words else "same", words, item))
        elif line.clean["quantity"] and line.clean["price"] is None:
            mistakes.append(Mistake(line.number, "新物品有现有数量时，请填“单价”。"))
        else:
            changes.append(Change(line, "new", f"新增 {amount(line.clean['quantity'] or Decimal(0))}"))
    return Plan(changes, sorted(mistakes, key=lambda one: one.number))


@transaction.atomic
def carry_out(table: Table, *, school: Unit, seen: str, by: User) -> Plan:
    """Writes what was `seen` in the preview. Refused: any bad line; books that have changed since."""
    refuse_others(by, school)
    Unit.objects.select_for_update().get(pk=school.pk)  # two imports at once: one after the other
    now = plan(table, school=school)
    if now.mistakes:
        raise BadInput(f"有 {len(now.mistakes)} 行不对，整张表都没有写入。")
    if now.digest != seen:
        raise Stale("库存在您预览之后有变化，这次没有写入。", instead="请看过新的预览再确认。")
    _add([change.line for change in now.changes if change.what == "new"], school, by)
    for change in now.changes:
        if change.what == "changed":
            _change(change.row.pk, change.line, by)
    return now


def _differences(item: StockItem, line: Line) -> list[str]:
    said = []
    for name, words in WRITTEN.items():
        value = line.clean[name]
        if value not in (None, "") and value != getattr(item, name):
            said.append(f"{words} {_word(item, name)} → {_word(item, name, value)}")
    counted = line.clean["quantity"]
    if counted is not None and counted != item.on_hand:
        said.append(f"库存 {amount(item.on_hand)} → {amount(counted)}")
    return said


def _word(item: StockItem, name: str, value: Any = None) -> str:
    value = getattr(item, name) if value is None else value
    if name == "category":
        return dict(StockItem._meta.get_field("category").flatchoices)[value]
    return amount(value) if isinstance(value, Decimal) else str(value or "空")


def _add(lines: list[Line], school: Unit, by: User) -> None:
    """New items with what is there of them, in a few statements however many there are."""
    at = clock.now()
    items = [_item(line, school) for line in lines]
    StockItem.objects.bulk_create(items, batch_size=1000)
    events = [entry(item, "added", by=by, at=at, facts={"school": school, "category": item.category}) for item in items]
    moves = [
        StockMove(
            item=item, kind=StockMove.IN, quantity=item.on_hand, price=item.price, amount=item.worth, left=item.on_hand,
            by=by, at=at, why=WHY,
        )
        for item in items if item.on_hand
    ]  # fmt: skip
    for move in StockMove.objects.bulk_create(moves, batch_size=1000):
        facts = {"move": move, "quantity": move.quantity, "amount": move.amount, "left": move.left}
        events.append(entry(move.item, StockMove.IN, by=by, at=at, facts=facts))
    write(events)
    StockItem.objects.bulk_update(items, ["chain_seq", "chain_head"], batch_size=500)


def _item(line: Line, school: Unit) -> StockItem:
    said = line.clean
    quantity, price = said["quantity"] or Decimal(0), said["price"] or Decimal(0)
    return StockItem(
        school=school, name=said["name"], spec=said["spec"], measure=said["measure"], category=said["category"],
        minimum=said["minimum"] or 0, supplier=said["supplier"], on_hand=quantity, price=price,
        worth=cents(quantity * price),
    )  # fmt: skip


def _change(pk: int, line: Line, by: User) -> None:
    item = locked(pk)
    columns = {name: line.clean[name] for name in WRITTEN if line.clean[name] not in (None, "")}
    changed = {name: value for name, value in columns.items() if getattr(item, name) != value}
    if changed:
        StockItem.objects.filter(pk=pk).update(**changed)
        facts = {name: value for name, value in changed.items() if name in ("minimum", "category")}
        events = [entry(item, "changed", by=by, at=clock.now(), facts=facts)]
        write(events)
        StockItem.objects.filter(pk=pk).update(chain_seq=item.chain_seq, chain_head=item.chain_head)
    if line.clean["quantity"] is not None:
        correct_count(pk, line.clean["quantity"], by=by, why=WHY)
