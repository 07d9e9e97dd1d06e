"""What people type about rounds: a place's check with each failed item, who walks instead, why not."""

from typing import Any

from django import forms

from portal.cases.forms import NamedPersonField, PlaceField, StepForm, WordsField
from portal.evidence.fields import EvidenceField
from portal.stickers.models import Sticker
from portal.stickers.queries import sticker_at
from portal.widgets import Choices
from portal.wire.rows import RowForm, RowsField
from safety_grid.models import Round, RoundPlan, RoundSpot
from safety_grid.queries.rounds import plan_titles

OK, FAILED, NOT_HERE = "ok", "failed", "na"
OUTCOMES = [(OK, "正常"), (FAILED, "有问题"), (NOT_HERE, "不涉及")]


class OpenRounds(StepForm):
    """What the clock opens: a school's plan."""

    unit = PlaceField(label="学校")
    plan = forms.ModelChoiceField(RoundPlan.objects.all(), label="计划")


class CheckLine(RowForm):
    """One item of the checklist; what failed needs a photo, and becomes a hazard by itself."""

    item = forms.CharField(label="检查项", max_length=12, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label="结果", choices=OUTCOMES, widget=Choices(unfolds=FAILED))
    words = forms.CharField(label="什么问题", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 1}))
    photos = EvidenceField(label="拍照", required=False, max_count=3)

    def heading(self) -> str:
        """The item in words."""
        return plan_titles(self.case).get(str(self["item"].value() or ""), "")

    def clean(self) -> dict[str, Any]:
        """A problem is shown in a photo; what is in order takes none."""
        clean = super().clean() or self.cleaned_data
        if clean.get("outcome") == FAILED and not clean.get("photos"):
            title = plan_titles(self.case).get(clean.get("item", ""), "")
            self.add_error(None, f"“{title}”有问题，请拍一张照片。")
        if clean.get("outcome") in (OK, NOT_HERE):
            clean["words"], clean["photos"] = "", []
        return clean


class CheckSpot(StepForm):
    """One place of the round: the sticker's code shows that one is there; without it, why not."""

    spot = forms.ModelChoiceField(RoundSpot.objects.none(), label="点位", empty_label="请选择点位")
    code = forms.CharField(
        label="贴纸编码",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text="用手机相机扫点位的贴纸会自动填好，也可以照着输。",
    )
    reason = WordsField(
        label="没有编码的原因", required=False, rows=1, max_length=200, help_text="例如贴纸掉了。会标明“没有扫码”。"
    )
    items = RowsField(CheckLine, label="逐项检查", max_count=60, fixed=True, noun="项")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Round):
            left = self.case.spots.filter(done_at=None).select_related("unit").order_by("unit__path", "pk")
            self.fields["spot"].queryset = left  # type: ignore[attr-defined]
            self.fields["spot"].label_from_instance = lambda spot: spot.unit.place  # type: ignore[attr-defined]
            self.fields["items"].initial = [{"item": one["code"]} for one in self.case.items]

    def clean(self) -> dict[str, Any]:
        """Every item once, and a code of this very place or a reason."""
        clean = super().clean() or self.cleaned_data
        spot, typed = clean.get("spot"), clean.get("code", "")
        if spot is not None and typed:
            self._refuse_other_place(sticker_at(typed), spot)
        elif spot is not None and not clean.get("reason"):
            self.add_error("code", "请扫码或输入编码；没有编码时，写一句原因。")
        if isinstance(self.case, Round) and "items" in clean:
            said = [one["item"] for one in clean["items"]]
            if sorted(said) != sorted(one["code"] for one in self.case.items):
                self.add_error("items", "每一项都要选一个结果。")
        return clean

    def _refuse_other_place(self, sticker: Sticker | None, spot: RoundSpot) -> None:
        if sticker is None or sticker.revoked_at is not None:
            self.add_error("code", "没有这个编码，请对照贴纸再输一遍。")
        elif sticker.unit_id != spot.unit_id:
            self.add_error("code", f"这是{sticker.unit.place}的贴纸，不是{spot.unit.place}的。")


class HandRound(StepForm):
    """Who walks instead."""

    assignee = NamedPersonField(label="由谁巡查", help_text="填姓名、工号或手机号。")
    reason = WordsField(label="原因", rows=2)


class Excuse(StepForm):
    """Why nobody has to walk this time."""

    reason = WordsField(label="为什么免巡", rows=2)


class Explain(StepForm):
    """Why it was missed, and what was done about it."""

    reason = WordsField(label="为什么漏查，后来怎么补的", rows=2)
