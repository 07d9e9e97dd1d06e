"""材料: the verb that asks for materials, and what each step of a request causes in its lines, the store and the job."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F

from portal.cases.actions import open_case
from portal.cases.actors import Actor
from portal.cases.forms import StepForm
from portal.cases.linking import pass_linked
from portal.cases.merging import merge_into
from portal.cases.models import Case
from portal.errors import NotAllowed
from portal.orgs.access import may
from portal.orgs.models import User
from portal.wire.amounts import cents
from repairs.flow.materials import MATERIALS
from repairs.models import MaterialLine, Materials, StockItem, Ticket
from repairs.queries.materials import LINK, alike, job_of
from repairs.queries.stock import KEEPERS

from . import stock

Facts = dict[str, Any]
Rows = list[dict[str, Any]]
ASKERS = KEEPERS  # without a job, who keeps the store fills it up


def request_materials(form: StepForm, *, by: Actor, link: tuple[Case, str] | None = None, **more: Any) -> Case:
    """Opens a request from a valid form: for a job (whose place and urgency it takes over), or to fill the store up."""
    said = form.cleaned_data
    job = link[0] if link else None
    unit = job.unit if job else said["unit"]
    if job is None and not (isinstance(by, User) and may(by, ASKERS, unit.path)):
        raise NotAllowed(
            "补充库存由资产管理员或总务主任申请。", who="资产管理员、总务主任", instead="为报修领料，请从报修单里申请。"
        )
    lines: Rows = said["lines"]
    rest = f"等 {len(lines)} 样" if len(lines) > 1 else ""
    return open_case(
        MATERIALS,
        unit=unit,
        title=f"{lines[0]['item']}{rest}：{job.title if job else '补充库存'}"[:200],
        by=by,
        opener=by if isinstance(by, User) else None,
        form=form,
        columns={"category": said["category"]},
        topic=job.topic if job else "",
        priority=job.priority if job else 3,
        circle=job.circle if job else "",
        link=link,
        **more,
    )


def lay_out(case: Materials, *, by: Actor, at: datetime, lines: Rows, **_: Any) -> Facts:
    """The lines of a request, what they come to, and what was asked for alike lately."""
    MaterialLine.objects.bulk_create(
        MaterialLine(
            case=case,
            stock=row["stock"],
            name=row["item"],
            measure=row["measure"],
            price=row["price"],
            quantity=row["quantity"],
        )
        for row in lines
    )
    total = sum((row["quantity"] * row["price"] for row in lines), Decimal(0))
    _keep(case, amount=cents(total))
    _keep(case, alike=alike(case))
    return {"amount": case.amount, "alike": case.alike, "category": case.category}


def grant(case: Materials, *, by: Actor, at: datetime, **_: Any) -> Facts:
    """What may be spent is what was asked for."""
    _keep(case, granted=case.amount)
    return {"approved": case.amount, "tier": case.state}


def ask_again(case: Materials, *, by: Actor, at: datetime, amount: Decimal, supplier: str = "", **_: Any) -> Facts:
    """A new amount (and supplier) to be approved, summed anew with what was asked for alike."""
    _keep(case, amount=amount, supplier=supplier or case.supplier, granted=None)
    _keep(case, alike=alike(case))
    return {"amount": amount, "alike": case.alike}


def purchase(
    case: Materials,
    *,
    by: Actor,
    at: datetime,
    lines: Rows,
    supplier: str,
    mall: str = "",
    order_no: str = "",
    **_: Any,
) -> Facts:
    """What was ordered where, at which price; the buyer is remembered, who may not accept it."""
    for row in lines:
        MaterialLine.objects.filter(pk=row["line"].pk).update(on_order=row["quantity"], order_price=row["price"])
    total = cents(sum((row["quantity"] * row["price"] for row in lines), Decimal(0)))
    _keep(case, supplier=supplier, mall=mall, order_no=order_no, buyer=by, paid=case.paid + total)
    return {"spent": total, "buyer": by}


def check_in(case: Materials, *, by: Actor, at: datetime, lines: Rows, **_: Any) -> Facts:
    """What was accepted goes into the store; what was not is no longer on order."""
    moved = []
    missing = Decimal(0)
    for row in sorted(lines, key=lambda one: one["line"].pk):
        line: MaterialLine = row["line"]
        missing += (line.on_order - row["quantity"]) * line.order_price
        if row["quantity"]:
            item = line.stock or _item_for(case, line, by=by)
            moved.append(
                stock.receive(item.pk, row["quantity"], line.order_price, by=_who(by), case=case, why=case.number)
            )
            line.stock = item
        line.on_order = Decimal(0)
        line.save(update_fields=["stock", "on_order"])
    _keep(case, paid=case.paid - cents(missing))
    return {"moves": moved}


def take_back_order(case: Materials, *, by: Actor, at: datetime, **_: Any) -> Facts:
    """What was bought is sent back to the supplier: nothing is on order, nothing is paid for it."""
    ordered = list(case.lines.filter(on_order__gt=0))
    back = cents(sum((line.on_order * line.order_price for line in ordered), Decimal(0)))
    case.lines.update(on_order=0)
    _keep(case, paid=case.paid - back)
    return {"unspent": back}


def hand_out(case: Materials, *, by: Actor, at: datetime, lines: Rows, rest: str = "", **_: Any) -> Facts:
    """What is handed out leaves the store and counts as the job's cost."""
    moved = []
    for row in sorted(lines, key=lambda one: one["line"].stock_id or 0):
        line: MaterialLine = row["line"]
        if row["quantity"] and line.stock_id:
            move = stock.issue(line.stock_id, row["quantity"], by=_who(by), case=case, why=case.number)
            line.issued, line.cost = line.issued + row["quantity"], line.cost - move.amount
            line.save(update_fields=["issued", "cost"])
            moved.append(move)
    _charge(case, -sum((move.amount for move in moved), Decimal(0)))
    _keep(case, rest=rest)
    return {"moves": moved}


def give_back(case: Materials, *, by: Actor, at: datetime, lines: Rows, **_: Any) -> Facts:
    """What was not used comes back into the store, and off the job's cost."""
    moved = []
    for row in sorted(lines, key=lambda one: one["line"].stock_id or 0):
        line: MaterialLine = row["line"]
        worth = line.cost if row["quantity"] == line.out else cents(line.cost * row["quantity"] / line.out)
        moved.append(
            stock.take_in_return(line.stock_id or 0, row["quantity"], worth, by=_who(by), case=case, why=case.number)
        )
        line.returned, line.cost = line.returned + row["quantity"], line.cost - worth
        line.save(update_fields=["returned", "cost"])
    _charge(case, -sum((move.amount for move in moved), Decimal(0)))
    return {"moves": moved}


def _item_for(case: Materials, line: MaterialLine, *, by: Actor) -> StockItem:
    """The store's item of a line that named something free: the one of that name, or a new one."""
    school = case.unit.school
    assert school is not None
    name = line.name[:60]
    known = StockItem.objects.filter(school=school, name=name, spec="").first()
    return known or stock.add_item(
        school=school, name=name, measure=line.measure, category=case.category, supplier=case.supplier, by=_who(by)
    )


def _charge(case: Materials, amount: Decimal) -> None:
    """Adds to the cost of the job the request belongs to; its row is locked by the writer."""
    job = job_of(case)
    if job is not None and amount:
        Ticket._base_manager.filter(pk=job).update(cost=F("cost") + amount)


def _who(by: Actor) -> User | str:
    return by if isinstance(by, User | str) else "anonymous"


def _keep(case: Materials, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(case, name, value)
    Materials._base_manager.filter(pk=case.pk).update(**columns)


def pass_materials_on(case: Ticket, *, by: Actor, at: datetime, **_: Any) -> Facts:
    """What a job waits for goes with it: whoever does the job now answers for the requests that are open."""
    return pass_linked(case, LINK, to=case.assignee, by=by, at=at)


def merge_job(case: Ticket, *, by: Actor, at: datetime, into: Case, **_: Any) -> Facts:
    """并入: its reporters follow the other job, and the materials it waits for belong to that one, and to who does it."""
    return merge_into(case, by=by, at=at, into=into) | pass_linked(
        case, LINK, to=into.assignee, into=into, by=by, at=at
    )
