"""What an admin types about a unit."""

from typing import Any

from django import forms

from portal import clock
from portal.orgs.models import Stage, Unit, UnitKind
from portal.widgets import Switch

from .fields import ManagedUnitField

MOST_NAMES = 100
NAME, PHONE, CODE = 60, 20, 20  # characters, as the columns hold them


def phone_field() -> forms.CharField:
    """An office's telephone, shown to those who look for help there."""
    return forms.CharField(
        label="电话", max_length=PHONE, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )


class NamedForm(forms.Form):
    """A unit's name, unlike its neighbours' names."""

    name = forms.CharField(label="名称", max_length=NAME)

    def __init__(self, *args: Any, parent: Unit | None = None, unit: Unit | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.parent, self.unit = parent, unit

    def clean_name(self) -> str:
        """Two units of one name side by side are a slip of the pen."""
        name: str = self.cleaned_data["name"]
        if self.taken([name]):
            self.add_error("name", f"这里已经有“{name}”。")
        return name

    def taken(self, names: list[str]) -> list[str]:
        """Which of these names a neighbour has already."""
        if self.parent is None:
            return []
        beside = Unit.objects.filter(path__startswith=self.parent.path, depth=self.parent.depth + 1, name__in=names)
        return list(beside.exclude(pk=self.unit.pk if self.unit else None).values_list("name", flat=True))


class OfficeForm(NamedForm):
    """A bureau, a section or a township."""

    phone = phone_field()


class SchoolForm(NamedForm):
    """A school."""

    code = forms.CharField(label="编码", max_length=CODE, help_text="用在编号里，全区不重复，例如 LX01。")
    stage = forms.ChoiceField(label="学段", choices=Stage.choices, help_text="一贯制学校选最高的学段。")
    public = forms.BooleanField(label="公办", required=False, initial=True, widget=Switch, help_text="民办学校不勾。")
    phone = phone_field()

    def clean_code(self) -> str:
        """Letters and digits: the code stands in every number."""
        code: str = self.cleaned_data["code"].upper()
        if not (code.isascii() and code.isalnum()):
            self.add_error("code", "编码只用字母和数字。")
        return code


class SchoolNameForm(SchoolForm):
    """What may be corrected of a school."""

    stage = None  # type: ignore[assignment]
    public = None  # type: ignore[assignment]


class PlacesForm(NamedForm):
    """Places or classes inside a school, one name a line."""

    name = forms.CharField(
        label="名称",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"一行一个，最多 {MOST_NAMES} 个。例如：203 教室",
    )

    def clean_name(self) -> Any:
        """The names, each once."""
        names = [line.strip() for line in self.cleaned_data["name"].splitlines() if line.strip()]
        twice = sorted({one for one in names if names.count(one) > 1} | set(self.taken(names)))
        if twice:
            self.add_error("name", f"这里已经有或写了两次：{'、'.join(twice[:5])}。")
        if len(names) > MOST_NAMES:
            self.add_error("name", f"一次最多 {MOST_NAMES} 个，这里有 {len(names)} 个。")
        if any(len(one) > NAME for one in names):
            self.add_error("name", f"每个名称最多 {NAME} 个字。")
        return names


class ClassesForm(PlacesForm):
    """Classes with the year their pupils entered."""

    name = forms.CharField(
        label="名称", widget=forms.Textarea(attrs={"rows": 4}), help_text="一行一个。例如：2026级1班"
    )
    entry_year = forms.IntegerField(label="入学年份", min_value=2000, max_value=2099)


def form_for(kind: str) -> type[NamedForm]:
    """The form for adding a unit of this kind."""
    if kind == UnitKind.SCHOOL:
        return SchoolForm
    if kind == UnitKind.CLASS:
        return ClassesForm
    return OfficeForm if kind in (UnitKind.SECTION, UnitKind.TOWN) else PlacesForm


def correction_for(unit: Unit) -> type[NamedForm]:
    """The form for correcting this unit."""
    if unit.kind == UnitKind.SCHOOL:
        return SchoolNameForm
    return OfficeForm if unit.kind in (UnitKind.BUREAU, UnitKind.SECTION, UnitKind.TOWN) else NamedForm


class MoveForm(forms.Form):
    """Where a unit moves to."""

    under = ManagedUnitField(label="移到哪里")


class CloseForm(forms.Form):
    """From which day a unit is out of use."""

    on = forms.DateField(label="从哪天起停用", widget=forms.DateInput(), help_text="这一天起不能再报修或登记。")

    def clean_on(self) -> Any:
        """A day years away is a slip of the pen."""
        on = self.cleaned_data["on"]
        if abs((on - clock.today()).days) > 366:
            self.add_error("on", "停用日期要在一年以内。")
        return on
