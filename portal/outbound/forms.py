"""What people say about a system, and what they bring back from one without an interface."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings

from portal.errors import BadInput
from portal.orgs.models import Unit, User
from portal.widgets import Switch, ask_for_each
from portal.wire.paging import PageForm

from .connectors.registry import CONNECTORS
from .matters import MATTERS, Matter
from .models import REASON, System
from .queries import SHOWS, units_of

RECEIPT = 80


def sorts_of(*matters: Matter) -> list[tuple[str, str]]:
    """The sorts of cases these matters tell of, or all of them."""
    return list({code: words for one in matters or MATTERS.values() for code, words in one.sorts.items()}.items())


def moments_of(*matters: Matter) -> list[tuple[str, str]]:
    """The moments at which these matters tell of a case, or all of them."""
    known = (moment for one in matters or MATTERS.values() for moment in one.moments)
    return list({moment.code: moment.title for moment in known}.items())


class SystemForm(forms.Form):
    """An outside system: its name, the way there, and which cases it is told of when."""

    name = forms.CharField(label="系统名称", max_length=60, help_text="事项页面上就这样写，例如：应急管理自助系统。")
    connector = forms.ChoiceField(label="怎样报", choices=[(code, one.title) for code, one in CONNECTORS.items()])
    endpoint = forms.CharField(
        label="接口地址", max_length=200, required=False, help_text="接口直报时填写，https 开头。Excel 报送不用填。"
    )
    sorts = forms.MultipleChoiceField(label="报哪些", choices=sorts_of, widget=forms.CheckboxSelectMultiple)
    moments = forms.MultipleChoiceField(label="什么时候报", choices=moments_of, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, matter: Matter | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        of_this = (("sorts", sorts_of(matter)), ("moments", moments_of(matter))) if matter else ()
        for name, choices in of_this:
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """An address the connector will send to, where it needs one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        connector = CONNECTORS.get(cleaned.get("connector", ""))
        if connector is not None and connector.carries and "endpoint" in cleaned:
            try:
                connector.refuse_endpoint(cleaned["endpoint"])
            except BadInput as refused:
                self.add_error("endpoint", refused.sentence)
        return cleaned


class NewSystemForm(SystemForm):
    """A new one: also its code and what kind of case it is about, which stay."""

    code = forms.RegexField(
        r"^[a-z][a-z0-9_-]{1,29}$", label="代号", max_length=30, help_text="小写字母和数字，例如 yingji。密钥按它登记，定了不能改。",
        error_messages={"invalid": "代号用小写字母开头，只含小写字母、数字、“-”和“_”。"},
    )  # fmt: skip
    kind = forms.ChoiceField(label="报什么", choices=lambda: [(kind, one.title) for kind, one in MATTERS.items()])
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="适用单位", help_text="这个单位和它下面的都报。", empty_label=None,
        error_messages={"invalid_choice": "请在您管理的单位里选择。"},
    )  # fmt: skip
    field_order = ("unit", "name", "code", "kind", "connector", "endpoint", "sorts", "moments")

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        units = self.fields["unit"]
        assert isinstance(units, forms.ModelChoiceField)
        units.queryset = units_of(by)

    def clean_code(self) -> str:
        """One code names one system."""
        code: str = self.cleaned_data["code"]
        if System.objects.filter(code=code).exists():
            raise forms.ValidationError("这个代号已经用了，换一个。")
        return code


class SwitchForm(forms.Form):
    """On or off."""

    on = forms.BooleanField(label="启用", required=False, widget=Switch)


class LinesForm(PageForm):
    """Which records of a system."""

    show = forms.ChoiceField(label="看哪些", required=False, choices=list(SHOWS.items()), help_text="不填为全部。")


class ReceiptLine(forms.Form):
    """One line of the table brought back: which report, and either its receipt number or why it was refused."""

    number = forms.CharField(label="编号", max_length=40)
    seq = forms.IntegerField(label="第几报", min_value=1, max_value=30_000)
    receipt = forms.CharField(label="回执号", max_length=RECEIPT, required=False)
    reason = forms.CharField(label="退回原因", max_length=REASON, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        ask_for_each(self.fields, invalid="要填数字")

    def clean(self) -> dict[str, Any]:
        """Not both; lines with neither are still waiting and are left as they are."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("receipt") and cleaned.get("reason"):
            raise forms.ValidationError("“回执号”和“退回原因”只填一样。")
        return cleaned


def secret_missing(system: System) -> bool:
    """Whether the operator still owes this system's key."""
    return CONNECTORS[system.connector].carries and not settings.OUTBOUND_SECRETS.get(system.code)
