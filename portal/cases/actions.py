"""The two writers of every case: `open_case` (for several at once `open_cases`) and `move`; each is one transaction with its ledger entry and notices."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from portal import clock
from portal.errors import BadInput, Stale, WrongStep
from portal.evidence.erasing import erase
from portal.ledger.actions import CLOCK
from portal.notices.actions import tell
from portal.orgs.models import User

from .access import refuse_stranger, refuse_wrong_role
from .actors import Actor, Receipt
from .beginning import Wanted, open_case, open_cases
from .carrying import carried_photos
from .changing import changed
from .deadlines import extend, follow_state
from .flow import ASSIGNEE, FLOWS, Flow, Step, address_of, flow_of
from .forms import FormData, StepForm
from .ladders import told
from .linking import lock_with_what_it_moves, moved_by
from .models import Case, CaseParty, Escalation, Words
from .recording import Taken, effect_of, enter, record, target_of
from .said import Said
from .telling import tell_of

__all__ = [
    "Wanted", "filled", "locked", "move", "new_receipt", "open_case", "open_cases", "pass_on", "repath",
]  # fmt: skip


@transaction.atomic
def move(case: Case, name: str, *, by: Actor, data: FormData | None = None, seen: int | None = None) -> Case:
    """Takes one step of the case's flow as `by`, with the step's form filled from `data`.

    Refused: NotThere for a stranger, NotAllowed for the wrong role, Stale when `seen` is not the case's version now,
    WrongStep from another state, BadInput by the form, Refused by a rule. Nothing is written then.
    """
    case = locked(case)
    flow, was_open = flow_of(case), case.is_open
    step = flow.step(name)
    refuse_stranger(by, case)
    if step is None or step in flow.openings:
        raise WrongStep("没有这一步。", instead="请回到事项页面，从上面的按钮里选择。")
    _refuse_wrong_moment(case, flow, step, seen)
    refuse_wrong_role(by, step, case)
    form = filled(flow, step, case=case, by=by, data=data)
    for rule in step.rules:
        rule(case, by=by, **form.cleaned_data)
    at = clock.now()
    said = Said.at_step(case, step, form)
    facts = said.chained() | {"from": case.state}
    if step.extends:
        facts |= extend(case, *step.extends)
    if step.opens:
        facts["opened"] = _open_linked(case, step, form, by=by)
    _change(case, step, said.columns, at=at)
    facts |= effect_of(case, step, form, by=by, at=at)
    facts["to"] = target = target_of(case, step)
    enter(case, target, at=at)
    if isinstance(by, User) and step.roles == (ASSIGNEE,) and case.assignee_id != by.pk:
        facts["instead_of"] = case.assignee_id
    if step.acknowledges:
        _acknowledge(case, by, at)
    if step.joins or step.leaves:
        _follow(case, by, joins=step.joins)
    if step.erases:
        facts["erased"] = _erase(case, by=by)
    record([taken := Taken(case, step, said, facts)], by=by, at=at)
    if step.target or step.restarts or step.extends or step.renews:
        follow_state(case, at=at, restart=step.restarts, reopened=not was_open, renew=step.renews)
    _save(case, said.columns, step)
    changed(case, step, target)
    tell_of([taken], by=by)
    _move_on(case, flow, target)
    onward = step.onward(case) if step.onward else None
    return move(case, onward[0], by=CLOCK, data=onward[1]) if onward else case


def _move_on(case: Case, flow: Flow, entered: str | None) -> None:
    """A case that has just ended lets go on what it belongs to, by itself."""
    if entered and not case.is_open:
        for other, step in moved_by(case, flow):
            move(other, step.name, by=CLOCK)


def _open_linked(case: Case, step: Step, form: StepForm, *, by: Actor) -> Case:
    """The case of another flow this step opens from its form; it belongs to this one."""
    kind, link = step.opens or ("", "")
    return FLOWS[kind].open_action()(form, by=by, link=(case, link))


def locked(case: Case) -> Case:
    """The case as it is now, as its own model, locked until the transaction ends: always before its deadlines.

    Cases that its end would move on are locked with it.
    """
    lock_with_what_it_moves(case, flow_of(case))
    # Read after the lock is held: a row joined to one we waited for would still be the one from before the wait.
    return flow_of(case).model._base_manager.select_related("unit__school", "opener", "assignee").get(pk=case.pk)


def filled(flow: Flow, step: Step, *, case: Case | None, by: Actor, data: FormData | None) -> StepForm:
    """The step's form, valid; raises BadInput with a sentence per field otherwise."""
    carried = carried_photos(case, step)
    form = flow.form(step)(data or {}, by=by, case=case, needs=step.needs, carried=carried)
    if not form.is_valid():
        errors = form.sentences()
        first = next(iter(errors.values()))[0]
        raise BadInput(first if len(errors) == 1 else "有几处需要改一下，已在下面标出。", errors=errors)
    return form


def _refuse_wrong_moment(case: Case, flow: Flow, step: Step, seen: int | None) -> None:
    if seen is not None and seen != case.version and step.changes:
        raise Stale(
            f"您打开页面之后，这件事已有新的进展，现在是“{flow.state(case.state).title}”。",
            instead="看一眼最新情况再决定；您填的内容没有丢。",
        )
    if case.state not in step.sources:
        raise WrongStep(
            f"这件事现在是“{flow.state(case.state).title}”，不能再“{step.title}”。",
            instead="请刷新页面看最新情况。",
        )


def _change(case: Case, step: Step, columns: Mapping[str, Any], *, at: Any) -> None:
    for name, value in columns.items():
        setattr(case, name, value)
    for name in step.clears:
        setattr(case, name, None)
    if step.lifts:
        case.circle = ""
    if step.counts:
        setattr(case, step.counts, getattr(case, step.counts) + 1)
    if "unit" in columns:
        case.unit_path = case.unit.path
    if step.changes:
        case.version += 1
        case.moved_at = at


def _acknowledge(case: Case, by: Actor, at: Any) -> None:
    if isinstance(by, User):
        Escalation.objects.filter(case_id=case.pk, acknowledged_at=None, told__contains=[by.pk]).update(
            acknowledged_by=by, acknowledged_at=at
        )


def _follow(case: Case, by: Actor, *, joins: bool) -> None:
    if not isinstance(by, User):
        return
    if joins:
        party = CaseParty(case_id=case.pk, person=by, as_what=CaseParty.FOLLOWER)
        CaseParty.objects.bulk_create([party], ignore_conflicts=True)
    else:
        CaseParty.objects.filter(case_id=case.pk, person=by, as_what=CaseParty.FOLLOWER).delete()


def _erase(case: Case, *, by: Actor) -> list[str]:
    """Words and photos so far are gone; the digests of the photos stay, those of the words stand in the chain already."""
    Words.objects.filter(case_id=case.pk).delete()
    return erase(case.address, by=by if isinstance(by, User | Receipt) else None)


def _save(case: Case, columns: Mapping[str, Any], step: Step) -> None:
    """Two updates: the spine's columns, and the affair's own where the step set any."""
    names = {"state", "turn", "is_open", "closed_at", "moved_at", "due_at", "version", "chain_seq", "chain_head"}
    names |= {"circle"} if step.lifts else set()
    names |= set(columns) | set(step.clears) | ({step.counts} if step.counts else set())
    if "unit" in columns:
        names.add("unit_path")
    spine = {one.name for one in Case._meta.local_concrete_fields} | {one.name for one in Case._meta.concrete_fields}
    Case.objects.filter(pk=case.pk).update(**{name: getattr(case, name) for name in names & spine})
    own = {name: getattr(case, name) for name in names - spine}
    if own:
        type(case)._base_manager.filter(pk=case.pk).update(**own)


def new_receipt() -> str:
    """A code of 16 letters and digits without look-alikes, in groups of four, for a reporter without an account."""
    signs = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
    code = "".join(secrets.choice(signs) for _ in range(16))
    return "-".join(code[at : at + 4] for at in range(0, 16, 4))


def repath() -> None:
    """After a part of the tree moved: every case whose place has a new path follows, in the same transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update cases_case c set unit_path = u.path from orgs_unit u where u.id = c.unit_id and c.unit_path <> u.path"
        )


def pass_on(*, person: User, by: User | str) -> None:
    """After a person left: what only they could do is put before whoever may act instead."""
    at = clock.now()
    for case in Case.objects.filter(is_open=True, assignee=person, turn=ASSIGNEE).select_related("unit"):
        tell(
            told(case, [flow_of(case).assigner]),
            about=case.address,
            verb="left",
            title=f"{person.name} 已离开，请改派：{case.title}"[:120],
            body=f"{case.number} · {case.unit.place}",
            url=address_of(case),
            urgent=case.urgent,
            at=at,
        )
