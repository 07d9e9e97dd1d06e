"""What people say about a run: opening one, and which of its schools a program lists."""

from typing import Any

from django import forms

from portal.orgs.access import holdings
from portal.orgs.models import Unit, User
from portal.wire.paging import PageForm

from .kinds import kind_of
from .openings import runners, running


class OpenRunForm(forms.Form):
    """Which kind, which period, below which bureau, town or school."""

    kind = forms.TypedChoiceField(
        label="公示种类", coerce=kind_of, choices=lambda: [(one.code, one.title) for one in running()]
    )
    period = forms.CharField(label="哪一期", max_length=24, help_text="如 2026-W45（第 45 周）、2026-11（11 月）。")
    unit = forms.ModelChoiceField(label="范围", queryset=Unit.objects.none())

    def __init__(self, *args: Any, by: User, **more: Any) -> None:
        """Offers the places where this person may open one."""
        super().__init__(*args, **more)
        posts = {code for kind in running() for code in (*runners(kind), *kind.posts)}
        mine = {one.unit_id for one in holdings(by) if one.role in posts}
        self.fields["unit"].queryset = Unit.objects.open().filter(pk__in=mine)  # type: ignore[attr-defined]


class SchoolsForm(PageForm):
    """Which schools of a run."""

    show = forms.ChoiceField(
        label="看哪些", required=False,
        choices=[("stuck", "没有公示的"), ("published", "已公示"), ("waiting", "等待中")], help_text="不填为全部。",
    )  # fmt: skip
