"""What people type about the store: an item, and each kind of move with its reason."""

from typing import Any

from django import forms

from portal.hall.settings.bringing import SchoolField
from portal.orgs.models import Unit
from portal.wire.amounts import price_field, quantity_field
from portal.wire.paging import PageForm
from repairs.models import CATEGORIES, StockMove


class ItemForm(forms.Form):
    """What an item is called, and when it counts as low."""

    name = forms.CharField(label="品名", max_length=60)
    spec = forms.CharField(label="规格", max_length=60, required=False)
    measure = forms.CharField(label="单位", max_length=8, initial="件")
    category = forms.ChoiceField(label="类别", choices=CATEGORIES)
    minimum = quantity_field("最低库存", least="0", required=False, help_text="低于这个数，就列入“该补货的”。")
    supplier = forms.CharField(label="供应商", max_length=60, required=False)

    def clean_minimum(self) -> Any:
        """Blank is none."""
        return self.cleaned_data["minimum"] or 0


class NewItemForm(ItemForm):
    """A new item, with what is there already; `stores` are the schools it may be for."""

    quantity = quantity_field("现有数量", least="0", required=False)
    price = price_field("单价", required=False)
    school = SchoolField()
    field_order = ("school", "name", "spec", "measure", "category", "quantity", "price", "minimum", "supplier")

    def __init__(self, *args: Any, stores: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["school"].queryset = stores if stores is not None else Unit.objects.none()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is there has a price."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        if clean.get("quantity") and clean.get("price") is None:
            self.add_error("price", "有现有数量时，请填单价。")
        return clean


class ReceiveForm(forms.Form):
    """入库, outside of a request: a donation, what was forgotten."""

    quantity = quantity_field()
    price = price_field("单价")
    why = forms.CharField(label="来源", max_length=200)


class CountForm(forms.Form):
    """盘点更正: how many were counted, and why the books said otherwise."""

    quantity = quantity_field("实际清点", least="0")
    why = forms.CharField(label="差在哪里", max_length=200)


class WriteOffForm(forms.Form):
    """报损: how many are broken or lost, and how."""

    quantity = quantity_field()
    why = forms.CharField(label="原因", max_length=200)


class ReturnForm(WriteOffForm):
    """退库 of what was taken out without a request."""


class MoveForm(forms.Form):
    """A move, for programs: `price` for what comes in."""

    kind = forms.ChoiceField(label="哪一种", choices=[one for one in StockMove.KINDS if one[0] != StockMove.ISSUE])
    quantity = quantity_field(least="0")
    price = price_field("单价", required=False)
    why = forms.CharField(label="原因", max_length=200)

    def clean(self) -> dict[str, Any]:
        """What comes in has a price."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        if clean.get("kind") == StockMove.IN and clean.get("price") is None:
            self.add_error("price", "入库要填单价。")
        if clean.get("kind") != StockMove.COUNT and clean.get("quantity") == 0:
            self.add_error("quantity", "“数量”要大于零。")
        return clean


class StockListForm(PageForm):
    """What the list of the store may be narrowed to."""

    q = forms.CharField(label="找", required=False, max_length=40, help_text="品名、规格或供应商里的字。")
    low = forms.BooleanField(label="只看该补货的", required=False)
    category = forms.ChoiceField(label="类别", required=False, choices=CATEGORIES)
    school = forms.IntegerField(label="学校", required=False, min_value=1, max_value=2**63 - 1, help_text="学校编号。")


class TiersForm(forms.Form):
    """审批额度: up to how much each post approves; above the last the school council decides."""

    head = price_field("总务主任批到")
    vice = price_field("分管副校长批到")
    principal = price_field("校长批到", help_text="再高的由校务会决定，校长上传纪要。")

    def clean(self) -> dict[str, Any]:
        """Each tier is at least the one before."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        amounts = [clean.get(name) for name in ("head", "vice", "principal")]
        if None not in amounts and amounts != sorted(amounts):  # type: ignore[type-var]
            self.add_error("vice", "额度要一级比一级高。")
        return clean
