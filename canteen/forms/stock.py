"""What people type about the food store: what a meal takes, what was counted, what is thrown away, what came otherwise."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms

from canteen.models import FOOD, Canteen, Ingredient, Lot, Meal, Shelf
from canteen.queries import usable_of
from canteen.queries.stock import called, plain
from portal import clock
from portal.orgs.models import User
from portal.templatetags.sunlit import day
from portal.wire.amounts import in_units, price_field, quantity_field
from portal.wire.paging import PageForm
from portal.wire.rows import RowForm, RowsField

from .deliveries import day_field

ONLY = [("low", "该补货的"), ("soon", "快过期的"), ("expired", "已过期的")]
LARGEST = 2**63 - 1
MOST = 200  # shelves on one sheet
NEAR = timedelta(days=30)  # before its last day a sheet names it


class ShelvesForm(PageForm):
    """What the list of the store may be narrowed to."""

    q = forms.CharField(label="找", required=False, max_length=40, help_text="食材名或规格里的字。")
    only = forms.ChoiceField(label="只看", required=False, choices=ONLY)
    category = forms.ChoiceField(label="类别", required=False, choices=FOOD)
    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=LARGEST, help_text="食堂编号。")


class CanteenForm(forms.Form):
    """Which canteen's store."""

    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=LARGEST)


class SheetOf(CanteenForm):
    """Which canteen's store, and which of its ingredients a sheet begins with; blank: all."""

    q = forms.CharField(label="找", required=False, max_length=40)


class ShelfRow(RowForm):
    """A line about one shelf of the sheet; `case` are the shelves of the sheet by their ids."""

    shelf = forms.IntegerField(label="食材", min_value=1, max_value=LARGEST, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        value = str(self["shelf"].value() or "")
        self.about: Shelf | None = (self.case or {}).get(int(value)) if value.isdecimal() else None
        if self.about is not None:
            in_units(self.visible_fields()[0].field, self.about.ingredient.measure)

    def heading(self) -> str:
        """The ingredient."""
        return self.about.ingredient.label if self.about else ""

    def note(self) -> str:
        """How much of it the books say is there."""
        return f"库存 {plain(self.about.on_hand)} {self.about.ingredient.measure}" if self.about else ""


class IssuedRow(ShelfRow):
    """How much of a shelf a meal takes; blank: nothing."""

    quantity = quantity_field("领多少", required=False, widget=forms.NumberInput(attrs={"placeholder": "不领"}))

    def note(self) -> str:
        """With what has expired, or else the day it should be used by, if that is near."""
        until = getattr(self.about, "next_until", None)
        if until is None or until > clock.today() + NEAR:
            return super().note()
        return super().note() + ("，有过期的，先报损" if until < clock.today() else f"，先用 {day(until)} 到期的")


class CountedRow(ShelfRow):
    """How much was counted; blank: not counted. `seen` is what the page said the books say."""

    seen = quantity_field("账上", least="0", required=False, widget=forms.HiddenInput)
    counted = quantity_field(
        "实际清点", least="0", required=False, widget=forms.NumberInput(attrs={"placeholder": "没点"})
    )
    why = forms.CharField(
        label="差异原因",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "和账上一样的不用写"}),
    )

    def clean(self) -> dict[str, Any]:
        """A difference has its reason."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        seen, counted = clean.get("seen"), clean.get("counted")
        if self.about is None or counted is None or clean.get("why"):
            return clean
        if counted != (self.about.on_hand if seen is None else seen):
            self.add_error("why", "清点的数和账上不一样，请写差异原因。")
        return clean


class SheetForm(forms.Form):
    """A sheet over the shelves of one store."""

    def __init__(self, data: Any = None, *, by: User, shelves: Iterable[Shelf], q: str = "", **options: Any) -> None:
        super().__init__(data, **options)
        self.shelves = {one.pk: one for one in shelves}
        field: Any = self.fields["lines"]
        field.bind(by=by, case=self.shelves)
        field.initial = [self.starting(one) for one in self.shelves.values() if q in one.ingredient.label]

    def starting(self, shelf: Shelf) -> dict[str, Any]:
        """What the page fills in beforehand."""
        return {"shelf": shelf.pk}


class IssueForm(SheetForm):
    """领用 to one of today's meals."""

    meal = forms.ChoiceField(label="哪一餐", choices=Meal.choices)
    lines = RowsField(IssuedRow, label="领什么", noun="样", fixed=True, max_count=MOST, once="shelf", sheet=True)
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

    lines = RowsField(CountedRow, label="逐样清点", noun="样", fixed=True, max_count=MOST, once="shelf", sheet=True)

    def starting(self, shelf: Shelf) -> dict[str, Any]:
        """What the books say, which is what is compared with."""
        return {"shelf": shelf.pk, "seen": plain(shelf.on_hand)}

    def clean_lines(self) -> list[tuple[int, Decimal, Decimal | None, str]]:
        """What was counted at all."""
        lines = [
            (row["shelf"], row["counted"], row.get("seen"), row.get("why") or "盘点相符")
            for row in self.cleaned_data["lines"]
            if row.get("counted") is not None
        ]
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
