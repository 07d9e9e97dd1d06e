"""The store in and out by Excel: a template, an export, and an import that is shown before it is written."""

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
from portal.orgs.models import Unit, User
from portal.orgs.policies import guard, holding, person
from portal.sheets.importing import Plan
from portal.sheets.out import answer
from repairs.actions.stock_import import carry_out, plan
from repairs.forms.stock import StoreField
from repairs.forms.stock_lines import HOW, STOCK, lines_in, waiting_piece
from repairs.models import StockItem
from repairs.queries import stock as queries

from .stock import crumbs

READING, KEEPING = holding(*queries.READERS), holding(*queries.KEEPERS)
DOCUMENT = (PieceKind.DOCUMENT.value,)


class FileForm(forms.Form):
    """The filled-in file, and whose store it is; or the file already sent, with the plan that was seen."""

    school = StoreField(label="学校")
    file = forms.FileField(
        label="填好的表（xlsx）",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text="最多 5,000 行。",
    )
    piece = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["school"].queryset = queries.stores(by, *queries.KEEPERS)  # type: ignore[attr-defined]


@guard(GET=KEEPING)
def template(request: HttpRequest) -> HttpResponse:
    """The file to fill in, with instructions."""
    example = ["LED 灯管（示例，请删）", "T8 18W", "支", "电料灯具", 20, 12.5, 5, "县五金商店"]
    return answer(STOCK.template(HOW, [example]), "库存导入模板")


@guard(GET=READING)
def export(request: HttpRequest) -> HttpResponse:
    """The store as it is now, in the columns an import reads."""
    by = person(request)
    stores = list(queries.stores(by)[:2])
    rows = queries.readable(by).order_by("school__path", "name", "spec")
    lines = (_cells(item) for item in rows.iterator(chunk_size=2000))
    name = f"{stores[0].name if len(stores) == 1 else '各校'}库存 {clock.today():%Y-%m-%d}"
    return answer(STOCK.template(HOW, lines), name)


@guard(GET=KEEPING, POST=KEEPING)
def bring_in(request: HttpRequest) -> HttpResponse:
    """Send the file, see what it would do, confirm."""
    by = person(request)
    first = queries.stores(by, *queries.KEEPERS).first()
    form = FileForm(sent(request), request.FILES or None, by=by, initial={"school": first})
    piece, shown = _looked_at(form, by)
    if shown is not None and form.cleaned_data["seen"]:
        said = f"已导入：新增 {shown.new} 样，更新 {shown.changed} 样，{shown.same} 样没有变化。"
        messages.success(request, said)
        return redirect("repairs:stock")
    context = {"form": form, "plan": shown, "piece": piece, "here": "repairs", "title": "导入库存"}
    page: dict[str, Any] = context | {"crumbs": crumbs(("导入", "")), "back": reverse("repairs:stock")}
    return render(request, "repairs/stock_import.html", page, status=422 if form.errors else 200)


def _looked_at(form: FileForm, by: User) -> tuple[Piece | None, Plan | None]:
    """The file and what it would do, or has done; a refusal is said in the form."""
    if not form.is_valid():
        return None, None
    try:
        piece = _piece(form, by)
        return piece, _done_or_shown(form, piece, by)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return None, None


def _done_or_shown(form: FileForm, piece: Piece, by: User) -> Plan:
    """Carries out the plan that was seen; else shows what there is to see."""
    school: Unit = form.cleaned_data["school"]
    table = lines_in(piece)
    seen = form.cleaned_data["seen"]
    return carry_out(table, school=school, seen=seen, by=by) if seen else plan(table, school=school)


def _piece(form: FileForm, by: User) -> Piece:
    """The file just sent, kept for a day; or the one sent before."""
    file, known = form.cleaned_data["file"], form.cleaned_data["piece"]
    if file is not None:
        return take_in(file, by=by, kinds=DOCUMENT)
    if known is None:
        raise BadInput("请选择填好的表。")
    return waiting_piece(known, by)


def _cells(item: StockItem) -> list[Any]:
    words = [item.name, item.spec, item.measure, item.get_category_display()]
    return [*words, item.on_hand, item.unit_price, item.minimum, item.supplier]
