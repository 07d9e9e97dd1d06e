"""Excel for systems without an interface: what is due out, receipt numbers in, shown before they are written."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal import clock
from portal.errors import BadInput, NotThere, Refused
from portal.evidence.actions import parse_ids, take_in
from portal.evidence.fields import own_waiting
from portal.evidence.models import Piece, PieceKind
from portal.evidence.store import opened
from portal.hall.settings.asking import sent
from portal.orgs.models import User
from portal.orgs.policies import guard, person
from portal.outbound import queries, receipts
from portal.outbound.models import System
from portal.sheets.importing import Plan
from portal.sheets.out import answer

from .pages import KEEPING, address, crumbs

DOCUMENT = (PieceKind.DOCUMENT.value,)


class FileForm(forms.Form):
    """The table brought back; or the one already sent, with the plan that was seen."""

    file = forms.FileField(label="填好回执的表（xlsx）", widget=forms.FileInput(attrs={"accept": ".xlsx"}))
    piece = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].required = not self.data.get("piece")


@guard(GET=KEEPING)
def due(request: HttpRequest, pk: int) -> HttpResponse:
    """What is due, to be entered over there by hand."""
    by = person(request)
    one = queries.system_at(by, pk, write=True)
    return answer(receipts.table_of(one, by=by), f"待报 {one.name} {clock.today():%Y-%m-%d}")


@guard(GET=KEEPING, POST=KEEPING)
def bring_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the table, see what it would enter, confirm."""
    by = person(request)
    one = queries.system_at(by, pk, write=request.method == "POST")
    queries.refuse_blind(by, one)
    form = FileForm(sent(request), request.FILES or None)
    piece, plan = _looked_at(form, one, by)
    if plan is not None and form.cleaned_data["seen"]:
        messages.success(request, f"已登记 {plan.new} 条结果，{plan.same} 条原来就有。")
        return redirect(address(one))
    page: dict[str, Any] = {"one": one, "form": form, "plan": plan, "piece": piece, "title": "导入回执"}
    page |= {"crumbs": crumbs((one.name, address(one)), ("导入回执", "")), "back": address(one)}
    return render(request, "outbound/receipts.html", page, status=422 if form.errors else 200)


def _looked_at(form: FileForm, system: System, by: User) -> tuple[Piece | None, Plan | None]:
    """The file and what it would enter, or has entered; a refusal is said in the form."""
    if not form.is_valid():
        return None, None
    try:
        piece = _piece(form, by)
        with opened(piece.stored) as file:
            table = receipts.read(file)
        seen = form.cleaned_data["seen"]
        done = receipts.carry_out(table, system, seen=seen, by=by) if seen else receipts.plan(table, system)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return None, None
    return piece, done


def _piece(form: FileForm, by: User) -> Piece:
    """The file just sent, kept for a day; or the one sent before."""
    file, known = form.cleaned_data["file"], form.cleaned_data["piece"]
    if file is not None:
        piece = take_in(file, by=by, kinds=DOCUMENT)
        if not piece.stored.endswith(".xlsx"):
            raise BadInput("请上传 xlsx 文件。")
        return piece
    if known is None:
        raise BadInput("请选择填好回执的表。")
    found, _ = own_waiting([str(one) for one in parse_ids([known])], by=by)
    if not found:
        raise NotThere
    return found[0]
