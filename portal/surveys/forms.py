"""What people type about surveys: issuing one, answering one, letting remarks through."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from portal import clock
from portal.orgs.models import Unit, User
from portal.publications.kinds import Audience
from portal.widgets import ask_for_each
from portal.wire.paging import PageForm
from portal.wire.rows import RowForm, RowsField

from .access import Whom, issuing_places
from .models import LEAST, Ask, Per, Remark, Survey
from .publications import RESULTS
from .queries import remarks_of, result_of
from .questions import Asked, field_of

WHO = [("staff", "教职工"), ("parents", "家长"), ("students", "学生（有账号的）")]
SHOWN = [("", "只给答卷的人看"), *((one.value, one.words) for one in Audience)]
EVENING = time(20, 0)  # when a survey closes on its last day
AWEEK = timedelta(days=7)
READ_IN = 500  # remarks looked at on one page


class QuestionLine(RowForm):
    """One question."""

    title = forms.CharField(label="问题", max_length=80)
    kind = forms.ChoiceField(label="怎么答", choices=list(Ask.choices))
    choices = forms.CharField(
        label="选项", required=False, max_length=300, help_text="“选一项”才填，用顿号或逗号隔开。"
    )

    def clean_choices(self) -> list[str]:
        """The options, one by one."""
        return [one.strip() for one in re.split(r"[、，,;；\n]", self.cleaned_data["choices"]) if one.strip()]


class IssueForm(forms.Form):
    """A new survey: where, what, whom, until when."""

    unit = forms.ModelChoiceField(label="哪个单位发", queryset=Unit.objects.none(), empty_label=None)
    title = forms.CharField(label="标题", max_length=60)
    about = forms.CharField(
        label="说明",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="答的人会先看到。",
    )
    who = forms.MultipleChoiceField(label="请谁来答", choices=WHO, widget=forms.CheckboxSelectMultiple)
    per = forms.ChoiceField(
        label="一份代表", choices=list(Per.choices), widget=forms.RadioSelect, initial=Per.PERSON,
        help_text="一户一份：一名学生的家长合答一份。",
    )  # fmt: skip
    questions = RowsField(QuestionLine, label="问题", max_count=40, spare=3, noun="个问题")
    closes_on = forms.DateField(
        label="哪天截止",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="当天 20:00 由系统截止，中途不能改。",
    )
    least = forms.IntegerField(
        label="满几份才显示结果", min_value=LEAST, max_value=1000, initial=5, help_text="答的人太少，容易认出是谁。"
    )
    shown = forms.ChoiceField(label="结果给谁看", choices=SHOWN, required=False, help_text="公示要以学校的名义发。")

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = issuing_places(by)  # type: ignore[attr-defined]
        ask_for_each(self.fields)

    def not_yet_judged(self) -> None:
        """The form as it was typed, without a word on what is missing."""
        self._errors = ErrorDict()

    def said(self) -> dict[str, Any]:
        """As `issue` takes it."""
        given = self.cleaned_data
        questions = [
            Asked(one["kind"], one["title"], tuple(one["choices"]), required=one["kind"] != Ask.WORDS)
            for one in given["questions"]
        ]
        return {
            "unit": given["unit"],
            "title": given["title"],
            "about": given["about"],
            "questions": questions,
            "asks": Whom(**dict.fromkeys(given["who"], True)),
            "per": given["per"],
            "least": given["least"],
            "closes_at": datetime.combine(given["closes_on"], EVENING, clock.SCHOOL_TIME),
            "kind": RESULTS[Audience(given["shown"])].code if given["shown"] else "",
        }


class BallotForm(forms.Form):
    """One survey's questions, in their order."""

    def __init__(self, *args: Any, survey: Survey, **options: Any) -> None:
        super().__init__(*args, **options)
        self.asked = list(survey.questions.all())
        for question in self.asked:
            field = field_of(question)
            field.error_messages["required"] = f"请答“{question.title}”。"
            self.fields[f"q{question.pk}"] = field

    def clean(self) -> dict[str, Any]:
        """A ballot says something: one that is handed in cannot be changed, and is the household's only one."""
        said = super().clean() or {}
        if not self.errors and all(said.get(f"q{one.pk}") in (None, "") for one in self.asked):
            raise forms.ValidationError("一题也没有答，没有收下。请至少答一题再交；交出后不能改。")
        return said

    @property
    def has_stars(self) -> bool:
        """Whether something is rated from 1 to 5."""
        return any(one.kind == Ask.SCORE for one in self.asked)

    def said(self) -> dict[int, Any]:
        """The clean answers by question."""
        return {one.pk: self.cleaned_data.get(f"q{one.pk}") for one in self.asked}


class ClassForm(forms.Form):
    """One class, to be reminded."""

    school_class = forms.IntegerField(label="班级", min_value=1, max_value=2**62)


class AnswerLine(RowForm):
    """One answer, for programs."""

    question = forms.IntegerField(label="问题", min_value=1, max_value=2**62)
    answer = forms.CharField(label="回答", max_length=300)


class AnswersForm(forms.Form):
    """A ballot as programs send it: 1 to 5, 0 to 100, the number of an option from 0 on, yes or no, or words."""

    answers = RowsField(AnswerLine, label="答卷", max_count=40, noun="个回答")


class RemarksForm(forms.Form):
    """Which remarks are public."""

    shown = forms.MultipleChoiceField(label="公开哪些", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, survey: Survey, **options: Any) -> None:
        super().__init__(*args, **options)
        self.hidden = result_of(survey).hidden
        self.rows = [] if self.hidden else list(remarks_of(survey)[:READ_IN])
        self.fields["shown"].choices = [(str(row.pk), row.text) for row in self.rows]  # type: ignore[attr-defined]
        self.initial = {"shown": [str(row.pk) for row in self.rows if row.state != Remark.HIDDEN]}


class ShownForm(forms.Form):
    """Which remarks are public, for programs."""

    class Line(RowForm):
        """One remark."""

        remark = forms.UUIDField(label="留言")

    shown = RowsField(Line, label="公开哪些", required=False, max_count=2000, noun="条")


class ListForm(PageForm):
    """Which surveys a program asks for."""

    which = forms.ChoiceField(label="哪些", required=False, choices=[("", "等我答的"), ("kept", "我任职的单位发的")])
