"""A line of the register's Excel file; its columns are those of the export, so that what came out may go in again."""

from collections.abc import Mapping
from typing import Any

from django import forms

from portal.evidence.models import Piece
from portal.hall.settings.bringing import Bringing, table_in
from portal.orgs.models import Unit, User
from portal.sheets.importing import Importer, Table
from portal.sheets.out import Kind
from portal.widgets import ask_for_each
from repairs.actions.asset_import import carry_out, plan
from repairs.models import AssetKind, AssetSource, AssetState
from repairs.queries.asset_names import MANY, Known, known_at
from repairs.queries.assets import WRITERS
from repairs.queries.stock import stores

HOW = (
    "每行一件（或一批）资产。红色的列必填，其余可以留空。",
    "“资产编号”认一件资产：台账里已有的按这一行更新，没有的新增，贴纸一起做好。",
    "“存放地点”照系统里的写，如“教学楼 203 教室”；全校只有一处叫这个名字时，可以只写“203 教室”。",
    "“保管人”写姓名；有重名的写工号。",
    "已有的资产，留空的列不改。",
    "导入前会先给您看结果；有一行不对，整张表都不写入。",
    "同一张表导入两次，第二次不会改动任何东西。",
)
EXAMPLE = ("ZC-2024-001（示例，请删）", "触控一体机", "通用设备", "希沃 86 英寸", 16800, 1, "2024-03-05", "购置", "县电教设备公司",
           "教学楼 203 教室", "", "2027-03-05", "在用")  # fmt: skip


class NamedField(forms.CharField):
    """A name that must be one of those known; the form that reads a file says which."""


class WordsOf(forms.CharField):
    """A choice by its words, as people see it."""

    def __init__(self, choices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(max_length=20, **options)
        self.codes = {words: code for code, words in choices}

    def clean(self, value: Any) -> str:
        """Its code; blank where nothing is said."""
        words = super().clean(value)
        if words and words not in self.codes:
            raise forms.ValidationError(f"“{self.label}”没有“{words}”，请写：{'、'.join(self.codes)}。")
        return self.codes.get(words, "")


class AssetLine(forms.Form):
    """One line of the register."""

    code = forms.CharField(label="资产编号", max_length=30)
    name = forms.CharField(label="名称", max_length=60)
    kind = WordsOf(AssetKind.choices, label="分类")
    spec = forms.CharField(label="规格型号", max_length=100, required=False)
    price = forms.DecimalField(label="单价", min_value=0, max_digits=12, decimal_places=2, required=False)
    quantity = forms.IntegerField(label="数量", min_value=1, max_value=100000, required=False)
    got_on = forms.DateField(label="取得日期", required=False)
    source = WordsOf(AssetSource.choices, label="来源", required=False)
    supplier = forms.CharField(label="供应商", max_length=60, required=False)
    unit = NamedField(label="存放地点", max_length=120)
    keeper = NamedField(label="保管人", max_length=60, required=False)
    warranty_until = forms.DateField(label="保修到", required=False)
    state = WordsOf(AssetState.choices, label="状态", required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, known: Known | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.known = known or Known()
        ask_for_each(self.fields, invalid="写得不对")

    def clean_code(self) -> str:
        """Without spaces around and inside."""
        return "".join(str(self.cleaned_data["code"]).split())

    def clean_unit(self) -> Unit:
        """A place of the school, by its whole place, or by its name where only one is called so."""
        return self._named(
            "unit", self.known.places, "系统里没有这个地点", "有几处都叫这个名字，请写全，如“教学楼 203 教室”"
        )

    def clean_keeper(self) -> User | None:
        """Somebody of the school."""
        if not self.cleaned_data["keeper"]:
            return None
        return self._named("keeper", self.known.people, "本校没有这个人", "本校有几位叫这个名字，请写工号")

    def _named(self, name: str, known: Mapping[str, Any], missing: str, several: str) -> Any:
        words = " ".join(str(self.cleaned_data[name]).split())
        found = known.get(words)
        if found is None or found == MANY:
            raise forms.ValidationError(
                f"“{self.fields[name].label}”写的“{words}”：{missing if found is None else several}。"
            )
        return found


ASSETS = Importer(
    "资产",
    AssetLine,
    AssetLine.base_fields,
    key=("code",),
    kinds={
        "price": Kind.MONEY, "quantity": Kind.NUMBER, "got_on": Kind.DATE, "warranty_until": Kind.DATE,
    },
    choices={
        "kind": tuple(str(one.label) for one in AssetKind), "source": tuple(str(one.label) for one in AssetSource),
        "state": tuple(str(one.label) for one in AssetState),
    },
)  # fmt: skip


def assets_in(piece: Piece, school: Unit) -> Table:
    """The lines of a file sent before, its names read as this school's."""
    return table_in(piece, ASSETS, known=known_at(school))


BRINGING = Bringing(
    title="导入资产",
    measure="件",
    home="repairs:assets",
    links=(("repairs:asset-template", "下载模板"),),
    schools=lambda by: stores(by, *WRITERS),
    lines=assets_in,
    plan=plan,
    carry_out=carry_out,
    here="repairs",
)
