"""What the people who do the work type: when they come, to whom they hand over, whom they ask for help."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from portal import clock
from portal.cases.forms import CaseField, PersonField, StepForm, WordsField
from portal.evidence.fields import EvidenceField
from portal.orgs.models import User
from repairs.queries import open_at

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


class Merge(StepForm):
    """并入 another open ticket of the same school; the nearest of the same kind is proposed."""

    into = CaseField(label="并入哪一件", help_text="本校另一件在办报修的编号，如 BX-LX01-2026-00017。")
    reason = WordsField(label="说明", required=False, rows=2, help_text="报修人看得到。")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["into"].initial = self._alike  # asked for only where the form is shown

    def _alike(self) -> str:
        """The number of the newest open ticket of the same kind at the same place, if there is another one."""
        if self.case is None or not isinstance(self.by, User):
            return ""
        alike = open_at(self.case.unit, self.case.topic, by=self.by).exclude(pk=self.case.pk).first()
        return alike.number if alike else ""


class Reopen(StepForm):
    """重新报修: what is wrong again, with a photo if there is one."""

    reason = WordsField(label="又坏在哪里", rows=2)
    photos = EvidenceField(label="照片", required=False)
