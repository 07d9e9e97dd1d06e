"""A line of the store's Excel file."""

from collections.abc import Mapping
from typing import Any

from django import forms

from portal.evidence.models import Piece
from portal.hall.settings.bringing import Bringing, table_in
from portal.sheets.importing import Importer, Table
from portal.sheets.out import Kind
from portal.widgets import ask_for_each
from portal.wire.amounts import price_field, quantity_field
from repairs.actions.stock_import import carry_out, plan
from repairs.models import CATEGORIES
from repairs.queries.stock import KEEPERS, stores

CODES = {words: code for code, words in CATEGORIES}
HOW = (
    "每行一样物品。红色的列必填，其余可以留空。",
    "“品名”和“规格”合起来认一样物品：库里已有的按这一行更新，没有的新增。",
    "“现有数量”留空表示不改库存；填了就按实际清点的数记账，差数会留在账上。",
    "新增的物品有数量时，要填“单价”。",
    "导入前会先给您看结果；有一行不对，整张表都不写入。",
    "同一张表导入两次，第二次不会改动任何东西。",
)


class StockLine(forms.Form):
    """One line: name and specification, and what else is known of it."""

    name = forms.CharField(label="品名", max_length=60)
    spec = forms.CharField(label="规格", max_length=60, required=False)
    measure = forms.CharField(label="单位", max_length=8)
    category = forms.CharField(label="类别", max_length=12, required=False)
    quantity = quantity_field("现有数量", least="0", required=False)
    price = price_field("单价", required=False)
    minimum = quantity_field("最低库存", least="0", required=False)
    supplier = forms.CharField(label="供应商", max_length=60, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        ask_for_each(self.fields, invalid="要填数字")

    def clean_category(self) -> str:
        """A kind of the list by its words; blank is 其他."""
        words = self.cleaned_data["category"] or "其他"
        if words not in CODES:
            raise forms.ValidationError(f"没有“{words}”这个类别，请从下拉里选。")
        return CODES[words]


STOCK = Importer(
    "库存",
    StockLine,
    StockLine.base_fields,
    key=("name", "spec"),
    kinds={"quantity": Kind.NUMBER, "price": Kind.MONEY, "minimum": Kind.NUMBER},
    choices={"category": tuple(CODES)},
)


def lines_in(piece: Piece) -> Table:
    """The lines of a file sent before."""
    return table_in(piece, STOCK)


BRINGING = Bringing(
    title="导入库存",
    measure="样",
    home="repairs:stock",
    links=(("repairs:stock-template", "下载模板"),),
    schools=lambda by: stores(by, *KEEPERS),
    lines=lambda piece, school: lines_in(piece),
    plan=plan,
    carry_out=carry_out,
    here="repairs",
)
