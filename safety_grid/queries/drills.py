"""Questions about drills: what one came to, and how it compares with the last ones of the same kind."""

from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse

from portal import clock
from portal.cases.models import Case
from portal.errors import NotThere
from portal.orgs.models import Unit, UnitKind, User
from safety_grid.models import Drill, DrillResult

from .reference import drill_kinds

LINK = "drill"  # of a hazard to the drill in which it was found
RESULTS = "told_results"
COLUMNS = ("id", "group", "exit", "people", "seconds")
LAST = 6  # drills compared
PAGE = 25


def with_results(rows: QuerySet[Drill]) -> QuerySet[Drill]:
    """Drills with what was measured, the slowest first; no question more."""
    found = DrillResult.objects.filter(drill=OuterRef("pk")).order_by("-seconds", "group")
    return rows.annotate(**{RESULTS: ArraySubquery(found.values(row=JSONObject(**{name: name for name in COLUMNS})))})


def results_of(case: Drill) -> list[DrillResult]:
    """What was measured, the slowest first, as the page's question brought it along."""
    known: list[dict[str, Any]] | None = getattr(case, RESULTS, None)
    if known is None:
        return list(case.results.order_by("-seconds", "group"))
    return [DrillResult(drill=case, **row) for row in known]


def facts_of(case: Drill) -> list[tuple[str, str]]:
    """What the page says of a drill."""
    rows = [("内容", drill_kinds().get(case.topic, "演练")), ("计划日期", f"{case.planned_on:%Y-%m-%d}")]
    found = results_of(case)
    if case.held_at and found:
        slowest = found[0]
        rows += [
            ("演练时间", f"{case.held_at.astimezone(clock.SCHOOL_TIME):%Y-%m-%d %H:%M}"),
            ("参加", f"{len(found)} 个班级或人群，{sum(one.people for one in found)} 人"),
            ("最慢", f"{slowest.group}，{slowest.exit}，{spoken(slowest.seconds)}"),
            ("中位用时", spoken(round(median(one.seconds for one in found)))),
        ]
    return rows


def papers_of(case: Drill) -> list[tuple[str, str]]:
    """The comparison, once there is something to compare."""
    return [("和前几次比较", reverse("safety_grid:drill-compare", args=[case.number]))] if case.held_at else []


def spoken(seconds: int) -> str:
    """2 分 05 秒."""
    return f"{seconds // 60} 分 {seconds % 60:02d} 秒" if seconds >= 60 else f"{seconds} 秒"


@dataclass(frozen=True)
class Compared:
    """One drill beside the others of its kind; times in seconds."""

    number: str
    day: date
    people: int
    slowest: int
    middle: int
    groups: dict[str, int]


def held(case: Case) -> Drill:
    """The drill, once it was held; not there before."""
    if not isinstance(case, Drill) or case.held_at is None:
        raise NotThere
    return case


def compared(case: Drill) -> list[Compared]:
    """This drill and up to five of the same kind at the same school before it, the oldest first. Two questions."""
    same = Drill.objects.filter(topic=case.topic, unit__school=case.unit.school_id, held_at__lte=case.held_at)
    rows = list(with_results(same).order_by("-held_at", "-pk")[:LAST])
    return [_compared(one) for one in reversed(rows) if results_of(one)]


def _compared(case: Drill) -> Compared:
    found = results_of(case)
    assert case.held_at is not None
    return Compared(
        case.number,
        case.held_at.astimezone(clock.SCHOOL_TIME).date(),
        sum(one.people for one in found),
        max(one.seconds for one in found),
        round(median(one.seconds for one in found)),
        {one.group: one.seconds for one in found},
    )


def by_group(rows: list[Compared]) -> list[tuple[str, list[int | None], int | None]]:
    """Each group of the last of these drills: its seconds every time, and how many more or less than the time before."""
    if not rows:
        return []
    found = []
    for name in sorted(rows[-1].groups, key=lambda one: -rows[-1].groups[one]):
        times = [one.groups.get(name) for one in rows]
        earlier = [one for one in times[:-1] if one is not None]
        found.append((name, times, rows[-1].groups[name] - earlier[-1] if earlier else None))
    return found


def groups_of(school: Unit) -> list[str]:
    """Names offered while typing: the school's classes."""
    classes = Unit.objects.open().filter(school=school, kind=UnitKind.CLASS).order_by("name")
    return list(classes.values_list("name", flat=True)[:80])


def exits_of(school: Unit) -> list[str]:
    """Exits that earlier drills named."""
    rows = DrillResult.objects.filter(drill__unit__school=school).order_by("exit").distinct()
    return list(rows.values_list("exit", flat=True)[:30])


def newest(by: User, *, before: int | None = None) -> list[Drill]:
    """A keyset page of the drills somebody may see, and one more."""
    rows = cast(QuerySet[Drill], Drill.objects.visible_to(by))
    rows = with_results(rows.filter(pk__lt=before) if before else rows)
    return list(rows.select_related("unit__school", "assignee", "opener").order_by("-pk")[: PAGE + 1])


def told(case: Drill) -> str:
    """What a drill came to, on one line."""
    found = results_of(case)
    if not found:
        return f"计划 {case.planned_on:%m-%d}"
    return f"{sum(one.people for one in found)} 人，最慢 {spoken(found[0].seconds)}"
