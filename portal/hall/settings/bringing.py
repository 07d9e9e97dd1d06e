"""A table brought in from Excel: send the file, see what it would do, confirm; by pages and by programs in one way."""

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
from rest_framework.request import Request
from rest_framework.response import Response

from portal.errors import BadInput, NotThere, Refused
from portal.evidence.actions import parse_ids, take_in
from portal.evidence.fields import own_waiting
from portal.evidence.models import Piece, PieceKind
from portal.evidence.store import opened
from portal.orgs.models import Unit, User
from portal.orgs.policies import person
from portal.sheets.importing import Change, Importer, Plan, Table
from portal.wire.endpoint import Endpoint, Verb, shape
from portal.wire.fields import object_of, refuse

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


class SeenForm(forms.Form):
    """An import as programs ask for it: the file sent before, and the plan that was seen. `of` names the field that says whose."""

    piece = forms.UUIDField(label="文件", help_text="先传到 /api/v1/evidence，kind 为 document。")
    seen = forms.CharField(
        label="看过的结果", required=False, max_length=64, help_text="取自上一次回答；不填只看结果。"
    )
    of = ""


class ImportForm(SeenForm):
    """An import of a school's list."""

    school = forms.IntegerField(label="学校", min_value=1, max_value=2**63 - 1, help_text="学校编号。")
    of = "school"


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
        self, *args: Any, schools: QuerySet[Any] | None, whose: str, named: Named | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["file"].wanted = True  # type: ignore[attr-defined]  # until a file has been sent
        if schools is None:
            del self.fields["school"]
            return
        school: Any = self.fields["school"]
        school.label, school.named = whose, named or school.named
        school.empty_label = None if named is None or len(schools[:2]) == 1 else "请选择"
        school.queryset = schools


def _called(change: Change) -> str:
    said = change.line.clean
    return " ".join(str(said[name]) for name in ("code", "name", "spec") if said.get(name))


@dataclass(frozen=True)
class Bringing:
    """One kind of import: its words, how its file is read, what it would do, and doing it; for the page and for programs.

    Where the list is not a school's, `whose` says what it is of, `schools` offers those and `named` calls each by its name;
    without `schools` the page says `of` what it is, or it is of the person. `links` are files to begin with, as (address by
    name, words); `called` is what a line is called, `says` what a plan comes to.
    """

    title: str
    measure: str
    lines: Callable[[Piece, Any], Table]
    plan: Callable[..., Plan]
    carry_out: Callable[..., Plan]
    here: str
    home: str = ""
    links: tuple[tuple[str, str], ...] = ()
    schools: Callable[[User], QuerySet[Any]] | None = None
    whose: str = "学校"
    named: Named | None = None
    called: Callable[[Change], str] = _called
    says: Callable[[Plan], str] | None = None
    words: str = "先下载模板填好，再上传。写入之前会给您看结果。"

    def answer(
        self, request: HttpRequest, crumbs: list[tuple[str, Any]], *, of: Any = None, back: str = ""
    ) -> HttpResponse:
        """The page; on to the list (or `back`) when what was seen is carried out."""
        by, back = person(request), back or reverse(self.home)
        form = self._form(request, by)
        piece, plan = self._looked_at(form, of or by, by)
        if plan is not None and form.cleaned_data["seen"]:
            messages.success(request, f"已导入：{self.sum_of(plan)}")
            return redirect(back)
        page: dict[str, Any] = {"form": form, "plan": plan, "piece": piece, "here": self.here, "title": self.title}
        page |= {"crumbs": crumbs, "back": back, "measure": self.measure, "words": self.words}
        page["links"] = [(reverse(name), words) for name, words in self.links]
        if plan is not None:
            page["sum"] = self.sum_of(plan)
            page["rows"] = [(one.line.number, self.called(one), one.words) for one in plan.shown]
        return render(request, "settings/import.html", page, status=422 if form.errors else 200)

    def by_program(self, form: type[SeenForm], said: dict[str, Any], *, by: User) -> Plan:
        """What the file would do; done, where what was seen comes along. `said` is what a program's form says, clean."""
        of: Any = by if self.schools is None else self.schools(by).filter(pk=said[form.of]).first()
        if of is None:
            refuse({form.of: [f"这不是您管的{self.whose}。"]})
        return self._done_or_shown(waiting_piece(said["piece"], by), of, said["seen"], by)

    def sum_of(self, plan: Plan) -> str:
        """What it comes to, in words."""
        if self.says is not None:
            return self.says(plan)
        return (
            f"新增 {plan.new} {self.measure}，更新 {plan.changed} {self.measure}，{plan.same} {self.measure}没有变化。"
        )

    def _form(self, request: HttpRequest, by: User) -> FileForm:
        schools = self.schools(by) if self.schools else None
        sole = schools is not None and (self.named is None or len(schools[:2]) == 1)
        initial = {"school": schools.first()} if schools is not None and sole else {}
        options: dict[str, Any] = {"schools": schools, "whose": self.whose, "named": self.named}
        return FileForm(sent(request), request.FILES or None, initial=initial, **options)

    def _looked_at(self, form: FileForm, of: Any, by: User) -> tuple[Piece | None, Plan | None]:
        """The file and what it would do, or has done; a refusal is said in the form."""
        if not form.is_valid():
            return None, None
        try:
            piece = _piece(form, by)
            of = form.cleaned_data.get("school", of)
            return piece, self._done_or_shown(piece, of, form.cleaned_data["seen"], by)
        except Refused as refused:
            form.add_error(None, refused.sentence)
            return None, None

    def _done_or_shown(self, piece: Piece, of: Any, seen: str, by: User) -> Plan:
        """Carries out the plan that was seen; else shows what there is to see."""
        table = self.lines(piece, of)
        return self.carry_out(table, school=of, seen=seen, by=by) if seen else self.plan(table, school=of)


class ImportEndpoint(Endpoint):
    """A file for programs: what it would do, then doing it, by the same `bringing` as the page."""

    bringing: Bringing
    form: type[SeenForm] = ImportForm

    def post(self, request: Request) -> Response:
        """The plan, or what was done."""
        done = self.bringing.by_program(self.form, self.body(self.form), by=person(self.here))
        return Response(PlanShape(done).data)


def import_verbs(name: str, title: str, form: type[SeenForm] = ImportForm) -> dict[str, Verb]:
    """What an import's address says of itself."""
    words = "先传文件（/api/v1/evidence，kind 为 document），不带 seen 看结果，带上 seen 写入。"
    return {"POST": Verb(name, title, words, takes=object_of(form.base_fields), gives=PlanShape, refuses=(404, 412))}


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
