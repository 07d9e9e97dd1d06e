"""定期事项: which recurring cases come where. The nearest unit that says something wins; the schedules follow it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from portal import clock
from portal.errors import BadInput, NotAllowed, Stale
from portal.ledger.actions import CLOCK, append
from portal.orgs.access import may
from portal.orgs.models import Unit, User, prefixes
from portal.orgs.roles import title as role_title
from portal.worktime.calendars import Calendars

from .flow import FLOWS, Flow
from .models import RoutineSetting, Schedule
from .schedules import plan, replan, words_of

SETTERS = ("admin", "director", "principal")
DAYS = {
    "day": (1,),
    "week": range(1, 8),
    "month": range(1, 32),
    "term": (*range(1, 11), *range(-1, -6, -1)),
}  # to choose from
CHUNK = 100  # schedules arranged in one transaction
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
ON, OFF, ABOVE = RoutineSetting.ON, RoutineSetting.OFF, RoutineSetting.ABOVE


@dataclass(frozen=True)
class Comes:
    """Whether a recurring case comes at a place, by which rule, and which setting says so (none: the flow's own)."""

    is_on: bool
    rule: dict[str, Any]
    said: RoutineSetting | None = None

    @property
    def words(self) -> str:
        """How often, in words; or that it does not come."""
        return words_of(self.rule) if self.is_on else "不开"

    @property
    def since(self) -> date | None:
        """From when on this holds; none where it always has."""
        if self.said is None:
            return None
        set_on = self.said.made_at.astimezone(clock.SCHOOL_TIME).date()
        return max(set_on, date.fromisoformat(self.rule["since"])) if self.rule.get("since") else set_on


class Routines:
    """The newest settings of some units by kind and place. One query."""

    def __init__(self, units: Iterable[str] = (), *, below: Iterable[str] = ()) -> None:
        """Those that bear on the units of these paths, and those made below others."""
        near = Q(unit__path__in={path for unit in units for path in prefixes(unit)})
        for path in below:
            near |= Q(unit__path__startswith=path)
        rows = RoutineSetting.objects.filter(near).select_related("unit", "made_by").order_by("version", "pk")
        self.rows: dict[tuple[str, str], RoutineSetting] = {(one.kind, one.unit.path): one for one in rows}

    def at(self, flow: Flow, path: str) -> RoutineSetting | None:
        """The newest setting made right here, whatever it says."""
        return self.rows.get((flow.kind, path))

    def holding(self, flow: Flow, path: str, *, own: bool = True) -> Comes:
        """What holds at a place, or what would without what was set right there."""
        assert flow.recurs is not None
        for above in reversed(prefixes(path)):
            one = self.rows.get((flow.kind, above)) if own or above != path else None
            if one is not None and one.stance != ABOVE:
                return Comes(one.stance == ON, one.rule or dict(flow.recurs.rule), one)
        return Comes(flow.recurs.is_on, dict(flow.recurs.rule))

    def apart(self, flow: Flow, path: str) -> list[RoutineSetting]:
        """What units below this one have set for themselves, in the order of the tree."""
        found = [one for (kind, where), one in self.rows.items() if kind == flow.kind and where != path]
        below = [one for one in found if one.unit.path.startswith(path) and one.stance != ABOVE]
        return sorted(below, key=lambda one: one.unit.path)


def recurring() -> list[Flow]:
    """The flows whose cases come again by themselves."""
    return [flow for flow in FLOWS.values() if flow.recurs is not None]


@transaction.atomic
def set_routine(
    *, unit: Unit, kind: str, stance: str, by: User, rule: dict[str, Any] | None = None, seen: int | None = None,
    alike_below: bool = False,
) -> RoutineSetting:  # fmt: skip
    """Says whether a recurring case comes at a unit and everything below it: `on` by this `rule`, `off`, or as `above`.

    `alike_below`: units below that had set something of their own follow again. The schedules are arranged at once.
    Refused for people who are neither admin nor head there, for a day or time there is not, and when the newest version
    is not the one that was `seen` (0: none).
    """
    if not may(by, SETTERS, unit.path):
        who = "、".join(role_title(one) for one in SETTERS)
        raise NotAllowed("定期事项由这里的负责人或系统管理员设置。", who=who)
    flow = FLOWS.get(kind)
    if flow is None or flow.recurs is None or stance not in dict(RoutineSetting.STANCES):
        raise BadInput("没有这种定期事项。", errors={"kind": ["没有这种定期事项。"]})
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # two at once: one version after the other
    own = Routines([unit.path], below=[unit.path])
    last = own.at(flow, unit.path)
    if seen is not None and seen != (last.version if last else 0):
        raise Stale("这项刚刚被别人改过，这次没有写入。", instead="请看过新的内容再改。")
    made = _version(flow, unit, stance, checked_rule(flow, rule or {}) if stance == ON else {}, last, by=by)
    for one in own.apart(flow, unit.path) if alike_below else ():
        _version(flow, one.unit, ABOVE, {}, one, by=by)
    _arrange(flow, unit.path, by=by)
    return made


def _version(
    flow: Flow, unit: Unit, stance: str, rule: dict[str, Any], last: RoutineSetting | None, *, by: User
) -> RoutineSetting:
    at = clock.now()
    version = last.version + 1 if last else 1
    row = {"kind": flow.kind, "stance": stance, "rule": rule, "version": version}
    made = RoutineSetting.objects.create(unit=unit, made_at=at, made_by=by, **row)
    append(made, "set", by=by, at=at, facts=row | {"unit": unit})
    return made


def checked_rule(flow: Flow, said: dict[str, Any]) -> dict[str, Any]:
    """The flow's rule with another day, time, first day, or moved to school days. Refused: a day or a time there is not."""
    assert flow.recurs is not None
    own = flow.recurs.rule
    rule = dict(own) | {name: value for name, value in said.items() if value not in (None, "")}
    rule |= {name: own[name] for name in ("every", "months") if name in own}
    every, day, at = str(rule["every"]), rule.get("day", 1), rule.get("time", "08:00")
    if day != own.get("day") and str(day) not in {str(one) for one in DAYS[every]}:
        raise BadInput("请选择有的日子。", errors={"day": ["请选择有的日子。"]})
    if at != own.get("time") and not _TIME.fullmatch(str(at)):
        raise BadInput("时间要写成 08:00 这样。", errors={"time": ["时间要写成 08:00 这样。"]})
    rule |= {"day": day if isinstance(day, list) else int(str(day)), "school_days": bool(rule.get("school_days"))}
    if rule.get("since"):
        rule["since"] = date.fromisoformat(str(rule["since"])).isoformat()
    return rule


def arrange(*, by: User | str = CLOCK) -> int:
    """Brings every schedule in line with what is set: for schools that are new, moved or closed. Says how many changed.

    Running it twice, or twice at once, changes nothing more.
    """
    return sum(_arrange(flow, "", by=by) for flow in recurring())


def _arrange(flow: Flow, top: str, *, by: User | str) -> int:
    """The schedules of one kind at a place and below it, a hundred at a time."""
    assert flow.recurs is not None
    planned = derived(flow).filter(is_on=True)
    rows = Unit.objects.filter(path__startswith=top).filter(
        Q(kind__in=flow.recurs.at) | Q(pk__in=planned.values("unit"))
    )
    units = list(rows.order_by("path"))
    return sum(_settle(flow, units[at : at + CHUNK], by=by) for at in range(0, len(units), CHUNK))


@transaction.atomic
def _settle(flow: Flow, units: list[Unit], *, by: User | str) -> int:
    """Writes what does not stand right; asked again behind a lock, so that two at once write it once."""
    if not _wrong(flow, units):
        return 0
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in units]).order_by("path"))
    wrong, days = _wrong(flow, units), Calendars()
    for unit, one, holds in wrong:
        calendar = days.of(unit.path)
        if one is not None:
            replan(one, rule=holds.rule, is_on=holds.is_on, by=by, calendar=calendar)
        else:
            plan(kind=flow.kind, unit=unit, title=flow.title, rule=holds.rule, data={}, by=by, calendar=calendar)
    return len(wrong)


def _wrong(flow: Flow, units: list[Unit]) -> list[tuple[Unit, Schedule | None, Comes]]:
    """Units whose schedule is not what holds there, with what does."""
    there = {one.unit_id: one for one in derived(flow).filter(unit__in=[one.pk for one in units])}
    said, found = Routines(one.path for one in units), []
    open_now = set(Unit.objects.open().filter(pk__in=[one.pk for one in units]).values_list("pk", flat=True))
    for unit in units:
        holds, one = said.holding(flow, unit.path), there.get(unit.pk)
        if unit.pk not in open_now or unit.kind not in flow.recurs.at:  # type: ignore[union-attr]
            holds = Comes(False, holds.rule)
        stands = one is not None and one.is_on
        if stands != holds.is_on or (one is not None and stands and one.rule != holds.rule):
            found.append((unit, one, holds))
    return found


def derived(flow: Flow) -> QuerySet[Schedule]:
    """The schedules that follow what is set for this kind; those an affair plans for itself carry other titles."""
    return Schedule.objects.filter(kind=flow.kind, title=flow.title)
