"""Cases that belong to each other: which rows a writer locks, which case is moved on when another ends, who is shown."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from portal.errors import Refused
from portal.ledger.actions import append
from portal.orgs.models import User

from .actors import Actor, ledger_name
from .faces import CaseRow, chip
from .flow import FLOWS, Flow, Step, address_of, flow_of
from .models import Case, CaseLink, CaseParty, Deadline

Facts = dict[str, Any]


def lock_with_what_it_moves(case: Case, flow: Flow) -> None:
    """Locks the case and the cases its end would move on, always in the order of their ids: no two writers can wait in a ring."""
    wanted = Q(pk=case.pk)
    if flow.moves:
        kinds = [kind for kind, _ in flow.moves]
        wanted |= Q(pk__in=CaseLink.objects.filter(source=case.pk, kind__in=kinds).values("target"))
    rows = Case.objects.select_for_update(of=("self",)).filter(wanted).order_by("pk")
    if case.pk not in list(rows.values_list("pk", flat=True)):
        raise Case.DoesNotExist


def moved_by(case: Case, flow: Flow) -> Iterator[tuple[Case, Step]]:
    """The cases this one belongs to, which take a step by themselves now that it has ended, if they stand where they may.

    One that waits for several goes on with the last of them.
    """
    for kind, name in flow.moves:
        for link in CaseLink.objects.filter(source=case.pk, kind=kind).select_related("target").order_by("target"):
            step = flow_of(link.target).step(name)
            others = CaseLink.objects.filter(target=link.target_id, kind=kind, source__is_open=True)
            if step is not None and link.target.state in step.sources and not others.exclude(source=case.pk).exists():
                yield link.target, step


def pass_linked(case: Case, kind: str, *, to: User | None, into: Case | None = None, by: Actor, at: datetime) -> Facts:
    """The open cases that belong to this one follow it: `to` answers for them as their opener now, who opened them follows.

    With `into` they belong to that case from now on. Never waits: refused while somebody is writing one of them.
    """
    links = CaseLink.objects.filter(target=case.pk, kind=kind, source__is_open=True)
    rows = Case.objects.filter(pk__in=links.values("source")).order_by("pk")
    found = list(rows.select_for_update(of=("self",), skip_locked=True)) if rows else []
    if len(found) != len(rows):
        raise Refused("相关的事项正在办，没有写入。", instead="请过一会儿再试。")
    for one in found:
        _pass(one, to, by=by, at=at, facts={"from": case, "to": into})
    if into is not None:
        links.filter(source__in=found).update(target=into.pk)
    return {"passed_on": [one.number for one in found]} if found else {}


def _pass(one: Case, to: User | None, *, by: Actor, at: datetime, facts: Facts) -> None:
    before, after = one.opener_id, to.pk if to else one.opener_id
    if before and before != after:
        follows = CaseParty(case=one, person_id=before, as_what=CaseParty.FOLLOWER)
        CaseParty.objects.bulk_create([follows], ignore_conflicts=True)
    if before != after or facts["to"]:
        Case.objects.filter(pk=one.pk).update(opener=after)
        append(one, "passed_on", by=ledger_name(by), at=at, facts=facts | {"opener": after})


def linked_rows(case: Case) -> list[CaseRow]:
    """Linked cases both ways, as `find` brought those this person may see: title, state and clock."""
    found = {row["id"]: row for row in (*getattr(case, "belongs_to", ()), *getattr(case, "owned", ()))}
    return [_linked(row) for row in found.values() if row["kind"] in FLOWS]


def _linked(row: dict[str, Any]) -> CaseRow:
    flow = FLOWS[row["kind"]]
    clocks = row.pop("clocks")
    case = Case(**row)
    return CaseRow(
        url=address_of(case),
        icon=flow.icon,
        title=case.title,
        number=case.number,
        place=f"{flow.title} {case.number}",
        holder_name=flow.state(case.state).title,
        holder_post="",
        state_title=flow.state(case.state).title,
        clock=chip(case, [_live(one) for one in clocks]),
    )


def _live(row: dict[str, Any]) -> Deadline:
    """A clock from the database's own row."""
    moments = ("started_at", "paused_at", "due_at")
    amounts = {name: Decimal(str(row[name])) for name in ("amount", "extra")}
    return Deadline(**row | amounts | {name: datetime.fromisoformat(row[name]) for name in moments if row[name]})
