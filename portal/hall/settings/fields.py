"""Fields that name a unit or a person among those an admin manages; what is not theirs is not there."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from portal import clock
from portal.orgs.models import Unit, User
from portal.orgs.policies import person

from . import reach


class UnitPick(forms.Widget):
    """A unit as its name with a way to choose another; the page for choosing brings it back in the address."""

    template_name = "settings/pick_field.html"
    use_fieldset = True
    units: QuerySet[Unit] = Unit.objects.none()
    url = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Adds the unit chosen so far, if the admin manages it, and where to choose another."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        pk = reach.number(getattr(value, "pk", value) or "")
        context["widget"] |= {"unit": self.units.filter(pk=pk).first() if pk else None, "url": self.url}
        return context


class ManagedUnitField(forms.ModelChoiceField):
    """One of the admin's units that is in use; a write asks the database again whether it is theirs."""

    widget = UnitPick
    default_error_messages = {"invalid_choice": "请在您管理的单位里选择。"}

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Unit.objects.none(), **options)
        self.by: User | None = None

    def offer(self, request: HttpRequest, name: str, *, kinds: tuple[str, ...] = ()) -> None:
        """Offers the admin's units of these kinds (any when none is named)."""
        self.by = person(request)
        mine = reach.units(self.by)
        self.queryset = (mine.filter(kind__in=kinds) if kinds else mine).exclude(closed_on__lte=clock.today())
        kept = {key: value for key, value in request.GET.items() if key != name}
        back = f"{request.path}?{urlencode(kept)}" if kept else request.path
        asked = {"next": back, "as": name} | ({"kinds": ",".join(kinds)} if kinds else {})
        if isinstance(self.widget, UnitPick):
            self.widget.units, self.widget.url = self.queryset, f"{reverse('settings-pick')}?{urlencode(asked)}"

    def clean(self, value: Any) -> Any:
        """The unit; what is not the admin's is refused as if it did not exist."""
        unit = super().clean(value)
        return reach.sure(self.by, unit) if unit is not None and self.by is not None else unit


class ManagedPersonField(forms.CharField):
    """One of the admin's people by name, username or phone; of several with one name, the username decides."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 90)
        options.setdefault("help_text", "姓名、工号或手机号。")
        super().__init__(**options)
        self.by: User | None = None

    @staticmethod
    def spelled(one: User | None) -> str:
        """How a person chosen elsewhere stands in the field: name and username."""
        return f"{one.name} {one.username}" if one else ""

    def clean(self, value: Any) -> Any:
        """The person; refused when nobody the admin manages is called that, or several are."""
        words = super().clean(value)
        if not words or self.by is None:
            return None
        here = reach.people(self.by).filter(is_active=True)
        found = list(here.filter(Q(username=words.split()[-1]) | Q(name=words) | Q(phone=words)).order_by("pk")[:4])
        exact = [one for one in found if one.username == words.split()[-1]]
        if len(exact or found) == 1:
            return (exact or found)[0]
        if not found:
            raise forms.ValidationError("您管理的单位里没有这个在用的人员，请核对姓名或工号。")
        names = "、".join(f"{one.username}（{one.home or '没有单位'}）" for one in found)
        raise forms.ValidationError(f"有同名的人：{names}。请填工号。")
