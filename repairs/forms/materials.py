"""What people type about materials: one form a step, for the page and the API alike."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from portal.cases.forms import PlaceField, StepForm, WordsField
from portal.evidence.actions import PAPER
from portal.evidence.fields import EvidenceField
from portal.evidence.models import PieceKind
from portal.orgs.models import Unit, User
from portal.widgets import Choices
from portal.wire.amounts import price_field, quantity_field
from portal.wire.rows import RowForm, RowsField
from repairs.models import CATEGORIES, MaterialLine, Materials
from repairs.queries.stock import amount, labelled, offered

PAPERS = (PieceKind.PHOTO.value, PieceKind.DOCUMENT.value)
RESTS = [("buy", "剩下的继续采购"), ("drop", "剩下的不要了")]


class MaterialRow(RowForm):
    """One thing asked for: an item of the store by its name, or anything else with its unit and estimated price."""

    item = forms.CharField(label="品名和规格", max_length=120)
    quantity = quantity_field()
    measure = forms.CharField(label="单位", max_length=8, required=False)
    price = price_field("估计单价", required=False)

    def suggests(self) -> dict[str, list[str]]:
        """What is in the store of this school."""
        home = self.by.home if isinstance(self.by, User) else None
        unit: Unit | None = self.case.unit if self.case is not None else home
        return {"item": offered(unit.school if unit else None)}


class RequestMaterials(StepForm):
    """申请材料: for a job, or without one to fill the store up."""

    unit = PlaceField(label="学校")
    category = forms.ChoiceField(label="类别", choices=CATEGORIES)
    lines = RowsField(
        MaterialRow, label="要什么", noun="样", help_text="库里有的会提示，直接选；库里没有的写清规格、单位和估价。"
    )
    reason = WordsField(label="为什么要", rows=2)
    photos = EvidenceField(label="照片", required=False)
    quotes = EvidenceField(
        label="比价材料", required=False, kinds=PAPERS, help_text="超过分管副校长额度的采购要三家比价。"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.case is not None:
            del self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        """Finds each line in the store; what is not there needs a unit and an estimated price."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        unit = self.case.unit if self.case is not None else clean.get("unit")
        if unit is None or not clean.get("lines"):
            return clean
        known = labelled(unit.school, [row["item"] for row in clean["lines"]]) if unit.school else {}
        for number, row in enumerate(clean["lines"], 1):
            stock = row["stock"] = known.get(row["item"])
            if stock is not None:
                row["measure"], row["price"] = (
                    stock.measure,
                    row["price"] if row["price"] is not None else stock.unit_price,
                )
            if not row["measure"] or row["price"] is None:
                self.add_error("lines", f"第 {number} 样：库里没有“{row['item']}”，请填单位和估计单价。")
        return clean


class Approve(StepForm):
    """同意; what the school council decided comes with a photo of its minutes."""

    minutes = EvidenceField(label="校务会纪要", required=False, kinds=PAPER)
    note = WordsField(label="意见", required=False, rows=2)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.case is None or self.case.state != "to_council":
            del self.fields["minutes"]
        else:
            self.fields["minutes"].bind(self.by, needed=True)  # type: ignore[attr-defined]


class Decline(StepForm):
    """不同意, with a reason the technician reads."""

    reason = WordsField(label="原因", rows=2)


class AddQuotes(StepForm):
    """补比价材料: photos or documents of what others would charge."""

    quotes = EvidenceField(label="比价材料", min_count=1, kinds=PAPERS)
    note = WordsField(label="说明", required=False, rows=2)


class Recall(StepForm):
    """撤回申请."""

    reason = WordsField(label="原因", required=False, rows=2)


class LineRow(RowForm):
    """A line of the request and a number for it."""

    line = forms.ModelChoiceField(queryset=MaterialLine.objects.none(), label="哪一样", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Materials):
            self.fields["line"].queryset = self.case.lines.select_related("stock")  # type: ignore[attr-defined]

    def heading(self) -> str:
        """What the line is about."""
        line = self._line()
        return "" if line is None else self.said(line)

    def said(self, line: MaterialLine) -> str:
        """The line and how much of it is still wanted."""
        there = f"，库存 {amount(line.stock.on_hand)}" if line.stock else ""
        return f"{line.name}（还要 {amount(line.outstanding)} {line.measure}{there}）"

    def _line(self) -> MaterialLine | None:
        value = self["line"].value()
        known: dict[str, MaterialLine] = {str(one.pk): one for one in getattr(self.case, "line_objects", ())}
        return known.get(str(value))


class OrderRow(LineRow):
    """What is bought of a line, at which price."""

    quantity = quantity_field("买多少")
    price = price_field("实际单价")


class AcceptedRow(LineRow):
    """What was accepted of a line."""

    quantity = quantity_field("实收", least="0")

    def said(self, line: MaterialLine) -> str:
        """What was ordered."""
        return f"{line.name}（订了 {amount(line.on_order)} {line.measure}，单价 {line.order_price} 元）"

    def clean(self) -> dict[str, Any]:
        """Not more than was ordered."""
        return _at_most(self, lambda line: line.on_order, "订了")


class HandedRow(LineRow):
    """What is handed out of a line."""

    quantity = quantity_field("发多少", least="0")

    def clean(self) -> dict[str, Any]:
        """Not more than is still wanted."""
        return _at_most(self, lambda line: line.outstanding, "只要")


class ReturnedRow(LineRow):
    """What comes back of a line."""

    quantity = quantity_field("退多少")

    def said(self, line: MaterialLine) -> str:
        """What is out."""
        return f"{line.name}（领出未退 {amount(line.out)} {line.measure}）"

    def clean(self) -> dict[str, Any]:
        """Not more than is out."""
        return _at_most(self, lambda line: line.out, "领出未退")


def _at_most(row: RowForm, limit: Any, words: str) -> dict[str, Any]:
    clean = row.cleaned_data
    line = clean.get("line")
    if line is not None and clean.get("quantity") is not None and clean["quantity"] > limit(line):
        row.add_error("quantity", f"{line.name} {words} {amount(limit(line))} {line.measure}。")
    return clean


class LinesForm(StepForm):
    """A step about lines of the request, each offered as `starting` says."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Materials):
            every = list(self.case.lines.select_related("stock").order_by("pk"))
            self.case.line_objects = every  # type: ignore[attr-defined]
            self.initial.setdefault("lines", list(self.starting(every)))

    def starting(self, lines: Iterable[MaterialLine]) -> Iterable[dict[str, Any]]:
        """What the page fills in beforehand."""
        return ({"line": line.pk, "quantity": amount(line.outstanding)} for line in lines if line.outstanding)


class Buy(LinesForm):
    """登记采购: where, which order, at which prices, with a photo of the receipt."""

    supplier = forms.CharField(label="供应商", max_length=60)
    mall = forms.CharField(label="电子商城", max_length=40, required=False)
    order_no = forms.CharField(label="订单号", max_length=60, required=False)
    lines = RowsField(OrderRow, label="买了什么", noun="样", fixed=True, once="line")
    receipt = EvidenceField(label="票据照片", required=False, kinds=PAPERS)

    def starting(self, lines: Iterable[MaterialLine]) -> Iterable[dict[str, Any]]:
        """What the store does not have."""
        for line in lines:
            short = line.outstanding - (line.stock.on_hand if line.stock else 0)
            if short > 0:
                yield {"line": line.pk, "quantity": amount(short), "price": line.price}


class Reprice(StepForm):
    """重新报批: the new amount, from whom, and why."""

    amount = price_field("新的金额")
    supplier = forms.CharField(label="供应商", max_length=60, required=False)
    reason = WordsField(label="原因", rows=2)
    quotes = EvidenceField(label="比价材料", required=False, kinds=PAPERS)


class CheckIn(LinesForm):
    """验收入库: how many of each were received in order."""

    lines = RowsField(AcceptedRow, label="实收", noun="样", fixed=True, once="line")
    photos = EvidenceField(label="到货照片", required=False)
    note = WordsField(label="说明", required=False, rows=2)

    def starting(self, lines: Iterable[MaterialLine]) -> Iterable[dict[str, Any]]:
        """Everything on order."""
        return ({"line": line.pk, "quantity": amount(line.on_order)} for line in lines if line.on_order)


class SendGoodsBack(StepForm):
    """退货重买, with a reason."""

    reason = WordsField(label="哪里不合格", rows=2)
    photos = EvidenceField(label="照片", required=False)


class HandOut(LinesForm):
    """发料: how many of each; where the store has less, the rest is bought or dropped."""

    lines = RowsField(HandedRow, label="发料", noun="样", fixed=True, once="line")
    rest = forms.ChoiceField(label="没发完的", choices=RESTS, initial="buy", widget=Choices, required=False)
    note = WordsField(label="说明", required=False, rows=2)

    def starting(self, lines: Iterable[MaterialLine]) -> Iterable[dict[str, Any]]:
        """What is wanted, as far as it is there."""
        for line in lines:
            if line.outstanding:
                there = min(line.outstanding, line.stock.on_hand) if line.stock else Decimal(0)
                yield {"line": line.pk, "quantity": amount(there)}

    def clean(self) -> dict[str, Any]:
        """Something is handed out, or the rest is dropped; and it is said what becomes of the rest."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return clean
        given = sum((row["quantity"] for row in clean["lines"]), Decimal(0))
        if not given and clean.get("rest") != "drop":
            self.add_error("lines", "一样都没有发；库里没有的，请选“剩下的不要了”，或联系采购。")
        clean["rest"] = clean.get("rest") or "buy"
        return clean


class GiveBack(LinesForm):
    """退料: how many of each come back."""

    lines = RowsField(ReturnedRow, label="退料", noun="样", fixed=True, once="line")
    reason = WordsField(label="说明", required=False, rows=2)

    def starting(self, lines: Iterable[MaterialLine]) -> Iterable[dict[str, Any]]:
        """Everything that is out."""
        return ({"line": line.pk, "quantity": amount(line.out)} for line in lines if line.out)
