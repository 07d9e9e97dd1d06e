"""The grid in and out by Excel: a template, an export, and an import that is shown before it is written."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from portal import clock
from portal.errors import BadInput, Refused
from portal.evidence.actions import take_in
from portal.evidence.models import Piece, PieceKind
from portal.hall.settings.asking import sent
from portal.hall.settings.bringing import waiting_piece
from portal.orgs.models import Unit, User
from portal.orgs.policies import guard, holding, person
from portal.sheets.importing import Plan
from portal.sheets.out import answer
from safety_grid.actions.importing import carry_out, plan
from safety_grid.apps import READERS, WRITERS
from safety_grid.forms.sheet import GRID, HOW, spots_in
from safety_grid.queries import grid as queries

READING, KEEPING = holding(*READERS), holding(*WRITERS)
DOCUMENT = (PieceKind.DOCUMENT.value,)


class FileForm(forms.Form):
    """The filled-in file; or the file already sent, with the plan that was seen."""

    file = forms.FileField(
        label="填好的表（xlsx）",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text="最多 5,000 行。",
    )
    piece = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


@guard(GET=KEEPING)
def template(request: HttpRequest) -> HttpResponse:
    """The file to fill in, with instructions."""
    example = ["", "教学楼（示例，请删）", "", "四级", "上学日", "07:20", "07:50", "", "", "", "", "楼道畅通"]
    return answer(GRID.template(HOW, [example]), "安全网格导入模板")


@guard(GET=READING)
def export(request: HttpRequest) -> HttpResponse:
    """The grid as it is now, in the columns an import reads."""
    by, asked = person(request), request.GET.get("in", "")
    paths = [queries.unit_for(by, asked).path] if asked else queries.readable(by)
    unit = Unit.objects.filter(path__in=paths[:1]).first()
    rows = (row for path in paths for row in queries.sheet_of(path))
    return answer(GRID.template(HOW, rows), f"{unit or ''}安全网格 {clock.today():%Y-%m-%d}")


@guard(GET=KEEPING, POST=KEEPING)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Send the file, see what it would do, confirm."""
    by = person(request)
    form = FileForm(sent(request), request.FILES or None)
    piece, shown = _looked_at(form, by)
    if shown is not None and form.cleaned_data["seen"]:
        said = f"已导入：新设 {shown.new} 个点位，更新 {shown.changed} 个，{shown.same} 个没有变化。"
        messages.success(request, said)
        return redirect("safety_grid:grid")
    crumbs = [("安全网格", reverse("safety_grid:grid")), ("导入", "")]
    page: dict[str, Any] = {"form": form, "plan": shown, "piece": piece, "here": "safety_grid", "crumbs": crumbs}
    page |= {"title": "导入安全网格", "back": reverse("safety_grid:grid")}
    return render(request, "safety_grid/import.html", page, status=422 if form.errors else 200)


def _looked_at(form: FileForm, by: User) -> tuple[Piece | None, Plan | None]:
    """The file and what it would do, or has done; a refusal is said in the form."""
    if not form.is_valid():
        return None, None
    try:
        piece = _piece(form, by)
        table, seen = spots_in(piece, by), form.cleaned_data["seen"]
        return piece, carry_out(table, seen=seen, by=by) if seen else plan(table)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return None, None


def _piece(form: FileForm, by: User) -> Piece:
    """The file just sent, kept for a day; or the one sent before."""
    file, known = form.cleaned_data["file"], form.cleaned_data["piece"]
    if file is not None:
        return take_in(file, by=by, kinds=DOCUMENT)
    if known is None:
        raise BadInput("请选择填好的表。")
    return waiting_piece(known, by)
