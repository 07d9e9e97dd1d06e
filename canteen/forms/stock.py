"""What people type about the food store: what a meal takes, what was counted, what is thrown away, what came otherwise."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from canteen.models import FOOD, Canteen, Ingredient, Lot, Meal, Shelf
from canteen.queries import usable_of
from canteen.queries.stock import called, plain
from portal import clock
from portal.orgs.models import User
from portal.templatetags.sunlit import full_day
from portal.wire.amounts import price_field, quantity_field
from portal.wire.paging import PageForm
from portal.wire.rows import RowForm, RowsField

from .deliveries import day_field

ONLY = [("low", "该补货的"), ("soon", "快过期的"), ("expired", "已过期的")]
LARGEST = 2**63 - 1
MOST = 200  # shelves on one sheet


class ShelvesForm(PageForm):
    """What the list of the store may be narrowed to."""

    q = forms.CharField(label="找", required=False, max_length=40, help_text="食材名或规格里的字。")
    only = forms.ChoiceField(label="只看", required=False, choices=ONLY)
    category = forms.ChoiceField(label="类别", required=False, choices=FOOD)
    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=LARGEST, help_text="食堂编号。")


class CanteenForm(forms.Form):
    """Which canteen's store."""

    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=LARGEST)


class ShelfRow(RowForm):
    """A line about one shelf of the sheet; `case` are the shelves of the sheet by their ids."""

    shelf = forms.IntegerField(label="食材", min_value=1, max_value=LARGEST, widget=forms.HiddenInput)

    def heading(self) -> str:
        """The ingredient and what is there."""
        value = str(self["shelf"].value() or "")
        shelf = (self.case or {}).get(int(value)) if value.isdecimal() else None
        return "" if shelf is None else self.said(shelf)

    def said(self, shelf: Shelf) -> str:
        """The ingredient, and how much the books say."""
        return f"{shelf.ingredient.label}，库存 {plain(shelf.on_hand)} {shelf.ingredient.measure}"


class IssuedRow(ShelfRow):
    """How much of a shelf a meal takes; blank: nothing."""

    quantity = quantity_field("领多少", required=False)

    def said(self, shelf: Shelf) -> str:
        """With the day it should be used by."""
        until = getattr(shelf, "next_until", None)
        return super().said(shelf) + (f"，先用 {full_day(until)} 到期的" if until else "")


class CountedRow(ShelfRow):
    """How much was counted; blank: not counted. `seen` is what the page said the books say."""

    seen = quantity_field("账上", least="0", required=False, widget=forms.HiddenInput)
    counted = quantity_field("实际清点", least="0", required=False)
    why = forms.CharField(label="差异原因", max_length=200, required=False)


class SheetForm(forms.Form):
    """A sheet over the shelves of one store."""

    def __init__(self, data: Any = None, *, by: User, shelves: Iterable[Shelf], **options: Any) -> None:
        super().__init__(data, **options)
        self.shelves = {one.pk: one for one in shelves}
        field: Any = self.fields["lines"]
        field.bind(by=by, case=self.shelves)
        field.initial = [self.starting(one) for one in self.shelves.values()]

    def starting(self, shelf: Shelf) -> dict[str, Any]:
        """What the page fills in beforehand."""
        return {"shelf": shelf.pk}


class IssueForm(SheetForm):
    """领用 to one of today's meals."""

    meal = forms.ChoiceField(label="哪一餐", choices=Meal.choices)
    lines = RowsField(IssuedRow, label="领什么", noun="样", fixed=True, max_count=MOST, once="shelf")
    why = forms.CharField(label="备注", max_length=200, required=False)

    def __init__(self, *args: Any, canteen: Canteen, **options: Any) -> None:
        super().__init__(*args, **options)
        words = dict(Meal.choices)
        self.fields["meal"].choices = [(one, words[one]) for one in canteen.meals]  # type: ignore[attr-defined]

    def clean_lines(self) -> list[tuple[int, Decimal]]:
        """What is taken at all."""
        lines = [(row["shelf"], row["quantity"]) for row in self.cleaned_data["lines"] if row.get("quantity")]
        if not lines:
            raise forms.ValidationError("请至少填一样要领的数量。")
        return lines


class CountForm(SheetForm):
    """盘点 of the store."""

    lines = RowsField(CountedRow, label="逐样清点", noun="样", fixed=True, max_count=MOST, once="shelf")

    def starting(self, shelf: Shelf) -> dict[str, Any]:
        """What the books say, which is what is compared with."""
        return {"shelf": shelf.pk, "seen": plain(shelf.on_hand)}

    def clean_lines(self) -> list[tuple[int, Decimal, Decimal | None, str]]:
        """What was counted; a difference has its reason."""
        lines = []
        for row in self.cleaned_data["lines"]:
            if row.get("counted") is None:
                continue
            shelf, seen = self.shelves.get(row["shelf"]), row.get("seen")
            books = seen if seen is not None else shelf.on_hand if shelf else None
            if shelf is not None and row["counted"] != books and not row.get("why"):
                raise forms.ValidationError(f"{shelf.ingredient.label}清点的数和账上不一样，请写差异原因。")
            lines.append((row["shelf"], row["counted"], seen, row.get("why") or "盘点相符"))
        if not lines:
            raise forms.ValidationError("请至少填一样清点的数。")
        return lines


class WriteOffForm(forms.Form):
    """报损 of one lot."""

    quantity = quantity_field("报损多少")
    why = forms.CharField(label="原因", max_length=200)

    @classmethod
    def of(cls, lot: Lot, data: Any = None) -> "WriteOffForm":
        """All that is left of the lot, because it has expired if it has."""
        over = lot.keeps_until is not None and lot.keeps_until < clock.today()
        return cls(data, initial={"quantity": plain(lot.on_hand), "why": "已过期" if over else ""})


class MinimumForm(forms.Form):
    """最低库存."""

    minimum = quantity_field("最低库存", least="0", help_text="低于这个数，就列入“该补货的”。")


class BookInForm(forms.Form):
    """登记入库 of what came without a delivery."""

    food = forms.CharField(label="食材", max_length=100, widget=forms.TextInput(attrs={"list": "foods"}))
    quantity = quantity_field()
    price = price_field("单价")
    batch = forms.CharField(label="批号", max_length=40, required=False)
    keeps_until = day_field("保质期至", required=False)
    why = forms.CharField(label="来源", max_length=200, help_text="例如：建账时盘点、某某捐赠。采购的走到货验收。")

    def __init__(self, data: Any = None, *, canteen: Canteen | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.known: dict[str, Ingredient] = called(usable_of(canteen.school)) if canteen is not None else {}

    def clean_food(self) -> Any:
        """The ingredient of that name."""
        found = self.known.get(self.cleaned_data["food"])
        if found is None:
            raise forms.ValidationError("食材表里没有这一样（或已禁用），请从提示里选。")
        return found


def named(said: dict[str, Any]) -> dict[str, Any]:
    """What the form of booking in says, as its verb calls it."""
    return {"ingredient" if name == "food" else name: value for name, value in said.items()}
