"""The only writers of units, posts, absences and waivers; each writes its ledger entry in the same transaction."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.db.models import Q

from portal import clock
from portal.errors import BadInput, Refused
from portal.ledger.actions import append

from .models import Absence, Appointment, Post, Unit, UnitKind, User, Waiver, held_on
from .roles import conflicting, roles, title

Listener = Callable[..., None]
_on_move: list[Listener] = []
_on_leave: list[Listener] = []


def on_unit_moved(listener: Listener) -> Listener:
    """Registers what must follow when a part of the tree gets new paths; called in the same transaction, no arguments."""
    _on_move.append(listener)
    return listener


def on_person_left(listener: Listener) -> Listener:
    """Registers what must follow when a person leaves; called as `listener(person=…, by=…)` in the same transaction."""
    _on_leave.append(listener)
    return listener


@transaction.atomic
def plant(*, name: str, kind: str, parent: Unit | None = None, **more: Any) -> Unit:
    """Adds a unit below `parent` (none: a bureau). Refused for a school code already in use."""
    unit = Unit(name=name, kind=kind, **more)
    if parent is not None:
        parent = Unit.objects.get(pk=parent.pk)
        unit.school = parent.school
        unit.label = _label(parent, unit)
    _refuse_taken_code(unit)
    planted: Unit = (
        Unit.objects.add_child(parent, instance=unit) if parent is not None else Unit.objects.add_root(instance=unit)
    )
    if kind == UnitKind.SCHOOL:
        Unit.objects.filter(pk=planted.pk).update(school=planted)
        planted.school = planted
    return planted


@transaction.atomic
def rename(unit: Unit, *, name: str, phone: str | None = None) -> Unit:
    """Gives a unit a new name; the labels of the places below follow."""
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    unit.name = name
    unit.phone = unit.phone if phone is None else phone
    unit.version += 1
    unit.save(update_fields=["name", "phone", "version"])
    _relabel(unit)
    return Unit.objects.get(pk=unit.pk)


@transaction.atomic
def transplant(unit: Unit, *, under: Unit) -> Unit:
    """Moves a unit with everything below it; refused below itself. Cases and labels follow in the same transaction."""
    unit, under = Unit.objects.get(pk=unit.pk), Unit.objects.get(pk=under.pk)
    if under.path.startswith(unit.path):
        raise Refused("不能把单位移到它自己的下级里。", instead="请另选一个上级单位。")
    Unit.objects.move(unit, under, pos="last-child")
    moved = Unit.objects.get(pk=unit.pk)
    school = moved if moved.kind == UnitKind.SCHOOL else under.school
    if moved.kind != UnitKind.SCHOOL:
        Unit.objects.under(moved.path).update(school=school)
    _relabel(moved)
    for listener in _on_move:
        listener()
    return Unit.objects.get(pk=unit.pk)


@transaction.atomic
def close_unit(unit: Unit, *, on: date) -> Unit:
    """停用: nothing new is reported there; refused while posts are still held at it."""
    if Post.objects.filter(content_object__path__startswith=unit.path).exists():
        raise Refused("这里还有人任职，先办完免职或调任再停用。", instead="到“人员与任职”里查看这个单位的在任人员。")
    Unit.objects.under(unit.path).filter(closed_on=None).update(closed_on=on)
    return Unit.objects.get(pk=unit.pk)


@transaction.atomic
def appoint(*, person: User, role: str, unit: Unit, by: User | str, since: date | None = None, until: date | None = None) -> Appointment:
    """任职. The grant begins on `since` (today by default). Refused for a role unknown here, held already, or in conflict."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    since = since or clock.today()
    _refuse_misplaced(person, role, unit)
    if Appointment.objects.filter(held_on(since), person=person, role=role, unit=unit).exists():
        raise Refused(f"{person.name} 已经是{unit.name}的{title(role)}。")
    _refuse_conflict(person, role, unit, since)
    appointment = Appointment.objects.create(person=person, role=role, unit=unit, since=since, until=until)
    facts = {"person": person, "role": role, "unit": unit, "since": since, "until": until}
    append(appointment, "appointed", by=by, at=clock.now(), facts=facts)
    if since <= clock.today():
        _grant(appointment)
    return appointment


@transaction.atomic
def relieve(appointment: Appointment, *, by: User | str, until: date | None = None) -> Appointment:
    """免职: the last day is `until`; without one the grant ends now, from the next request on."""
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    today = clock.today()
    if appointment.until and appointment.until < today:
        raise Refused("这项任职已经结束。")
    last = until or max(today, appointment.since)
    appointment.until = last
    appointment.save(update_fields=["until"])
    append(appointment, "relieved", by=by, at=clock.now(), facts={"until": last})
    if until is None or last < today:
        _revoke(appointment)
    return appointment


@transaction.atomic
def settle_appointments() -> int:
    """Gives the grants whose day has come and takes those whose last day is over; the sweep calls it."""
    today = clock.today()
    due = Q(granted=False) & held_on(today) | Q(granted=True, until__lt=today)
    changed = 0
    for appointment in Appointment.objects.select_for_update(skip_locked=True).filter(due):
        if appointment.granted:
            _revoke(appointment)
        elif not Post.objects.filter(_post_of(appointment)).exists() and not _ended_by_hand(appointment, today):
            _grant(appointment)
        else:
            continue
        changed += 1
    return changed


@transaction.atomic
def leave(person: User, *, by: User | str) -> User:
    """The person has left: every post ends, every session and token ends, and their open cases pass on."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not person.is_active:
        raise Refused(f"{person.name} 已经办理过离开。")
    for appointment in Appointment.objects.filter(person=person, granted=True):
        relieve(appointment, by=by)
    person.is_active = False
    person.left_on = clock.today()
    person.epoch += 1
    person.save(update_fields=["is_active", "left_on", "epoch"])
    person.tokens.all().delete()  # type: ignore[attr-defined]
    for listener in _on_leave:
        listener(person=person, by=by)
    return person


@transaction.atomic
def record_absence(*, person: User, substitute: User, since: date, until: date, by: User | str) -> Absence:
    """请假与代理. Refused for oneself, for a person who has left, or while another absence overlaps."""
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if person.pk == substitute.pk:
        raise Refused("代理人不能是本人。")
    if not substitute.is_active:
        raise Refused(f"{substitute.name} 已离开，不能代理。", instead="请换一位在岗的人。")
    if until < since:
        raise BadInput("结束日期不能早于开始日期。", errors={"until": ["结束日期不能早于开始日期。"]})
    if Absence.objects.filter(person=person, since__lte=until, until__gte=since).exists():
        raise Refused(f"{person.name} 在这段时间里已经有请假记录。")
    absence = Absence.objects.create(person=person, substitute=substitute, since=since, until=until)
    append(
        absence,
        "absent",
        by=by,
        at=clock.now(),
        facts={"person": person, "substitute": substitute, "since": since, "until": until},
    )
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, by: User | str) -> Absence:
    """Back early: the absence ends yesterday (or on its first day), and the substitute stops from the next request on."""
    absence = Absence.objects.select_for_update().get(pk=absence.pk)
    today = clock.today()
    if absence.until < today:
        raise Refused("这次请假已经结束。")
    append(absence, "back", by=by, at=clock.now(), facts={"until": today})
    from_day = absence.since
    if from_day >= today:
        Absence.objects.filter(pk=absence.pk).update(since=date(1970, 1, 1), until=date(1970, 1, 1))
    else:
        Absence.objects.filter(pk=absence.pk).update(until=date.fromordinal(today.toordinal() - 1))
    return Absence.objects.get(pk=absence.pk)


@transaction.atomic
def waive(
    *,
    person: User,
    unit: Unit,
    role: str,
    beside: str,
    since: date,
    until: date,
    reason: str,
    check_instead: str,
    by: User,
) -> Waiver:
    """豁免 of a conflict by the bureau, dated, with a reason and a compensating check. Refused for roles that do not conflict."""
    if not conflicting(role, beside):
        raise Refused("这两个岗位没有冲突，不需要豁免。")
    waiver = Waiver.objects.create(
        person=person,
        unit=unit,
        role=role,
        beside=beside,
        since=since,
        until=until,
        reason=reason,
        check_instead=check_instead,
    )
    facts = {"person": person, "unit": unit, "role": role, "beside": beside, "since": since, "until": until}
    append(waiver, "waived", by=by, at=clock.now(), facts=facts)
    return waiver


def _refuse_misplaced(person: User, role: str, unit: Unit) -> None:
    known = roles().get(role)
    if known is None:
        raise Refused("没有这个岗位。", instead="请从岗位列表里选择。")
    if known.at and unit.kind not in known.at:
        where = "、".join(str(UnitKind(kind).label) for kind in known.at)
        raise Refused(f"{known.title}只能任命在：{where}。")
    if not person.is_active:
        raise Refused(f"{person.name} 已离开，不能任职。")


def _refuse_conflict(person: User, role: str, unit: Unit, day: date) -> None:
    """One person may not hold both of two conflicting roles at one place (people.md), unless the bureau has waived it."""
    near = Q(unit__path__startswith=unit.path) | Q(unit__path__in=[unit.path[:end] for end in range(4, len(unit.path), 4)])
    for other in Appointment.objects.filter(near, held_on(day), person=person).select_related("unit"):
        if not conflicting(role, other.role):
            continue
        pair = Q(role=role, beside=other.role) | Q(role=other.role, beside=role)
        if not Waiver.objects.filter(pair, held_on(day), person=person, unit__path__in=_up(unit.path)).exists():
            raise Refused(
                f"{person.name} 已是{other.unit.name}的{title(other.role)}，不能同时担任{title(role)}。",
                rule="不相容岗位不能由一人兼任",
                who="教育局可以批准有期限的豁免，并写明补偿检查",
            )


def _up(path: str) -> list[str]:
    return [path[:end] for end in range(4, len(path) + 1, 4)]


def _permission(role: str) -> Permission:
    return Permission.objects.get(content_type__app_label="orgs", content_type__model="unit", codename=role)


def _post_of(appointment: Appointment) -> Q:
    return Q(user=appointment.person_id, permission__codename=appointment.role, content_object=appointment.unit_id)


def _grant(appointment: Appointment) -> None:
    Post.objects.get_or_create(
        user_id=appointment.person_id, permission=_permission(appointment.role), content_object_id=appointment.unit_id
    )
    Appointment.objects.filter(pk=appointment.pk).update(granted=True)
    appointment.granted = True


def _revoke(appointment: Appointment) -> None:
    Post.objects.filter(_post_of(appointment)).delete()
    Appointment.objects.filter(pk=appointment.pk).update(granted=False)
    appointment.granted = False


def _ended_by_hand(appointment: Appointment, today: date) -> bool:
    """Relieved today with immediate effect: the date still covers today, the grant must not come back."""
    return appointment.until == today and appointment.chain_seq > 1


def _label(parent: Unit, unit: Unit) -> str:
    if parent.school_id is None:
        return ""
    above = "" if parent.kind == UnitKind.SCHOOL else parent.label
    return f"{above} {unit.name}".strip()


def _relabel(unit: Unit) -> None:
    """Writes the labels of a unit and of everything below it again, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update orgs_unit u set label = coalesce((
                select string_agg(a.name, ' ' order by a.path) from orgs_unit a join orgs_unit s on s.id = u.school_id
                where u.path like a.path || '%%' and length(a.path) > length(s.path)), '')
            where u.path like %s
            """,
            [unit.path + "%"],
        )


def _refuse_taken_code(unit: Unit) -> None:
    if unit.kind == UnitKind.SCHOOL and unit.code and Unit.objects.filter(kind=unit.kind, code=unit.code).exists():
        raise BadInput("这个学校编码已被使用。", errors={"code": [f"编码 {unit.code} 已被另一所学校使用。"]})
