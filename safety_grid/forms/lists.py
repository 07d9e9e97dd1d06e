"""What lists of rounds, duty and drills are narrowed to; it stands in the address."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from safety_grid.queries.duty import FIRST_YEAR, LAST_YEAR

FIRST, LAST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
STATES = [
    ("", "全部"),
    ("open", "还没巡查"),
    ("done", "已巡查"),
    ("missed", "漏查"),
    ("excused", "免巡"),
    ("unheld", "没有人负责"),
]


class DayField(forms.DateField):
    """A day that calendars can count from: of this century."""

    default_validators = [
        MinValueValidator(FIRST, "请填 2000 年以后的日期。"),
        MaxValueValidator(LAST, "请填 2100 年以前的日期。"),
    ]


class DayForm(forms.Form):
    """A day, and where its page begins."""

    day = DayField(label="哪一天", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)
    after = forms.IntegerField(label="从哪里接着", required=False, min_value=0, max_value=2**62)


class AfterForm(forms.Form):
    """Where a list's page begins."""

    after = forms.IntegerField(label="从哪里接着", required=False, min_value=0, max_value=2**62)
