"""What people type about duty: the code at a post, and the head's correction."""

from django import forms

from portal.widgets import Choices
from safety_grid.models import SignIn

from .lists import DayField


class SignInForm(forms.Form):
    """The code on the post's sticker."""

    code = forms.CharField(
        label="岗位贴纸上的编码",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text="用手机相机扫贴纸，会自动打开签到。",
    )


class CorrectForm(forms.Form):
    """更正: how it was, and why."""

    standing = forms.ChoiceField(label="更正为", choices=SignIn.STANDINGS, widget=Choices)
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class DutyListForm(forms.Form):
    """A school and a day, or a month; they stand in the address."""

    school = forms.CharField(label="学校", required=False, max_length=18)
    day = DayField(label="哪一天", required=False)
    month = forms.RegexField(r"20[0-9]{2}-(0[1-9]|1[0-2])", label="哪个月", required=False)
