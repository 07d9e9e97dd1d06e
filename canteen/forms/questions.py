"""What people ask the canteen, and what it answers."""

from typing import Any

from django import forms

from canteen.models import Canteen, Question
from canteen.queries.questions import canteens_to_ask, first_words
from portal.cases.forms import StepForm, WordsField
from portal.evidence.fields import EvidenceField
from portal.orgs.models import User
from portal.widgets import Switch

PRIVATELY = "打开后只有食堂管理员、食品安全总监和局里看得到，答复也只给您。不打开的，答复后不写姓名地公开。"


class Ask(StepForm):
    """提问: which canteen, what, publicly or privately."""

    canteen = forms.ModelChoiceField(label="问哪个食堂", queryset=Canteen.objects.none(), empty_label=None)
    words = WordsField(label="您想问什么", help_text="请不要写孩子的姓名和电话。")
    photos = EvidenceField(label="照片", required=False, max_count=3)
    private = forms.BooleanField(label="私下问", required=False, widget=Switch, help_text=PRIVATELY)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["canteen"]
        if isinstance(self.by, User):
            field.queryset = canteens_to_ask(self.by)  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.school.name} · {one.name}"  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = "只能问您自己学校、您孩子学校的食堂。"


class Answer(StepForm):
    """答复; of a public question also how it stands on the list."""

    words = WordsField(label="答复", rows=4)
    photos = EvidenceField(label="照片", required=False, max_count=3)
    listed = forms.BooleanField(
        label="放到公开列表上", required=False, initial=True, widget=Switch, help_text="谁都能看，不写提问的人。"
    )
    shown = forms.CharField(
        label="公开时问题这样写", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写到了人名、电话的请改掉；不填就照原话。",
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Question):
            if self.case.circle:
                del self.fields["listed"], self.fields["shown"]
            else:
                self.initial = {"shown": self.case.shown or first_words(self.case), **self.initial}

    def clean(self) -> dict[str, Any]:
        """A private answer is on no list, whatever is sent."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        return {"listed": False, "shown": ""} | said


class AskAgain(StepForm):
    """追问."""

    words = WordsField(label="还想问什么")


class Thank(StepForm):
    """A word, if one likes."""

    words = WordsField(label="想说的话", required=False, rows=2)


class Recall(StepForm):
    """撤回."""

    reason = WordsField(label="为什么撤回", required=False, rows=2)


class TakeOffList(StepForm):
    """撤下, with a reason."""

    reason = WordsField(label="为什么撤下", rows=2)


__all__ = ["Answer", "Ask", "AskAgain", "Recall", "TakeOffList", "Thank"]
