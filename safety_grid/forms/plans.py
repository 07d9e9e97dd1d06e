"""What people type about a round plan: who walks where, how often, what they look at."""

import re
from datetime import time
from decimal import Decimal
from typing import Any

from django import forms

from portal.cases.schedules import EVERY
from portal.orgs.models import Unit
from portal.orgs.roles import roles
from portal.widgets import Switch
from safety_grid.models import RoundPlan
from safety_grid.queries.plans import OTHER, WALKERS, offered_items, places_of

DAYS = {"week": range(1, 8), "month": range(1, 32), "term": range(-60, 61)}
SEVERAL = re.compile(r"[\s,，、;；]+")


def who_choices() -> list[tuple[str, str]]:
    """Whoever answers for each place, or a post of the school."""
    known = roles()
    return [("", "各点位的责任人"), *((code, known[code].title) for code in WALKERS if code in known)]


class PlanForm(forms.Form):
    """A plan of one school; `plan` is the one being changed, none for a new one."""

    title = forms.CharField(label="名称", max_length=40)
    who = forms.ChoiceField(label="由谁巡查", choices=who_choices, required=False)
    every = forms.ChoiceField(label="多久一次", choices=list(EVERY.items()))
    day = forms.CharField(
        label="哪一天", max_length=40, required=False,
        help_text="每周填 1 到 7，每月填 1 到 31，每学期填第几个上学日（-1 是最后一个）。可填几个，用逗号隔开；每天的不用填。",
    )  # fmt: skip
    months = forms.CharField(
        label="只在这些月份", max_length=40, required=False, help_text="例如 3,6,9,12；不填是每个月。"
    )
    times = forms.CharField(label="几点开始", max_length=80, help_text="例如 07:00；一天几次的用逗号隔开。")
    school_days = forms.BooleanField(
        label="只在上学日", required=False, widget=Switch, help_text="遇到放假顺延到下一个上学日。"
    )
    hours = forms.DecimalField(
        label="每次几小时内完成", max_digits=6, decimal_places=2, min_value=Decimal("0.25"), max_value=Decimal(720)
    )
    places: Any = forms.ModelMultipleChoiceField(
        queryset=Unit.objects.none(), label="点位", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="一个都不选：由责任人巡查的，是全部有责任人的点位；由岗位巡查的，是整个学校。",
    )  # fmt: skip
    items = forms.MultipleChoiceField(label="检查项", required=False, widget=forms.CheckboxSelectMultiple)
    more = forms.CharField(
        label="另加的检查项",
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一行一项。",
    )
    is_on = forms.BooleanField(label="启用", required=False, widget=Switch, help_text="停用后不再开出新的巡查。")

    def __init__(self, *args: Any, school: Unit, plan: RoundPlan | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.school, self.plan = school, plan
        self.fields["places"].queryset = places_of(school)  # type: ignore[attr-defined]
        self.fields["places"].label_from_instance = lambda unit: unit.place  # type: ignore[attr-defined]
        self.offered = offered_items(plan)
        self.fields["items"].choices = [(one.code, one.title) for one in self.offered.values()]  # type: ignore[attr-defined]

    def clean_times(self) -> list[str]:
        """Hours of the day, each once."""
        found = set()
        for one in filter(None, SEVERAL.split(self.cleaned_data["times"])):
            try:
                found.add(time.fromisoformat(one.replace("：", ":").zfill(5)).strftime("%H:%M"))
            except ValueError:
                raise forms.ValidationError(f"“{one}”不是时刻，请写成 07:00。") from None
        if not found:
            raise forms.ValidationError("请填几点开始。")
        return sorted(found)

    def clean_months(self) -> list[int]:
        """Months, each once."""
        return _numbers(self.cleaned_data["months"], range(1, 13))

    def clean(self) -> dict[str, Any]:
        """A rhythm that comes, and something to look at."""
        clean = super().clean() or self.cleaned_data
        every = clean.get("every", "day")
        try:
            days = _numbers(clean.get("day", ""), DAYS.get(every, range(0)))
            if every in DAYS and not [one for one in days if one]:
                raise forms.ValidationError("请填哪一天。")
            clean["day"] = days
        except forms.ValidationError as wrong:
            self.add_error("day", wrong)
        lines = dict.fromkeys(one.strip()[:60] for one in clean.get("more", "").splitlines() if one.strip())
        items = [self.offered[code] for code in clean.get("items", [])]
        known = {one.code for one in self.offered.values()}
        numbers = (n for n in range(1, 1000) if f"{OTHER}-{n}" not in known)
        rows = [{"code": one.code, "title": one.title, "category": one.category} for one in items]
        clean["checklist"] = rows + [
            {"code": f"{OTHER}-{next(numbers)}", "title": one, "category": OTHER} for one in lines
        ]
        if not clean["checklist"]:
            self.add_error("items", "请至少选一项检查项。")
        return clean

    @property
    def rule(self) -> dict[str, object]:
        """The rhythm as a schedule keeps it."""
        said = self.cleaned_data
        rule: dict[str, object] = {"every": said["every"], "time": said["times"], "school_days": said["school_days"]}
        rule |= {"day": said["day"]} if said["every"] in DAYS else {}
        return rule | ({"months": said["months"]} if said["months"] else {})

    @property
    def said(self) -> dict[str, Any]:
        """What a valid form says, as `set_plan` takes it."""
        kept = {name: self.cleaned_data[name] for name in ("title", "who", "hours", "places", "is_on")}
        return kept | {"rule": self.rule, "items": self.cleaned_data["checklist"]}


def _numbers(typed: str, allowed: range) -> list[int]:
    found = set()
    for one in filter(None, SEVERAL.split(typed)):
        if not re.fullmatch(r"-?[0-9]{1,2}", one) or (allowed and int(one) not in allowed):
            raise forms.ValidationError(f"“{one}”不在范围里。")
        found.add(int(one))
    return sorted(found) if allowed else []
