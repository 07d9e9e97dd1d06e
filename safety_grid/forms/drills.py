"""What people type about drills: a plan, the results group by group, the review."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from portal import clock
from portal.cases.forms import PlaceField, StepForm, WordsField
from portal.evidence.fields import EvidenceField
from portal.widgets import Amount
from portal.wire.rows import RowForm, RowsField
from safety_grid.models.drills import LONGEST
from safety_grid.queries.drills import exits_of, groups_of
from safety_grid.queries.reference import drill_kinds

SOON, FAR = timedelta(days=10), timedelta(days=366)


def kind_choices() -> list[tuple[str, str]]:
    """Kinds of drill."""
    return list(drill_kinds().items())


class _When(StepForm):
    """A day to come."""

    planned_on = forms.DateField(label="哪一天", required=False, widget=forms.DateInput, help_text="不填是 10 天后。")

    def clean_planned_on(self) -> date:
        """Today or later, within a year."""
        day: date = self.cleaned_data["planned_on"] or clock.today() + SOON
        if not clock.today() <= day <= clock.today() + FAR:
            raise forms.ValidationError("请填今天或以后的日期，一年以内。")
        return day


class ReplanDrill(_When):
    """Another day, with the reason."""

    reason = WordsField(label="为什么改期", rows=2)


class PlanDrill(_When):
    """Which drill, when, and how it is to go."""

    unit = PlaceField(label="地点")
    topic = forms.ChoiceField(label="演练内容", choices=kind_choices, required=False, initial="fire")
    scenario = WordsField(label="情景和安排", required=False, rows=3, help_text="例如：二楼起火，东楼梯不能走。")
    field_order = ("unit", "topic", "planned_on", "scenario")

    def clean_topic(self) -> str:
        """Fire where nobody says another (the clock does not)."""
        return self.cleaned_data["topic"] or "fire"


class ResultLine(RowForm):
    """One class or group."""

    group = forms.CharField(label="班级或人群", max_length=40)
    exit = forms.CharField(label="出口", max_length=40)
    people = forms.IntegerField(label="人数", min_value=1, max_value=9999, widget=Amount("人"))
    seconds = forms.IntegerField(label="用时", min_value=1, max_value=LONGEST, widget=Amount("秒"))

    def suggests(self) -> Mapping[str, Sequence[str]]:
        """The school's classes, and exits named before."""
        if self.case is None:
            return {}
        return {"group": groups_of(self.case.unit.school), "exit": exits_of(self.case.unit.school)}


class HoldDrill(StepForm):
    """When it began, and who was out after how long."""

    held_at = forms.DateTimeField(label="演练时间", widget=forms.DateTimeInput)
    results = RowsField(ResultLine, label="各班用时", max_count=80, spare=3, noun="个班级或人群")
    photos = EvidenceField(label="现场照片", max_count=6)
    words = WordsField(label="情况", required=False, rows=2)

    def clean_results(self) -> list[dict[str, Any]]:
        """Each group once."""
        rows: list[dict[str, Any]] = self.cleaned_data["results"]
        names = [one["group"] for one in rows]
        twice = next((name for name in names if names.count(name) > 1), "")
        if twice:
            raise forms.ValidationError(f"“{twice}”填了两次，请合成一行。")
        return rows


class ReviewDrill(StepForm):
    """What went well, what is to be better next time."""

    words = WordsField(label="复盘意见", rows=3)


class CancelDrill(StepForm):
    """Why it does not take place."""

    reason = WordsField(label="为什么取消", rows=2)
