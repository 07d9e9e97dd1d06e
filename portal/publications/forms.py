"""What people type about publications: opening one, checking, sending back, correcting, taking back."""

from typing import Any

from django import forms

from portal.cases.forms import PlaceField, StepForm, WordsField


class OpenDuty(StepForm):
    """What a school owes for one period; blank is the latest that is over."""

    unit = PlaceField(label="学校")
    period = forms.CharField(
        label="哪一期", required=False, max_length=24, help_text="如 2026-10；不填为最近结束的一期。"
    )


class CheckDuty(StepForm):
    """核对无误."""

    note = WordsField(label="核对说明", required=False, rows=2)


class SendBackDuty(StepForm):
    """退回核对, with a reason."""

    reason = WordsField(label="哪里不对", rows=2)


class SignDuty(StepForm):
    """公示: signed by pressing it; what is published is built at that moment."""

    note = WordsField(label="说明", required=False, rows=2, help_text="只留在经过里，不会公示。")


class CorrectForm(forms.Form):
    """A correction or a retraction, with a reason readers see; `seen` is the version it is about, `word` what is done."""

    word = "更正"

    act = forms.ChoiceField(
        label="做什么",
        choices=[("correct", "按现在的台账重新生成一版"), ("retract", "整份撤下，只留原因")],
        widget=forms.RadioSelect,
        initial="correct",
    )
    reason = forms.CharField(
        label="原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text="读者会看到，旧版仍可查看。"
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=30_000)

    def only_retracts(self) -> None:
        """For what is written by hand, whose correction is another text."""
        act: Any = self.fields["act"]
        act.choices = [one for one in act.choices if one[0] == "retract"]
        act.initial = "retract"
        self.word = "撤下"
