"""Questions about rounds: who is to walk where on a day, what one page shows, what a scan offers, what was missed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from portal import clock
from portal.cases.faces import CaseRow, rows_of
from portal.cases.flow import ASSIGNEE, address_of
from portal.cases.schedules import words_of
from portal.orgs.access import holdings
from portal.orgs.models import Unit, User
from portal.orgs.roles import title as role_title
from portal.stickers.doors import Door
from portal.stickers.models import Sticker
from safety_grid.models import Cell, Round, RoundSpot

LOOK_BACK = timedelta(days=7)  # missed rounds nobody has explained stand on the safety head's page this long
SPOTS = "shown_spots"
PAGE, OWN = 25, 10


def with_spots(rows: QuerySet[Round]) -> QuerySet[Round]:
    """Rounds with their plan and places, as their page shows them."""
    spots = RoundSpot.objects.select_related("unit", "done_by", "cell").order_by("unit__path", "pk")
    return rows.select_related("plan").prefetch_related(Prefetch("spots", spots, to_attr=SPOTS))


def facts_of(case: Round) -> list[tuple[str, str]]:
    """What the page says of a round."""
    done, spots = progress_of(case)
    unproven = sum(1 for one in _spots(case) if one.proof == RoundSpot.UNPROVEN)
    who = role_title(case.plan.who) if case.plan.who else "各点位的责任人"
    rows = [("计划", case.plan.title), ("由谁巡查", who), ("点位", f"{done} / {spots} 个查完")]
    return rows + ([("没有扫码", f"{unproven} 个点位")] if unproven else [])


def plan_titles(case: object) -> dict[str, str]:
    """The words of a round's items by code."""
    return {one["code"]: one["title"] for one in case.items} if isinstance(case, Round) else {}


def progress_of(case: Round) -> tuple[int, int]:
    """How many places of how many are checked."""
    spots = _spots(case)
    return sum(1 for one in spots if one.done_at), len(spots)


def _spots(case: Round) -> list[RoundSpot]:
    """The round's places, as the page's question brought them along."""
    known: list[RoundSpot] | None = getattr(case, SPOTS, None)
    return list(case.spots.select_related("unit").order_by("unit__path", "pk")) if known is None else known


def unexplained() -> Q:
    """Missed lately, and nobody has said why."""
    missed = Round.objects.filter(state="missed", explained=0, closed_at__gte=clock.now() - LOOK_BACK)
    return Q(pk__in=missed.values("pk"))


def doors_of(sticker: Sticker, by: User) -> Iterator[Door]:
    """巡查: offered after a scan to whoever has an open round with this place, the code filled in."""
    if sticker.about:
        return
    people = {by.pk} | {one.via for one in holdings(by) if one.via is not None}
    here = RoundSpot.objects.filter(unit=sticker.unit_id, done_at=None, round__is_open=True, round__turn=ASSIGNEE)
    for spot in (
        here.filter(round__assignee__in=people).select_related("round__plan").order_by("round__due_at", "pk")[:3]
    ):
        asked = urlencode({"spot": spot.pk, "code": sticker.code})
        yield Door(f"巡查：{spot.round.plan.title}", "footprints", f"{address_of(spot.round)}check_spot/?{asked}")


@dataclass(frozen=True)
class DayOfRounds:
    """One day's rounds at the places a person reads: how many were due, made, missed, excused, and are still to be made."""

    due: int
    done: int
    missed: int
    excused: int
    open: int
    unheld: int
    unproven: int


@dataclass(frozen=True)
class Walks:
    """How one spot is walked round this month: in words, and how it stands today (blank: no round was due yet)."""

    words: str
    today: str
    tone: str


def walks_of(by: User, cell: Cell) -> Walks | None:
    """The rounds of one spot this month, as far as the person may see them: by which plan, how often, how many made of
    how many due, and whether today's is; none where they see none. One question."""
    now = clock.today()
    seen = rounds_of_day(by, *clock.days(now.replace(day=1), now)).exclude(state="excused")
    mine = Q(cell=cell) | Q(cell=None, unit=cell.unit_id)
    along = RoundSpot.objects.filter(round=OuterRef("round")).order_by().values("round").annotate(n=Count("pk"))
    rows = RoundSpot.objects.filter(mine, round__in=seen.order_by().values("pk")).annotate(
        along=Subquery(along.values("n"))
    )
    found = list(rows.select_related("round__plan__schedule").order_by("round__slot", "pk"))
    if not found:
        return None
    last, done = found[-1], sum(one.done_at is not None for one in found)
    rule = words_of(last.round.plan.schedule.rule) if last.round.plan.schedule else ""
    said = [last.round.plan.title, rule, f"一次 {last.along} 个点位", f"本月 {done} / {len(found)}"]
    today = [one for one in found if one.round.slot >= clock.midnight(now)]
    return Walks(" · ".join(one for one in said if one), *_standing(today))


def _standing(today: Sequence[RoundSpot]) -> tuple[str, str]:
    """How the day's rounds of one spot stand: the worst of them."""
    if not today:
        return "", ""
    if any(one.round.state == "missed" and one.done_at is None for one in today):
        return "今天漏查", "late"
    if any(one.done_at is None for one in today):
        return "今天还没巡", "soon"
    return "今天已巡", "done"


@dataclass(frozen=True)
class Mine:
    """One of a person's own open rounds, with its places."""

    row: CaseRow
    spots: list[RoundSpot]


@dataclass(frozen=True)
class RoundRow:
    """A round of the day on one line."""

    row: CaseRow
    done: int
    spots: int
    unproven: int
    slot: datetime


@dataclass(frozen=True)
class RoundPage:
    """A person's own open rounds, some rounds of a day with all of the day's figures, and where the next page begins
    (none: the last)."""

    mine: list[Mine]
    rows: list[RoundRow]
    now: DayOfRounds
    last: int | None


def rounds_of_day(user: User, since: datetime, until: datetime) -> QuerySet[Round]:
    """The rounds planned in a stretch of time that the person may see."""
    rows = cast(QuerySet[Round], Round.objects.visible_to(user))
    return rows.filter(slot__gte=since, slot__lt=until)


def rounds_page(by: User, since: datetime, until: datetime, *, state: str = "", after: int | None = None) -> RoundPage:
    """A keyset page of a day's rounds, those opened first on top, below at most ten of the person's own that are open, the
    most pressing first; `state` narrows the day. One question for the rounds with their places and the day's figures."""
    day = rounds_of_day(by, since, until)
    people = {by.pk} | {one.via for one in holdings(by) if one.via is not None}
    own = Round._base_manager.filter(is_open=True, turn=ASSIGNEE, assignee__in=people).order_by("due_at", "pk")
    page = _narrowed(day, state).filter(pk__gt=after or 0).order_by("pk").values("pk")[: PAGE + 1]
    asked = Round._base_manager.filter(pk__in=own.values("pk")[:OWN].union(page))  # both by their index
    asked = asked.select_related("unit__school", "assignee", "opener").order_by("pk")
    found = list(asked.annotate(on_page=_is(Q(pk__in=page)), told=_spots_told(), now=_counted(day)))
    for one in found:
        setattr(one, SPOTS, [_spot(row) for row in one.told])
    now = DayOfRounds(**(found[0].now if found else day.order_by().aggregate(**_figures())))
    faces = dict(zip(found, rows_of(found), strict=True))
    mine = sorted((one for one in found if _walks(one, people)), key=lambda one: (one.due_at or since, one.pk))
    shown = [one for one in found if one.on_page]
    last = shown[PAGE - 1].pk if len(shown) > PAGE else None
    return RoundPage(
        [Mine(faces[one], _spots(one)) for one in mine[:OWN]],
        [_row(one, faces[one]) for one in shown[:PAGE]],
        now,
        last,
    )


def _walks(case: Round, people: set[int]) -> bool:
    return case.is_open and case.turn == ASSIGNEE and case.assignee_id in people


def _row(case: Round, face: CaseRow) -> RoundRow:
    done, spots = progress_of(case)
    unproven = sum(1 for one in _spots(case) if one.proof == RoundSpot.UNPROVEN)
    return RoundRow(face, done, spots, unproven, case.slot)


def _narrowed(rows: QuerySet[Round], state: str) -> QuerySet[Round]:
    if state == "open":
        return rows.filter(is_open=True)
    return rows.filter(state=state) if state else rows


def _is(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _figures() -> dict[str, Count]:
    states = {
        name: Count("pk", filter=Q(state=name), distinct=True) for name in ("done", "missed", "excused", "unheld")
    }
    return states | {
        "due": Count("pk", distinct=True),
        "open": Count("pk", filter=Q(is_open=True), distinct=True),
        "unproven": Count("spots", filter=Q(spots__proof=RoundSpot.UNPROVEN)),
    }


def _counted(day: QuerySet[Round]) -> Subquery:
    """The day's figures as one value beside its rows."""
    figures = _figures()
    whole = day.order_by().values(whole=Value(1)).annotate(**figures)
    return Subquery(whole.values(told=JSONObject(**{name: name for name in figures})))


def _spots_told() -> ArraySubquery:
    """A round's places, as one value beside it."""
    spots = RoundSpot.objects.filter(round=OuterRef("pk")).order_by("unit__path", "pk")
    told = {"id": "id", "proof": "proof", "done_at": "done_at", "outcomes": "outcomes"}
    told |= {"name": "unit__name", "label": "unit__label", "title": "cell__title", "by": "done_by__name"}
    return ArraySubquery(spots.values(row=JSONObject(**told)))


def _spot(row: dict[str, Any]) -> RoundSpot:
    """A place of a round from the database's own row."""
    at = datetime.fromisoformat(row["done_at"]) if row["done_at"] else None
    spot = RoundSpot(pk=row["id"], proof=row["proof"], done_at=at, outcomes=row["outcomes"])
    spot.unit = Unit(name=row["name"], label=row["label"])
    spot.cell = Cell(title=row["title"] or "")
    spot.done_by = User(name=row["by"]) if row["by"] else None
    return spot
