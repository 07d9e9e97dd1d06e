"""Systems without an interface: what is due as a table, and receipt numbers brought back by the same table."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from portal import clock
from portal.cases.models import Case
from portal.errors import BadInput, Stale
from portal.orgs.models import User
from portal.outbox import Outgoing
from portal.sheets.importing import Change, Importer, Mistake, Plan, Table
from portal.sheets.importing import Line as ImportedLine
from portal.sheets.out import Column, Kind, Sheet, workbook

from .actions import enter_answer, refuse_others
from .forms import ReceiptLine
from .matters import MATTERS
from .models import Line, Report, System
from .queries import refuse_blind

MOST = 5000
SENT, WAITING, DEAD = Outgoing.State.SENT, Outgoing.State.WAITING, Outgoing.State.DEAD
TITLE = "待报"
RECEIPTS = Importer(
    TITLE, ReceiptLine, ReceiptLine.base_fields, key=("number", "seq"), kinds={"seq": Kind.NUMBER}, most=MOST
)
HOW = (
    "1. 按“第几报”的先后，把每行的内容填到对方系统里。",
    "2. 对方受理后，把回执号填到“回执号”一列；被退回的，把原因填到“退回原因”一列。没有结果的留空。",
    "3. 回到“对外报送”，用“导入回执”上传这张表。写入之前会给您看结果。",
    "同一张表导入两次，第二次不会改动任何东西。",
)


def due(system: System) -> QuerySet[Report]:
    """What people have to take there, in order: of each case the reports not yet taken, but for what was refused."""
    rows = Report.objects.filter(line__system=system, state=WAITING, line__case__circle="")
    dead = Report.objects.filter(line=OuterRef("line"), state=DEAD, seq__lt=OuterRef("seq"))
    return rows.filter(~Exists(dead)).order_by("made_at", "line", "seq").select_related("line__case")


def table_of(system: System, *, by: User) -> bytes:
    """The table to take there, at most 5,000 reports at a time. Refused for who does not read such cases."""
    refuse_others(by, system)
    refuse_blind(by, system)
    matter = MATTERS[system.kind]
    heads = [
        Column("编号", required=True),
        Column("第几报", Kind.NUMBER, required=True),
        Column("报送"),
        Column("学校编码"),
    ]
    heads += [Column("学校"), Column("地点"), Column("状态"), *(Column(title) for title in matter.columns.values())]
    heads += [Column("回执号"), Column("退回原因")]
    return workbook([Sheet(TITLE, heads, _rows(system))], instructions=HOW)


def _rows(system: System) -> Iterator[list[Any]]:
    matter = MATTERS[system.kind]
    for report in due(system)[:MOST]:
        data = json.loads(report.body)["data"]
        school = data["school"] or {"code": "", "name": ""}
        said = [data["number"], report.seq, matter.moment_title(report.moment), school["code"], school["name"]]
        said += [data["place"], data["state"]["title"], *(data.get(name) for name in matter.columns)]
        yield [*said, "", ""]


def plan(table: Table, system: System) -> Plan:
    """What each line would enter; lines without a result are left out."""
    numbers = [line.clean["number"] for line in table.lines]
    rows = Report.objects.filter(line__system=system, line__case__number__in=numbers, line__case__circle="")
    known = {(one.line.case.number, one.seq): one for one in rows.select_related("line__case")}
    changes, mistakes = [], list(table.mistakes)
    for line in table.lines:
        said, report = line.clean, known.get((line.clean["number"], line.clean["seq"]))
        if not said["receipt"] and not said["reason"]:
            continue
        if report is None:
            mistakes.append(Mistake(line.number, f"没有要报给{system.name}的 {said['number']} 第 {said['seq']} 报。"))
        elif (report.receipt, report.reason) == (said["receipt"], said["reason"]):
            changes.append(Change(line, "same", row=report))
        elif report.state != WAITING:
            mistakes.append(
                Mistake(
                    line.number, f"{said['number']} 第 {said['seq']} 报已有结果：{report.receipt or report.reason}。"
                )
            )
        else:
            words = f"回执号 {said['receipt']}" if said["receipt"] else f"退回：{said['reason']}"
            changes.append(Change(line, "new", words, report))
    return Plan(changes, sorted(mistakes, key=lambda one: one.number))


@transaction.atomic
def carry_out(table: Table, system: System, *, seen: str, by: User) -> Plan:
    """Enters what was `seen` in the preview. Refused: any bad line; records that have changed since."""
    refuse_others(by, system)
    refuse_blind(by, system)
    System.objects.select_for_update().get(pk=system.pk)  # two imports at once: one after the other
    now = plan(table, system)
    if now.mistakes:
        raise BadInput(f"有 {len(now.mistakes)} 行不对，整张表都没有写入。")
    if now.digest != seen:
        raise Stale("报送在您预览之后有变化，这次没有写入。", instead="请看过新的预览再确认。")
    cases = [change.row.line.case_id for change in now.changes]
    list(Case.objects.select_for_update().filter(pk__in=cases).order_by("pk").values_list("pk"))
    for change in sorted(now.changes, key=lambda one: (one.row.line_id, one.row.seq)):
        if change.what == "new":
            _enter(change.row, change.line.clean, by=by)
    return now


def enter(system: System, said: dict[str, Any], *, by: User) -> Line:
    """One line brought back by a program: as an import of one row would. Answers how the case stands now."""
    if not said["receipt"] and not said["reason"]:
        raise BadInput("“回执号”和“退回原因”要填一样。", errors={"receipt": ["请填回执号，或填退回原因。"]})
    table = Table([ImportedLine(2, said)])
    shown = plan(table, system)
    if shown.mistakes:
        raise BadInput(shown.mistakes[0].reason, errors={"number": [shown.mistakes[0].reason]})
    carry_out(table, system, seen=shown.digest, by=by)
    return Line.objects.select_related("case").get(system=system, case__number=said["number"])


def _enter(report: Report, said: dict[str, Any], *, by: User) -> None:
    at = clock.now()
    marks: dict[str, Any] = {"state": DEAD, "error": "rejected"} if said["reason"] else {"state": SENT, "sent_at": at}
    Report.objects.filter(pk=report.pk, state=WAITING).update(**marks)
    enter_answer(report, receipt=said["receipt"], reason=said["reason"], at=at, by=by)
