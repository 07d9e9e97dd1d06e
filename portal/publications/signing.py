"""Signatures: prepared once, and everybody after signs that very content; what is published is what was signed.

Each signature is an event of the duty's case that names the post and the digest of the content.
"""

from datetime import datetime
from typing import Any, cast

from portal.cases.actors import Actor
from portal.cases.flow import flow_of
from portal.cases.models import Case
from portal.errors import NotThere, Refused
from portal.ledger.actions import CLOCK
from portal.ledger.models import Event
from portal.orgs.access import may
from portal.orgs.models import User
from portal.orgs.roles import title as role_title

from .actions import built, publish
from .content import Signed, canonical, digest_of
from .kinds import kind_of
from .models import Duty, Prepared
from .periods import period_of

PARTS: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {}  # kind -> step -> what it is called, whose it is


def signatures(case: Duty) -> list[Event]:
    """The signatures it has since it was last sent back, in order. One query."""
    steps = PARTS[case.kind]
    rows = Event.objects.filter(address=case.address, verb__in=[*steps, "send_back"]).order_by("seq")
    given: list[Event] = []
    for event in rows:
        given = [] if event.verb == "send_back" else [*given, event]
    return given


def not_signed_before(case: Duty, *, by: Actor, **_: Any) -> None:
    """各环节不能是同一人: nobody signs twice what they have prepared, checked or signed themselves."""
    mine = [one for one in signatures(case) if isinstance(by, User) and one.who == f"person:{by.pk}"]
    if mine:
        part, _posts = PARTS[case.kind][mine[0].verb]
        raise Refused(
            f"您{part}的，不能再由您签。",
            rule="制表、核对、签字和公示不能是同一人",
            who="、".join(role_title(one) for one in kind_of(case.kind).posts),
            instead="请另一位负责人看过后签。",
        )


def as_prepared(case: Duty, *, by: Actor, **_: Any) -> None:
    """签的是现在的数字: once the books have moved on, nobody signs what was prepared before."""
    prepared = Prepared.objects.filter(case=case).first()
    if prepared is None or _built(case)[1] != prepared.digest:
        raise Refused(
            "核对之后台账有变动，您看到的已经不是现在的数字。",
            rule="签字的内容要与台账一致",
            instead="请退回，重新核对后再签。",
        )


def anew(case: Duty, *, by: Actor, at: datetime, step: str, **_: Any) -> dict[str, Any]:
    """The effect of the first part: the content as the books have it now is what everybody after signs."""
    text, digest = _built(case)
    Prepared.objects.update_or_create(case=case, defaults={"content": text, "digest": digest, "at": at})
    return {"content": digest, "post": _post(case, by, step)}


def sign(case: Duty, *, by: Actor, at: datetime, step: str, **_: Any) -> dict[str, Any]:
    """The effect of a further signature: which content, by which post."""
    return {"content": Prepared.objects.get(case=case).digest, "post": _post(case, by, step)}


def publish_case(case: Duty, *, by: User, at: datetime, step: str, **_: Any) -> dict[str, Any]:
    """The last signature where people publish: what was prepared is out in the same transaction."""
    prepared, post = Prepared.objects.get(case=case), _post(case, by, step)
    given = [*signed_parts(case), (PARTS[case.kind][step][0], role_title(post), at)]
    kind = kind_of(case.kind)
    made = publish(
        kind, unit=case.unit, period=period_of(kind.every, case.period), by=by, case=case,
        content=Signed(prepared.content, given),
    )  # fmt: skip
    return {"content": prepared.digest, "post": post, "version": made.version, "digest": made.digest}


def publish_signed(case: Duty, *, by: Actor, at: datetime, **_: Any) -> dict[str, Any]:
    """The clock publishes what was signed. Signed by its moment it counts as out then, however late the machine was."""
    kind, given = kind_of(case.kind), signed_parts(case)
    period, prepared = period_of(kind.every, case.period), Prepared.objects.get(case=case)
    moment = kind.moment(period) if kind.moment else at
    made = publish(
        kind, unit=case.unit, period=period, by=CLOCK, case=case, content=Signed(prepared.content, given),
        out_at=moment if given[-1][2] <= moment else None,
    )  # fmt: skip
    return {"version": made.version, "digest": made.digest, "due_at": moment}


def publish_owed(case: Duty, *, by: Actor, at: datetime, **_: Any) -> dict[str, Any]:
    """What needs no signature is published as the books are now. Refused where they do not hold together."""
    kind, who = kind_of(case.kind), by if isinstance(by, User) else CLOCK
    made = publish(kind, unit=case.unit, period=period_of(kind.every, case.period), by=who, case=case)
    return {"version": made.version, "digest": made.digest}


def content_of(case: Duty) -> tuple[str, bool]:
    """The canonical content to look at now: what was prepared once it is, and whether the books say otherwise since."""
    text, digest = _built(case)
    prepared = Prepared.objects.filter(case=case).first() if signatures(case) else None
    return (prepared.content, prepared.digest != digest) if prepared else (text, False)


def duty_of(number: str, *, by: User) -> Duty:
    """The duty of that number with its place and issue; not there for those who do not see the case."""
    case = Case.objects.visible_to(by).filter(number=number, kind__in=list(PARTS)).first()
    if case is None:
        raise NotThere
    duty: Any = flow_of(case).model._base_manager.select_related("unit", "issue").get(pk=case.pk)
    return cast(Duty, duty)


def awaited(case: Duty) -> str:
    """The step by which the part that is awaited now is signed; blank where none is."""
    return next(
        (one.name for one in flow_of(case).steps if one.name in PARTS[case.kind] and case.state in one.sources), ""
    )


def _built(case: Duty) -> tuple[str, str]:
    kind = kind_of(case.kind)
    text = canonical(built(kind, case.unit, period_of(kind.every, case.period)).plain())
    return text, digest_of(text)


def signed_parts(case: Duty) -> list[tuple[str, str, datetime]]:
    """Its signatures as readers see them: the part, the post, when."""
    steps = PARTS[case.kind]
    return [(steps[one.verb][0], role_title(one.facts["post"]), one.at) for one in signatures(case)]


def _post(case: Duty, by: Actor, step: str) -> str:
    """The post by which somebody signs this part."""
    posts = PARTS[case.kind][step][1]
    held = [code for code in posts if isinstance(by, User) and may(by, code, case.unit_path)]
    return held[0] if held else posts[0]
