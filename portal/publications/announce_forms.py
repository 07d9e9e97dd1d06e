"""What people type to announce something."""

from typing import Any

from django import forms

from portal.cases.forms import WordsField
from portal.evidence.fields import EvidenceField
from portal.evidence.models import Piece, PieceKind
from portal.orgs.models import Unit, UnitKind, User
from portal.wire.kinds import Kind, map_field, several, text

from . import pictures
from .announcing import MOST_FILES, places_of
from .kinds import Audience
from .markup import HELP
from .models import Announcement
from .notices import KINDS_OF, categories


class KeptField(forms.MultipleChoiceField):
    """Ids of the files an announcement has already, those that stay."""


map_field(
    KeptField,
    Kind("list", lambda _: {"type": "array", "items": {"type": "string", "format": "uuid"}}, several(text)),
)


class AnnouncementForm(forms.Form):
    """One announcement; audience and receipts cannot change once it is out, and then a reason is needed."""

    unit = forms.ModelChoiceField(label="以谁的名义", queryset=Unit.objects.none())
    audience = forms.ChoiceField(
        label="给谁看", choices=[(one.value, one.words) for one in Audience], widget=forms.RadioSelect
    )
    category = forms.ChoiceField(label="类别", choices=lambda: [(one.code, one.title) for one in categories().values()])
    title = forms.CharField(label="标题", max_length=60)
    text = WordsField(
        label="正文", max_length=20_000, help_text=HELP, widget=forms.Textarea(attrs={"rows": 12, "data-rich": ""})
    )
    pictures = EvidenceField(
        label="图片",
        required=False,
        max_count=pictures.MOST,
        help_text="每张都要写一句图上是什么，给看不见图的人听；不从工具栏加的，保存时放到正文末尾。",
    )
    papers = EvidenceField(
        label="附件",
        required=False,
        kinds=(PieceKind.DOCUMENT.value,),
        max_count=MOST_FILES,
        help_text="PDF、Word、Excel，每个最多 20 MB。",
    )
    kept = KeptField(label="已有的附件", required=False, widget=forms.CheckboxSelectMultiple)
    asks_receipt = forms.BooleanField(
        label="请读者点“已阅”", required=False, help_text="发布时通知要看的人；谁还没看只有签发的岗位看得到。"
    )
    reason = forms.CharField(
        label="更正的原因", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, by: User, one: Announcement | None = None, **more: Any) -> None:
        """Offers the schools the person writes for, and the files the announcement has."""
        super().__init__(*args, **more)
        mine = places_of(by)
        self.fields["unit"].queryset = mine  # type: ignore[attr-defined]
        for name in ("papers", "pictures"):
            self.fields[name].bind(by)  # type: ignore[attr-defined]
        self._offer([one.unit] if one is not None else list(mine))
        if one is None:
            del self.fields["kept"], self.fields["reason"]
            return
        held = Piece.objects.filter(address=one.address, role="files")
        self.fields["kept"].choices = [(str(piece.pk), piece.name) for piece in held]  # type: ignore[attr-defined]
        if not held:
            del self.fields["kept"]
        del self.fields["unit"]
        if one.state == Announcement.State.ISSUED:
            del self.fields["audience"], self.fields["asks_receipt"]
            self.fields["reason"].required = True
            self.fields["reason"].help_text = "读者会看到，旧版仍可查看。"
        else:
            del self.fields["reason"]

    def _offer(self, units: list[Unit]) -> None:
        """The audiences these schools and bureaus may write for, in their words."""
        by = {UnitKind(one.kind) for one in units}
        found = {kind.audience.value: kind.readers for (at, _), kind in KINDS_OF.items() if at in by}
        if found:
            self.fields["audience"].choices = list(found.items())  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """What was typed, as the actions take it."""
        said = dict(self.cleaned_data)
        return said | {"files": said.pop("papers"), "drawn": said.pop("pictures")}


class ReturnForm(forms.Form):
    """退回, with what is wrong."""

    reason = forms.CharField(label="哪里要改", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
