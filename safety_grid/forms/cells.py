"""What people type about cells and who answers for them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q

from portal.orgs.models import Unit, User
from portal.widgets import ask_for_each
from safety_grid.models import Days, Level

from .lists import DayField


class StaffField(forms.CharField):
    """Somebody who works here, by name, staff number or phone; of several of one name the staff number decides."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "姓名、工号或手机号。")
        super().__init__(max_length=40, **options)
        self.unit: Unit | None = None

    def clean(self, value: Any) -> Any:
        """The person; refused when nobody of this school (or office) is called that, or several are."""
        words = super().clean(value)
        if not words or self.unit is None:
            return None
        people = list(here(self.unit).filter(Q(username=words) | Q(phone=words) | Q(name=words))[:9])
        exact = [one for one in people if one.username == words or one.phone == words] or people
        if not exact:
            raise forms.ValidationError(f"没有找到“{words}”，请核对姓名，或填工号、手机号。")
        if len(exact) > 1:
            raise forms.ValidationError(f"有同名的人：{'、'.join(one.username for one in exact)}。请填工号。")
        return exact[0]


def here(unit: Unit) -> Any:
    """Who may answer for a place: the school's own people, and those of the offices above it."""
    offices = Q(home__school=None, home__path__startswith=unit.path[: Unit.steplen])
    mine = (
        Q(home__school=unit.school_id) | offices
        if unit.school_id
        else Q(home__path__startswith=unit.path[: Unit.steplen])
    )
    return User.objects.filter(mine, is_active=True, student=None).order_by("pk")


class GridForm(forms.Form):
    """A form about one place: people are looked for there."""

    def __init__(self, data: Any = None, *, unit: Unit, **options: Any) -> None:
        super().__init__(data, **options)
        ask_for_each(self.fields)
        for one in self.fields.values():
            if isinstance(one, StaffField):
                one.unit = unit


class CellForm(GridForm):
    """A spot: what it is called, what is watched there, in which hours of which days."""

    title = forms.CharField(
        label="点位名称",
        max_length=40,
        required=False,
        help_text="不填就用地点的名字。一个地点分时段时，写清楚，如“校门口早到岗”。",
    )
    level = forms.TypedChoiceField(label="层级", choices=Level.choices, coerce=int)
    days = forms.ChoiceField(label="哪些天", choices=Days.choices, initial=Days.EVERY)
    begins = forms.TimeField(label="开始时间", required=False, help_text="全天负责的，两个时间都不填。")
    ends = forms.TimeField(label="结束时间", required=False, help_text="比开始早的，算到第二天，如 22:00 到 6:00。")
    duties = forms.CharField(
        label="职责", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="每句一行，会印在张贴卡上。",
    )  # fmt: skip


class HoldForm(GridForm):
    """Who answers for it, from when until when, and who stands in."""

    person = StaffField(label="责任人")
    since = forms.DateField(label="从哪天起")
    until = forms.DateField(label="到哪天止", required=False, help_text="不填就一直负责。")
    substitute = StaffField(
        label="代班", required=False, help_text="责任人请假、又没有指定代理人时，由他接替。姓名、工号或手机号。"
    )
    instead = forms.BooleanField(
        label="接替原来的责任人", required=False, help_text="勾上，原来的人到前一天（当天接替的，到此刻）为止。"
    )


class NewCellForm(CellForm):
    """A new spot, with who answers for it if that is known already."""

    person = StaffField(label="责任人", required=False, help_text="可以先空着，以后再定。姓名、工号或手机号。")
    substitute = StaffField(label="代班", required=False)

    def clean(self) -> dict[str, Any]:
        """A substitute stands in for somebody."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("substitute") and not data.get("person"):
            self.add_error("person", "有代班的，请先填责任人。")
        return data


def apart(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed of a new spot: the spot itself, and who answers for it."""
    who = {name: said[name] for name in ("person", "substitute")}
    return {"cell": {name: value for name, value in said.items() if name not in who}, **who}


class ReleaseForm(forms.Form):
    """The last day; blank: from now on."""

    until = forms.DateField(label="最后一天", required=False, help_text="不填，就从现在起不再负责。")


class SubstituteForm(GridForm):
    """Who stands in from now on."""

    substitute = StaffField(label="代班", required=False, help_text="不填就是没有。姓名、工号或手机号。")


class MomentForm(forms.Form):
    """那一天那一刻: a day and a time."""

    day = DayField(label="那一天")
    time = forms.TimeField(label="几点")


def spelled(one: User | None) -> str:
    """How a person stands in a field: the staff number says who it is."""
    return one.username if one else ""
