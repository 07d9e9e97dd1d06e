"""The duty to publish: a case opened by schedule, checked by one post and published by another, in time or visibly late.

An affair's own flow is made here from its posts and its time; nothing unsigned is ever published by the clock.
"""

from typing import Any

from django.db import transaction
from django.urls import reverse

from portal import clock
from portal.cases.actions import open_case
from portal.cases.actors import Actor, ledger_name
from portal.cases.flow import Clock, Flow, Ladder, Recurring, State, Step
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.errors import NotAllowed, Refused
from portal.ledger.models import Event
from portal.orgs.access import may
from portal.orgs.models import User
from portal.orgs.roles import title as role_title
from portal.worktime.spans import Span

from .actions import built, expect, publish
from .forms import CheckDuty, OpenDuty, SendBackDuty, SignDuty
from .kinds import kind_of
from .models import Duty
from .periods import over_before, period_of

PREFIX = "GS"


def not_the_checker(case: Case, *, by: Actor, **_: Any) -> None:
    """核对与公示不能是同一人: nobody signs what they have checked themselves."""
    last = Event.objects.filter(address=case.address, verb="check").order_by("-seq").first()
    if last is not None and isinstance(by, User) and last.who == f"person:{by.pk}":
        raise Refused(
            "您核对的，不能由您公示。",
            rule="核对人与公示人不能是同一人",
            who="、".join(role_title(one) for one in kind_of(case.kind).posts),
            instead="请另一位负责人看过后公示。",
        )


def data_hold(case: Duty, *, by: Actor, **_: Any) -> None:
    """What the books say must hold together before anybody vouches for it."""
    kind = kind_of(case.kind)
    built(kind, case.unit, period_of(kind.every, case.period))


def duty_flow(
    model: type[Duty],
    *,
    title: str,
    plural: str,
    icon: str,
    checker: str,
    signers: tuple[str, ...],
    within: Span,
    late: Ladder,
    recurs: Recurring | None = None,
) -> Flow:
    """The flow of one kind of publication: `checker` looks at the figures, the first of `signers` answers for publishing.

    `within` counts from the opening of the case; `recurs` says when the clock opens it. The affair's verb that opens it is called `open_<model>`.
    """
    opening = f"open_{model._meta.model_name}"
    return Flow(
        model,
        title=title,
        prefix=PREFIX,
        icon=icon,
        plural=plural,
        facts=facts_of,
        papers=papers_of,
        recurs=recurs,
        opening=Step(opening, (), "due", "到期应公示", signers, "calendar-clock", "到期应公示", form=OpenDuty),
        states=(
            State("due", "待核对", turn=checker, line="核对", icon="calculator"),
            State("checked", "待公示", turn=signers[0], line="公示", icon="stamp"),
            State("published", "已公示", final="done", line="公开", icon="megaphone"),
        ),
        steps=(
            Step("check", ("due",), "checked", "核对无误", checker, "check", "核对无误", tone="good", main=True,
                 rules=(data_hold,), form=CheckDuty, help="请先打开草稿逐项看过。"),
            Step("send_back", ("checked",), "due", "退回核对", signers, "undo-2", "退回核对", tone="bad", form=SendBackDuty),
            Step("publish", ("checked",), "published", "公示", signers, "megaphone", "公示", tone="good", main=True,
                 rules=(not_the_checker,), does=publish_case, form=SignDuty, help="公示后不能改，只能更正并写明原因。"),
        ),
        clocks=(Clock("publish", "公示", runs=("due", "checked"), within=lambda case: within, late=late),),
    )  # fmt: skip


@transaction.atomic
def open_duty(flow: Flow, form: StepForm, *, by: Actor, **more: Any) -> Case:
    """Opens the case of one period with its issue; once per school and period. People need a post that may publish."""
    kind, unit = kind_of(flow.kind), form.cleaned_data["unit"].school
    code = form.cleaned_data.get("period") or over_before(kind.every, clock.today()).code
    period = period_of(kind.every, code)
    if isinstance(by, User) and not may(by, kind.posts, unit.path):
        who = "、".join(role_title(one) for one in kind.posts)
        raise NotAllowed(f"“{kind.title}”由{who}开出。", who=who, instead="平时由系统按时开出，不用您办。")
    case = open_case(
        flow, unit=unit, title=kind.heading(period), by=by, form=form, columns={"period": period.code}, **more
    )
    expect(kind, unit=unit, period=period, by=ledger_name(by), case=case)
    return case


def publish_case(case: Duty, *, by: User, **_: Any) -> dict[str, Any]:
    """The effect of the last step: what the books say now is published, in the same transaction; its digest is a fact."""
    kind = kind_of(case.kind)
    made = publish(kind, unit=case.unit, period=period_of(kind.every, case.period), by=by, case=case)
    return {"version": made.version, "digest": made.digest}


def facts_of(case: Duty) -> list[tuple[str, str]]:
    """What the case's page says beside what every case shows."""
    kind = kind_of(case.kind)
    return [("哪一期", period_of(kind.every, case.period).title), ("给谁看", kind.audience.words), ("内容", kind.about)]


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
