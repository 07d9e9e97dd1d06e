"""Days as people and programs may say them."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)  # every calendar of the portal: days, months and years


class DayField(forms.DateField):
    """A day that calendars can count from: of this century."""

    default_validators = [
        MinValueValidator(FIRST, "请填 2000 年以后的日期。"),
        MaxValueValidator(LAST, "请填 2100 年以前的日期。"),
    ]


def day_field(label: str, **options: Any) -> DayField:
    """A day, chosen in the browser's own calendar."""
    return DayField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)
