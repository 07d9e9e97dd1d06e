"""What people type at an inquiry: the list, one source's prices, what is chosen and why."""

from typing import Any

from django import forms

from canteen.models import Ingredient, Inquiry, InquiryItem, Source, SourceKind, Supplier
from canteen.queries.ingredients import usable_of
from canteen.queries.inquiries import compared, last_prices
from portal.cases.forms import PlaceField, StepForm, WordsField
from portal.evidence.actions import PAPER
from portal.evidence.fields import EvidenceField
from portal.templatetags.sunlit import money
from portal.widgets import Choices
from portal.wire.amounts import price_field, quantity_field
from portal.wire.rows import RowForm, RowsField

MOST = 60  # ingredients of one inquiry
NONE = Ingredient.objects.none()


class OpenInquiry(StepForm):
    """A school's week."""

    unit = PlaceField(label="学校")


class WantedRow(RowForm):
    """One ingredient, and how much of it is needed this week."""

    ingredient = forms.ModelChoiceField(NONE, label="食材", empty_label="请选择")
    quantity = quantity_field("本周约用")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Inquiry):
            field: Any = self.fields["ingredient"]
            field.queryset = usable_of(self.case.school)
            field.label_from_instance = lambda one: f"{one.label}（{one.measure}）"


class ListItems(StepForm):
    """定清单: what to ask for this week."""

    lines = RowsField(WantedRow, label="问哪些", noun="样", max_count=MOST, once="ingredient")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Inquiry):
            rows = self.case.items.order_by("pk").values("ingredient", "quantity")
            self.initial.setdefault("lines", [one | {"quantity": f"{one['quantity'].normalize():f}"} for one in rows])


class PriceRow(RowForm):
    """One ingredient's price at this source; blank where it is not sold there."""

    ingredient = forms.ModelChoiceField(NONE, label="食材", widget=forms.HiddenInput)
    price = price_field("单价", required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Inquiry):
            self.fields["ingredient"].queryset = Ingredient.objects.filter(inquired__inquiry=self.case)  # type: ignore[attr-defined]

    def heading(self) -> str:
        """The ingredient, and what it cost last time."""
        known: dict[str, str] = getattr(self.case, "price_headings", {})
        return known.get(str(self["ingredient"].value()), "")

    def clean_price(self) -> Any:
        """Nothing is for free."""
        if self.cleaned_data["price"] == 0:
            raise forms.ValidationError("单价要大于零；这家没有卖的就不填。")
        return self.cleaned_data["price"]


class Quote(StepForm):
    """记一家报价: a supplier of the school, or a market or platform by its name."""

    kind = forms.ChoiceField(label="来源", choices=SourceKind.choices, widget=Choices, initial=SourceKind.SUPPLIER)
    supplier = forms.ModelChoiceField(
        Supplier.objects.none(), label="哪家供应商", required=False, empty_label="不是本校的供应商"
    )
    name = forms.CharField(
        label="市场或平台名称", max_length=60, required=False, help_text="例如 柳溪农贸市场 12 号摊。"
    )
    lines = RowsField(PriceRow, label="单价", noun="样", max_count=MOST, fixed=True, once="ingredient", required=False)
    photos = EvidenceField(label="价签、报价单", required=False, max_count=6, kinds=PAPER)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Inquiry):
            self.fields["supplier"].queryset = Supplier.objects.filter(  # type: ignore[attr-defined]
                school=self.case.school_id, banned_on=None
            ).order_by("name")
            items = self.case.items.select_related("ingredient").order_by(
                "ingredient__category", "ingredient__name", "pk"
            )
            before = last_prices(self.case)
            self.case.price_headings = {str(one.ingredient_id): _heading(one, before) for one in items}  # type: ignore[attr-defined]
            self.initial.setdefault("lines", [{"ingredient": one.ingredient_id} for one in items])

    def clean(self) -> dict[str, Any]:
        """Who it is, once in this inquiry, and one price at least."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        supplier = clean.get("supplier")
        clean["source"] = supplier.name if supplier else clean.get("name", "").strip()
        if clean.get("kind") == SourceKind.SUPPLIER and supplier is None:
            self.add_error("supplier", "请选择供应商；市场和网上平台请换来源，填名称。")
        elif clean.get("kind") != SourceKind.SUPPLIER and not clean.get("name"):
            self.add_error("name", "请写明是哪个市场或平台。")
        elif isinstance(self.case, Inquiry) and self.case.sources.filter(name=clean["source"]).exists():
            self.add_error("supplier" if supplier else "name", f"{clean['source']}本周已经记过了。")
        if clean.get("kind") != SourceKind.SUPPLIER:
            clean["supplier"], clean["source"] = None, clean.get("name", "").strip()
        if isinstance(self.case, Inquiry) and not self.case.price_headings:  # type: ignore[attr-defined]
            self.add_error("lines", "这周还没有列出要问的食材，请先用“定清单”写明问哪些、各约用多少。")
        elif "lines" in clean and not any(row["price"] for row in clean["lines"]):
            self.add_error("lines", "请至少填一样的单价。")
        return clean


def _heading(one: InquiryItem, before: dict[int, Any]) -> str:
    last = f"，上次最低 {money(before[one.ingredient_id])} 元" if one.ingredient_id in before else ""
    return f"{one.ingredient.label}（元/{one.ingredient.measure}{last}）"


class ChoiceRow(RowForm):
    """One ingredient, from whom it is bought this week, and why where that is not the cheapest."""

    ingredient = forms.ModelChoiceField(NONE, label="食材", widget=forms.HiddenInput)
    source = forms.ModelChoiceField(Source.objects.none(), label="向谁买", empty_label=None)
    why = forms.CharField(label="为什么不选最低的", max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Inquiry):
            self.fields["ingredient"].queryset = Ingredient.objects.filter(inquired__inquiry=self.case)  # type: ignore[attr-defined]
            field: Any = self.fields["source"]
            field.queryset = self.case.sources.order_by("pk")
            line = self._line()
            if line is not None:
                prices = line.quotes
                field.queryset = self.case.sources.filter(pk__in=prices).order_by("pk")
                field.label_from_instance = lambda one: f"{one.name} {money(prices[one.pk])} 元"

    def _line(self) -> Any:
        lines: dict[str, Any] = getattr(self.case, "choice_lines", {})
        return lines.get(str(self["ingredient"].value()))

    def heading(self) -> str:
        """The ingredient with what it usually costs."""
        line = self._line()
        if line is None:
            return ""
        usual = f"，近四周 {money(line.usual.price)} 元" if line.usual.price else ""
        middle = f"，全县中位 {money(line.middle.price)} 元" if line.middle else ""
        return f"{line.item.ingredient.label}（{line.item.ingredient.measure}{usual}{middle}）"

    def clean(self) -> dict[str, Any]:
        """Who is not the cheapest is chosen with a reason."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        lines: dict[str, Any] = getattr(self.case, "choice_lines", {})
        ingredient, source = clean.get("ingredient"), clean.get("source")
        line = lines.get(str(ingredient.pk)) if ingredient else None
        if line is None or source is None:
            return clean
        price = line.quotes.get(source.pk)
        if price is None:
            self.add_error("source", f"{source.name}没有报{line.item.ingredient.label}的价。")
        elif price > line.lowest and not clean.get("why"):
            self.add_error("why", f"{line.item.ingredient.label}没有选最低价，请写明原因。")
        clean["price"] = price
        return clean


class Choose(StepForm):
    """选定: the cheapest of each beforehand, another one with a reason; and why on the whole."""

    lines = RowsField(ChoiceRow, label="每样向谁买", noun="样", max_count=MOST, fixed=True)
    reason = WordsField(label="选定理由", rows=2, help_text="会在每月的价格公示里公开。", initial="每样选最低价")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Inquiry):
            lines = compared(self.case).lines
            self.case.choice_lines = {str(one.item.ingredient_id): one for one in lines}  # type: ignore[attr-defined]
            rows = [{"ingredient": one.item.ingredient_id, "source": one.cheapest} for one in lines]
            self.initial.setdefault("lines", rows)

    def clean(self) -> dict[str, Any]:
        """Every line once."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        if isinstance(self.case, Inquiry) and "lines" in clean:
            named = sorted(row["ingredient"].pk for row in clean["lines"])
            if named != sorted(one.item.ingredient_id for one in self.case.choice_lines.values()):  # type: ignore[attr-defined]
                self.add_error("lines", "每一样都要选一家。")
        return clean


class InquireAgain(StepForm):
    """Sent back, with a reason."""

    reason = WordsField(label="哪里要再问", rows=2)


class Skip(StepForm):
    """No inquiry this week, with a reason."""

    reason = WordsField(label="为什么不询价", rows=2, help_text="例如放假、停课。")
