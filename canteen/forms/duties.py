"""What people type about the day's duties: grams of each sample, a label's code, a meal eaten along, a control's list."""

from datetime import date
from typing import Any

from django import forms

from canteen.forms.places import ChooseForm
from canteen.models import Canteen, Meal, Sampling
from canteen.queries.duties import bookable, item_titles, unsampled
from portal import clock
from portal.cases.forms import PlaceField, StepForm, WordsField
from portal.evidence.actions import PAPER
from portal.evidence.fields import EvidenceField
from portal.orgs.models import User
from portal.widgets import Amount, Choices, Stars
from portal.wire.days import DayField
from portal.wire.rows import RowForm, RowsField

OK, FAILED, NOT_HERE = "ok", "failed", "na"
OUTCOMES = [(OK, "合格"), (FAILED, "有问题"), (NOT_HERE, "不涉及")]
SCORES = [(one, f"{one} 分") for one in range(5, 0, -1)]


class OpenSamplings(StepForm):
    """What the clock opens: a school's meals."""

    unit = PlaceField(label="学校")


class OpenAccompanies(OpenSamplings):
    """The same for those who eat along."""


class OpenControls(OpenSamplings):
    """The same for controls."""


class SampleLine(RowForm):
    """One dish and what was weighed of it."""

    dish = forms.IntegerField(label="菜品", min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    grams = forms.IntegerField(
        label="克数",
        min_value=1,
        max_value=2000,
        required=False,
        widget=Amount("克", attrs={"placeholder": "没称"}),
    )

    def heading(self) -> str:
        """The dish by name."""
        if not isinstance(self.case, Sampling):
            return ""
        known: dict[str, str] = getattr(self.case, "dish_names", None) or {
            str(one.pk): one.name for one in unsampled(self.case)
        }
        self.case.dish_names = known  # type: ignore[attr-defined]
        return known.get(str(self["dish"].value() or ""), "")


class KeepSamples(StepForm):
    """留样: what was weighed of each dish; dishes left blank are still to come."""

    samples = RowsField(
        SampleLine,
        label="每样称重",
        max_count=40,
        fixed=True,
        noun="样菜",
        sheet=True,
        help_text="没称的先空着，称好再补。",
    )
    photos = EvidenceField(label="留样柜照片", required=False, max_count=3)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.case, Sampling):
            self.fields["samples"].initial = [{"dish": one.pk} for one in unsampled(self.case)]


class DiscardSample(StepForm):
    """销毁: the label's code, scanned or typed."""

    code = forms.CharField(
        label="标签编码", max_length=10, help_text="扫标签会自动填好。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip


class NotServed(StepForm):
    """Why the meal was not served."""

    reason = WordsField(label="为什么没有供餐", rows=2)


class RecordMeal(StepForm):
    """陪餐: how it was."""

    score = forms.TypedChoiceField(label="饭菜怎么样", choices=SCORES, coerce=int, widget=Stars)
    words = WordsField(label="看到的情况和建议", rows=3)
    photos = EvidenceField(label="照片", required=False, max_count=3)


class OutcomeLine(RowForm):
    """One item of the list."""

    item = forms.CharField(label="检查项", max_length=12, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label="结果", choices=OUTCOMES, widget=Choices())

    def heading(self) -> str:
        """The item in words."""
        return item_titles(self.case).get(str(self["item"].value() or ""), "")


class FillControl(StepForm):
    """A control: every item once; what is wrong is said, with what is done about it."""

    outcomes = RowsField(OutcomeLine, label="逐项检查", max_count=40, fixed=True, noun="项")
    words = WordsField(label="问题和整改", required=False, rows=3, help_text="有问题的，写明是什么、怎么改、谁来改。")
    photos = EvidenceField(label="照片或会议纪要", required=False, max_count=6, kinds=PAPER)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["outcomes"].initial = [{"item": code} for code in item_titles(self.case)]

    def clean(self) -> dict[str, Any]:
        """Every item, and words where something is wrong."""
        clean = super().clean() or self.cleaned_data
        rows = clean.get("outcomes")
        if rows is not None and self.case is not None:
            if sorted(one["item"] for one in rows) != sorted(item_titles(self.case)):
                self.add_error("outcomes", "每一项都要选一个结果。")
            if any(one["outcome"] == FAILED for one in rows) and not clean.get("words"):
                self.add_error("words", "有问题的项，请写明问题和怎么整改。")
        return clean


class ExcuseControl(StepForm):
    """Why it is not done this time."""

    reason = WordsField(label="为什么免", rows=2)


class BookMeal(StepForm):
    """预约陪餐: which canteen, day and meal."""

    canteen = forms.ModelChoiceField(Canteen.objects.none(), label="食堂", empty_label="请选择食堂")
    day = DayField(label="哪一天", widget=forms.DateInput)
    meal = forms.ChoiceField(label="哪一餐", choices=Meal.choices, initial="lunch")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if isinstance(self.by, User):
            self.fields["canteen"].queryset = bookable(self.by)  # type: ignore[attr-defined]
            self.fields["canteen"].label_from_instance = lambda one: f"{one.school.name} {one.name}"  # type: ignore[attr-defined]


class GiveOpinion(StepForm):
    """What a parent found."""

    score = forms.TypedChoiceField(label="饭菜怎么样", choices=SCORES, coerce=int, widget=Stars)
    words = WordsField(label="意见和建议", rows=3)
    photos = EvidenceField(label="照片", required=False, max_count=3)


class CancelBooking(StepForm):
    """取消."""

    reason = WordsField(label="原因", required=False, rows=2)


class AnswerOpinion(StepForm):
    """What the canteen says and does."""

    words = WordsField(label="答复", rows=3, help_text="采纳了什么，怎么改，什么时候改好。")


class HealthForm(StepForm):
    """A health certificate of somebody in the kitchen; the same name again renews it."""

    name = forms.CharField(label="姓名", max_length=20)
    job = forms.CharField(label="岗位", max_length=20, help_text="例如厨师、洗消、分餐。")
    number = forms.CharField(label="健康证号", max_length=40, required=False)
    until = DayField(label="有效期至", widget=forms.DateInput)
    photos = EvidenceField(label="证件", required=False, max_count=2, kinds=PAPER, help_text="拍下来，或选 PDF。")


class DutyDayForm(ChooseForm):
    """Which canteen and day."""

    day = DayField(label="哪一天", required=False)

    def clean_day(self) -> date:
        """Today where nothing is said."""
        return self.cleaned_data["day"] or clock.today()
