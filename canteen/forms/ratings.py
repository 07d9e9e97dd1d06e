"""What people type about rectifications."""

from datetime import date, timedelta

from django import forms

from portal import clock
from portal.cases.forms import PersonField, PlaceField, StepForm, WordsField
from portal.evidence.fields import EvidenceField
from portal.wire.days import DayField

WHO = (
    "canteen_manager", "canteen_chef", "canteen_keeper", "canteen_buyer", "food_safety_officer", "logistics_head",
)  # fmt: skip
FAR = timedelta(days=60)


class OpenRatings(StepForm):
    """Which school; the clock says it."""

    unit = PlaceField(label="学校")


class OpenRectification(StepForm):
    """Which place; the clock says it."""

    unit = PlaceField(label="地点")


class Arrange(StepForm):
    """Who, until when, how."""

    assignee = PersonField(*WHO, label="由谁整改")
    due_on = DayField(label="哪天改好", widget=forms.DateInput)
    measures = WordsField(label="怎么改", rows=3)

    def clean_due_on(self) -> date:
        """Today or later, within two months."""
        day: date = self.cleaned_data["due_on"]
        if not clock.today() <= day <= clock.today() + FAR:
            raise forms.ValidationError("请填今天以后、两个月以内的一天。")
        return day


class FinishRectification(StepForm):
    """What was done."""

    outcome = WordsField(label="改了什么", rows=3)
    photos = EvidenceField(label="照片", required=False, max_count=6)


class CheckRectification(StepForm):
    """核验."""

    note = WordsField(label="核验意见", required=False, rows=2)


class AskOnceMore(StepForm):
    """再请大家评一次."""


class SettleUnrated(StepForm):
    """办结 without a result, with why."""

    reason = WordsField(label="凭什么说改好了", rows=2)


class SendBackRectification(StepForm):
    """退回, with what is missing."""

    reason = WordsField(label="还差什么", rows=2)
