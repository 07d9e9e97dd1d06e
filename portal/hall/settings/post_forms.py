"""What an admin types about appointments and waivers."""

from typing import Any

from django import forms
from django.http import HttpRequest

from portal import clock
from portal.orgs.models import Unit
from portal.orgs.policies import person
from portal.orgs.roles import roles

from .fields import ManagedPersonField, ManagedUnitField

FAR = 366 * 10  # days; a date further away is a slip of the pen


def roles_at(unit: Unit | None) -> list[tuple[str, str]]:
    """Roles that may be held at this kind of unit (every role while the unit is not chosen)."""
    return [(code, role.title) for code, role in roles().items() if unit is None or not role.at or unit.kind in role.at]


def conflicting_roles() -> list[tuple[str, str]]:
    """Roles that may not be held beside some other."""
    known = roles()
    named = {other for role in known.values() for other in role.conflicts}
    return [(code, role.title) for code, role in known.items() if role.conflicts or code in named]


class DatesForm(forms.Form):
    """A span of days near today."""

    def clean(self) -> dict[str, Any]:
        """No year 1026 or 20026."""
        clean = super().clean() or self.cleaned_data
        for name in ("since", "until"):
            if clean.get(name) and abs((clean[name] - clock.today()).days) > FAR:
                self.add_error(name, "请核对年份。")
        return clean


class AppointForm(DatesForm):
    """任命: who, where, as what, from when to when."""

    person = ManagedPersonField(label="人员")
    unit = ManagedUnitField(label="单位")
    role = forms.ChoiceField(label="岗位")
    since = forms.DateField(label="从哪天起", widget=forms.DateInput())
    until = forms.DateField(label="到哪天止", required=False, widget=forms.DateInput(), help_text="不填就是长期。")

    def offer(self, request: HttpRequest, unit: Unit | None) -> "AppointForm":
        """Binds the fields to this admin and the roles to the unit chosen so far."""
        self.fields["person"].by = person(request)  # type: ignore[attr-defined]
        self.fields["unit"].offer(request, "unit")  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", "请选择"), *roles_at(unit)]  # type: ignore[attr-defined]
        return self


class RelieveForm(DatesForm):
    """免职: at once, or with a last day."""

    until = forms.DateField(
        label="最后一天", required=False, widget=forms.DateInput(), help_text="不填就是现在立即免职。"
    )


class WaiveForm(DatesForm):
    """豁免 of a conflict, with its reason and the check that makes up for it."""

    person = ManagedPersonField(label="人员")
    unit = ManagedUnitField(label="单位")
    role = forms.ChoiceField(label="岗位")
    beside = forms.ChoiceField(label="与之冲突的岗位")
    since = forms.DateField(label="从哪天起", widget=forms.DateInput())
    until = forms.DateField(label="到哪天止", widget=forms.DateInput())
    reason = forms.CharField(
        label="原因", max_length=300, widget=forms.Textarea(attrs={"rows": 2}), help_text="会在学校公开页面上显示。"
    )
    check_instead = forms.CharField(
        label="补偿检查", max_length=300, widget=forms.Textarea(attrs={"rows": 2}), help_text="由谁、隔多久另外检查。"
    )

    def offer(self, request: HttpRequest) -> "WaiveForm":
        """Binds the fields to this admin."""
        self.fields["person"].by = person(request)  # type: ignore[attr-defined]
        self.fields["unit"].offer(request, "unit")  # type: ignore[attr-defined]
        for name in ("role", "beside"):
            self.fields[name].choices = [("", "请选择"), *conflicting_roles()]  # type: ignore[attr-defined]
        return self
