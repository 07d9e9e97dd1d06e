"""What the desk types about dispatching: a rule, and what the clock fills in when a rule dispatches."""

from typing import Any

from django import forms

from portal.cases.forms import PersonField, StepForm
from portal.widgets import Switch
from repairs.queries.dispatching import hands_at, rule_places

from .tickets import topic_choices


class AssignByRule(StepForm):
    """按规则派工, filled in by the clock: whom, by which rule, of how many, with how many jobs in hand."""

    assignee = PersonField("technician", "contractor", label="派给")
    rule = forms.IntegerField(label="规则", min_value=1)
    present = forms.IntegerField(label="在岗人数", min_value=1)
    load = forms.IntegerField(label="手上的活", min_value=0)


class RuleForm(forms.Form):
    """A place, a kind of fault, and the team; `paths` are the places where the person may set rules."""

    unit: Any = forms.ModelChoiceField(
        queryset=None, label="地点", empty_label="请选择", help_text="管到它下面的每一处；更近的规则优先。"
    )
    topic = forms.ChoiceField(label="类别", required=False, choices=lambda: [("", "全部类别"), *topic_choices()])
    people: Any = forms.ModelMultipleChoiceField(
        queryset=None, label="派给谁", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="几个人时，派给今天在岗、手上活最少的一位。一个都不选，规则就停用。",
    )  # fmt: skip
    by_itself = forms.BooleanField(
        label="受理后直接派工", required=False, widget=Switch, help_text="不勾选时，只在派工时给出建议。"
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, paths: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        unit, people = self.fields["unit"], self.fields["people"]
        unit.queryset, people.queryset = rule_places(paths), hands_at(paths)  # type: ignore[attr-defined]
        unit.label_from_instance = lambda one: f"{one.school.name} {one.label}".strip()  # type: ignore[attr-defined]
