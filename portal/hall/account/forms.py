"""What people type to sign in and under 我的."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from portal import clock
from portal.errors import Refused
from portal.orgs.models import User
from portal.orgs.passwords import wanted_of_passwords, weaknesses


def refuse(form: forms.Form, refused: Refused) -> None:
    """Shows a refusal beside the form, so that nothing typed is lost."""
    named = {name: lines for name, lines in refused.errors.items() if name in form.fields}
    for name, lines in named.items():
        for line in lines:
            form.add_error(name, line)
    if not named:
        form.add_error(None, f"{refused.sentence}{refused.instead}")


class SignInForm(forms.Form):
    """Name or phone and password."""

    username = forms.CharField(
        label="工号、学号或手机号",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """A code of the authenticator, or a backup code."""

    code = forms.CharField(
        label="验证码",
        max_length=20,
        help_text="验证器里的 6 位数字；手机不在身边时填一个备用码。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class FirstCodeForm(CodeForm):
    """The first code of an authenticator that is being bound."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "扫码后，验证器里显示的 6 位数字。"


class NewPasswordForm(forms.Form):
    """The password of now, and the new one twice."""

    current = forms.CharField(
        label="现在的密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码", max_length=200, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label="再输一次新密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["new"].help_text = wanted_of_passwords()

    def clean_new(self) -> str:
        """Says why a password is too weak."""
        new: str = self.cleaned_data["new"]
        for line in weaknesses(self.person, new):
            self.add_error("new", line)
        return new

    def clean(self) -> None:
        """Both must be the same."""
        new, again = self.cleaned_data.get("new"), self.cleaned_data.get("again")
        if new and again and new != again:
            self.add_error("again", "两次输入的新密码不一样。")


class AbsenceForm(forms.Form):
    """请假与代理."""

    since = forms.DateField(label="从哪天起", widget=forms.DateInput())
    until = forms.DateField(label="到哪天止", widget=forms.DateInput(), help_text="最后一天也算在内。")
    substitute = forms.ModelChoiceField(
        label="代理人",
        queryset=User.objects.none(),
        empty_label="请选一位同事",
        help_text="期间的提醒发给代理人，代理人可以替您办理。",
    )

    def __init__(self, colleagues: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["substitute"].queryset = colleagues  # type: ignore[attr-defined]

    def clean_since(self) -> Any:
        """An absence that began more than a year ago is a mistake."""
        since = self.cleaned_data["since"]
        if (clock.today() - since).days > 366:
            self.add_error("since", "请核对年份。")
        return since

    def clean_until(self) -> Any:
        """An absence in the past tells nobody anything, one of years is a mistake."""
        until = self.cleaned_data["until"]
        if until < clock.today():
            self.add_error("until", "结束日期已经过去了。")
        elif (until - clock.today()).days > 366:
            self.add_error("until", "请假最长登记一年。")
        return until


class TokenForm(forms.Form):
    """A token's name, so that its owner knows later what it is for."""

    name = forms.CharField(label="用途", max_length=60, help_text="例如：班级小程序、校务数据同步。")
