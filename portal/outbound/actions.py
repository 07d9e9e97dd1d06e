"""Writing what other systems are told: systems set up and switched, reports queued, answers entered, reports sent again."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from portal import clock
from portal.cases.flow import FLOWS, flow_of
from portal.cases.models import Case
from portal.errors import NotThere, WrongStep
from portal.ledger.actions import CLOCK, append
from portal.orgs.access import may
from portal.orgs.models import User
from portal.orgs.roles import keepers
from portal.outbox import Outgoing

from .matters import MATTERS, Matter
from .models import REASON, Line, Report, System

SETTABLE = ("name", "connector", "endpoint", "sorts", "moments")
WAITING, SENT, DEAD = Outgoing.State.WAITING, Outgoing.State.SENT, Outgoing.State.DEAD


def refuse_others(by: User, system: System) -> None:
    """Only who keeps what leaves the house at the system's unit may change or send anything there; it is not there for others."""
    if not may(by, keepers("outbound"), system.unit.path):
        raise NotThere


@transaction.atomic
def set_up(*, by: User, **columns: Any) -> System:
    """A new system, switched off. Refused for a unit the person does not keep."""
    system = System(**columns, made_at=clock.now())
    refuse_others(by, system)
    system.save(force_insert=True)
    _chain(system, "set_up", by=by)
    return system


@transaction.atomic
def change(system: System, *, by: User, **columns: Any) -> System:
    """Another name, connector, address or choice; unit, kind of case and code stay, as records name them."""
    refuse_others(by, system)
    system = System.objects.select_for_update(of=("self",)).select_related("unit").get(pk=system.pk)
    given = {name: columns[name] for name in SETTABLE if name in columns}
    System.objects.filter(pk=system.pk).update(**given, failures=0, resting_until=None)
    for name, value in given.items():
        setattr(system, name, value)
    _chain(system, "changed", by=by)
    return system


@transaction.atomic
def switch(system: System, *, on: bool, by: User) -> System:
    """On: open cases it was never told of are looked up and reported. Off: what waits keeps waiting, nothing becomes due."""
    refuse_others(by, system)
    system = System.objects.select_for_update(of=("self",)).select_related("unit").get(pk=system.pk)
    if system.on != on:
        system.on, system.catching_up = on, 0 if on else None
        changed = {"on": on, "catching_up": system.catching_up, "failures": 0, "resting_until": None}
        System.objects.filter(pk=system.pk).update(**changed)
        _chain(system, "switched_on" if on else "switched_off", by=by)
    return system


def queue(line: Line, moment: str, *, case: Case, matter: Matter, by: User | str = CLOCK) -> Report:
    """One report as the case is now, with its own key, waiting in the outbox; the line is locked."""
    at = clock.now()
    line.seq += 1
    body = spelled(line, moment, case, matter, at=at)
    digest = hashlib.sha256(body.encode()).hexdigest()
    report = Report.objects.create(
        line=line, seq=line.seq, moment=moment, key=uuid4(), body=body, digest=digest, made_at=at, next_at=at
    )
    line.moment, line.moved_at = moment, at
    if line.state != Line.State.REFUSED:
        line.state = Line.State.WAITING
    _save(line, "due", by=by, at=at, facts=_facts(report))
    return report


def spelled(line: Line, moment: str, case: Case, matter: Matter, *, at: datetime) -> str:
    """The body of a report: type, timestamp and data, as Standard Webhooks advises; one spelling for one content."""
    unit = case.unit
    school = unit.school
    data = {
        "number": case.number,
        "seq": line.seq,
        "school": {"code": school.code or "", "name": school.name} if school else None,
        "place": unit.place,
        "sort": matter.sort_of(case),
        "state": {"code": case.state, "title": flow_of(case).state(case.state).title},
        "opened_at": _spelled(case.opened_at),
        "closed_at": _spelled(case.closed_at) if case.closed_at else None,
        **matter.content(case),
    }
    told = {"type": f"{case.kind}.{moment}", "timestamp": _spelled(at), "data": data}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _spelled(moment: datetime) -> str:
    """The moment as people in China would write it."""
    return moment.astimezone(clock.SCHOOL_TIME).isoformat()


def enter_answer(report: Report, *, receipt: str = "", reason: str = "", at: datetime, by: User | str) -> Line:
    """What the other side said of a report: taken (with a receipt number, or without one yet), or refused with a reason.

    The first receipt number of a case stands. In one transaction with the report's own mark.
    """
    line = Line.objects.select_for_update(of=("self",)).select_related("system").get(pk=report.line_id)
    verb = "refused" if reason else "accepted" if receipt else "sent"
    line.receipt = line.receipt or receipt
    line.reason = reason[:REASON]
    if reason:
        line.state = Line.State.REFUSED
    elif report.seq < line.seq:
        line.state = Line.State.WAITING
    else:
        line.state = Line.State.ACCEPTED if line.receipt else Line.State.SENT
    line.moved_at = at
    Report.objects.filter(pk=report.pk).update(receipt=receipt, reason=reason[:REASON])
    digest = hashlib.sha256(receipt.encode()).hexdigest() if receipt else None
    _save(line, verb, by=by, at=at, facts=_facts(report) | {"receipt": digest})
    return line


@transaction.atomic
def send_again(line: Line, *, by: User) -> Line:
    """Sends what was refused or given up as the case is now; or, where the other side has lost it, the last report anew.

    Refused while something of it still waits to go.
    """
    case = Case.objects.select_for_update().get(pk=line.case_id)
    line = Line.objects.select_for_update(of=("self",)).select_related("system__unit").get(pk=line.pk)
    refuse_others(by, line.system)
    stuck = list(Report.objects.filter(line=line, state=DEAD).order_by("seq"))
    if not line.seq or (not stuck and Report.objects.filter(line=line, state=WAITING).exists()):
        raise WrongStep("这一件还在排队，不用重报。", instead="等对方回执，或看“卡住的”。")
    own = FLOWS[case.kind].model._base_manager.select_related("unit__school").get(pk=case.pk)
    line.state, line.reason = Line.State.WAITING, ""
    if not stuck:
        queue(line, line.moment, case=own, matter=MATTERS[case.kind], by=by)
        return line
    for report in stuck:
        _revive(report, line, own)
    _save(line, "sent_again", by=by, at=clock.now(), facts=_facts(stuck[0]))
    return line


def _revive(report: Report, line: Line, case: Case) -> None:
    """On its way again: what was refused with new contents and a new key, what was given up under its old key."""
    at = clock.now()
    changed: dict[str, Any] = {"state": WAITING, "attempts": 0, "error": "", "reason": "", "next_at": at}
    if report.error == "rejected":
        body = spelled(_at_seq(line, report.seq), report.moment, case, MATTERS[case.kind], at=at)
        changed |= {"key": uuid4(), "body": body, "digest": hashlib.sha256(body.encode()).hexdigest()}
    Report.objects.filter(pk=report.pk, state=DEAD).update(**changed)


def _at_seq(line: Line, seq: int) -> Line:
    return Line(system=line.system, case_id=line.case_id, seq=seq)


def _facts(report: Report) -> dict[str, Any]:
    return {"seq": report.seq, "moment": report.moment, "key": report.key, "digest": report.digest}


def _save(line: Line, verb: str, *, by: User | str, at: datetime, facts: Mapping[str, Any]) -> None:
    append(line, verb, by=by, at=at, facts={"system": line.system.code, **facts})
    columns = {name: getattr(line, name) for name in ("state", "moment", "seq", "receipt", "reason", "moved_at")}
    Line.objects.filter(pk=line.pk).update(**columns)


def _chain(system: System, verb: str, *, by: User) -> None:
    facts = {"unit": system.unit_id, "kind": system.kind, "connector": system.connector, "sorts": system.sorts}
    facts |= {"moments": system.moments, "on": system.on}
    facts["endpoint"] = hashlib.sha256(system.endpoint.encode()).hexdigest() if system.endpoint else ""
    append(system, verb, by=by, at=clock.now(), facts=facts)
