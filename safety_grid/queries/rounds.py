"""Questions about rounds: who is to walk where on a day, what one page shows, what a scan offers, what was missed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlencode

from django.db.models import Count, Prefetch, Q, QuerySet

from portal import clock
from portal.cases.faces import CaseRow, rows_of
from portal.cases.flow import ASSIGNEE, address_of
from portal.orgs.access import holdings
from portal.orgs.models import User
from portal.orgs.roles import title as role_title
from portal.stickers.doors import Door
from portal.stickers.models import Sticker
from safety_grid.models import Round, RoundSpot

LOOK_BACK = timedelta(days=7)  # missed rounds nobody has explained stand on the safety head's page this long
SPOTS = "shown_spots"
PAGE = 25


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


def rounds_of_day(user: User, since: datetime, until: datetime) -> QuerySet[Round]:
    """The rounds planned in a stretch of time that the person may see."""
    rows = cast(QuerySet[Round], Round.objects.visible_to(user))
    return rows.filter(slot__gte=since, slot__lt=until)


def counted(rows: QuerySet[Round]) -> DayOfRounds:
    """One question."""
    states = {
        name: Count("pk", filter=Q(state=name), distinct=True) for name in ("done", "missed", "excused", "unheld")
    }
    unproven = Count("spots", filter=Q(spots__proof=RoundSpot.UNPROVEN))
    found = rows.order_by().aggregate(
        due=Count("pk", distinct=True),
        open=Count("pk", filter=Q(is_open=True), distinct=True),
        unproven=unproven,
        **states,
    )
    return DayOfRounds(**found)


@dataclass(frozen=True)
class Mine:
    """One of a person's own open rounds, with its places."""

    row: CaseRow
    spots: list[RoundSpot]


def mine(by: User) -> list[Mine]:
    """Open rounds that are this person's to walk, the most pressing first, at most ten."""
    people = {by.pk} | {one.via for one in holdings(by) if one.via is not None}
    open_ones = Round._base_manager.filter(is_open=True, turn=ASSIGNEE, assignee__in=people)
    rows = with_spots(open_ones).select_related("plan", "unit__school", "assignee", "opener")
    found = list(rows.order_by("due_at", "pk")[:10])
    return [Mine(row, _spots(case)) for case, row in zip(found, rows_of(found), strict=True)]


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
    """Some rounds of a day, and where the next page begins (none: the last)."""

    rows: list[RoundRow]
    last: int | None


def rounds_page(rows: QuerySet[Round], *, state: str = "", after: int | None = None) -> RoundPage:
    """A keyset page of a day's rounds, those opened first on top; `state` narrows it."""
    if state == "open":
        rows = rows.filter(is_open=True)
    elif state:
        rows = rows.filter(state=state)
    rows = rows.filter(pk__gt=after) if after else rows
    done, unproven = Q(spots__done_at__isnull=False), Q(spots__proof=RoundSpot.UNPROVEN)
    rows = rows.annotate(
        n_done=Count("spots", filter=done), n_spots=Count("spots"), n_bare=Count("spots", filter=unproven)
    )
    found = list(rows.select_related("unit__school", "assignee", "opener").order_by("pk")[: PAGE + 1])
    shown = found[:PAGE]
    faces = rows_of(shown)
    lines = [
        RoundRow(face, one.n_done, one.n_spots, one.n_bare, one.slot) for one, face in zip(shown, faces, strict=True)
    ]
    return RoundPage(lines, shown[-1].pk if len(found) > PAGE else None)
