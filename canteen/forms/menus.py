"""What people type about dishes and menus: a recipe for one head, a price with its minutes, the dishes of a meal."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q

from canteen.forms.places import ChooseForm
from canteen.models import Canteen, Course, Dish, Ingredient, Meal, Style
from canteen.queries import usable_of
from canteen.queries.menus import dishes_of
from portal.cases.forms import StepForm
from portal.evidence.fields import EvidenceField
from portal.evidence.models import PieceKind
from portal.orgs.models import Unit, User
from portal.widgets import Amount
from portal.wire.days import DayField
from portal.wire.rows import RowForm, RowsField

MINUTES = (PieceKind.DOCUMENT.value, PieceKind.PHOTO.value)


class PartLine(RowForm):
    """One ingredient by its name (and specification, where several are called so), with the grams for one head."""

    ingredient = forms.CharField(label="食材", max_length=101)
    grams = forms.DecimalField(
        label="每人克数", min_value=Decimal("0.1"), max_value=Decimal(2000), max_digits=7, decimal_places=1,
        widget=Amount("克"),
    )  # fmt: skip

    def suggests(self) -> Mapping[str, Sequence[str]]:
        """The school's ingredients."""
        if not isinstance(self.case, Unit):
            return {}
        return {"ingredient": list(dict.fromkeys(one.label for one in usable_of(self.case)[:300]))}

    def clean_ingredient(self) -> Any:
        """The ingredient of that name. What several specifications share is any of them: the recipe asks for the food."""
        said = " ".join(str(self.cleaned_data["ingredient"]).split())
        if not isinstance(self.case, Unit):
            return said
        rows = Ingredient.objects.filter(school=self.case, retired_on=None).order_by("pk")
        name, _, spec = said.partition(" ")
        found = rows.filter(Q(name=said) | Q(name=name, spec=spec)).first()
        if found is None:
            raise forms.ValidationError(f"食材库里没有“{said}”，请先登记食材。")
        return found


class DishForm(StepForm):
    """A dish for one head."""

    name = forms.CharField(label="菜名", max_length=40)
    course = forms.ChoiceField(label="类别", choices=Course.choices)
    style = forms.ChoiceField(
        label="做法", choices=Style.choices, initial="hot", help_text="凉菜、生食、裱花蛋糕学校食堂不能供应。"
    )
    parts = RowsField(PartLine, label="每人带量", max_count=30, spare=4, noun="种食材")
    photos = EvidenceField(label="照片", required=False, max_count=2)

    def __init__(self, data: Any = None, *, by: User, school: Unit, **options: Any) -> None:
        super().__init__(data, by=by, **options)
        self.fields["parts"].bind(by=by, case=school)  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """Without spaces around."""
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_parts(self) -> list[dict[str, Any]]:
        """Each ingredient once."""
        rows: list[dict[str, Any]] = self.cleaned_data["parts"]
        if len({one["ingredient"].pk for one in rows}) < len(rows):
            raise forms.ValidationError("同一种食材填了两次，请合成一行。")
        return rows


class NewDishForm(DishForm):
    """A new dish, with its first price."""

    price = forms.DecimalField(
        label="价格",
        min_value=0,
        max_digits=7,
        decimal_places=2,
        widget=Amount("元"),
        help_text="以后调价要附会议纪要。",
    )
    field_order = ("name", "course", "style", "price", "parts", "photos")


class PriceForm(StepForm):
    """Another price, with the minutes of the canteen's management group and what diners are told."""

    price = forms.DecimalField(label="新价格", min_value=0, max_digits=7, decimal_places=2, widget=Amount("元"))
    since = DayField(label="从哪天起", widget=forms.DateInput, help_text="至少提前 3 天。")
    notice = forms.CharField(
        label="告知家长和学生的话",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="会写在公示的菜谱上。",
    )
    minutes = EvidenceField(label="会议纪要", min_count=1, max_count=3, kinds=MINUTES)


class MealForm(forms.Form):
    """Which dishes a meal is made of."""

    dishes = forms.ModelMultipleChoiceField(
        Dish.objects.none(), label="菜品", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="一道都不选，就是这一餐不供。",
    )  # fmt: skip
    reason = forms.CharField(
        label="改动原因", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="这一周已经公示的，要写明原因，读者看得到。",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, school: Unit, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["dishes"].queryset = dishes_of(school)  # type: ignore[attr-defined]

    def clean_dishes(self) -> list[Dish]:
        """At most thirty."""
        found = list(self.cleaned_data["dishes"])
        if len(found) > 30:
            raise forms.ValidationError("一餐最多 30 道菜。")
        return found


class WeekForm(ChooseForm):
    """Which canteen and week a page is about, and for which age the advice is."""

    day = DayField(label="哪一周", required=False)
    age = forms.CharField(label="年龄段", required=False, max_length=8)


class CopyForm(forms.Form):
    """The week to fill, by any of its days."""

    canteen = forms.IntegerField(label="食堂", min_value=1, max_value=2**31 - 1)
    day = DayField(label="哪一周")


class DishesForm(ChooseForm):
    """What a list of dishes is narrowed to."""

    q = forms.CharField(label="菜名", required=False, max_length=40)
    cursor = forms.CharField(label="从哪里接着", required=False, max_length=200)


def is_meal(meal: str, canteen: Canteen) -> bool:
    """Whether this is a meal the canteen serves."""
    return meal in dict(Meal.choices) and meal in canteen.meals
