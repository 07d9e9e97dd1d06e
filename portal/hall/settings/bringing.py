"""A table brought in from Excel: send the file, see what it would do, confirm."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from rest_framework import serializers

from portal.errors import BadInput, NotThere, Refused
from portal.evidence.actions import parse_ids, take_in
from portal.evidence.fields import own_waiting
from portal.evidence.models import Piece, PieceKind
from portal.evidence.store import opened
from portal.orgs.models import Unit, User
from portal.orgs.policies import person
from portal.sheets.importing import Importer, Plan, Table
from portal.wire.endpoint import shape

from .asking import sent

MistakeShape = shape(
    "ImportMistakeShape", "A line of the file that cannot be taken.", number=serializers.IntegerField(), reason=serializers.CharField()
)  # fmt: skip
PlanShape = shape(
    "ImportPlanShape", "What an import would do; `seen` comes back to carry it out. With mistakes nothing can be written.",
    new=serializers.IntegerField(), changed=serializers.IntegerField(), same=serializers.IntegerField(),
    mistakes=MistakeShape(many=True), seen=serializers.CharField(source="digest"),
)  # fmt: skip
DOCUMENT = (PieceKind.DOCUMENT.value,)
Named = Callable[[Any], str]


class SchoolField(forms.ModelChoiceField):
    """A school (or what the import calls so) whose list it is; the page offers those whose list the person keeps."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "学校")
        super().__init__(queryset=Unit.objects.none(), empty_label=None, **options)

    def label_from_instance(self, obj: Any) -> str:
        """What it is called."""
        return self.named(obj)

    @staticmethod
    def named(obj: Any) -> str:
        """The school's name."""
        return str(obj.name)


class ImportForm(forms.Form):
    """An import as programs ask for it: which school, the file sent before, and the plan that was seen."""

    school = forms.IntegerField(label="学校", min_value=1, max_value=2**63 - 1, help_text="学校编号。")
    piece = forms.UUIDField(label="文件", help_text="先传到 /api/v1/evidence，kind 为 document。")
    seen = forms.CharField(
        label="看过的结果", required=False, max_length=64, help_text="取自上一次回答的 digest；不填只看结果。"
    )


class FileForm(forms.Form):
    """The filled-in file, and whose it is; or the file already sent, with the plan that was seen."""

    school = SchoolField()
    file = forms.FileField(
        label="填好的表（xlsx）",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text="最多 5,000 行。",
    )
    piece = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, schools: QuerySet[Any], whose: str = "学校", named: Named | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        school: Any = self.fields["school"]
        school.label, school.named = whose, named or school.named
        school.empty_label = None if named is None or len(schools[:2]) == 1 else "请选择"
        school.queryset = schools


@dataclass(frozen=True)
class Bringing:
    """One kind of import: its words and pages, how its file is read, what it would do, and doing it.

    Where the list is not a school's, `whose` says what it is of, `schools` offers those and `named` calls each by its name.
    """

    title: str
    measure: str
    home: str
    template: str
    schools: Callable[[User], QuerySet[Any]]
    lines: Callable[[Piece, Any], Table]
    plan: Callable[..., Plan]
    carry_out: Callable[..., Plan]
    here: str
    whose: str = "学校"
    named: Named | None = None

    def answer(self, request: HttpRequest, crumbs: list[tuple[str, Any]]) -> HttpResponse:
        """The page; on to the list when what was seen is carried out."""
        by = person(request)
        schools = self.schools(by)
        options: dict[str, Any] = {"schools": schools, "whose": self.whose, "named": self.named}
        first = schools.first() if len(schools[:2]) == 1 or self.named is None else None
        form = FileForm(sent(request), request.FILES or None, initial={"school": first}, **options)
        piece, shown = self._looked_at(form, by)
        if shown is not None and form.cleaned_data["seen"]:
            rest = f"{shown.same} {self.measure}没有变化"
            said = f"已导入：新增 {shown.new} {self.measure}，更新 {shown.changed} {self.measure}，{rest}。"
            messages.success(request, said)
            return redirect(self.home)
        context = {"form": form, "plan": shown, "piece": piece, "here": self.here, "title": self.title}
        page: dict[str, Any] = context | {
            "crumbs": crumbs,
            "back": reverse(self.home),
            "template": reverse(self.template),
        }
        page["measure"] = self.measure
        return render(request, "settings/import.html", page, status=422 if form.errors else 200)

    def _looked_at(self, form: FileForm, by: User) -> tuple[Piece | None, Plan | None]:
        """The file and what it would do, or has done; a refusal is said in the form."""
        if not form.is_valid():
            return None, None
        try:
            piece = _piece(form, by)
            return piece, self._done_or_shown(form, piece, by)
        except Refused as refused:
            form.add_error(None, refused.sentence)
            return None, None

    def _done_or_shown(self, form: FileForm, piece: Piece, by: User) -> Plan:
        """Carries out the plan that was seen; else shows what there is to see."""
        school = form.cleaned_data["school"]
        table, seen = self.lines(piece, school), form.cleaned_data["seen"]
        return self.carry_out(table, school=school, seen=seen, by=by) if seen else self.plan(table, school=school)


def _piece(form: FileForm, by: User) -> Piece:
    """The file just sent, kept for a day; or the one sent before."""
    file, known = form.cleaned_data["file"], form.cleaned_data["piece"]
    if file is not None:
        return take_in(file, by=by, kinds=DOCUMENT)
    if known is None:
        raise BadInput("请选择填好的表。")
    return waiting_piece(known, by)


def waiting_piece(pk: UUID, by: User) -> Piece:
    """A file this person sent within a day; not there when it was somebody else's, or is gone."""
    found, _ = own_waiting([str(one) for one in parse_ids([pk])], by=by)
    if not found:
        raise NotThere
    return found[0]


def table_in(piece: Piece, importer: Importer, **more: Any) -> Table:
    """The lines of a file sent before. Refused when it is no xlsx."""
    if not piece.stored.endswith(".xlsx"):
        raise BadInput("请上传 xlsx 文件。", errors={"file": ["请上传 xlsx 文件。"]})
    with opened(piece.stored) as file:
        return importer.read(file, **more)
