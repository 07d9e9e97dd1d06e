"""Planting, naming, moving and closing units; one change of the tree at a time, each an entry in the unit's chain."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from portal import clock
from portal.errors import Refused, Stale
from portal.ledger.actions import append
from portal.orgs import rules
from portal.orgs.models import Appointment, Unit, UnitKind
from portal.orgs.rules import Actor, overlapping

TREE_LOCK = 0x5EED  # the advisory lock that makes changes of the tree wait for each other
Listener = Callable[..., None]
_on_move: list[Listener] = []


def on_unit_moved(listener: Listener) -> Listener:
    """Registers what must follow when units get new paths; called in the same transaction, without arguments."""
    _on_move.append(listener)
    return listener


@transaction.atomic
def plant(*, name: str, kind: str, by: Actor, parent: Unit | None = None, **more: Any) -> Unit:
    """Adds a unit below `parent` (none: a bureau). Refused where its kind has no place, and for a code in use."""
    lock_tree()
    unit = Unit(name=name, kind=kind, **more)
    if parent is not None:
        parent = Unit.objects.get(pk=parent.pk)
        rules.in_use(parent)
        unit.school = parent.school
        unit.label = label_below(parent, unit)
    rules.fits_under(kind, parent)
    rules.free_code(unit)
    planted: Unit = (
        Unit.objects.add_child(parent, instance=unit) if parent is not None else Unit.objects.add_root(instance=unit)
    )
    if kind == UnitKind.SCHOOL:
        Unit.objects.filter(pk=planted.pk).update(school=planted, label="")
        planted.school, planted.label = planted, ""
    append(planted, "planted", by=by, at=clock.now(), facts={"kind": kind, "under": parent})
    return planted


@transaction.atomic
def rename(
    unit: Unit,
    *,
    name: str,
    by: Actor,
    phone: str | None = None,
    code: str | None = None,
    version: int | None = None,
) -> Unit:
    """Gives a unit a new name, phone or code; the labels of the places below follow the name. The ledger names which changed.

    Refused when `version` is no longer the row's, and for a school code in use.
    """
    unit = _locked(unit, version)
    wanted = {"name": name, "phone": phone, "code": code}
    changed = [part for part, said in wanted.items() if said not in (None, getattr(unit, part))]
    if not changed:
        return unit
    for part in changed:
        setattr(unit, part, wanted[part])
    rules.free_code(unit)
    unit.version += 1
    unit.save(update_fields=[*changed, "version"])
    append(unit, "renamed", by=by, at=clock.now(), facts={"changed": changed})
    _relabel(unit.path)
    return Unit.objects.get(pk=unit.pk)


@transaction.atomic
def transplant(unit: Unit, *, under: Unit, by: Actor, version: int | None = None) -> Unit:
    """Moves a unit with everything below it; refused below itself, where its kind has no place, and when `version` is old.

    Cases, schools and labels follow in the same transaction.
    """
    unit, under = _locked(unit, version), Unit.objects.get(pk=under.pk)
    if under.path.startswith(unit.path):
        raise Refused("不能把单位移到它自己的下级里。", instead="请另选一个上级单位。")
    rules.in_use(under)
    rules.fits_under(unit.kind, under)
    Unit.objects.move(unit, under, pos="last-child")
    Unit.objects.filter(pk=unit.pk).update(version=F("version") + 1)
    append(unit, "moved", by=by, at=clock.now(), facts={"under": under})
    path = Unit.objects.get(pk=unit.pk).path
    _find_schools(path)
    _relabel(path)
    for listener in _on_move:
        listener()
    return Unit.objects.get(pk=unit.pk)


@transaction.atomic
def close_unit(unit: Unit, *, on: date, by: Actor, version: int | None = None) -> Unit:
    """停用: from `on` on nothing new is reported there; refused while posts are held at it on that day or later.

    Refused when `version` is no longer the row's.
    """
    unit = _locked(unit, version)
    if Appointment.objects.filter(overlapping(on, None), unit__path__startswith=unit.path).exists():
        raise Refused("这里还有人任职，先办完免职或调任再停用。", instead="到“人员与任职”里查看这个单位的在任人员。")
    Unit.objects.under(unit.path).filter(closed_on=None).update(closed_on=on, version=F("version") + 1)
    append(unit, "closed", by=by, at=clock.now(), facts={"on": on})
    return Unit.objects.get(pk=unit.pk)


def lock_tree() -> None:
    """Makes changes of the tree wait for each other until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [TREE_LOCK])


def label_below(parent: Unit, unit: Unit) -> str:
    """The place within its school as people say it: the names above it, then its own."""
    if parent.school_id is None:
        return ""
    above = "" if parent.kind == UnitKind.SCHOOL else parent.label
    return f"{above} {unit.name}".strip()


def _locked(unit: Unit, version: int | None) -> Unit:
    """The unit as it is now, while the tree waits; refused when somebody changed it since `version`."""
    lock_tree()
    now: Unit = Unit.objects.get(pk=unit.pk)
    if version is not None and version != now.version:
        raise Stale(f"{now.name}刚刚被别人改过。", instead="请看过新的内容再改。")
    return now


def _find_schools(path: str) -> None:
    """Writes the nearest school of a unit and of everything below it again, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update orgs_unit u set school_id = (
                select s.id from orgs_unit s where s.kind = 'school' and u.path like s.path || '%%'
                order by length(s.path) desc limit 1)
            where u.path like %s
            """,
            [path + "%"],
        )


def _relabel(path: str) -> None:
    """Writes the labels of a unit and of everything below it again, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update orgs_unit u set label = coalesce((
                select string_agg(a.name, ' ' order by a.path) from orgs_unit a join orgs_unit s on s.id = u.school_id
                where u.path like a.path || '%%' and length(a.path) > length(s.path)), '')
            where u.path like %s
            """,
            [path + "%"],
        )
