"""What people type about meals and meal money, and a line of the card system's Excel file."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from canteen.actions.meals import carry_out, plan
from canteen.models import Meal, MealMoney
from canteen.queries.meals import KEEPERS
from canteen.queries.places import canteens_for
from portal.evidence.models import Piece
from portal.hall.settings.bringing import Bringing, SeenForm, table_in
from portal.sheets.importing import Importer, Table
from portal.sheets.out import Kind
from portal.widgets import Amount, ask_for_each
from portal.wire.days import DayField
from portal.wire.paging import PageForm

KINDS = {words: code for code, words in MealMoney.KINDS}
HOW = (
    "从卡机系统导出，每行一笔：流水号、学号、姓名、日期、类型（充值、消费、退款）、金额（元，都填正数）。",
    "流水号是卡机里的编号：同一张表导入两次，第二次不会改动任何东西。",
    "导入前会先给您看结果；有一行不对，整张表都不写入。",
)


def yuan_field(label: str, **options: Any) -> forms.DecimalField:
    """An amount in 元 above zero, two decimals."""
    return forms.DecimalField(
        label=label, min_value=Decimal("0.01"), max_value=99999999, max_digits=12, decimal_places=2, widget=Amount("元"),
        error_messages={"min_value": f"“{label}”要大于零。", "invalid": f"“{label}”要填数字。"}, **options,
    )  # fmt: skip


class MoneyLine(forms.Form):
    """One line: the card system's number, whose it is, when, which kind and how much."""

    serial = forms.CharField(label="流水号", max_length=40)
    number = forms.CharField(label="学号", max_length=30)
    name = forms.CharField(label="姓名", max_length=40)
    day = DayField(label="日期")
    words = forms.CharField(label="类型", max_length=8)
    amount = yuan_field("金额")

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        ask_for_each(self.fields)
        self.fields["day"].error_messages["invalid"] = "“日期”要写成 2026-11-16 这样。"

    def clean_serial(self) -> str:
        """The card system's own numbers; ours begin with TK-."""
        serial: str = self.cleaned_data["serial"]
        if serial.upper().startswith("TK-") or not serial.isascii():
            raise forms.ValidationError("流水号不对，请用卡机系统里的编号。")
        return serial

    def clean_words(self) -> str:
        """A kind by its words."""
        words: str = self.cleaned_data["words"]
        if words not in KINDS:
            raise forms.ValidationError(f"没有“{words}”这个类型，请填充值、消费或退款。")
        self.cleaned_data["kind"] = KINDS[words]
        return words


MONEY = Importer(
    "餐费",
    MoneyLine,
    MoneyLine.base_fields,
    key=("serial",),
    kinds={"day": Kind.DATE, "amount": Kind.MONEY},
    choices={"words": tuple(KINDS)},
)


def lines_in(piece: Piece) -> Table:
    """The lines of a file sent before."""
    return table_in(piece, MONEY)


def heads_field(label: str, **options: Any) -> forms.IntegerField:
    """So many people at one meal."""
    return forms.IntegerField(label=label, min_value=0, max_value=100000, widget=Amount("人"), **options)


class CountForm(forms.Form):
    """就餐人数 of one meal."""

    day = DayField(label="哪一天", widget=forms.DateInput(attrs={"type": "date"}))
    meal = forms.ChoiceField(label="哪一餐", choices=Meal.choices)
    students = heads_field("学生")
    staff = heads_field("教职工")
    guests = heads_field("陪餐家长", required=False)

    def clean_guests(self) -> int:
        """Blank is nobody."""
        return self.cleaned_data["guests"] or 0


class CountsForm(PageForm):
    """Whose meals, from which day to which."""

    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=2**31 - 1)
    since = DayField(label="从哪天", required=False)
    until = DayField(label="到哪天", required=False)


class RefundForm(forms.Form):
    """退餐费, with why."""

    amount = yuan_field("退多少")
    why = forms.CharField(label="原因", max_length=100, help_text="这家人会看到。")


class BalancesForm(PageForm):
    """What a list of balances may be asked."""

    q = forms.CharField(label="姓名或学号", required=False, max_length=40)
    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=2**63 - 1)


class MoneyImportForm(SeenForm):
    """An import of a canteen's meal money, for programs."""

    canteen = forms.IntegerField(label="食堂", min_value=1, max_value=2**31 - 1, help_text="食堂的编号。")
    of = "canteen"


BRINGING = Bringing(
    title="导入餐费",
    measure="笔",
    home="canteen:balances",
    links=(("canteen:money-template", "下载模板"),),
    schools=lambda by: canteens_for(by, *KEEPERS, closed=True),
    lines=lambda piece, canteen: lines_in(piece),
    plan=lambda table, school: plan(table, canteen=school),
    carry_out=lambda table, school, seen, by: carry_out(table, canteen=school, seen=seen, by=by),
    here="canteen",
    whose="食堂",
    named=lambda canteen: f"{canteen.school.name} {canteen.name}",
    called=lambda change: "{number} {name} {serial}".format(**change.line.clean),
)
