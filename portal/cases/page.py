"""One case with all that its page shows, asked in a constant number of queries whatever the length of its history."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from django.forms import ChoiceField, TypedChoiceField

from portal import clock
from portal.ledger.models import Event
from portal.ledger.queries import chain_of, intact
from portal.orgs.models import Unit, User
from portal.orgs.roles import title as role_title
from portal.templatetags.sunlit import when
from portal.worktime.calendars import calendar_for

from .access import reads_details, takes
from .actors import Actor, is_clock
from .deadlines import ladder_of, rung_at
from .discretion import SENTENCE
from .faces import (
    ActionFace,
    CaseRow,
    ClockFace,
    Fired,
    RungFace,
    StepFace,
    TrailFace,
    clock_face,
    hears,
    holder_words,
    ladder_faces,
    line_of,
    passed_over,
    shown,
)
from .flow import ASSIGNEE, HOLDER, OPENER, Flow, Rung, Step, address_of, flow_of
from .ladders import Whom
from .linking import linked_rows
from .models import Case, Deadline
from .photos import Shot, covered_words, shots_of, taken_at
from .queries import clocks_of, history_of

PEOPLE = ("assignee", "opener", "helper")  # facts that name a person


@dataclass
class CaseFace:
    """All that the page of one case shows."""

    title: str
    number: str
    place: str
    place_url: str
    state_title: str
    tone: str
    opened: str
    urgent: bool
    kind_title: str
    affair_url: str
    print_url: str
    clocks: list[ClockFace]
    steps: list[StepFace]
    ladder: list[RungFace]
    talk: list[TrailFace]
    trail: list[TrailFace]
    photos: list[Shot]
    actions: list[ActionFace]
    people: list[tuple[str, str]]
    facts: list[tuple[str, str]]
    papers: list[tuple[str, str]]
    links: list[CaseRow]
    note: str
    secret: str
    sealed: str
    url: str


@dataclass
class Material:
    """What was asked of the database for one case."""

    case: Case
    flow: Flow
    events: list[Event]
    deadlines: list[Deadline]
    people: dict[int, str] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case) -> "Material":
        """Asks for everything once."""
        return cls.about(case, list(history_of(case)), list(clocks_of(case)))

    @classmethod
    def about(cls, case: Case, events: list[Event], deadlines: list[Deadline]) -> "Material":
        """What these events (of `history_of`) and clocks name: people and places."""
        made = cls(case, flow_of(case), events, deadlines)
        made.people = dict(User.objects.filter(pk__in=_people_in(made)).values_list("pk", "name"))
        units = {one.facts["unit"] for one in made.events if isinstance(one.facts.get("unit"), int)} - {case.unit_id}
        if units:
            made.places = {unit.pk: unit.place for unit in Unit.objects.filter(pk__in=units)}
        return made

    def as_seen(self, by: Actor) -> "Material":
        """Without words and photos for those who may not read the details of a discreet case."""
        if not reads_details(by, self.case):
            for event in self.events:
                event.said, event.shown = [], []  # type: ignore[attr-defined]
        return self

    def who(self, event: Event) -> str:
        """Who did it, in words."""
        kind, _, pk = event.who.partition(":")
        if kind == "person":
            return self.people.get(int(pk), "已离开的人")
        return "系统" if is_clock(event.who) else "未登录的人"


def face_of(case: Case, *, by: Actor) -> CaseFace:
    """The page of one case as this actor may see it."""
    have = Material.of(case).as_seen(by)
    fired = [row for one in have.deadlines for row in one.fired if row["role"] != HOLDER]  # type: ignore[attr-defined]
    waits = [row["told"] for row in fired if not row["acknowledged_at"]]
    case.told_now = {person for told in waits for person in told}  # type: ignore[attr-defined]
    flow, state = have.flow, have.flow.state(case.state)
    live = shown([one for one in have.deadlines if one.done_at is None], flow)
    running = sorted((one for one in live if one.paused_at is None), key=lambda one: one.due_at)
    whom = _whom(have, running[0] if running else None)
    return CaseFace(
        title=case.title,
        number=case.number,
        place=case.unit.place,
        place_url=f"/units/{case.unit_id}/",
        state_title=state.title,
        tone={"done": "done", "off": "off"}.get(state.final, "going"),
        opened=f"{opened_by(case)} {when(case.opened_at)} {flow.opening.title}",
        urgent=case.urgent,
        kind_title=flow.title,
        affair_url=f"/{flow.affair}/",
        print_url=f"{address_of(case)}print/",
        clocks=[clock_face(one, flow) for one in (*running, *(one for one in live if one.paused_at is not None))],
        steps=line_of(case, _entered(have)),
        ladder=_ladder(have, running[0], whom) if running else [],
        talk=[sentence(have, event) for event in have.events if event.verb in flow.talk and event.said],  # type: ignore[attr-defined]
        trail=[sentence(have, event) for event in reversed(have.events)],
        photos=_photos(have, by),
        actions=actions_for(case, by=by),
        people=_people(case, whom),
        facts=facts_for(case, by),
        secret="" if reads_details(by, case) else SENTENCE,
        papers=flow.papers(case),
        links=linked_rows(case),
        note=_note(have),
        sealed=_sealed(have),
        url=address_of(case),
    )


def facts_for(case: Case, by: Actor) -> list[tuple[str, str]]:
    """What the affair says of its case, for those who may read it; of a discreet case the room first."""
    if not reads_details(by, case):
        return []
    room = [("具体地点", f"{case.spot.place}（私密，不对别人显示）")] if case.spot else []
    return room + flow_of(case).facts(case)


def changes_since(case: Case, seen: int, step: Step) -> list[tuple[str, str, str, str]]:
    """What somebody with the page of version `seen` open saw, what is now, and what their step would have made of it."""
    flow, version, state, holder = flow_of(case), -1, "", 0
    for event in chain_of(case.address):
        known = flow.step(event.verb)
        version += bool(known and (known in flow.openings or known.changes))
        if version > seen:
            break
        state = event.facts.get("to") or state
        holder = 0 if known and "assignee" in known.clears else event.facts.get("assignee", holder)
    names = dict(User.objects.filter(pk=holder).values_list("pk", "name")) if holder else {}
    saw, now = flow.state(state).title if state else "", flow.state(case.state).title
    rows = [("状态", saw, now, flow.state(step.target).title if step.target else "")]
    if holder or case.assignee:
        rows.append(("办理人", names.get(holder, ""), case.assignee.name if case.assignee else "", ""))
    return rows


def actions_for(case: Case, *, by: Actor) -> list[ActionFace]:
    """The steps this actor may take now, the main one first."""
    flow = flow_of(case)
    found = [
        step
        for step in flow.steps
        if step.is_there and case.state in step.sources and takes(by, step, case) and _offered(step, case, by)
    ]
    found.sort(key=lambda step: not (step.main or step.acknowledges))
    away = isinstance(by, User) and by.pk == case.assignee_id
    return [_action(case, step, primary=index == 0, away=away) for index, step in enumerate(found)]


def _action(case: Case, step: Step, *, primary: bool, away: bool) -> ActionFace:
    """The button; a step that asks nothing is taken at one press."""
    asks = bool(flow_of(case).form(step).base_fields)
    key = "" if asks else secrets.token_urlsafe(18)
    primary = primary and (step.main or step.acknowledges)
    url = f"{address_of(case)}{step.name}/"
    ahead = away and asks and (primary or not step.changes)
    return ActionFace(step.name, step.title, step.icon, primary, url, step.help, key, case.version, ahead)


def _offered(step: Step, case: Case, by: Actor) -> bool:
    """Leaves out buttons that can only be refused: a nudge in time, the second signature of who has signed."""
    if step.offered is not None and not step.offered(case):
        return False
    if step.another is not None and isinstance(by, User) and step.another(case) == by.pk:
        return False
    if step.name == "nudge":
        return case.due_at is not None and case.due_at <= clock.now()
    if step.extends or (step.clears and not step.target and not step.sets):
        return any(getattr(case, name) is not None for name in step.clears)
    return not (step.sets and all(name.startswith("asked") for name in step.sets) and _asked(step, case))


def _asked(step: Step, case: Case) -> bool:
    return any(getattr(case, name) is not None for name in step.sets)


def _people_in(have: Material) -> set[int]:
    ids = {int(one.who[7:]) for one in have.events if one.who.startswith("person:")}
    ids |= {value for one in have.events for name in PEOPLE if isinstance(value := one.facts.get(name), int)}
    ids |= {person for one in have.deadlines for row in one.fired for person in row["told"]}  # type: ignore[attr-defined]
    return ids | {person for one in have.events for person in one.facts.get("told", [])}


def _entered(have: Material) -> dict[str, datetime]:
    """When each station of the line was passed last."""
    passed: dict[str, datetime] = {}
    for event in have.events:
        source = event.facts.get("from")
        if source and event.facts.get("to") and source in have.flow.tokens:
            passed[have.flow.state(source).line] = event.at
    return passed


def _ladder(have: Material, deadline: Deadline, whom: Whom) -> list[RungFace]:
    """The staircase of the clock that runs: what has risen, and who hears next."""
    calendar = calendar_for(have.case.unit_path)
    rungs: list[tuple[Rung, datetime | None]] = [
        (rung, rung_at(deadline, rung, calendar)) for rung in ladder_of(deadline, have.flow)
    ]
    fired = [Fired.of(row) for row in deadline.fired]  # type: ignore[attr-defined]
    return ladder_faces(rungs, fired, have.people | whom.names, whom, have.case)


def _whom(have: Material, deadline: Deadline | None) -> Whom:
    """Who holds it now and who hears next, asked once."""
    whom = Whom()
    rungs = ladder_of(deadline, have.flow) if deadline else ()
    turn = [HOLDER] if have.case.turn not in ("", ASSIGNEE, OPENER) else []
    whom.need(have.case, [*turn, *(rung.tells for rung in rungs if rung.tells != HOLDER)])
    return whom.load()


def sentence(have: Material, event: Event) -> TrailFace:
    """One event as a sentence with the words and photos that came with it."""
    step = have.flow.step(event.verb)
    said = [(_label(have.flow, step, one["name"]), one["text"]) for one in event.said]  # type: ignore[attr-defined]
    photos = shots_of(event)
    if step is None:
        icon, did = _clock_sentence(have, event)
        return TrailFace(icon, "bad" if event.verb == "escalated" else "", have.who(event), did, when(event.at), said)
    codes = {name: value for name, value in event.facts.items() if isinstance(value, str | int)}
    names = codes | {name: have.people.get(event.facts.get(name), "") for name in PEOPLE} | _moments(event)
    names |= _choices(have.flow, step, event)
    did = (step.says or step.title).format_map(names | {"unit": have.places.get(event.facts.get("unit"), "")})
    if event.facts.get("granted"):
        did += f" {event.facts['granted']} 小时"
    if over := event.facts.get("passed"):
        did += f"；{'、'.join(passed_over(over, role) for role in over)}，转到下一环节"
    if photos:
        did += f"，附照片 {len(photos)} 张{covered_words(event)}"
    return TrailFace(step.icon, step.tone, have.who(event), did, when(event.at), said)


def _choices(flow: Flow, step: Step, event: Event) -> dict[str, str]:
    """What was chosen from a list, as the list calls it, for sentences that name it."""
    fields = flow.form(step).base_fields if "{" in step.says else {}
    lists = {name: field for name, field in fields.items() if type(field) in (ChoiceField, TypedChoiceField)}
    return {
        name: str(words)
        for name, field in lists.items()
        for code, words in field.choices  # type: ignore[attr-defined]
        if code == event.facts.get(name)
    }


def _moments(event: Event) -> dict[str, str]:
    """Moments among the facts, for sentences that name one."""
    found = {name: value for name, value in event.facts.items() if name.endswith("_at") and isinstance(value, str)}
    return {name: f" {when(datetime.fromisoformat(value))} " for name, value in found.items()}


def _clock_sentence(have: Material, event: Event) -> tuple[str, str]:
    facts = event.facts
    if event.verb == "absorbed":
        return "git-merge", f"并入了 {facts['merged']}，那一件的发起人和关注人都已关注这里"
    if event.verb == "passed_on":
        return "arrow-right-left", f"随原来的事项转给{have.people.get(facts.get('opener'), '接手的人')}负责"
    if event.verb == "covered":
        return "square", f"遮挡了一张照片，遮住 {facts['blocks']} 格"
    if event.verb == "saw_original":
        return "eye", "看了一张照片遮挡前的原图"
    if event.verb == "recounted":
        return "calendar", "校历有变，时限已重新计算"
    title = have.flow.clock(facts["clock"]).title if facts.get("clock") else ""
    if facts.get("vacant") and not hears(facts["role"], have.case):
        return "user-x", f"{title}：{role_title(facts['role'])}不在专项圈内，不上报，直接到下一级"
    if facts.get("vacant"):
        return "user-x", f"{title}：{role_title(facts['role'])}空缺，直接报下一级"
    people = "、".join(have.people.get(one, "") for one in facts.get("told", []))
    if facts.get("role") == HOLDER:
        return "bell", f"{title}快到时限，已提醒 {people}"
    return "arrow-up-right", f"{title}超时，上报 {people}（{role_title(facts.get('role', ''))}）"


def _label(flow: Flow, step: Step | None, name: str) -> str:
    fields = flow.form(step).base_fields if step else {}
    return str(fields[name].label) if name in fields and step is not None and len(fields) > 1 else ""


def _photos(have: Material, by: Actor) -> list[Shot]:
    """Photos with the step that brought them and when, oldest first."""
    shown = [(have.flow.step(event.verb), event) for event in have.events]
    return [one for step, event in shown for one in shots_of(event, case=have.case, by=by, label=taken_at(step))]


def _note(have: Material) -> str:
    """What was said when the case last came back, while that is still to be dealt with."""
    last = have.events[-1] if have.events else None
    if last is not None and last.facts.get("into"):
        return f"这一件已并入 {last.facts['into']}，进展都在那一件里，见“相关事项”。"
    step = have.flow.step(last.verb) if last else None
    if last is None or step is None or step.tone != "bad" or not have.case.is_open:
        return ""
    said = " ".join(one["text"] for one in last.said)  # type: ignore[attr-defined]
    return f"{have.who(last)} {when(last.at)} {step.says or step.title}：{said}"


def opened_by(case: Case) -> str:
    """Who opened it, in words; a stranger holds a receipt, what the clock opened has neither person nor receipt."""
    if case.opener is not None:
        return case.opener.name
    return "未登录的人" if case.receipt else "系统"


def _people(case: Case, whom: Whom) -> list[tuple[str, str]]:
    name, post = holder_words(case, whom)
    found = [("现在负责", f"{name} · {post}" if name else "")] if case.is_open else []
    found.append(("发起人", opened_by(case)))
    if case.assignee:
        found.append(("办理人", case.assignee.name))
    if helpers := getattr(case, "helpers", []):
        found.append(("协助人", "、".join(helpers)))
    return found


def _sealed(have: Material) -> str:
    """What the page says of its own trail."""
    proof = intact(have.case.address, have.case.chain_head, have.events)
    head = have.case.chain_head
    return f"{proof.sentence} 末条 {head[:4]}…{head[-4:]}" if proof.sound else proof.sentence
