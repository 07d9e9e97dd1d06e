"""Signatures: prepared once, and everybody after signs that very content; what is published is what was signed.

Each signature is an event of the duty's case that names the post and the digest of the content, and the posts that were
passed over because nobody could sign there (ADR 0024).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from portal.cases.actors import Actor
from portal.cases.faces import passed_over
from portal.cases.flow import flow_of
from portal.cases.forms import StepForm
from portal.cases.models import Case
from portal.errors import NotThere, Refused
from portal.ledger.actions import CLOCK
from portal.ledger.models import Event
from portal.orgs.access import holders, may
from portal.orgs.models import User
from portal.orgs.roles import title as role_title

from .actions import built, publish
from .content import Signed, canonical, digest_of
from .forms import SignDuty
from .kinds import kind_of
from .models import Duty, Prepared
from .periods import period_of


@dataclass(frozen=True)
class Part:
    """One signature: the step by which one of `posts` gives it, and the state (`waiting`, in words) in which it is awaited.

    The first part prepares the content from the books; everybody after signs that very content, or sends it back.
    One that `passes` is not awaited where its post is vacant, or its holder signs for another part already.
    """

    step: str
    state: str
    posts: tuple[str, ...]
    title: str
    waiting: str
    line: str
    icon: str = "signature"
    form: type[StepForm] = SignDuty
    help: str = ""
    passes: bool = False


PARTS: dict[str, dict[str, Part]] = {}  # kind -> step -> the part it signs


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
        raise Refused(
            f"您{PARTS[case.kind][mine[0].verb].line}的，不能再由您签。",
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
    return {"content": digest, "post": _post(case, by, step)} | _onward(case, by, step)


def sign(case: Duty, *, by: Actor, at: datetime, step: str, **_: Any) -> dict[str, Any]:
    """The effect of a further signature: which content, by which post."""
    digest = Prepared.objects.get(case=case).digest
    return {"content": digest, "post": _post(case, by, step)} | _onward(case, by, step)


def next_state(case: Duty) -> str:
    """Where the signature being given leads: to the next part somebody can sign."""
    return case.onto


def publish_case(case: Duty, *, by: User, at: datetime, step: str, **_: Any) -> dict[str, Any]:
    """The last signature where people publish: what was prepared is out in the same transaction."""
    prepared, post = Prepared.objects.get(case=case), _post(case, by, step)
    given = [*signed_parts(case), (PARTS[case.kind][step].line, role_title(post), at)]
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
    """Its signatures as readers see them: the part, the post, when; with the posts that were passed over, and why."""
    parts, said = PARTS[case.kind], list[tuple[str, str, datetime]]()
    for one in signatures(case):
        said.append((parts[one.verb].line, role_title(one.facts["post"]), one.at))
        over = one.facts.get("passed", {})
        said += [
            (part.line, passed_over(over, part.posts[0]), one.at) for part in parts.values() if part.posts[0] in over
        ]
    return said


def _onward(case: Duty, by: Actor, step: str) -> dict[str, Any]:
    """Finds the next part that somebody can sign who has not, so that another person is left for the last one.

    The facts name the posts passed over, each with why.
    """
    parts = list(PARTS[case.kind].values())
    later = parts[[one.step for one in parts].index(step) + 1 :]
    if not later or not later[0].passes:
        case.onto = later[0].state if later else ""
        return {}
    signed = {one.who for one in signatures(case)} | {f"person:{by.pk}" if isinstance(by, User) else ""}
    last, over = _able(case, later[-1], signed), dict[str, str]()
    for part in later:
        able = _able(case, part, signed)
        if not part.passes or (able and len(able | last) > 1):
            case.onto = part.state
            break
        over[part.posts[0]] = "once" if holders(part.posts, case.unit_path).exists() else "vacant"
    return {"passed": over} if over else {}


def _able(case: Duty, part: Part, signed: set[str]) -> set[int]:
    """Who holds a post of this part and has signed none of them yet."""
    return {
        pk for pk in holders(part.posts, case.unit_path).values_list("pk", flat=True) if f"person:{pk}" not in signed
    }


def _post(case: Duty, by: Actor, step: str) -> str:
    """The post by which somebody signs this part."""
    posts = PARTS[case.kind][step].posts
    held = [code for code in posts if isinstance(by, User) and may(by, code, case.unit_path)]
    return held[0] if held else posts[0]
