"""Questions about the open kitchen: which spots are covered, who may look when, which cameras are silent."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Value

from canteen.apps import READERS
from canteen.models import Camera, Canteen, KitchenView, Outage
from portal import clock
from portal.errors import NotThere
from portal.orgs.access import children_paths, scope
from portal.orgs.models import Unit, User
from portal.templatetags.sunlit import when
from portal.worktime.calendars import calendar_for

QUIET = ExpressionWrapper(
    F("canteen__silent_minutes") * Value(timedelta(minutes=1)), output_field=DurationField()
)  # after so long a canteen's camera counts as offline


@cache
def spots() -> dict[str, dict[str, Any]]:
    """The key spots of the reference, by code."""
    path = Path(__file__).parent.parent / "data" / "spots.json"
    return {one["code"]: one for one in json.loads(path.read_text("utf-8"))["spots"]}


def spot_choices() -> list[tuple[str, str]]:
    """The same for a form."""
    return [(code, one["title"] + ("（必设）" if one["needed"] else "")) for code, one in spots().items()]


@dataclass(frozen=True)
class Eye:
    """A camera as its page shows it."""

    camera: Camera
    online: bool
    spot: str


@dataclass(frozen=True)
class SpotOf:
    """One key spot of a kitchen, with its cameras."""

    title: str
    needed: bool
    eyes: list[Eye]

    @property
    def covered(self) -> bool:
        """Whether a camera looks at it."""
        return bool(self.eyes)


def is_online(camera: Camera) -> bool:
    """Whether it has said within the canteen's minutes that it lives."""
    return camera.seen_at >= clock.now() - timedelta(minutes=camera.canteen.silent_minutes)


def eyes_of(canteen: Canteen) -> list[Eye]:
    """The canteen's cameras in use, by spot."""
    rows = (
        Camera.objects.filter(canteen=canteen, retired_on=None).select_related("canteen").order_by("spot", "pk")[:200]
    )
    return [Eye(one, is_online(one), spots().get(one.spot, {}).get("title", one.spot)) for one in rows]


def spots_of(eyes: list[Eye]) -> list[SpotOf]:
    """Every key spot with its cameras, the ones a kitchen must have first."""
    return [
        SpotOf(one["title"], one["needed"], [eye for eye in eyes if eye.camera.spot == code])
        for code, one in spots().items()
        if one["needed"] or any(eye.camera.spot == code for eye in eyes)
    ]


def view_of(canteen: Canteen) -> KitchenView:
    """When parents may look; nobody may where nothing is set."""
    return KitchenView.objects.filter(canteen=canteen).first() or KitchenView(canteen=canteen)


def is_open_now(view: KitchenView) -> bool:
    """Whether parents may look at this moment: allowed, a school day, within a window."""
    now = clock.now().astimezone(clock.SCHOOL_TIME)
    if not view.parents or not calendar_for(view.canteen.school.path).is_school_day(now.date()):
        return False
    return any(time.fromisoformat(since) <= now.time() <= time.fromisoformat(until) for since, until in view.windows)


def reads(user: User, canteen: Canteen) -> bool:
    """Whether the person's post reads this canteen: they may look at any time."""
    return any(
        canteen.unit.path.startswith(path) or canteen.school.path.startswith(path) for path in scope(user, *READERS)
    )


def is_parent(user: User, canteen: Canteen) -> bool:
    """Whether the person is a parent of the school, by post or by child."""
    path = canteen.school.path
    return any(path.startswith(one) for one in scope(user, "parent")) or any(
        one.startswith(path) for one in children_paths(user)
    )


def kitchens_for(user: User) -> QuerySet[Canteen]:
    """The canteens whose open kitchen a person knows of: of their posts, and of their children's schools."""
    there = Q(pk__in=[])
    for path in scope(user, *READERS, "parent"):
        there |= Q(school__path__startswith=path)
    schools = Unit.objects.filter(path__in=children_paths(user)).values("school")
    rows = Canteen.objects.filter(there | Q(school__in=schools), closed_on=None)
    return rows.select_related("school", "place").order_by("school__path", "pk")


def may_look(user: User, canteen: Canteen) -> bool:
    """Whether the person may see the cameras now."""
    return reads(user, canteen) or (is_parent(user, canteen) and is_open_now(view_of(canteen)))


def camera_for(user: User, pk: int, *, looking: bool = False) -> Camera:
    """The camera, for whoever knows of its kitchen; `looking`: who may look at this moment."""
    found = Camera.objects.filter(pk=pk, retired_on=None).select_related("canteen__school", "canteen__place").first()
    if found is None or not (reads(user, found.canteen) or is_parent(user, found.canteen)):
        raise NotThere
    if looking and not may_look(user, found.canteen):
        raise NotThere
    return found


def silent() -> QuerySet[Camera]:
    """Cameras in use that have been silent for their canteen's minutes, and of which no outage is open."""
    known = Outage.objects.filter(is_open=True).values("camera")
    rows = Camera.objects.filter(retired_on=None, canteen__closed_on=None, seen_at__lt=clock.now() - QUIET)
    return rows.exclude(pk__in=known).select_related("canteen__school", "canteen__place").order_by("pk")


def facts_of_outage(case: Outage) -> list[tuple[str, str]]:
    """What the page says of a silent camera."""
    spot = spots().get(case.camera.spot, {}).get("title", case.camera.spot)
    return [("摄像头", case.camera.name), ("关键点位", spot), ("最后在线", when(case.since))]


def with_camera(rows: QuerySet[Outage]) -> QuerySet[Outage]:
    """With the camera."""
    return rows.select_related("camera")


def online(path: str, since: date, until: date) -> Iterator[tuple[str, int, int]]:
    """Cameras of each school that live this moment, of those in use."""
    rows = Camera.objects.filter(retired_on=None, canteen__school__path__startswith=path).order_by()
    alive = Count("pk", filter=Q(seen_at__gte=clock.now() - QUIET))
    for row in rows.values(where=F("canteen__school__path")).annotate(over=Count("pk"), n=alive):
        yield row["where"], row["n"], row["over"]
