"""What lists of rounds, duty and drills are narrowed to; it stands in the address."""

from django import forms

from portal.wire.days import DayField

STATES = [
    ("", "全部"),
    ("open", "还没巡查"),
    ("done", "已巡查"),
    ("missed", "漏查"),
    ("excused", "免巡"),
    ("unheld", "没有人负责"),
]


class DayForm(forms.Form):
    """A day, and where its page begins."""

    day = DayField(label="哪一天", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)
    after = forms.IntegerField(label="从哪里接着", required=False, min_value=0, max_value=2**62)


class AfterForm(forms.Form):
    """Where a list's page begins."""

    after = forms.IntegerField(label="从哪里接着", required=False, min_value=0, max_value=2**62)
