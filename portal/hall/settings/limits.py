"""Which time and which ladder hold at a unit, and where each comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from portal.cases.deadlines import nearest_first
from portal.cases.flow import ASSIGNEE, HOLDER, OPENER, PERSONAL, Clock, Flow, Ladder, Rung
from portal.cases.models import Case, ClockSetting
from portal.orgs.models import Unit, prefixes
from portal.orgs.roles import roles, title
from portal.worktime.spans import Measure, Span, plain

PRESET = "系统预置"
EVERY = "全部类别"
MEASURES = {
    Measure.WALL: "自然时间（昼夜不停）",
    Measure.HOURS: "上学时间（开门的时候才走）",
    Measure.DAYS: "上学日",
}


@dataclass(frozen=True)
class Holds:
    """The time and the ladder that hold for one clock, and the units they come from (none: the flow's own)."""

    span: Span | None
    span_from: Unit | None
    ladder: Ladder
    ladder_from: Unit | None

    @property
    def words(self) -> str:
        """The time allowed in words; it differs by kind where only kinds say it."""
        return str(self.span) if self.span else "各类不同"


class Limits:
    """All settings that bear on one unit: its own and those of the units above. One query."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        rows = ClockSetting.objects.filter(unit__path__in=prefixes(unit.path)).select_related("unit", "made_by")
        self._rows = list(rows.order_by("version", "pk"))

    def applying(self, flow: Flow, clock: str, topic: str, *, own: bool = True) -> list[ClockSetting]:
        """In the order in which they decide; without the one made right here for this topic where `own` is not wanted."""
        mine = self.latest(flow, clock, topic)
        rows = [one for one in self._rows if one.kind == flow.kind and one.clock == clock and one.topic in ("", topic)]
        return [one for one in nearest_first(rows) if own or one != mine]

    def versions(self, flow: Flow, clock: str, topic: str) -> list[ClockSetting]:
        """Every version made right here for this topic, the newest first."""
        named = (self.unit.pk, flow.kind, clock, topic)
        return [one for one in reversed(self._rows) if (one.unit_id, one.kind, one.clock, one.topic) == named]

    def latest(self, flow: Flow, clock: str, topic: str) -> ClockSetting | None:
        """The newest of them."""
        return next(iter(self.versions(flow, clock, topic)), None)

    def holding(self, flow: Flow, clock: Clock, topic: str, *, own: bool = True) -> Holds:
        """What holds here, or what would hold without the setting made right here."""
        rows = self.applying(flow, clock.name, topic, own=own)
        timed = next((one for one in rows if one.amount is not None), None)
        laddered = next((one for one in rows if one.rungs is not None), None)
        if timed is not None and timed.amount is not None:
            span: Span | None = Span(timed.amount, Measure(timed.measure))
        else:
            span = _preset(flow, clock, self.unit, topic)
        ladder = tuple(Rung.from_json(row) for row in laddered.rungs or []) if laddered else clock.late
        return Holds(span, timed.unit if timed else None, ladder, laddered.unit if laddered else None)


@dataclass(frozen=True)
class Cell:
    """One clock of one topic in the overview: its time, where from, and the page to change it."""

    title: str
    words: str
    note: str
    is_own: bool
    url: str


def table(limits: Limits, flow: Flow) -> list[tuple[str, list[Cell]]]:
    """The overview of one kind of case: a row a topic, a column a clock."""
    topics = topics_of(flow)
    rows = [("", EVERY if topics else flow.title), *topics]
    return [(words, [_cell(limits, flow, clock, topic) for clock in flow.clocks]) for topic, words in rows]


def address(flow: Flow, clock: str, unit: Unit, topic: str, *, page: str = "settings-clock") -> str:
    """Where one clock is changed."""
    asked = {"unit": unit.pk} | ({"topic": topic} if topic else {})
    return f"{reverse(page, args=[flow.kind, clock])}?{urlencode(asked)}"


def topics_of(flow: Flow) -> list[tuple[str, str]]:
    """The kinds a case is opened under, as its opening form offers them; none where the affair knows none."""
    field = flow.form(flow.opening).base_fields.get("topic")
    return [(str(code), str(words)) for code, words in getattr(field, "choices", ()) if code]


def sample(flow: Flow, unit: Unit, topic: str, *, state: str = "") -> Case:
    """A case as it would be opened at this unit, never saved; without a topic, of the first one."""
    topics = topics_of(flow)
    case = flow.model(kind=flow.kind, unit=unit, unit_path=unit.path, topic=topic or (topics[0][0] if topics else ""))
    case.state = state or str(flow.opening.target)
    case.turn = flow.state(case.state).turn
    return case


def source(unit: Unit | None, here: Unit) -> str:
    """Where a value comes from, in words."""
    return PRESET if unit is None else "本单位设置" if unit.pk == here.pk else f"来自{unit.name}"


def teller(code: str) -> str:
    """Whom a rung tells, in words."""
    return "现在负责的人" if code == HOLDER else PERSONAL.get(code) or title(code)


def tellers(flow: Flow, ladder: Iterable[Rung]) -> list[tuple[str, str]]:
    """Whom a rung of this flow may tell: whoever holds it, posts that read its cases, and those named already."""
    reads = [
        code for code, role in roles().items() if any(one == "*" or flow.kind.startswith(one) for one in role.reads)
    ]
    codes = [HOLDER, *reads, *(rung.tells for rung in ladder)]
    return [
        (code, teller(code)) for code in dict.fromkeys(codes) if code not in (ASSIGNEE, OPENER) or code in codes[1:]
    ]


def moment_words(rung: Rung) -> str:
    """When a rung fires, in words."""
    if rung.share is not None and rung.share < 1:
        return f"用去 {plain(rung.share * 100)}% 时"
    return f"超时 {plain(rung.plus)} 小时后" if rung.plus else "超时立即"


def ladder_words(ladder: Iterable[Rung]) -> str:
    """A ladder in one sentence."""
    return "；".join(f"{teller(rung.tells)} {moment_words(rung)}" for rung in ladder) or "没有"


def said(setting: ClockSetting) -> list[tuple[str, str]]:
    """What one version of a setting says, as labels and words."""
    span = Span(setting.amount, Measure(setting.measure)) if setting.amount is not None else None
    ladder = None if setting.rungs is None else [Rung.from_json(row) for row in setting.rungs]
    return [
        ("时限", str(span) if span else "沿用"),
        ("阶梯", "沿用" if ladder is None else ladder_words(ladder)),
    ]


def spelled(amount: Decimal | None) -> Any:
    """A number as it stands in a field."""
    return plain(amount) if amount is not None else ""


def _preset(flow: Flow, clock: Clock, unit: Unit, topic: str) -> Span | None:
    """The flow's own time; for every topic together none, where it differs between them."""
    asked = [topic] if topic else [code for code, _ in topics_of(flow)] or [""]
    spans = {clock.within(sample(flow, unit, one)) for one in asked}
    return spans.pop() if len(spans) == 1 else None


def _cell(limits: Limits, flow: Flow, clock: Clock, topic: str) -> Cell:
    holds = limits.holding(flow, clock, topic)
    own = limits.latest(flow, clock.name, topic)
    is_own = own is not None and (own.amount is not None or own.rungs is not None)
    froms = [one for one in (holds.span_from, holds.ladder_from) if one is not None]
    note = "" if not froms else source(froms[0], limits.unit)
    if is_own and own is not None and own.amount is None:
        note = "阶梯在本单位设置"
    return Cell(clock.title, holds.words, note, is_own, address(flow, clock.name, limits.unit, topic))
