"""The duty to publish: a case opened by schedule, signed part by part by different people, and out in time or visibly late.

An affair's own flow is made here from its parts and its time; nothing unsigned is ever published by the clock.
"""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse

from portal import clock
from portal.cases.actions import open_case
from portal.cases.actors import Actor, ledger_name
from portal.cases.flow import BY_CLOCK, Clock, Flow, Ladder, Recurring, State, Step
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.errors import NotAllowed
from portal.orgs.access import may
from portal.orgs.models import User
from portal.orgs.roles import title as role_title
from portal.templatetags.sunlit import when
from portal.worktime.spans import Span

from .actions import expect
from .forms import CheckDuty, OpenDuty, SendBackDuty, SignDuty
from .kinds import MOMENTS, UNSIGNED, Moment, kind_of
from .models import Duty, RunItem
from .periods import Period, opened_on, period_of
from .queries import OWED, SIGNED
from .signing import (
    PARTS,
    Part,
    anew,
    as_prepared,
    next_state,
    not_signed_before,
    publish_case,
    publish_owed,
    publish_signed,
    sign,
)

PREFIX = "GS"


def checks(*posts: str, step: str = "check", state: str = "due", passes: bool = False) -> Part:
    """核对: somebody goes through the figures; the first part where nobody prepares them by hand."""
    said = "请先打开草稿逐项看过。"
    return Part(step, state, posts, "核对无误", "待核对", "核对", "calculator", CheckDuty, said, passes)


def publishes(*posts: str, state: str = "checked") -> Part:
    """公示: the last signature, by which it is out at once."""
    said = "公示后不能改，只能更正并写明原因。"
    return Part("publish", state, posts, "公示", "待公示", "公示", "megaphone", SignDuty, said)


def duty_flow(
    model: type[Duty],
    *,
    title: str,
    plural: str,
    icon: str,
    parts: tuple[Part, ...] = (),
    posts: tuple[str, ...] = (),
    within: Span,
    late: Ladder,
    moment: Moment | None = None,
    due: Moment | None = None,
    recurs: Recurring | None = None,
) -> Flow:
    """The flow of one kind of publication, signed in the order of `parts` by different people.

    Due `within` a time from the opening of the case, and out with the last signature, whose step is `publish`. With a
    `moment` of its period it is due then, and the clock publishes then what is signed by then; signed later it is out at
    once, and late. `due` is a moment of its period too, where it is out before. Without parts nobody signs: the clock
    publishes at its moment what the books say, and `posts` (the first holds it) mend them where they refuse. `recurs` says when the clock opens it. The affair's
    verb that opens it is called `open_<model>`.
    """
    _refuse_contradiction(parts, posts, moment)
    until = due or moment
    states = _states(parts, posts, moment)
    steps = _steps(parts, moment) if parts else (_unsigned(posts),)
    waiting = tuple(part.state for part in parts) or (OWED,)
    owes = Clock("publish", "公示", runs=waiting, late=late, within=lambda case: within,
                 until=partial(_moment_of, moment=until) if until else None)  # fmt: skip
    flow = Flow(
        model,
        title=title,
        prefix=PREFIX,
        icon=icon,
        plural=plural,
        facts=facts_of,
        papers=papers_of,
        recurs=recurs,
        opening=_opening(model, waiting[0], parts[-1].posts if parts else posts),
        states=states,
        steps=steps,
        clocks=(owes,),
    )
    _remember(flow.kind, parts, moment)
    return flow


def _remember(kind: str, parts: tuple[Part, ...], moment: Moment | None) -> None:
    """What else is asked of a kind of duty: who signs what, and when the clock publishes it."""
    PARTS[kind] = {part.step: part for part in parts}
    if moment is not None:
        MOMENTS[kind] = moment
    if not parts:
        UNSIGNED.add(kind)


def _refuse_contradiction(parts: tuple[Part, ...], posts: tuple[str, ...], moment: Moment | None) -> None:
    """Two at least sign, each in a state of its own, the first and the last always; without a moment the last publishes. Or nobody
    signs."""
    if not parts and posts and moment is not None:
        return
    names, states = {one.step for one in parts}, {one.state for one in parts}
    last = parts[-1].step == "publish"
    if len(parts) < 2 or len(names) < len(parts) or len(states) < len(parts) or last != (moment is None):
        raise RuntimeError("a duty has two parts or more, and its last signature publishes unless the clock does")
    if parts[0].passes or parts[-1].passes:
        raise RuntimeError("what is published was prepared by somebody, and somebody signed it last")


def _opening(model: type[Duty], state: str, posts: tuple[str, ...]) -> Step:
    """到期应公示: by the clock, or by a post that may publish it."""
    name, icon = f"open_{model._meta.model_name}", "calendar-clock"
    return Step(name, (), state, "到期应公示", posts, icon, "到期应公示", form=OpenDuty)


def _states(parts: tuple[Part, ...], posts: tuple[str, ...], moment: Moment | None) -> tuple[State, ...]:
    """One for each part it waits for, one for the wait until its moment where it has one, and out."""
    states = [State(one.state, one.waiting, turn=one.posts[0], line=one.line, icon=one.icon) for one in parts]
    if not parts:
        states.append(State(OWED, "到时公示", turn=posts[0], line="公示", icon="calendar-check"))
    elif moment is not None:
        states.append(State(SIGNED, "已签字，到时公示", turn=BY_CLOCK, line="公示", icon="calendar-check"))
    return (*states, State("published", "已公示", final="done", line="公开", icon="megaphone"))


def _steps(parts: tuple[Part, ...], moment: Moment | None) -> tuple[Step, ...]:
    """The signatures in their order, with sending back after the first; last what the clock does."""
    waiting = tuple(part.state for part in parts)
    later = tuple(dict.fromkeys(post for part in parts[1:] for post in part.posts))
    first, *others = (_step(parts, at, moment) for at in range(len(parts)))
    steps = (first, _send_back(waiting, later, signed=moment is not None), *others)
    if moment is None:
        return steps
    by_clock = Step(
        "publish", (SIGNED,), "published", "到时公示", BY_CLOCK, "megaphone", "按时公示", does=publish_signed
    )
    return (*steps, by_clock)


def _unsigned(posts: tuple[str, ...]) -> Step:
    """公示 of what nobody signs: by the clock at its moment, or by whoever has mended what its books refused."""
    return Step(
        "publish", (OWED,), "published", "现在公示", (*posts, BY_CLOCK), "megaphone", "公示", tone="good", main=True,
        does=publish_owed, help="到时系统会按台账公示。没有公示出来的，改好后可以现在公示。",
    )  # fmt: skip


def _step(parts: tuple[Part, ...], at: int, moment: Moment | None) -> Step:
    """One signature."""
    part, last = parts[at], at == len(parts) - 1
    target = parts[at + 1].state if not last else SIGNED if moment else "published"
    beyond = _beyond(parts, at)
    does = partial(anew if not at else publish_case if target == "published" else sign, step=part.step)
    return Step(
        part.step, (part.state,), target, part.title, part.posts, part.icon, part.title, tone="good", main=True, does=does,
        rules=() if not at else (not_signed_before, as_prepared), form=part.form, help=part.help,
        onward=partial(_out_at_once, moment=moment) if last and moment else None,
        leads=next_state if beyond else None, branches=beyond,
    )  # fmt: skip


def _beyond(parts: tuple[Part, ...], at: int) -> tuple[str, ...]:
    """States a signature may lead to beyond the next one, where that and those after it may be passed over."""
    later = parts[at + 1 :]
    ends = next((n for n, one in enumerate(later) if not one.passes), 0)
    return tuple(one.state for one in later[1 : ends + 1])


def _send_back(waiting: tuple[str, ...], later: tuple[str, ...], *, signed: bool) -> Step:
    """退回: whoever signs after the first may send it back, also what is signed and not out yet."""
    sources = waiting[1:] + ((SIGNED,) if signed else ())
    return Step(
        "send_back", sources, waiting[0], "退回核对", later, "undo-2", "退回核对", tone="bad", form=SendBackDuty
    )


def _moment_of(case: Case, *, moment: Moment) -> datetime:
    """When it is to be out."""
    return moment(_period(case))


def _out_at_once(case: Case, *, moment: Moment) -> tuple[str, dict[str, Any]] | None:
    """What is signed after its moment waits for nothing."""
    return ("publish", {}) if clock.now() >= moment(_period(case)) else None


def _period(case: Any) -> Period:
    return period_of(kind_of(case.kind).every, case.period)


@transaction.atomic
def open_duty(flow: Flow, form: StepForm, *, by: Actor, **more: Any) -> Case:
    """Opens the case of one period with its issue; once per school and period. People need a post that may publish."""
    kind, unit = kind_of(flow.kind), form.cleaned_data["unit"].school
    code = form.cleaned_data.get("period") or opened_on(kind.every, clock.today(), kind.opens).code
    period = period_of(kind.every, code)
    if isinstance(by, User) and not may(by, kind.posts, unit.path):
        who = "、".join(role_title(one) for one in kind.posts)
        raise NotAllowed(f"“{kind.title}”由{who}开出。", who=who, instead="平时由系统按时开出，不用您办。")
    case = open_case(
        flow, unit=unit, title=kind.heading(period), by=by, form=form, columns={"period": period.code}, **more
    )
    expect(kind, unit=unit, period=period, by=ledger_name(by), case=case)
    return case


def facts_of(case: Duty) -> list[tuple[str, str]]:
    """What the case's page says beside what every case shows."""
    kind, period = kind_of(case.kind), _period(case)
    facts = [("给谁看", kind.readers), ("内容", kind.about)]
    if not kind.named:  # a kind with a name of its own for a period counts other days
        facts.insert(0, ("哪一期", period.title))
    if kind.moment is not None:
        said = "签了字的由系统公示，没签字的不公示" if kind.needs_signature else "由系统按台账公示，不用签字"
        facts.append(("什么时候公示", f"{when(kind.moment(period))}，{said}"))
    if case.is_open and not kind.needs_signature:
        facts += [("没有公示的原因", f"{why}改好后请点“现在公示”，或等系统一小时内再试。") for why in _refused(case)]
    return facts


def _refused(case: Duty) -> list[str]:
    """Why its run did not publish it, if it came to it."""
    rows = RunItem.objects.filter(unit=case.unit_id, run__kind=case.kind, run__period=case.period)
    return list(rows.filter(state=RunItem.State.REFUSED).values_list("said", flat=True)[:1])


def papers_of(case: Duty) -> list[tuple[str, str]]:
    """The draft while it is one, then the publication."""
    if case.is_open:
        return [("看草稿：逐项核对数字", reverse("board-draft", args=[case.number]))]
    school = case.unit.code or str(case.unit_id)
    place = [school, case.kind, case.period]
    return [
        ("看公示出来的样子", reverse("board-issue", args=place)),
        ("更正或撤下", reverse("board-correct", args=place)),
    ]
