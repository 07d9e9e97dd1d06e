"""For how long the cameras of a school lived while parents may look: its time in use within the viewing windows, less the
silence of its outages, which heartbeats begin and end."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from canteen.models import Camera, KitchenView, Outage
from portal import clock
from portal.ledger.models import Event
from portal.worktime.calendars import Calendars
from portal.worktime.days import Days

MINUTE, NOTHING = timedelta(minutes=1), timedelta(0)
Stretch = tuple[datetime, datetime]
Windows = tuple[tuple[str, str], ...]
InForce = tuple[tuple[datetime, Windows], ...]  # from when on which windows; none is all day, every day


@dataclass(frozen=True)
class Hours:
    """Stretches of time in their order, none touching the next, with how much has passed before each."""

    begins: Sequence[datetime]
    ends: Sequence[datetime]
    before: Sequence[timedelta]

    @classmethod
    def of(cls, stretches: Sequence[Stretch]) -> "Hours":
        """Of stretches in any order, that may overlap."""
        begins: list[datetime] = []
        ends: list[datetime] = []
        before: list[timedelta] = []
        passed = NOTHING
        for since, until in sorted(stretches):
            if ends and since <= ends[-1]:
                passed += max(NOTHING, until - ends[-1])
                ends[-1] = max(ends[-1], until)
                continue
            before.append(passed)
            begins.append(since)
            ends.append(until)
            passed += until - since
        return cls(begins, ends, before)

    def until(self, moment: datetime) -> timedelta:
        """How much of them lies before a moment."""
        at = bisect_right(self.begins, moment) - 1
        return self.before[at] + min(moment, self.ends[at]) - self.begins[at] if at >= 0 else NOTHING

    def between(self, since: datetime, until: datetime) -> timedelta:
        """How much of them lies between two moments; nothing where the second comes first."""
        return max(NOTHING, self.until(until) - self.until(since))


def uptime(path: str, since: date, until: date) -> Iterator[tuple[str, int, int]]:
    """Minutes of the viewing windows in which the cameras of each school lived on these days, of the minutes of those
    windows in which they were in use; five questions.

    A camera is in use from the moment it was set until the day it was retired, and silent from the last heartbeat before
    an outage until the one that ended it. Windows count as they were set at the time, on school days; where parents may not
    look at all, every hour counts.
    """
    now = clock.now()
    start, end = clock.days(since, until)
    end = min(end, now)
    if start >= end:
        return
    mine = Camera.objects.filter(canteen__school__path__startswith=path).order_by("canteen__school__path", "pk")
    rows = list(mine.values_list("pk", "canteen", "canteen__school__path", "set_at", "retired_on"))
    gaps: dict[int, list[Stretch]] = defaultdict(list)
    silences = Outage.objects.filter(camera__in=mine.order_by(), since__lt=end).order_by()
    for camera, begins, over in silences.values_list("camera", "since", "closed_at"):
        gaps[camera].append((begins, over or now))
    hours = _hours({(canteen, school) for _, canteen, school, *_ in rows}, start, end)
    used: dict[str, timedelta] = defaultdict(timedelta)
    down: dict[str, timedelta] = defaultdict(timedelta)
    for camera, canteen, school, set_at, retired_on in rows:
        stops = min(end, clock.midnight(retired_on)) if retired_on else end
        used[school] += hours[canteen].between(max(start, set_at), stops)
        for begins, over in gaps[camera]:
            down[school] += hours[canteen].between(max(start, begins), min(over, stops))
    for school, length in used.items():
        whole = round(length / MINUTE)
        yield school, max(0, whole - round(down[school] / MINUTE)), whole


def _hours(canteens: set[tuple[int, str]], start: datetime, end: datetime) -> dict[int, Hours]:
    """The time that counts in each canteen; those with the same windows and the same calendar share it."""
    windows, calendars = _windows([canteen for canteen, _ in canteens], start, end), Calendars()
    made: dict[tuple[int, InForce], Hours] = {}
    found = {}
    for canteen, school in canteens:
        days, of = calendars.days_at(school), windows.get(canteen, ((start, ()),))
        key = (id(days), of)
        if key not in made:
            made[key] = Hours.of(list(_open(of, days, start, end)))
        found[canteen] = made[key]
    return found


def _windows(canteens: list[int], start: datetime, end: datetime) -> dict[int, InForce]:
    """The windows each canteen had set by the start, and each change until the end, out of the chain."""
    views = {
        f"kitchenview:{pk}": canteen
        for pk, canteen in KitchenView.objects.filter(canteen__in=canteens).values_list("pk", "canteen")
    }
    found: dict[int, list[tuple[datetime, Windows]]] = {one: [(start, ())] for one in views.values()}
    events = Event.objects.filter(address__in=list(views), verb="set", at__lt=end).order_by("address", "seq")
    for address, at, facts in events.values_list("address", "at", "facts"):
        said: Any = facts["windows"] if facts["parents"] else ()
        now, kept = (max(at, start), tuple((one, other) for one, other in said)), found[views[address]]
        kept[:] = [one for one in kept if one[0] < now[0]] + [now]
    return {canteen: tuple(rows) for canteen, rows in found.items()}


def _open(of: InForce, days: Days, start: datetime, end: datetime) -> Iterator[Stretch]:
    """The stretches of each law between its beginning and the next one's."""
    for (begins, windows), over in zip(of, [*(since for since, _ in of[1:]), end], strict=True):
        if not windows:
            yield begins, over
            continue
        day, last = begins.astimezone(clock.SCHOOL_TIME).date(), over.astimezone(clock.SCHOOL_TIME).date()
        while day <= last:
            if days.is_school_day(day):
                yield from _of_day(day, windows, begins, over)
            day += timedelta(days=1)


def _of_day(day: date, windows: Windows, begins: datetime, over: datetime) -> Iterator[Stretch]:
    for since, until in windows:
        opens, closes = (datetime.combine(day, time.fromisoformat(at), clock.SCHOOL_TIME) for at in (since, until))
        opens, closes = max(opens, begins), min(closes, over)
        if opens < closes:
            yield opens, closes
