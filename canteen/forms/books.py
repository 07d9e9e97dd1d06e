"""What people type about the books: an entry, a reversal, the closing of a month, and what a list is narrowed to."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.http import QueryDict

from canteen.models import Diners, categories
from portal.cases.forms import StepForm
from portal.evidence.actions import PAPER
from portal.evidence.fields import EvidenceField
from portal.widgets import Amount
from portal.wire.days import DayField
from portal.wire.paging import PageForm

from .meals import yuan_field

CATEGORIES = [
    (group, [(one.code, f"{one.code} {one.name}") for one in categories().values() if one.group == group])
    for group in dict.fromkeys(one.group for one in categories().values())
]
DATE = {"type": "date"}


class EntryForm(StepForm):
    """记一笔账. What is forbidden can be chosen and is refused with its rule, so that people learn why."""

    category = forms.ChoiceField(label="科目", choices=CATEGORIES)
    dated = DayField(label="凭证日期", widget=forms.DateInput(attrs=DATE))
    amount = yuan_field("金额")
    diners = forms.ChoiceField(
        label="谁的餐", choices=Diners.choices, required=False, help_text="学生餐和教职工餐分开记；两边都用的选“共同”。"
    )
    words = forms.CharField(label="摘要", max_length=100, help_text="买了什么、付给谁。不写个人隐私。")
    voucher = forms.CharField(label="凭证号", max_length=40, required=False)
    vouchers = EvidenceField(
        label="凭证",
        max_count=6,
        required=False,
        kinds=PAPER,
        help_text="发票、收据拍下来，电子发票直接选 PDF。只有看得到账本的人看得到。",
    )

    apart = forms.CharField(
        label="为什么是另一次采购",
        max_length=100,
        required=False,
        help_text="和到货入的账不是同一次，请写明；会和这一笔记在一起。",
    )

    def visible_fields(self) -> list[forms.BoundField]:
        """`apart` is asked only where a delivery has booked the same."""
        return [one for one in super().visible_fields() if one.name != "apart" or one.errors or one.data]


class ApartForm(forms.Form):
    """复核 of one entry: why it is another purchase, asked only where the books hold one that looks the same."""

    apart = forms.CharField(label="为什么是另一次采购", max_length=100, required=False)


class SealForm(forms.Form):
    """Which entries were looked at together, of which canteen."""

    canteen = forms.IntegerField(label="食堂", min_value=1, max_value=2**63 - 1)
    entry = forms.TypedMultipleChoiceField(
        label="账", coerce=int, error_messages={"required": "请勾选核对无误的账，再盖章。"}
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        named = [one for one in data.getlist("entry") if one.isascii() and one.isdigit() and len(one) < 19]
        picked = cast(forms.TypedMultipleChoiceField, self.fields["entry"])
        picked.choices = [(one, one) for one in named]  # whose they are is asked of the books


class VoucherForm(StepForm):
    """附凭证."""

    vouchers = EvidenceField(
        label="凭证", min_count=1, max_count=6, kinds=PAPER, help_text="发票、收据、送货单拍下来，电子发票直接选 PDF。"
    )


class ReverseForm(forms.Form):
    """红冲, with why."""

    why = forms.CharField(label="为什么红冲", max_length=80)


class CloseForm(forms.Form):
    """结账: what is left of each food, in 元, by counting; and the reasons of profit or loss."""

    analysis = forms.CharField(
        label="盈亏原因和措施",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="会写进月报。",
    )

    difference = forms.CharField(
        label="和库存账不同的原因",
        max_length=200,
        required=False,
        help_text="盘点和库存账对得上就不用写；有一样不同就要写。会写进月报。",
    )

    def __init__(
        self,
        *args: Any,
        stock: dict[str, tuple[Decimal, Decimal]],
        store: dict[str, Decimal],
        first: bool = False,
        **options: Any,
    ) -> None:
        """`stock` is what each food began with and what was booked, `store` what the food store says is left: the closing
        begins as that. The `first` month's opening is typed too."""
        super().__init__(*args, **options)
        self.foods = [code for code, (opening, booked) in stock.items() if first or opening + booked or store.get(code)]
        known, words = categories(), list(self.fields)
        for code in self.foods:
            opening, booked = stock[code]
            if first:
                self.fields[f"opening_{code}"] = _worth(f"{known[code].name}：期初库存", required=False)
            said = f"期初 {opening:.2f}，" if not first else ""
            said += f"本月入账 {booked:.2f}"
            said += (
                f"；库存账月末结存 {store[code]:.2f}，已替您填上，请和盘点核对。"
                if code in store
                else "；库存账没有记过。"
            )
            self.fields[code] = _worth(
                f"{known[code].name}：期末库存", required=not first, help_text=said, initial=store.get(code)
            )
        self.order_fields([*(name for name in self.fields if name not in words), *words[::-1]])

    def counted(self) -> dict[str, Decimal]:
        """By food, what is left; foods left blank are not counted."""
        return {code: self.cleaned_data[code] for code in self.foods if self.cleaned_data[code] is not None}

    def said(self) -> dict[str, str]:
        """The words beside the numbers."""
        return {name: self.cleaned_data[name] for name in ("analysis", "difference")}

    def opening(self) -> dict[str, Decimal]:
        """By food, what the first month began with."""
        return {code: self.cleaned_data.get(f"opening_{code}") or Decimal(0) for code in self.foods}


class RefundPlanForm(forms.Form):
    """结余退还方案 of a term."""

    term = forms.RegexField(r"^20\d\d-[12]$", label="学期", help_text="如 2026-1：2026 学年第一学期。")
    amount = yuan_field("退还多少")
    how = forms.CharField(label="怎么退", max_length=200, help_text="按什么退、退到哪里。会公示，不写姓名。")


class PlansForm(PageForm):
    """Whose plans."""

    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=2**31 - 1)


class RefundDoneForm(forms.Form):
    """The day everything was given back."""

    on = DayField(label="哪天退完的", widget=forms.DateInput(attrs=DATE))


class AccountForm(forms.Form):
    """An account of which canteen, from which day to which, at most a school year."""

    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=2**31 - 1)
    since = DayField(label="从哪天")
    until = DayField(label="到哪天")

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = said.get("since"), said.get("until")
        if since and until and not 0 <= (until - since).days <= 400:
            self.add_error("until", "要在开始那天以后、400 天以内。")
        return said


class BooksForm(PageForm):
    """What a canteen's books are narrowed to."""

    canteen = forms.IntegerField(label="食堂", required=False, min_value=1, max_value=2**63 - 1)
    category = forms.CharField(label="科目", required=False, max_length=5)
    month = forms.RegexField(r"^20\d\d-(0[1-9]|1[0-2])$", label="月份", required=False)
    waiting = forms.BooleanField(label="只看待复核", required=False)


def _worth(label: str, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=99999999, max_digits=12, decimal_places=2, widget=Amount("元"), **options
    )
