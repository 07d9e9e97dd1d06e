"""Who may take which step on a case: one answer for buttons and for writes."""

from collections.abc import Callable

from django.db.models import Q

from portal.errors import NotAllowed, NotThere
from portal.orgs.access import holdings, holds, may, reading, standing_in
from portal.orgs.models import User
from portal.orgs.roles import HEADS, counts_in, roles, title

from .actors import Actor, Receipt, is_clock
from .flow import ASSIGNEE, BY_CLOCK, FOLLOWER, GOVERNOR, HELPER, HOLDER, OPENER, PERSONAL, READER, TOLD, Step, flow_of
from .merging import MERGED
from .models import Case, CaseLink, CaseParty


def sees(by: Actor, case: Case) -> bool:
    """Whether the actor may know this case exists."""
    if is_clock(by):
        return True
    if isinstance(by, Receipt):
        return Case.objects.filter(by_receipt(by), pk=case.pk).exists()
    if not isinstance(by, User):
        return False
    parts = parts_in(case, by)
    if CaseParty.BARRED in parts:
        return False
    mine = by.pk in (case.opener_id, case.assignee_id) or {CaseParty.FOLLOWER, CaseParty.HELPER} & parts
    return bool(mine) or _stands_in(by, case.assignee_id) or reads(by, case)


def reads(by: User, case: Case) -> bool:
    """Whether a role of theirs reads cases of this kind at this place, in this circle: `governed_by` for one case."""
    return any(
        kind in ("*", case.kind[: len(kind)])
        and case.circle in ("", *circles)
        and any(case.unit_path.startswith(path) for path in paths)
        for (kind, circles), paths in reading(by).items()
    )


def parts_in(case: Case, by: User, *, ask: bool = False) -> set[str]:
    """The person's parts in the case (follower, helper, barred, handled); a page brings them along."""
    known: set[str] | None = None if ask else case.parts_of.get(by.pk)
    if known is None:
        known = set(CaseParty.objects.filter(case_id=case.pk, person=by).values_list("as_what", flat=True))
    return known


def by_receipt(by: Receipt) -> Q:
    """The case a receipt was given for, and the one it was merged into."""
    merged = CaseLink.objects.filter(source__receipt=by.digest, kind=MERGED).values("target")
    return Q(receipt=by.digest) | Q(pk__in=merged)


def reads_details(by: Actor, case: Case, *, ask: bool = False) -> bool:
    """Whether the actor may read words, photos, facts and the room: of a discreet case only who deals with it."""
    if not case.discreet or is_clock(by):
        return True
    if isinstance(by, Receipt):
        return case.receipt == by.digest
    return any(_is(by, role, case, ask) for role in (OPENER, ASSIGNEE, HELPER, *flow_of(case).confides))


def covers(by: Actor, case: Case, *, own: bool, ask: bool = False) -> bool:
    """Whether the actor may paint over parts of a photo of this case: their `own`, or any as handler, desk or head."""
    if not reads_details(by, case, ask=ask):
        return False
    return own or any(_is(by, role, case, ask) for role in (ASSIGNEE, *flow_of(case).desk, *HEADS))


def uncovers(by: Actor, case: Case, *, ask: bool = False) -> bool:
    """Whether the actor may look at what lies beneath: the desk and the heads, not even the handler (ADR 0015)."""
    return reads_details(by, case, ask=ask) and any(_is(by, role, case, ask) for role in (*flow_of(case).desk, *HEADS))


def refuse_stranger(by: Actor, case: Case) -> None:
    """What one may not see does not exist."""
    if not sees(by, case):
        raise NotThere


def refuse_wrong_role(by: Actor, step: Step, case: Case, *, ask: bool = True) -> None:
    """Only the step's roles may take it; the refusal names them. A page need not `ask` again what the write will."""
    if not takes(by, step, case, ask=ask):
        who = "、".join(who_takes(step, case))
        raise NotAllowed(
            f"“{step.title}”由{who}来办。", who=who, instead="如果情况有变，您可以写补充说明，或联系上面的人。"
        )


def takes(by: Actor, step: Step, case: Case, *, ask: bool = False) -> bool:
    """Whether the actor holds a role of the step for this case. `ask` asks the database again, as every write must."""
    return any(_is(by, role, case, ask) for role in step.roles)


def who_takes(step: Step, case: Case) -> list[str]:
    """The roles of a step in words, with the person's name where it is one person."""
    names = []
    for role in (case.turn if role == HOLDER else role for role in step.roles):
        person = {OPENER: case.opener, ASSIGNEE: case.assignee}.get(role)
        names.append(f"{PERSONAL[role]} {person.name}" if person else PERSONAL.get(role) or title(role))
    return names


def _is(by: Actor, role: str, case: Case, ask: bool) -> bool:
    role = case.turn if role == HOLDER else role
    if is_clock(by):
        return role == BY_CLOCK
    if isinstance(by, Receipt):
        return role == OPENER and bool(case.receipt) and case.receipt == by.digest
    if not isinstance(by, User):
        return False
    if role in PERSONALLY:
        return PERSONALLY[role](by, case, ask)
    if role in (READER, FOLLOWER):
        return _follows(by, case, ask) == (role == FOLLOWER) and by.pk not in (case.opener_id, case.assignee_id)
    return counts_in(role, case.circle) and (may(by, role, case.unit_path) if ask else holds(by, role, case.unit_path))


def _told(case: Case, ask: bool) -> set[int]:
    """Whom this case has risen to and who has not said they know (a reminder to its holder asks no word)."""
    known: set[int] | None = None if ask else getattr(case, "told_now", None)
    if known is None:
        rows = case.escalations.filter(acknowledged_at=None).exclude(role=HOLDER).values_list("told", flat=True)
        known = {person for many in rows for person in many}
    return known


def _follows(by: User, case: Case, ask: bool) -> bool:
    """Whether they asked to be told of every step."""
    return CaseParty.FOLLOWER in parts_in(case, by, ask=ask)


def _helps(by: User, case: Case, ask: bool) -> bool:
    """Whether they were asked to help."""
    return CaseParty.HELPER in parts_in(case, by, ask=ask)


def _governs(by: User, case: Case, ask: bool) -> bool:
    """Whether a role of theirs reads the case, and they are not barred from it."""
    return reads(by, case) and CaseParty.BARRED not in parts_in(case, by, ask=ask)


def _opens(by: User, case: Case, ask: bool) -> bool:
    """The opener; or, when the opener has left, the place's head — never the desk or the technician."""
    if case.opener_id is not None and case.opener_id == by.pk:
        return True
    gone = case.opener is not None and not case.opener.is_active
    heads = [role for role in HEADS if counts_in(role, case.circle)]
    return gone and (may(by, heads, case.unit_path) if ask else holds(by, heads, case.unit_path))


def _is_or_stands_in(by: User, person: int, ask: bool) -> bool:
    if by.pk == person:
        return True
    if ask:
        return standing_in(by).filter(person=person).exists()
    return _stands_in(by, person)


def _stands_in(by: User, person: int | None) -> bool:
    """As the page knows it already."""
    return person is not None and any(one.via == person for one in holdings(by))


def _has_it(by: User, case: Case, ask: bool) -> bool:
    """Whoever it is assigned to, or who stands in for them."""
    return case.assignee_id is not None and _is_or_stands_in(by, case.assignee_id, ask)


PERSONALLY: dict[str, Callable[[User, Case, bool], bool]] = {
    OPENER: _opens,
    ASSIGNEE: _has_it,
    TOLD: lambda by, case, ask: by.pk in _told(case, ask),
    GOVERNOR: _governs,
    HELPER: _helps,
    BY_CLOCK: lambda by, case, ask: False,
}


def waiting_for(user: User) -> Q:
    """Open cases whose turn it is now is this person's: by role, as assignee or as opener."""
    stands_for = {one.via for one in holdings(user) if one.via is not None}
    mine = Q(turn=ASSIGNEE, assignee=user) | Q(turn=OPENER, opener=user)
    if stands_for:
        mine |= Q(turn=ASSIGNEE, assignee__in=stands_for)
    known = roles()
    for one in holdings(user):
        circles = ["", *known[one.role].circles] if one.role in known else [""]
        mine |= Q(turn=one.role, unit_path__startswith=one.path, circle__in=circles)
        if one.role in HEADS:
            mine |= Q(turn=OPENER, opener__is_active=False, unit_path__startswith=one.path, circle__in=circles)
    return Q(is_open=True) & mine


def handled(case: Case, by: Actor) -> None:
    """Remembers that this person acted on the case, for their 已办."""
    if isinstance(by, User):
        CaseParty.objects.bulk_create(
            [CaseParty(case_id=case.pk, person=by, as_what=CaseParty.HANDLED)], ignore_conflicts=True
        )
