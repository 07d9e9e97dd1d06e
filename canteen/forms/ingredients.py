"""What people type about ingredients: one of them, a list narrowed, a line of the Excel file."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from canteen.actions.ingredient_import import carry_out, plan
from canteen.models import ALLERGENS, FOOD
from canteen.queries.ingredients import schools_listed_by
from portal.evidence.models import Piece
from portal.hall.settings.bringing import Bringing, SchoolField, table_in
from portal.orgs.models import Unit
from portal.sheets.importing import Importer, Table
from portal.sheets.out import Kind
from portal.widgets import Amount, Switch, ask_for_each
from portal.wire.amounts import quantity_field
from portal.wire.paging import PageForm

FOOD_CODES, ALLERGEN_CODES = ({words: code for code, words in rows} for rows in (FOOD, ALLERGENS))
BETWEEN = "、"
HOW = (
    "每行一样食材。红色的列必填，其余可以留空。",
    "“食材”“规格”“单位”合起来认一样食材：已有的按这一行更新，没有的新增。",
    "“类别”从下拉里选，就是公示账目里的类别。",
    "“每单位克数”是一个单位有多重：斤填 500，公斤填 1000，盒按包装填；带量食谱按它折算。",
    "“能量”“蛋白质”是每 100 克的含量，可以留空；“过敏原”有几种的用顿号隔开。",
    "导入前会先给您看结果；有一行不对，整张表都不写入。",
    "同一张表导入两次，第二次不会改动任何东西。",
)


def content_field(label: str, unit: str) -> forms.DecimalField:
    """What 100 g of it contain."""
    return forms.DecimalField(
        label=label, min_value=0, max_value=Decimal(9999), max_digits=7, decimal_places=2, required=False,
        widget=Amount(unit), help_text="每 100 克的含量，不知道就不填。",
    )  # fmt: skip


class IngredientForm(forms.Form):
    """One ingredient of a school's list."""

    name = forms.CharField(label="食材", max_length=40)
    spec = forms.CharField(label="规格", max_length=60, required=False, help_text="例如 25 公斤/袋、去皮后腿肉。")
    category = forms.ChoiceField(label="类别", choices=FOOD)
    measure = forms.CharField(label="单位", max_length=8, initial="公斤", help_text="采购、过秤和领用都按它计。")
    grams = quantity_field(
        "每单位克数", required=False, help_text="斤是 500，公斤是 1000；说不准的不填，带量食谱就不折算它。"
    )
    kcal = content_field("能量", "千卡")
    protein = content_field("蛋白质", "克")
    allergens = forms.MultipleChoiceField(
        label="过敏原", choices=ALLERGENS, required=False, widget=forms.CheckboxSelectMultiple
    )
    banned = forms.BooleanField(
        label="禁用", required=False, widget=Switch, help_text="禁用的食材不能写进菜谱，不能下单，也不能收货。"
    )
    why = forms.CharField(label="禁用原因", max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        """What is banned says why; what is not banned needs no reason."""
        clean: dict[str, Any] = super().clean() or self.cleaned_data
        if clean.get("banned") and not clean.get("why"):
            self.add_error("why", "禁用的食材请写明原因。")
        if not clean.get("banned"):
            clean["why"] = ""
        return clean


class NewIngredientForm(IngredientForm):
    """A new one; `schools` are those whose list the person writes."""

    school = SchoolField()
    field_order = ("school", *IngredientForm.base_fields)

    def __init__(self, *args: Any, schools: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["school"].queryset = schools if schools is not None else Unit.objects.none()  # type: ignore[attr-defined]


class IngredientListForm(PageForm):
    """What the list may be narrowed to."""

    q = forms.CharField(label="找", required=False, max_length=40, help_text="食材或规格里的字。")
    category = forms.ChoiceField(label="类别", required=False, choices=FOOD)
    banned = forms.BooleanField(label="只看禁用的", required=False)
    retired = forms.BooleanField(label="连同停用的", required=False)
    school = forms.IntegerField(label="学校", required=False, min_value=1, max_value=2**63 - 1, help_text="学校编号。")


class IngredientLine(forms.Form):
    """One line of the Excel file."""

    name = forms.CharField(label="食材", max_length=40)
    spec = forms.CharField(label="规格", max_length=60, required=False)
    measure = forms.CharField(label="单位", max_length=8)
    category = forms.CharField(label="类别", max_length=12)
    grams = quantity_field("每单位克数", required=False)
    kcal = forms.DecimalField(label="能量", min_value=0, max_digits=7, decimal_places=2, required=False)
    protein = forms.DecimalField(label="蛋白质", min_value=0, max_digits=7, decimal_places=2, required=False)
    allergens = forms.CharField(label="过敏原", max_length=60, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        ask_for_each(self.fields, invalid="要填数字")

    def clean_category(self) -> str:
        """A kind of the list by its words."""
        words = self.cleaned_data["category"]
        if words not in FOOD_CODES:
            raise forms.ValidationError(f"没有“{words}”这个类别，请从下拉里选。")
        return FOOD_CODES[words]

    def clean_allergens(self) -> list[str]:
        """Kinds of the list by their words, with commas of any sort between them."""
        words = self.cleaned_data["allergens"].replace("，", BETWEEN).replace(",", BETWEEN).split(BETWEEN)
        said = [one.strip() for one in words if one.strip()]
        unknown = [one for one in said if one not in ALLERGEN_CODES]
        if unknown:
            raise forms.ValidationError(f"没有“{unknown[0]}”这种过敏原，请写：{BETWEEN.join(ALLERGEN_CODES)}。")
        return [code for code, words in ALLERGENS if words in said]


INGREDIENTS = Importer(
    "食材",
    IngredientLine,
    IngredientLine.base_fields,
    key=("name", "spec", "measure"),
    kinds={"grams": Kind.NUMBER, "kcal": Kind.NUMBER, "protein": Kind.NUMBER},
    choices={"category": tuple(FOOD_CODES)},
)


def ingredients_in(piece: Piece, school: Unit) -> Table:
    """The lines of a file sent before."""
    return table_in(piece, INGREDIENTS)


BRINGING = Bringing(
    title="导入食材",
    measure="样",
    home="canteen:ingredients",
    links=(("canteen:ingredients-template", "下载模板"),),
    schools=schools_listed_by,
    lines=ingredients_in,
    plan=plan,
    carry_out=carry_out,
    here="canteen",
)
