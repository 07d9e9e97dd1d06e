"""到货: the verb that orders, and what each step of a delivery causes in its lines and in the store."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from canteen.flow.deliveries import DELIVERIES
from canteen.models import Canteen, Delivery, DeliveryLine
from canteen.queries.deliveries import run_of, usual_prices
from canteen.queries.places import canteen_at
from canteen.queries.suppliers import contracts_on
from canteen.rules import deliveries as rules
from portal import clock
from portal.cases.actions import open_case
from portal.cases.actors import Actor
from portal.cases.flow import address_of
from portal.cases.forms import StepForm
from portal.cases.ladders import told
from portal.cases.models import Case
from portal.errors import BadInput
from portal.evidence.actions import attach
from portal.evidence.models import Piece
from portal.notices.actions import tell
from portal.orgs.models import User
from portal.wire.amounts import cents

from . import bookings, stock

Facts = dict[str, Any]
Rows = list[dict[str, Any]]


def order(form: StepForm, *, by: Actor, **more: Any) -> Case:
    """Opens a delivery from a valid form: the order of one canteen to one supplier. Refused: others than who buys."""
    said = form.cleaned_data
    rules.orders(by, said["unit"])
    canteen, lines = canteen_at(said["unit"]), said["lines"]
    if canteen is None:
        raise BadInput("这里没有食堂。", errors={"unit": ["这里没有食堂。"]})
    rest = f"等 {len(lines)} 样" if len(lines) > 1 else ""
    return open_case(
        DELIVERIES,
        unit=canteen.unit,
        title=f"{lines[0]['food'].name}{rest}：{said['supplier'].name}",
        by=by,
        opener=by if isinstance(by, User) else None,
        form=form,
        columns={"canteen": canteen, "supplier": said["supplier"]},
        **more,
    )


def lay_out_order(case: Delivery, *, by: Actor, at: datetime, lines: Rows, **_: Any) -> Facts:
    """The lines of an order; what it comes to is a fact."""
    DeliveryLine.objects.bulk_create(
        DeliveryLine(case=case, ingredient=row["food"], ordered=row["quantity"], agreed=row["price"]) for row in lines
    )
    total = sum((row["quantity"] * row["price"] for row in lines), Decimal(0))
    return {"total": cents(total), "foods": [row["food"].pk for row in lines]}


def put_on_scale(case: Delivery, *, by: Actor, at: datetime, lines: Rows, photos: list[Piece], **_: Any) -> Facts:
    """What was weighed in, line by line, with its certificates; what is to be named is told to the manager, and a supplier
    without a contract in force."""
    usual = usual_prices(case.canteen, [row["line"].ingredient for row in lines], clock.today())
    papers: list[Piece] = []
    for row in lines:
        papers += row.get("papers") or []
        _weigh(row["line"], row, usual, case.canteen)
    if papers:
        attach(papers, to=case.address, role="papers", by=by, at=at)
    weighed = [row["line"] for row in lines]
    named = sum(bool(line.over) + bool(line.short) for line in weighed)
    amount = sum((line.amount for line in weighed), Decimal(0))
    who = by if isinstance(by, User) else None
    bare = bool(amount) and not contracts_on([case.supplier], clock.today())
    columns = {"amount": amount, "alerts": named, "without_contract": bare, "weighed_at": at, "weighed_by": who}
    _keep(case, **columns, first=None, second=None)
    if named or bare:
        words = _said(weighed) + (f"{case.supplier.name}没有在期的合同。" if bare else "")
        _tell_manager(case, f"到货有 {named + bare} 处要看：{case.title}", words, by=by, at=at)
    shown = {"photos": [one.sha256 for one in photos], "papers": [one.sha256 for one in papers]}
    return {"amount": amount, "alerts": named, "photos": {name: many for name, many in shown.items() if many}}


def _weigh(line: DeliveryLine, row: dict[str, Any], usual: dict[int, Decimal], canteen: Canteen) -> None:
    """One line as it came: what was accepted at which price, how far off it is, what stands on it."""
    line.accepted, line.price, line.reason = row["accepted"], row["price"], row["reason"]
    line.amount = cents(row["accepted"] * row["price"])
    for name in ("batch", "made_on", "keeps_until", "degrees"):
        setattr(line, name, row.get(name) or ("" if name == "batch" else None))
    if row.get("degrees") is not None:
        line.degrees = row["degrees"]
    line.papers = len(row.get("papers") or [])
    line.reference = usual.get(line.ingredient_id)
    over = rules.off(line.price, line.reference) if line.reference and line.accepted else Decimal(0)
    short = -rules.off(line.accepted, line.ordered) if line.accepted else Decimal(0)
    line.over = over if over > canteen.price_gap else None
    line.short = short if short > canteen.weight_gap else None
    line.save()


def take_off_scale(case: Delivery, *, by: Actor, at: datetime, **_: Any) -> Facts:
    """What was weighed in does not count: it is weighed again, and signed for again."""
    case.lines.update(accepted=None, price=None, amount=0, over=None, short=None, reference=None, papers=0)
    none = dict.fromkeys(("weighed_at", "weighed_by", "first", "second"))
    _keep(case, amount=Decimal(0), alerts=0, without_contract=False, **none)
    return {}


def sign_first(case: Delivery, *, by: Actor, at: datetime, **_: Any) -> Facts:
    """The first of two signatures."""
    _keep(case, first=by)
    return {"signed": case.amount}


def take_into_stock(case: Delivery, *, by: Actor, at: datetime, **_: Any) -> Facts:
    """The second signature: what was accepted is in stock and in the books, in the same transaction; the same pair too often
    is told."""
    Canteen.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.canteen_id)  # runs are counted one by one
    moved = []
    for line in case.lines.filter(accepted__gt=0).select_related("ingredient").order_by("ingredient"):
        line.lot = stock.receive(
            case.canteen, line.ingredient, line.accepted or Decimal(0), line.price or Decimal(0), by=_who(by), case=case, why=case.number,
            amount=line.amount, batch=line.batch, made_on=line.made_on, keeps_until=line.keeps_until,
        )  # fmt: skip
        line.save(update_fields=["lot"])
        moved.append(line.lot.pk)
    second = by if isinstance(by, User) else None
    _keep(case, second=second, run=run_of(case, {case.first_id, second.pk if second else None}))
    bookings.book_delivery(case, by=_who(by))
    if case.run % case.canteen.same_signers == 0:
        who = f"{case.first}、{second}"
        _tell_manager(case, f"同两个人连续签收 {case.run} 次：{who}", "请换人轮流验收。", by=by, at=at)
    return {"lots": moved, "amount": case.amount, "run": case.run}


def give_goods_back(case: Delivery, *, by: Actor, at: datetime, lines: Rows, **_: Any) -> Facts:
    """What is still there of a line goes back to the supplier, out of its own lot and out of the books."""
    back: dict[str, Decimal] = {}
    for row in sorted(lines, key=lambda one: one["line"].ingredient_id):
        line: DeliveryLine = row["line"]
        if row["quantity"] and line.lot_id:
            gone = stock.send_back(line.lot_id, row["quantity"], by=_who(by), why=case.number, case=case)
            category = gone.shelf.ingredient.category
            back[category] = back.get(category, Decimal(0)) - gone.amount
    if not back:
        raise BadInput("一样都没有退。", errors={"lines": ["请至少退一样。"]})
    bookings.take_off_return(case, back, by=_who(by))
    return {"back": sum(back.values(), Decimal(0))}


def _said(lines: list[DeliveryLine]) -> str:
    """What was named, in two sentences at most."""
    names = (
        [line.ingredient.name for line in lines if line.over],
        [line.ingredient.name for line in lines if line.short],
    )
    words = [f"{label}：{'、'.join(found)}。" for label, found in zip(("价高", "短秤"), names, strict=True) if found]
    return "".join(words)


def _tell_manager(case: Delivery, title: str, body: str, *, by: Actor, at: datetime) -> None:
    people = told(case, ["canteen_manager"], but=by if isinstance(by, User) else None)
    tell(people, about=case.address, verb="named", title=title[:120], body=body, url=address_of(case), at=at)


def _who(by: Actor) -> User | str:
    return by if isinstance(by, User | str) else "anonymous"


def _keep(case: Delivery, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(case, name, value)
    Delivery._base_manager.filter(pk=case.pk).update(**columns)
