"""What people type at a stock-take."""

from django import forms

from portal.cases.forms import PlaceField, StepForm, WordsField
from portal.widgets import Choices

OUTCOMES = [("moved", "按盘到的地点改卡片"), ("scrap", "改为待报废"), ("kept", "卡片不变")]


class TakeStock(StepForm):
    """Where: a building or the whole school."""

    unit = PlaceField(label="盘点范围")
    note = WordsField(label="说明", required=False, rows=2)


class FinishCount(StepForm):
    """The count is over."""

    note = WordsField(label="说明", required=False, rows=2)


class SignCount(StepForm):
    """Signed by somebody who has not counted."""

    note = WordsField(label="意见", required=False, rows=2)


class Recount(StepForm):
    """Sent back, with a reason."""

    reason = WordsField(label="为什么再盘", rows=2)


class CancelCount(StepForm):
    """Given up, with a reason."""

    reason = WordsField(label="为什么取消", rows=2)


class SeenForm(forms.Form):
    """A code after the other: an asset's, or a place's to say where one is. A scanner may type the sticker's whole address."""

    code = forms.CharField(
        label="贴纸编码",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "autofocus": True}),
        help_text="先输入或扫房间的贴纸，再逐件扫资产的贴纸。",
    )

    def clean_code(self) -> str:
        """The code alone."""
        return str(self.cleaned_data["code"]).rstrip("/").rpartition("/")[2]


class SeenAt(SeenForm):
    """The same for programs, which say with each asset where it was seen."""

    place = forms.CharField(
        label="地点的贴纸编码", required=False, max_length=200, help_text="在哪里盘到的；不填就是卡片上的地点。"
    )


class SettleForm(forms.Form):
    """What becomes of a difference, and why."""

    outcome = forms.ChoiceField(label="怎么处理", choices=OUTCOMES, widget=Choices)
    reason = forms.CharField(label="原因", max_length=200)
