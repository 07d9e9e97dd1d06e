"""How cases begin: one, or as many as a morning asks for, each with its number, clocks, ledger entry and notices.

One case is opened as many are: every question and every statement is for all of them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from portal import clock
from portal.errors import BadInput
from portal.orgs.models import Unit, User

from .actors import Actor, Receipt
from .bulk import set_columns
from .changing import changed
from .deadlines import begin_clocks
from .discretion import placed
from .flow import Flow, Step
from .forms import StepForm
from .models import Case, CaseLink, CaseNumber
from .recording import Taken, effect_of, enter, record, target_of
from .said import Said
from .telling import tell_of


@dataclass(frozen=True)
class Wanted:
    """A case to be opened at `unit`, from the opening step's valid form.

    `opener` may differ from who acts (somebody phoned); both may be none but for a `receipt` code. Of a `discreet` case
    `title` is what everybody may read, and `unit` may be the very room.
    """

    unit: Unit
    title: str
    form: StepForm
    opener: User | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    topic: str = ""
    priority: int = 3
    circle: str = ""
    receipt: str = ""
    link: tuple[Case, str] | None = None
    discreet: bool = False


def open_case(
    flow: Flow,
    *,
    unit: Unit,
    title: str,
    by: Actor,
    opener: User | None = None,
    form: StepForm,
    columns: Mapping[str, Any] | None = None,
    topic: str = "",
    priority: int = 3,
    circle: str = "",
    receipt: str = "",
    link: tuple[Case, str] | None = None,
    step: Step | None = None,
    discreet: bool = False,
) -> Case:
    """Opens a case of `flow` (see `Wanted`), starts its clocks and tells whose turn it is.

    `step` is the way in, if not the opening one. Refused for a place outside any school that is open.
    """
    wanted = Wanted(unit, title, form, opener, columns or {}, topic, priority, circle, receipt, link, discreet)
    return open_cases(flow, [wanted], by=by, step=step)[0]


@transaction.atomic
def open_cases(flow: Flow, wanted: Sequence[Wanted], *, by: Actor, step: Step | None = None) -> list[Case]:
    """Opens all of these or none, in their order. As many questions for one as for many, but for photos and what the
    step causes beyond its case.
    """
    if not wanted:
        return []
    step, at = step or flow.opening, clock.now()
    taken = [_begun(flow, one, step=step, at=at) for one in wanted]
    cases = [one.case for one in taken]
    _write(flow, cases, at=at)
    for one, asked in zip(taken, wanted, strict=True):
        if asked.link is not None:
            CaseLink.objects.create(source=one.case, target=asked.link[0], kind=asked.link[1])
            one.facts["belongs_to"] = asked.link[0]
        one.facts.update(effect_of(one.case, step, asked.form, by=by, at=at))
        enter(one.case, target_of(one.case, step), at=at)
        one.facts["to"] = one.case.state
    record(taken, by=by, at=at)
    begin_clocks(cases, at=at)
    set_columns(Case, cases, **COLUMNS)
    for case in cases:
        changed(case, step, case.state)
    tell_of(taken, by=by)
    return cases


COLUMNS = {
    "state": "text", "turn": "text", "is_open": "boolean", "closed_at": "timestamptz", "moved_at": "timestamptz",
    "due_at": "timestamptz", "version": "integer", "chain_seq": "integer", "chain_head": "text",
}  # fmt: skip


def _begun(flow: Flow, wanted: Wanted, *, step: Step, at: datetime) -> Taken:
    """The case as it will stand, not yet written, and what its first entry says."""
    said = Said.in_form(wanted.form, step.sets)
    where = placed(wanted.unit, discreet=wanted.discreet)
    said.confide(where)
    unit = where["unit"]
    if unit.school is None or unit.closed_on:
        raise BadInput("请选择学校里的具体地点。", errors={"unit": ["请选择学校里的具体地点。"]})
    state = flow.state(str(step.target))
    given = {name: getattr(wanted, name) for name in ("topic", "priority", "circle", "opener", "discreet")}
    given |= {"title": wanted.title[:200], "spot": where.get("spot")}
    given |= {"receipt": Receipt.of(wanted.receipt).digest if wanted.receipt else ""}
    case = flow.model(kind=flow.kind, unit=unit, unit_path=unit.path, state=state.name, turn=state.turn)
    case.opened_at = case.moved_at = at
    for name, value in {**given, **said.columns, **wanted.columns}.items():
        setattr(case, name, value)
    facts = {"unit": unit, "topic": wanted.topic, "priority": wanted.priority, "opener": wanted.opener}
    return Taken(case, step, said, said.chained() | facts)


def _write(flow: Flow, cases: Sequence[Case], *, at: datetime) -> None:
    """The rows themselves, with the next numbers of their schools: the spine's table first, then the affair's own."""
    for case, number in zip(cases, _numbers(flow, cases, at.astimezone(clock.SCHOOL_TIME).year), strict=True):
        case.number = number
    spine, own = Case._meta, flow.model._meta
    columns = [one for one in spine.local_concrete_fields if not one.primary_key]
    written = _insert(Case, cases, columns, returning_fields=[spine.pk])
    for case, (pk,) in zip(cases, written, strict=True):
        case.pk = case.id = pk
        case._state.adding, case._state.db = False, connection.alias
    _insert(flow.model, cases, own.local_concrete_fields)


def _insert(model: type[Case], cases: Sequence[Case], columns: Sequence[Any], **more: Any) -> Any:
    """One table's part of these rows, as `save` writes it for one: `bulk_create` does not know tables in two parts."""
    rows: Any = model._base_manager.get_queryset()
    return rows._insert(cases, fields=columns, using=connection.alias, **more)


def _numbers(flow: Flow, cases: Sequence[Case], year: int) -> list[str]:
    """BX-<school>-2026-00017: one counter per school, prefix and year, taken in one statement.

    Schools in the order of their ids: whoever takes several counters takes them in the same order as everybody else.
    """
    table, schools = CaseNumber._meta.db_table, [one.unit.school for one in cases if one.unit.school is not None]
    many = Counter(one.pk for one in schools)
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table} (school_id, prefix, year, last) "  # noqa: S608
            "select school, %s, %s, many from unnest(%s::bigint[], %s::integer[]) as wanted(school, many) order by school "
            f"on conflict (school_id, prefix, year) do update set last = {table}.last + excluded.last "
            "returning school_id, last",
            [flow.prefix, year, list(many), list(many.values())],
        )
        following = {school: last - many[school] for school, last in cursor.fetchall()}
    found = []
    for school in schools:
        following[school.pk] += 1
        found.append(f"{flow.prefix}-{school.code or school.pk}-{year}-{following[school.pk]:05d}")
    return found
