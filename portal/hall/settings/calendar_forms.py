"""What an admin types about the school calendar."""

import re
from datetime import date, time
from typing import Any

from django import forms

from portal import clock
from portal.widgets import Choices
from portal.worktime.rules import WEEKDAYS

STRETCH = re.compile(r"(\d{1,2})[:：.点](\d{2})?分?\s*(?:-|—|–|－|~|～|至|到)+\s*(\d{1,2})[:：.点](\d{2})?分?")
BETWEEN = re.compile(r"[\s,，、;；和]*")
Stretch = tuple[time, time]


class DayForm(forms.Form):
    """One day a place holds school or does not, whatever the calendars say, and why."""

    open = forms.TypedChoiceField(
        label="这一天", choices=[("1", "上学"), ("0", "不上学")], coerce=lambda value: value == "1", widget=Choices
    )
    name = forms.CharField(label="原因", max_length=40, help_text="例如：校运动会、台风停课、补课。")


class StretchesField(forms.CharField):
    """Times of one day such as 08:00-12:00 14:00-17:30, forgiving about signs."""

    def clean(self, value: Any) -> list[Stretch]:
        """The stretches; refused where something is no stretch of time."""
        text = super().clean(value)
        rest, found = BETWEEN.sub("", STRETCH.sub("", text)), []
        try:
            for opens, opens_past, closes, closes_past in STRETCH.findall(text):
                found.append((time(int(opens), int(opens_past or 0)), time(int(closes), int(closes_past or 0))))
        except ValueError as wrong:
            raise forms.ValidationError("没有这样的时间，请写成 08:00-12:00。") from wrong
        if rest or (text and not found):
            raise forms.ValidationError(f"没看懂“{rest or text}”，请写成 08:00-12:00 14:00-17:30。")
        return found


class HoursForm(forms.Form):
    """作息时间: from when, the hours of every day, and of weekdays that differ."""

    since = forms.DateField(label="从哪天起", widget=forms.DateInput())
    every = StretchesField(
        label="每天", max_length=100, help_text="开门的时间，一天可以写几段，例如 08:00-12:00 14:00-17:30。"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for weekday, words in enumerate(WEEKDAYS[1:], 1):
            self.fields[f"day{weekday}"] = StretchesField(label=words, max_length=100, required=False)

    def clean_since(self) -> date:
        """Near today: hours of years ago count nothing any more."""
        since: date = self.cleaned_data["since"]
        if abs((since - clock.today()).days) > 400:
            self.add_error("since", "日期要在一年左右以内。")
        return since

    def hours(self) -> dict[int, list[Stretch]]:
        """By weekday, 0 for all that are not named."""
        named = {day: self.cleaned_data[f"day{day}"] for day in range(1, 8) if self.cleaned_data.get(f"day{day}")}
        return {0: self.cleaned_data["every"], **named}

    @property
    def differing(self) -> list[forms.BoundField]:
        """The fields of single weekdays."""
        return [self[f"day{day}"] for day in range(1, 8)]


class TermsForm(forms.Form):
    """Both terms of a school year; all four days left empty is to follow the unit above."""

    first_starts = forms.DateField(label="第一学期开学", required=False, widget=forms.DateInput())
    first_ends = forms.DateField(label="第一学期放假", required=False, widget=forms.DateInput())
    second_starts = forms.DateField(label="第二学期开学", required=False, widget=forms.DateInput())
    second_ends = forms.DateField(label="第二学期放假", required=False, widget=forms.DateInput())

    def clean(self) -> dict[str, Any]:
        """All four days, or none."""
        clean = super().clean() or self.cleaned_data
        missing = [name for name in self.fields if not clean.get(name) and name not in self.errors]
        if missing and len(missing) < len(self.fields):
            for name in missing:
                self.add_error(name, "两个学期的日期要一起填。")
        return clean

    def terms(self) -> list[tuple[date, date]]:
        """First and last day of each term; nothing when all is left empty."""
        said = self.cleaned_data
        if not said.get("first_starts"):
            return []
        return [(said["first_starts"], said["first_ends"]), (said["second_starts"], said["second_ends"])]


class NoticeForm(forms.Form):
    """The yearly notice as it was published."""

    text = forms.CharField(
        label="通知正文", max_length=6000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text="从通知里原样粘贴“一、元旦：1月1日……”这几段。",
    )  # fmt: skip
    source = forms.CharField(label="依据", max_length=100, help_text="通知的文号，例如：国办发明电〔2026〕7号。")
