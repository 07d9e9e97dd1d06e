"""The grid: who answers for what, as a tree; one spot with its past; who answered on that day at that hour."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal import clock
from portal.cases import queries as case_queries
from portal.cases.faces import rows_of
from portal.hall.settings.frame import paged
from portal.orgs.models import Unit, User
from portal.orgs.policies import guard, holding, person
from safety_grid.apps import READERS
from safety_grid.flow import FLOW
from safety_grid.forms.cells import MomentForm
from safety_grid.models import Cell
from safety_grid.queries import grid as queries
from safety_grid.queries import holders_at
from safety_grid.queries.rounds import rounds_of_day, walks_of

READING = holding(*READERS)
SHOWN = 5  # open hazards beside a spot
MANY = 1_000_000  # what is counted is counted to the end


@dataclass(frozen=True)
class Stat:
    """One figure above the tree, leading to the list it counts."""

    title: str
    icon: str
    value: int
    unit: str
    note: str = ""
    tone: str = ""
    url: str = ""


@guard(GET=READING)
def grid(request: HttpRequest) -> HttpResponse:
    """The grid of one's school, or of one's offices with the schools below, level by level."""
    by = person(request)
    starts = queries.starts(by)
    here = _chosen(by, request.GET.get("in", ""), starts)
    if here is None:
        return render(request, "safety_grid/choose.html", {"rows": starts, "here": "safety_grid"})
    context = _frame(request, here, starts) | {"stats": _stats(by, here)}
    context["hazards"] = rows_of(FLOW.lists(case_queries.by_clock(_hazards(by, here), n=SHOWN)))
    if here.school_id is None:
        rows, last = paged(queries.offices_below(here, after=request.GET.get("after", "")[:64]), queries.PAGE)
        context |= {"rows": queries.counts_of(rows), "last": last}
    return render(request, "safety_grid/grid.html", context)


@guard(GET=READING)
def cell(request: HttpRequest, pk: int) -> HttpResponse:
    """One spot: who answers for it now, who did on that day at that hour, who did before, and what is open there."""
    by = person(request)
    one = queries.cell_for(by, pk)
    top = one.unit.school or one.unit
    ask, answers, at = _asked(request, one)
    context = _frame(request, top, queries.starts(by), to=one)
    context |= {"cell": one, "ask": ask, "answers": answers, "asked_at": at}
    context |= {"watchers": queries.watchers(Q(cell=one)).get(one.pk, []), "lasting": queries.lasting([one.pk])}
    context |= {"walks": walks_of(by, one)}
    context |= {"history": queries.history(one), "tied": queries.tied_to(one.unit), "duties": one.duties.splitlines()}
    context |= {"hazards": rows_of(FLOW.lists(case_queries.by_clock(_hazards(by, one.unit), n=SHOWN)))}
    return render(request, "safety_grid/cell.html", context)


def _chosen(by: User, asked: str, starts: list[Unit]) -> Unit | None:
    """The school or office asked for; without one, the only one there is, else none."""
    if not asked:
        return starts[0] if len(starts) == 1 else None
    found = next((one for one in starts if str(one.pk) == asked), None) or queries.unit_for(by, asked)
    return found.school or found


def _frame(request: HttpRequest, top: Unit, starts: list[Unit], *, to: Cell | None = None) -> dict[str, Any]:
    """The tree beside everything, and whether the person keeps the grid here."""
    by = person(request)
    own = top.school_id is not None
    page: dict[str, Any] = {"top": top, "own": own, "keeps": queries.keeps(by, top.path), "here": "safety_grid"}
    if own:
        page["root"], page["count"] = queries.tree_of(top, to=to, whole="all" in request.GET)
    else:
        page["cells"] = _of_office(top)
    page["way"] = queries.way_to(top, starts)
    return page | {"heads": queries.heads_of(top), "level": 3 if own else 1 if top.kind == "bureau" else 2}


def _of_office(top: Unit) -> list[Cell]:
    """The office's own cells and those of its sections, with who answers today."""
    mine = Q(unit=top) | Q(unit__path__startswith=top.path, unit__kind="section", unit__depth=top.depth + 1)
    cells = list(queries.open_cells(top.path).filter(mine)[:200])
    today = queries.watchers(Q(cell__in=cells))
    for one in cells:
        one.today = today.get(one.pk, [])  # type: ignore[attr-defined]
    return cells


def _stats(by: User, here: Unit) -> list[Stat]:
    """Spots without a person, staff without a spot, today's rounds, open hazards; one question."""
    path, day = here.path, clock.today()
    rounds = rounds_of_day(by, *clock.days(day, day)).filter(unit_path__startswith=path)
    asked = queries.open_cells(path), queries.vacant(path), queries.staff(path), queries.without_spot(path)
    made = rounds, rounds.filter(state="done"), rounds.filter(state="missed"), rounds.filter(is_open=True)
    cases = _hazards(by, here), _closed(by, here)
    cells, empty, staff, idle, due, done, missed, left, found, closed = case_queries.counted(
        by, *asked, *made, *cases, cap=MANY
    )
    gaps = f"{reverse('safety_grid:gaps')}?in={here.pk}&kind="
    covered = f"覆盖 {_share(cells - empty, cells)}" if cells else "还没有设点位"
    words = [f"漏查 {missed} 次"] if missed else []
    words += [f"还有 {left} 次没查完"] if left else [] if words else ["都已完成" if due else "今天没有安排"]
    return [
        Stat("没有责任人的点位", "user-x", empty, f"/ {cells}", covered, "late" if empty else "", f"{gaps}places"),
        Stat(
            "没有点位的教职工", "map-pin", idle, f"/ {staff} 人", f"参与 {_share(staff - idle, staff)}",
            "soon" if idle else "", f"{gaps}people",
        ),
        Stat("今天巡查", "footprints", done, f"/ {due}", "，".join(words), "late" if missed else "", reverse("safety_grid:rounds")),
        Stat("未销号隐患", "shield-alert", found, "件", f"本月已销 {closed}", "", reverse("safety_grid:hazards")),
    ]  # fmt: skip


def _hazards(by: User, unit: Unit) -> Any:
    rows = case_queries.cases().filter(kind=FLOW.kind, is_open=True, unit_path__startswith=unit.path)
    return rows.visible_to(by)


def _closed(by: User, unit: Unit) -> Any:
    """Hazards closed out since the first of the month."""
    rows = case_queries.cases().filter(kind=FLOW.kind, state="closed_out", unit_path__startswith=unit.path)
    return rows.filter(closed_at__gte=clock.midnight(clock.today().replace(day=1))).visible_to(by)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "—"


def _asked(request: HttpRequest, one: Cell) -> tuple[MomentForm, Any, datetime | None]:
    """Who answered for this place at the moment asked for; without one, nothing is asked."""
    now = clock.now().astimezone(clock.SCHOOL_TIME)
    form = MomentForm(request.GET if "day" in request.GET else None, initial={"day": now.date(), "time": now.time()})
    if not form.is_valid():
        return form, None, None
    at = datetime.combine(form.cleaned_data["day"], form.cleaned_data["time"], clock.SCHOOL_TIME)
    return form, holders_at(one.unit, at), at
