"""What an admin types about a person."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from portal.orgs.models import PHONE, User
from portal.orgs.signin import plain_name

from .fields import ManagedUnitField

USERNAME = RegexValidator(r"^[\w.@-]+$", "工号只用文字、字母、数字和 . - _ @。")


class PersonForm(forms.Form):
    """Name, phone, e-mail and the unit somebody belongs to."""

    home = ManagedUnitField(label="单位")
    name = forms.CharField(label="姓名", max_length=40)
    phone = forms.CharField(
        label="手机号", required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text="可以用来登录，也用来接收提醒。",
    )  # fmt: skip
    email = forms.EmailField(label="邮箱", required=False)

    def clean_phone(self) -> str | None:
        """A mobile phone of eleven digits, or none."""
        phone = plain_name(self.cleaned_data["phone"]).replace(" ", "").replace("-", "")
        if phone:
            PHONE(phone)
        return phone or None


class NewPersonForm(PersonForm):
    """And the username they sign in with."""

    username = forms.CharField(label="工号", max_length=40, help_text="用来登录，以后不能改。")
    field_order = ("home", "username", "name", "phone", "email")

    def clean_username(self) -> str:
        """One nobody has, and that is nobody's phone number."""
        username = plain_name(self.cleaned_data["username"])
        USERNAME(username)
        if PHONE.regex.match(username):  # type: ignore[union-attr]
            self.add_error("username", "工号不能写成手机号，手机号请填在下面。")
        if User.objects.filter(username__iexact=username).exists():
            self.add_error("username", f"工号 {username} 已被使用。")
        return username

    def clean_phone(self) -> Any:
        """One nobody has."""
        phone = super().clean_phone()
        if phone and User.objects.filter(phone=phone).exists():
            self.add_error("phone", f"手机号 {phone} 已被使用。")
        return phone
