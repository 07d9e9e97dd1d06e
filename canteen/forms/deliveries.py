"""What people type about orders and deliveries: one form a step, for the page and the API alike."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from canteen.apps import PURCHASERS
from canteen.models import Canteen, Delivery, DeliveryLine, Ingredient, Supplier
from canteen.queries import canteen_at, canteens_for, deliverers_of, usable_of
from canteen.queries.deliveries import is_chilled, paper_of
from canteen.queries.stock import called, plain
from canteen.rules.deliveries import off, orders
from portal import clock
from portal.cases.forms import PlaceField, StepForm, WordsField
from portal.evidence.fields import EvidenceField
from portal.orgs.models import User
from portal.widgets import Amount
from portal.wire.amounts import in_units, price_field, quantity_field
from portal.wire.days import day_field
from portal.wire.rows import RowForm, RowsField


class OrderRow(RowForm):
    """One ingredient that is ordered, by its name, at the price agreed."""

    food = forms.CharField(label="食材", max_length=100)
    quantity = quantity_field()
    price = price_field("单价")

    def suggests(self) -> dict[str, list[str]]:
        """What the canteens one buys for cook with."""
        return {"food": list(called(_foods_for(self.by)))}


def _foods_for(by: Any) -> list[Ingredient]:
    schools = {one.school for one in canteens_for(by, *PURCHASERS)} if isinstance(by, User) else set()
    return [food for school in schools for food in usable_of(school)]


class Order(StepForm):
    """下单: from which supplier, for which day, what and at which price."""

    unit = PlaceField(label="食堂")
    supplier = forms.ModelChoiceField(Supplier.objects.all(), label="供应商", empty_label="请选择供应商")
    needed_on = day_field("要货日期")
    lines = RowsField(
        OrderRow, label="订什么", noun="样", spare=3, help_text="从提示里选食材；表里没有的，先到食材表登记。"
    )
    note = WordsField(label="给供应商和保管员的话", required=False, rows=2)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        mine = canteens_for(self.by, *PURCHASERS).order_by() if isinstance(self.by, User) else Canteen.objects.none()
        rows = Supplier.objects.filter(school__in=mine.values("school"), banned_on=None).order_by("name", "pk")
        self.fields["supplier"].queryset = rows  # type: ignore[attr-defined]
        self.initial.setdefault("needed_on", clock.today())

    def clean(self) -> dict[str, Any]:
        """A canteen's own school's supplier whose papers hold, its own ingredients, each once, none that is banned."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        canteen = canteen_at(clean["unit"]) if clean.get("unit") else None
        if canteen is not None:
            orders(self.by, canteen.unit)
        if clean.get("unit") and canteen is None:
            self.add_error("unit", "这里没有食堂，请选食堂。")
        if clean.get("needed_on") and clean["needed_on"] < clock.today():
            self.add_error("needed_on", "要货日期不能早于今天。")
        if canteen is not None and clean.get("supplier"):
            self._refuse_supplier(clean["supplier"], canteen)
        if canteen is not None and clean.get("lines"):
            self._find_foods(clean["lines"], canteen)
        return clean

    def _refuse_supplier(self, supplier: Supplier, canteen: Canteen) -> None:
        if supplier.pk not in {one.pk for one in deliverers_of(canteen.school, self.cleaned_data.get("needed_on"))}:
            self.add_error(
                "supplier", f"{supplier.name}那天不能供货：证件不全、过期或已停止合作。请先登记新证件，或换一家。"
            )

    def _find_foods(self, lines: list[dict[str, Any]], canteen: Canteen) -> None:
        known, seen = called(usable_of(canteen.school)), set()
        for number, row in enumerate(lines, 1):
            found = known.get(row["food"])
            if found is None:
                self.add_error("lines", f"第 {number} 样：食材表里没有“{row['food']}”（或已禁用），请从提示里选。")
            elif found.pk in seen:
                self.add_error("lines", f"第 {number} 样：“{row['food']}”写了两次，请合成一样。")
            else:
                seen.add(found.pk)
            row["food"] = found


class LineRow(RowForm):
    """A line of the delivery and what is said of it."""

    line = forms.ModelChoiceField(DeliveryLine.objects.none(), label="哪一样", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Delivery):
            self.fields["line"].queryset = self.case.lines.select_related("ingredient", "lot")  # type: ignore[attr-defined]

    @property
    def about(self) -> DeliveryLine | None:
        """The line itself."""
        known: dict[str, DeliveryLine] = {str(one.pk): one for one in getattr(self.case, "line_objects", ())}
        return known.get(str(self["line"].value()))

    def heading(self) -> str:
        """What the line is about."""
        return "" if self.about is None else self.said(self.about)

    def said(self, line: DeliveryLine) -> str:
        """What was ordered of it."""
        food = line.ingredient
        return f"{food.label}：订 {plain(line.ordered)} {food.measure}，{line.agreed} 元"


class WeighedRow(LineRow):
    """What was accepted of a line: quantity, price, what stands on it, its certificate, and why it differs."""

    folds = ("keeps_until", "made_on", "batch")

    accepted = quantity_field("实收", least="0")
    price = price_field("实际单价")
    papers = EvidenceField(label="证明照片", required=False, max_count=3)
    keeps_until = day_field("保质期至", required=False)
    made_on = day_field("生产日期", required=False)
    batch = forms.CharField(label="批号", max_length=40, required=False)
    degrees = forms.DecimalField(
        label="到货温度",
        required=False,
        min_value=-60,
        max_value=60,
        max_digits=4,
        decimal_places=1,
        widget=Amount("℃"),
    )
    reason = forms.CharField(label="差异或拒收原因", max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        line = self.about
        if line is not None:
            category = line.ingredient.category
            in_units(self.fields["accepted"], line.ingredient.measure)
            self.fields["papers"].label = paper_of(category) or "包装或证明照片"
            if not is_chilled(category):
                del self.fields["degrees"]

    def clean(self) -> dict[str, Any]:
        """What its category demands is shown; what differs from the order beyond the canteen's gap, or is refused, has a reason."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        line, accepted, price = clean.get("line"), clean.get("accepted"), clean.get("price")
        if line is None or accepted is None or price is None or not isinstance(self.case, Delivery):
            return clean
        name, paper = line.ingredient.name, paper_of(line.ingredient.category)
        if accepted and paper and not clean.get("papers"):
            self.add_error("papers", f"{name}要拍{paper}；没有就拒收，实收填 0。")
        if accepted and clean.get("keeps_until") and clean["keeps_until"] < clock.today():
            self.add_error("keeps_until", f"{name}已经过期，不能收，实收填 0。")
        if clean.get("made_on") and clean["made_on"] > clock.today():
            self.add_error("made_on", f"{name}的生产日期在以后，请核对包装。")
        if not clean.get("reason"):
            self._ask_why(line, accepted, price, self.case.canteen)
        return clean

    def _ask_why(self, line: DeliveryLine, accepted: Decimal, price: Decimal, canteen: Canteen) -> None:
        by_weight, by_price = off(accepted, line.ordered), off(price, line.agreed)
        if not accepted:
            self.add_error("reason", f"{line.ingredient.name}拒收，请写原因。")
        elif abs(by_weight) > canteen.weight_gap:
            way = "多" if by_weight > 0 else "少"
            self.add_error("reason", f"{line.ingredient.name}比订的{way} {plain(abs(by_weight))}%，请写原因。")
        elif by_price > canteen.price_gap:
            self.add_error("reason", f"{line.ingredient.name}比订的价高 {plain(by_price)}%，请写原因。")


class ReturnedRow(LineRow):
    """What goes back of a line."""

    quantity = quantity_field("退多少", least="0")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.about is not None:
            in_units(self.fields["quantity"], self.about.ingredient.measure)

    def said(self, line: DeliveryLine) -> str:
        """What is left of it."""
        there = line.lot.on_hand if line.lot else Decimal(0)
        return f"{line.ingredient.label}（还有 {plain(there)} {line.ingredient.measure}）"

    def clean(self) -> dict[str, Any]:
        """Not more than is left of its lot."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        line, quantity = clean.get("line"), clean.get("quantity")
        there = line.lot.on_hand if line is not None and line.lot else Decimal(0)
        if line is not None and quantity is not None and quantity > there:
            self.add_error("quantity", f"{line.ingredient.name}这一批只剩 {plain(there)} {line.ingredient.measure}。")
        return clean


class LinesForm(StepForm):
    """A step about lines of the delivery, each offered as `starting` says."""

    def __init__(self, *args: Any, **options: Any) -> None:
        if isinstance(options.get("case"), Delivery):
            case: Delivery = options["case"]
            every = list(case.lines.select_related("ingredient", "lot").order_by("pk"))
            case.line_objects = every  # type: ignore[attr-defined]
            options["initial"] = {"lines": list(self.starting(every))} | (options.get("initial") or {})
        super().__init__(*args, **options)

    def starting(self, lines: Iterable[DeliveryLine]) -> Iterable[dict[str, Any]]:
        """What the page fills in beforehand."""
        return ({"line": one.pk} for one in lines)


class WeighIn(LinesForm):
    """过秤登记: photos of the goods on the scale, and every line as it came."""

    photos = EvidenceField(label="到货和过秤照片", required=False)
    lines = RowsField(WeighedRow, label="逐样过秤", noun="样", fixed=True, once="line")
    note = WordsField(label="说明", required=False, rows=2)

    def starting(self, lines: Iterable[DeliveryLine]) -> Iterable[dict[str, Any]]:
        """As it was ordered."""
        return ({"line": one.pk, "accepted": plain(one.ordered), "price": one.agreed} for one in lines)

    def clean(self) -> dict[str, Any]:
        """Every line is weighed."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        if isinstance(self.case, Delivery) and clean.get("lines"):
            left = {one.pk for one in self.case.lines.all()} - {row["line"].pk for row in clean["lines"]}
            if left:
                self.add_error("lines", f"还有 {len(left)} 样没有过秤；没送来的，实收填 0，写明原因。")
        return clean


class SignDelivery(StepForm):
    """签字验收."""

    note = WordsField(label="意见", required=False, rows=2)


class Countersign(SignDelivery):
    """签字并入库."""


class Reweigh(StepForm):
    """退回重称, with a reason."""

    reason = WordsField(label="哪里不对", rows=2)


class ReturnGoods(LinesForm):
    """退货: how much of each goes back, and why."""

    lines = RowsField(ReturnedRow, label="退什么", noun="样", fixed=True, once="line", sheet=True)
    reason = WordsField(label="原因", rows=2)
    photos = EvidenceField(label="照片", required=False)

    def starting(self, lines: Iterable[DeliveryLine]) -> Iterable[dict[str, Any]]:
        """What is left in stock."""
        return ({"line": one.pk, "quantity": "0"} for one in lines if one.lot and one.lot.on_hand)


class CallOff(StepForm):
    """取消订单, with a reason."""

    reason = WordsField(label="原因", rows=2)
