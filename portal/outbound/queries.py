"""Questions: which systems a person keeps, how cases stand with them, what is stuck, what the last comparison found."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from portal.errors import NotAllowed, NotThere
from portal.orgs.access import may, reading, scope
from portal.orgs.models import Unit, UnitKind, User
from portal.orgs.roles import keepers
from portal.outbox import Outgoing
from portal.wire.paging import Keyset, Page, page_of

from .connectors.registry import CONNECTORS
from .models import Finding, Line, Reconciliation, Report, System

NEWEST: Keyset[Line] = Keyset(("pk",), (int,), lambda line: (line.pk,), falling=True)
FAILED_OFTEN = 5  # attempts after which something is said to be stuck, though it is still tried
DAYS = 14  # of comparisons listed
SHOWN = 200  # differences of a day on a page
SHOWS = {
    "stuck": "卡住的",
    "waiting": "待报",
    "sent": "已报待回执",
    "accepted": "已回执",
    "refused": "被退回",
    "not_due": "未报",
}


@dataclass(frozen=True)
class Standing:
    """How a system's cases stand, counted."""

    system: System
    counts: dict[str, int]
    last: Reconciliation | None

    @property
    def connector(self) -> str:
        """The way there, in words."""
        return CONNECTORS[self.system.connector].title

    @property
    def by_hand(self) -> bool:
        """Whether people carry it."""
        return not CONNECTORS[self.system.connector].carries


def kept(by: User) -> QuerySet[System]:
    """The systems at the units whose reports this person keeps."""
    tree = Q(pk__in=[])
    for path in scope(by, *keepers("outbound")):
        tree |= Q(unit__path__startswith=path)
    return System.objects.filter(tree).select_related("unit")


def units_of(by: User) -> QuerySet[Unit]:
    """The bureaus, towns and schools whose reports this person keeps."""
    tree = Q(pk__in=[])
    for path in scope(by, *keepers("outbound")):
        tree |= Q(path__startswith=path)
    return Unit.objects.open().filter(tree, kind__in=(UnitKind.BUREAU, UnitKind.TOWN, UnitKind.SCHOOL)).order_by("path")


def system_at(by: User, pk: int, *, write: bool = False) -> System:
    """One of them; not there for others. A write asks the database again."""
    system = kept(by).filter(pk=pk).first()
    if system is None or (write and not may(by, keepers("outbound"), system.unit.path)):
        raise NotThere
    return system


def line_at(by: User, pk: int) -> Line:
    """A record of one of their systems."""
    line = open_lines().filter(pk=pk, system__in=kept(by)).select_related("system__unit", "case").first()
    if line is None:
        raise NotThere
    return line


def open_lines() -> QuerySet[Line]:
    """Records that may be shown: those of cases that stand in no closed circle."""
    return Line.objects.filter(case__circle="")


def standings(systems: Iterable[System]) -> list[Standing]:
    """How each stands. Three questions for any number of systems."""
    rows = list(systems)
    counts: dict[int, dict[str, int]] = {one.pk: {} for one in rows}
    for row in open_lines().filter(system__in=rows).order_by().values("system", "state").annotate(n=Count("pk")):
        counts[row["system"]][row["state"]] = row["n"]
    for held in Line.objects.filter(stuck(), system__in=rows).order_by().values("system").annotate(n=Count("pk")):
        counts[held["system"]]["stuck"] = held["n"]
    newest = Reconciliation.objects.filter(system__in=rows).order_by("system", "-day").distinct("system")
    last = {one.system_id: one for one in newest}
    return [Standing(one, counts[one.pk], last.get(one.pk)) for one in rows]


def stuck() -> Q:
    """Records with a report that was refused or given up, or that failed again and again."""
    often = Q(state=Outgoing.State.WAITING, attempts__gte=FAILED_OFTEN)
    return Q(Exists(Report.objects.filter(Q(state=Outgoing.State.DEAD) | often, line=OuterRef("pk"))), case__circle="")


def lines_page(system: System, *, show: str = "", cursor: str = "", limit: int | None = None) -> Page[Line]:
    """Records of a system, the latest first: all, those of a state, or what is stuck."""
    rows = open_lines().filter(system=system).select_related("case__unit__school")
    if show == "stuck":
        rows = rows.filter(stuck())
    elif show:
        rows = rows.filter(state=show)

    def ask(bounds: Q, back: bool, n: int) -> list[Line]:
        return list(rows.filter(bounds).order_by("pk" if back else "-pk")[:n])

    page = page_of(ask, NEWEST, cursor=cursor, limit=limit)
    _with_what_is_held(page.rows)
    return page


def _with_what_is_held(lines: list[Line]) -> None:
    """Of each record its first report that is not taken: tried how often, and why it did not go."""
    rows = Report.objects.filter(line__in=lines).exclude(state=Outgoing.State.SENT).order_by("line", "seq")
    held = {one.line_id: one for one in rows.distinct("line")}
    for line in lines:
        line.held = held.get(line.pk)  # type: ignore[attr-defined]


def comparisons(system: System) -> list[Reconciliation]:
    """The last days' comparisons, the latest first, each with how many differences it found."""
    return list(Reconciliation.objects.filter(system=system).order_by("-day")[:DAYS])


def findings(comparison: Reconciliation) -> list[Finding]:
    """Its differences, at most two hundred; those whose case stands in a closed circle by now are left out."""
    rows = comparison.findings.filter(Q(line=None) | Q(line__case__circle="")).order_by("kind", "number")
    return list(rows.select_related("line")[:SHOWN])


def refuse_blind(by: User, system: System) -> None:
    """What is reported is only for those who read such cases there: an admin keeps systems, not contents."""
    for (kind, _), paths in reading(by).items():
        if kind in ("*", system.kind[: len(kind)]) and any(system.unit.path.startswith(path) for path in paths):
            return
    raise NotAllowed(
        "导出和导入会看到事项内容，由能看这类事项的岗位来办。", instead="请把这件事交给本单位的业务负责人。"
    )


def with_lines(rows: Any) -> Any:
    """Cases with how they stand with other systems, in the page's own question; read by `standing`."""
    lines = Line.objects.filter(case=OuterRef("pk"), system__on=True).order_by("system__name")
    row = JSONObject(name="system__name", state="state", receipt="receipt", reason="reason")
    return rows.annotate(lines_told=ArraySubquery(lines.values(row=row)))


def standing(case: Any) -> list[tuple[str, str]]:
    """(system, 已回执 YJ-17) of a case that `with_lines` has brought; nothing for one in a closed circle."""
    if case.circle:
        return []
    told = getattr(case, "lines_told", [])
    return [(row["name"], Line(state=row["state"], receipt=row["receipt"], reason=row["reason"]).words) for row in told]
