"""What the people who do the work type: when they come, to whom they hand over, whom they ask for help."""

from datetime import datetime, timedelta

from django import forms

from portal import clock
from portal.cases.forms import StepForm, WordsField

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
