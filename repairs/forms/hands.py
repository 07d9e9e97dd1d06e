"""What the people who do the work type: when they come, to whom they hand over, whom they ask for help."""

from datetime import datetime, timedelta

from django import forms

from portal import clock
from portal.cases.forms import PersonField, StepForm, WordsField
from portal.evidence.fields import EvidenceField

FAR = timedelta(days=60)


class PlanVisit(StepForm):
    """约定上门时间, within the next 60 days."""

    visit_at = forms.DateTimeField(label="什么时候上门", help_text="先和报修人说好。", widget=forms.DateTimeInput)
    note = WordsField(label="说明", required=False, rows=2)

    def clean_visit_at(self) -> datetime:
        """A moment to come, and not a slip of the year."""
        moment: datetime = self.cleaned_data["visit_at"]
        if not clock.now() < moment <= clock.now() + FAR:
            raise forms.ValidationError("请填以后的时间，最远 60 天。")
        return moment


class HandOver(StepForm):
    """转交 to another technician or contractor of this place, with a reason."""

    assignee = PersonField("technician", "contractor", label="转交给")
    reason = WordsField(label="原因", rows=2)


class CallHelp(StepForm):
    """请人协助: another technician or contractor of this place."""

    helper = PersonField("technician", "contractor", label="请谁来")
    note = WordsField(label="说明", required=False, rows=2)


class Reopen(StepForm):
    """重新报修: what is wrong again, with a photo if there is one."""

    reason = WordsField(label="又坏在哪里", rows=2)
    photos = EvidenceField(label="照片", required=False)
