"""Excel for systems without an interface: what is due out, receipt numbers in, shown before they are written."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from portal import clock
from portal.hall.settings.bringing import Bringing, table_in
from portal.orgs.policies import guard, person
from portal.outbound import queries, receipts
from portal.outbound.models import System
from portal.sheets.importing import Change
from portal.sheets.out import answer

from .pages import KEEPING, address, crumbs


def _called(change: Change) -> str:
    return f"{change.line.clean['number']} 第 {change.line.clean['seq']} 报"


def _bringing(one: System) -> Bringing:
    return Bringing(
        title="导入回执",
        measure="条结果",
        lines=lambda piece, system: table_in(piece, receipts.RECEIPTS),
        plan=lambda table, school: receipts.plan(table, school),
        carry_out=lambda table, school, seen, by: receipts.carry_out(table, school, seen=seen, by=by),
        here="outbound",
        called=_called,
        says=lambda plan: f"新登记 {plan.new} 条结果，{plan.same} 条原来就有。",
        words=f"用“导出待报”得到的表，填上{one.name}给的回执号或退回原因，再上传。写入之前会给您看结果。",
    )


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
    way: list[tuple[str, Any]] = crumbs((one.name, address(one)), ("导入回执", ""))
    return _bringing(one).answer(request, way, of=one, back=address(one))
