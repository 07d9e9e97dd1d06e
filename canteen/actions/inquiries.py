"""Price inquiries: the clock opens the week's, sources are entered with their prices, one is chosen for each ingredient."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from canteen.flow.inquiries import INQUIRIES
from canteen.models import Inquiry, InquiryItem, Quote, Source, Supplier
from canteen.queries import canteens_of
from canteen.queries.inquiries import last_items, monday_of, week_words
from canteen.rules.suppliers import keeps_suppliers
from portal import clock
from portal.cases.actions import open_case
from portal.cases.actors import Actor, is_clock
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.errors import BadInput, Refused
from portal.orgs.models import User
from portal.wire.amounts import cents

Rows = list[dict[str, Any]]


@transaction.atomic
def open_inquiry(form: StepForm, *, by: Actor, **more: Any) -> Case | list[Case]:
    """Opens the inquiry of this week with last time's list. None by the clock where the school has no canteen.

    Refused: people who do not buy there, a school without a canteen, a week that has its inquiry already.
    """
    school = form.cleaned_data["unit"].school
    since = monday_of(clock.today())
    there = Inquiry.objects.filter(school=school, since=since).exists()
    if is_clock(by):
        if there or not canteens_of(school).exists():
            return []
    else:
        keeps_suppliers(by, school)  # type: ignore[arg-type]
        if there or not canteens_of(school).exists():
            raise Refused("本周的询价已经开出。" if there else "这所学校还没有食堂。", instead="请到询价页看看。")
    title = f"{week_words()}询价"
    try:
        columns = {"school": school, "since": since}
        with transaction.atomic():
            return open_case(INQUIRIES, unit=school, title=title, by=by, form=form, columns=columns, **more)
    except IntegrityError as twice:
        raise Refused("本周的询价刚刚开出。", instead="请刷新询价页。") from twice


def list_as_before(case: Inquiry, *, by: Actor, at: datetime, **_: Any) -> dict[str, Any]:
    """Effect of the opening: last time's ingredients and quantities stand on the list."""
    found = last_items(case.school, case.since)
    InquiryItem.objects.bulk_create([InquiryItem(inquiry=case, ingredient_id=one, quantity=n) for one, n in found])
    return {"items": len(found)}


def set_list(case: Inquiry, *, by: Actor, at: datetime, lines: Rows, **_: Any) -> dict[str, Any]:
    """Effect of the list: these ingredients and no others; what was quoted for one that is gone goes with it."""
    wanted = {row["ingredient"].pk: row["quantity"] for row in lines}
    Quote.objects.filter(inquiry=case).exclude(ingredient__in=wanted).delete()
    case.items.exclude(ingredient__in=wanted).delete()
    InquiryItem.objects.bulk_create(
        [InquiryItem(inquiry=case, ingredient_id=key, quantity=n) for key, n in wanted.items()],
        update_conflicts=True, unique_fields=["inquiry", "ingredient"], update_fields=["quantity"],
    )  # fmt: skip
    return {"items": len(wanted)}


def take_quotes(
    case: Inquiry, *, by: User, at: datetime, kind: str, supplier: Supplier | None, source: str, lines: Rows, **_: Any
) -> dict[str, Any]:
    """Effect of a source's prices: the source, and a quote for each ingredient it has."""
    made = Source.objects.create(inquiry=case, kind=kind, supplier=supplier, name=source, asked_at=at, asked_by=by)
    priced = {row["ingredient"]: row["price"] for row in lines if row["price"]}
    Quote.objects.bulk_create(
        [Quote(inquiry=case, source=made, ingredient=one, price=price) for one, price in priced.items()]
    )
    return {"source": made, "prices": {str(one.pk): price for one, price in priced.items()}}


def take_choice(case: Inquiry, *, by: User, at: datetime, lines: Rows, **_: Any) -> dict[str, Any]:
    """Effect of the choice: each ingredient's source, its price there, and why where it is not the lowest."""
    chosen = {row["ingredient"].pk: row for row in lines}
    items = list(case.items.all())
    total = Decimal(0)
    for one in items:
        row = chosen.get(one.ingredient_id)
        if row is None or row["price"] is None:
            raise BadInput("每一样都要选一家。", errors={"lines": ["每一样都要选一家。"]})
        one.source, one.price, one.why = row["source"], row["price"], row["why"]
        total += one.price * one.quantity
    InquiryItem.objects.bulk_update(items, ["source", "price", "why"])
    return {"total": cents(total), "items": len(items)}
