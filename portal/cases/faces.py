"""How a case looks: chips, rows, ladders and trails as plain values, so that templates decide nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import OuterRef

from portal import clock
from portal.orgs.roles import counts_in, roles
from portal.orgs.roles import title as role_title
from portal.templatetags.sunlit import duration, parts, when

from .flow import ASSIGNEE, BY_CLOCK, HOLDER, OPENER, PERSONAL, Flow, Rung, address_of, flow_of
from .ladders import Whom
from .lines import Line, line_for, needed, photo_of, said
from .models import Case, Deadline, Escalation

SIGNS = {"late": "octagon-alert", "done": "circle-check", "off": "pause"}
SOON = 0.2  # orange when less than a fifth of the time is left


class ClockWords(NamedTuple):
    """A clock's words around a length of time."""

    lead: str = ""
    span: str = ""
    rest: str = ""


@dataclass(frozen=True)
class ClockFace:
    """A clock: its colour, its words, what is left of it in percent."""

    tone: str
    words: str
    left: int | None = None
    due: datetime | None = None
    title: str = ""
    note: str = ""
    icon: str = ""

    @property
    def look(self) -> str:
        """Its colour as the stylesheet calls it; none where nothing runs."""
        return "" if self.tone == "off" else f" is-{self.tone}"

    @property
    def sign(self) -> str:
        """The icon that says the same; none where the dial shows what is left."""
        return self.icon or SIGNS.get(self.tone, "") or ("" if self.left is not None else "clock")

    @cached_property
    def said(self) -> ClockWords:
        """Its words, with the length of time apart where the page's script counts it down."""
        return ClockWords(*parts(self.words)) if self.due else ClockWords(rest=self.words)


@dataclass(frozen=True)
class RungFace:
    """One step of the staircase of who hears of it."""

    name: str
    post: str
    when: str
    state: str
    acknowledged: str = ""


@dataclass(frozen=True)
class StepFace:
    """One station of the line."""

    title: str
    icon: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class TrailFace:
    """One sentence of the trail."""

    icon: str
    tone: str
    who: str
    did: str
    when: str
    words: list[tuple[str, str]] = field(default_factory=list)
    photos: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class ActionFace:
    """A button for a step this person may take now; with a `key` it asks nothing and is taken at one press."""

    name: str
    title: str
    icon: str
    primary: bool
    url: str
    help: str = ""
    key: str = ""
    version: int = 0
    ahead: bool = False  # whoever does the work, away from any desk, fills it in without network too


@dataclass(frozen=True)
class CaseRow:
    """One line of a list."""

    url: str
    icon: str
    title: str
    number: str
    place: str
    holder_name: str
    holder_post: str
    state_title: str
    clock: ClockFace
    mini: tuple[int, int] = (0, 0)
    case: Case | None = None
    note: str = ""
    thumb_url: str = ""


def rows_of(cases: Iterable[Case], *, schools: bool = False) -> list[CaseRow]:
    """Rows for a page of cases; one more query, for their clocks and how far these have risen. `schools` names each one's school."""
    cases = list(cases)
    live: dict[int, list[Deadline]] = {}
    risen = Escalation.objects.filter(deadline=OuterRef("pk"), vacant=False, due_at__gte=OuterRef("due_at"))
    running = Deadline.objects.filter(case__in=[case.pk for case in cases if case.is_open], done_at=None)
    for deadline in running.annotate(reached=risen.order_by("-round", "-rung").values("role")[:1]) if cases else []:
        live.setdefault(deadline.case_id, []).append(deadline)
    whom = Whom()
    lines = [line_for(flow_of(case), case) for case in cases]
    for case, line in zip(cases, lines, strict=True):
        whom.need(case, [HOLDER] * (case.turn not in ("", ASSIGNEE, OPENER)) + needed(line))
    whom.load()
    return [_row(case, line, live.get(case.pk, []), whom, schools) for case, line in zip(cases, lines, strict=True)]


def _row(case: Case, line: Line, deadlines: list[Deadline], whom: Whom, schools: bool) -> CaseRow:
    flow, state = flow_of(case), flow_of(case).state(case.state)
    name, post = holder_words(case, whom)
    return CaseRow(
        url=address_of(case),
        icon=line.icon or flow.icon,
        title=case.title,
        number=case.number,
        place=f"{case.unit.school.name} · {case.unit.place}" if schools and case.unit.school else case.unit.place,
        holder_name=name,
        holder_post=post,
        state_title=state.title,
        clock=chip(case, deadlines),
        mini=progress(flow, case),
        case=case,
        note=said(case, line, whom),
        thumb_url="" if case.discreet else photo_of(case),
    )


def holder_words(case: Case, whom: Whom) -> tuple[str, str]:
    """Who answers for it now: a name with its part or post; a post alone only where it is vacant."""
    if case.turn == ASSIGNEE and case.assignee:
        return case.assignee.name, PERSONAL[ASSIGNEE]
    if case.turn == OPENER:
        return (case.opener.name if case.opener else "未登录的人"), PERSONAL[OPENER]
    if case.turn == BY_CLOCK:
        return PERSONAL[BY_CLOCK], "到时自动办理"
    if case.turn:
        people = whom.of(case, HOLDER)
        more = f"等 {len(people)} 人" if len(people) > 1 else ""
        return (f"{whom.names[people[0]]}{more}" if people else "空缺"), role_title(case.turn)
    return (case.assignee.name, "经办") if case.assignee else ("", "")


def progress(flow: Flow, case: Case) -> tuple[int, int]:
    """Stations passed and stations in all, for the small line."""
    line, here = flow.line(), flow.state(case.state).line
    if not case.is_open:
        return (len(line), len(line)) if here else (0, 0)
    return (line.index(here) if here in line else 0), len(line)


def chip(case: Case, deadlines: list[Deadline]) -> ClockFace:
    """The one clock of a row: the nearest that runs; closed, standing still, or none said in words."""
    state = flow_of(case).state(case.state)
    if state.final:
        return ClockFace(
            "done" if state.final == "done" else "off", state.title, icon="" if state.final == "done" else state.icon
        )
    running = [one for one in shown(deadlines, flow_of(case)) if one.paused_at is None]
    if running:
        return clock_face(min(running, key=lambda one: one.due_at), flow_of(case))
    return ClockFace("off", "时钟已停" if shown(deadlines, flow_of(case)) else "没有时限")


def shown(deadlines: Iterable[Deadline], flow: Flow) -> list[Deadline]:
    """Those whose clock is shown: not the silent ones, which only act."""
    return [one for one in deadlines if not flow.clock(one.clock).silent]


def clock_face(deadline: Deadline, flow: Flow) -> ClockFace:
    """A running clock in words."""
    at, title = clock.now(), flow.clock(deadline.clock).title
    note = f"{when(deadline.due_at)}{'（暂定）' if deadline.provisional else ''} · 时限 {deadline.total_span}"
    if deadline.paused_at is not None:
        return ClockFace("off", f"{title}时钟已停", title=title, note=f"{when(deadline.paused_at)} 起停表")
    if deadline.due_at <= at:
        reached = getattr(deadline, "reached", None)
        risen = f"，已到{role_title(reached)}" if reached and reached != HOLDER else ""
        return ClockFace("late", f"已超时 {duration(at - deadline.due_at)}{risen}", 0, deadline.due_at, title, note)
    whole = (deadline.due_at - deadline.started_at).total_seconds() or 1
    left = (deadline.due_at - at).total_seconds() / whole
    tone = "soon" if left < SOON else "going"
    words = f"距超时 {duration(deadline.due_at - at)}"
    if flow.clock(deadline.clock).then:
        words = f"还剩 {duration(deadline.due_at - at)}可{title}"
    return ClockFace(
        tone,
        words,
        max(1, min(100, round(left * 100))),
        deadline.due_at,
        title,
        note,
    )


def line_of(case: Case, entered: dict[str, datetime]) -> list[StepFace]:
    """The line of stations with the current one lit; `entered` gives when each was passed."""
    flow = flow_of(case)
    here = flow.state(case.state)
    line = flow.line()
    opened = StepFace(
        flow.opening.title, flow.opening.icon, "past", f"{case.opened_at.astimezone(clock.SCHOOL_TIME):%m-%d %H:%M}"
    )
    if not here.line:
        return [opened, StepFace(here.title, here.icon, "now")]
    at = line.index(here.line)
    faces = [opened]
    for index, title in enumerate(line):
        state = next(one for one in flow.states if one.line == title)
        shown = "past" if index < at or not case.is_open else "now" if index == at else "ahead"
        if index < at and title not in entered:
            shown = "skipped"
        moment = entered.get(title) if shown == "past" else None
        note = f"{moment.astimezone(clock.SCHOOL_TIME):%m-%d %H:%M}" if moment else ""
        faces.append(StepFace(title, state.icon, shown, note))
    return faces


@dataclass(frozen=True)
class Fired:
    """A rung that has fired, as a page needs it."""

    rung: int
    role: str
    told: list[int]
    vacant: bool
    at: datetime
    acknowledged_at: datetime | None

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Fired":
        """From the database's own row."""
        seen = row["acknowledged_at"]
        moments = {
            "at": datetime.fromisoformat(row["at"]),
            "acknowledged_at": datetime.fromisoformat(seen) if seen else None,
        }
        return cls(**row | moments)


def ladder_faces(
    rungs: list[tuple[Rung, datetime | None]], fired: list[Fired], names: dict[int, str], whom: Whom, case: Case
) -> list[RungFace]:
    """The staircase: rungs climbed in red, where it stands in teal, who hears next and when.

    Posts outside a closed circle never hear of its cases, and so are no steps of their staircase.
    """
    done = {one.rung: one for one in fired}
    name, post = holder_words(case, whom)
    faces = [RungFace(name or "空缺", post, "现在负责", "hit" if done else "now")]
    for number, (rung, moment) in enumerate(rungs):
        if rung.tells == HOLDER or not hears(rung.tells, case):
            continue
        one = done.get(number)
        faces.append(_ahead(rung, moment, whom, case) if one is None else _climbed(one, names))
    return faces


def hears(role: str, case: Case) -> bool:
    """Whether a rung's post may hear of a case at all: of what a closed circle keeps, only the circle's posts."""
    return role not in roles() or counts_in(role, case.circle)


def _ahead(rung: Rung, moment: datetime | None, whom: Whom, case: Case) -> RungFace:
    people = "、".join(whom.names[one] for one in whom.of(case, rung.tells)[:2])
    told = f"{when(moment)} 上报" if moment else ""
    return RungFace(people or "空缺", role_title(rung.tells), told, "ahead" if people else "vacant")


def _climbed(one: Fired, names: dict[int, str]) -> RungFace:
    people = "、".join(names.get(person, "") for person in one.told[:2]) or "空缺"
    seen = f"{when(one.acknowledged_at)} 知悉" if one.acknowledged_at else ""
    return RungFace(people, role_title(one.role), f"{when(one.at)} 已上报", "vacant" if one.vacant else "hit", seen)


def passed_over(why: Mapping[str, str], role: str) -> str:
    """A post that a step went past, with the reason: vacant, or held by somebody who acts for another post (`once`)."""
    return f"{role_title(role)}{'空缺' if why[role] == 'vacant' else '兼任别的环节，只签一次'}"
