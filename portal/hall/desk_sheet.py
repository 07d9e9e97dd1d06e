"""A list of cases as Excel: what the page shows, with its tab, search and filters, all of it and not only one page.

What stands in a closed circle is in no file, whoever asks: a file goes from hand to hand.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from portal import clock
from portal.cases.flow import ASSIGNEE, FLOWS, OPENER, PERSONAL, flow_of
from portal.cases.lines import line_for
from portal.cases.models import Case
from portal.cases.queries import is_narrow
from portal.orgs.policies import SIGNED_IN, guard, person
from portal.orgs.roles import title as role_title
from portal.sheets.out import Column, Kind, Sheet, answer, workbook

from .desk import TABS, Desk

MOST = 20_000  # rows of one file; whoever needs more narrows the list
COLUMNS = (
    Column("编号", width=22), Column("事项", width=10), Column("标题", width=40), Column("说明", width=24), Column("学校"),
    Column("地点"), Column("状态", width=12), Column("轮到谁", width=14), Column("办理人", width=12),
    Column("发起时间", Kind.DATETIME), Column("时限", Kind.DATETIME), Column("超时", width=8), Column("了结时间", Kind.DATETIME),
)  # fmt: skip


@guard(SIGNED_IN)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The list as it stands in the address, newest first, of one kind of case or of all."""
    user, kind = person(request), request.GET.get("kind", "")
    flow = FLOWS.get(kind)
    page = Desk.of(request, user, affair=flow.affair if flow else "", kind=kind if flow else "")
    cases = page.cases().filter(circle="")
    newest = (F("id") + 0).desc() if is_narrow(user) else F("id").desc()
    rows: Any = cases.order_by(newest)[:MOST]
    title = f"{flow.title if flow else '事项'} {TABS[page.tab]}"
    lines = [
        f"{title}，{clock.today():%Y-%m-%d} 导出，按列表上的条件，新的在前；保密的事项不在内。",
        f"最多 {MOST:,} 行，再多请先筛选。",
    ]
    sheet = Sheet(title, COLUMNS, _rows((flow.lists(rows) if flow else rows).iterator(chunk_size=1000)))
    return answer(workbook([sheet], instructions=lines), f"{title} {clock.today():%Y-%m-%d}")


def _rows(cases: Iterator[Case]) -> Iterator[list[Any]]:
    now = clock.now()
    for case in cases:
        flow, school = flow_of(case), case.unit.school
        late = case.is_open and case.due_at is not None and case.due_at < now
        yield [
            case.number, flow.title, case.title, line_for(flow, case).words, school.name if school else "", case.unit.place,
            flow.state(case.state).title, _turn(case), case.assignee.name if case.assignee else "", case.opened_at,
            case.due_at if case.is_open else None, "是" if late else "", case.closed_at,
        ]  # fmt: skip


def _turn(case: Case) -> str:
    """Whose turn it is: the person, else the post."""
    if case.turn == ASSIGNEE and case.assignee:
        return case.assignee.name
    if case.turn in (ASSIGNEE, OPENER):
        return PERSONAL[case.turn]
    return role_title(case.turn) if case.turn else ""
