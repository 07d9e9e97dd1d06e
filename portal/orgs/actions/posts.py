"""任职, 免职, 豁免 and leaving: the only writers of appointments and of the grants behind them."""

from collections.abc import Callable
from datetime import date, timedelta

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q

from portal import clock
from portal.errors import BadInput, Refused
from portal.ledger.actions import append
from portal.orgs import rules
from portal.orgs.models import Appointment, Post, Unit, User, Waiver, held_on
from portal.orgs.roles import conflicting
from portal.orgs.rules import Actor

Listener = Callable[..., None]
_on_leave: list[Listener] = []
_on_relieved: list[Listener] = []


def on_person_left(listener: Listener) -> Listener:
    """Registers what must follow when a person leaves; called as `listener(person=…, by=…)` in the same transaction."""
    _on_leave.append(listener)
    return listener


def on_relieved(listener: Listener) -> Listener:
    """Registers what must follow when a post ends early; called as `listener(appointment, by=…)`, same transaction."""
    _on_relieved.append(listener)
    return listener


@transaction.atomic
def appoint(
    *, person: User, role: str, unit: Unit, by: Actor, since: date | None = None, until: date | None = None
) -> Appointment:
    """任职 from `since` (today) to the last day `until` (none: open); the grant lives on those days.

    Refused for a role that is unknown or not for this kind of unit, held already on one of the days, or in conflict,
    and for anybody but an admin of the unit or who else gives this role there.
    """
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    since = since or clock.today()
    rules.dates_in_order(since, until)
    rules.admin_at(unit, by, role)
    rules.in_use(unit)
    rules.known_role_here(person, role, unit)
    rules.not_held_already(person, role, unit, since, until)
    rules.no_conflict(person, role, unit, since, until)
    appointment = Appointment.objects.create(person=person, role=role, unit=unit, since=since, until=until)
    facts = {"person": person, "role": role, "unit": unit, "since": since, "until": until}
    append(appointment, "appointed", by=by, at=clock.now(), facts=facts)
    if Appointment.objects.filter(held_on(clock.today()), pk=appointment.pk).exists():
        _grant(appointment)
    return appointment


@transaction.atomic
def relieve(appointment: Appointment, *, by: Actor, until: date | None = None) -> Appointment:
    """免职: the last day is `until`; without one it ends now, from the next request on.

    Refused when it has ended, for a day outside the appointment, and for anybody who could not give it.
    """
    appointment = Appointment.objects.select_for_update(of=("self",)).select_related("unit").get(pk=appointment.pk)
    rules.admin_at(appointment.unit, by, appointment.role)
    today = clock.today()
    if appointment.ended_at or (appointment.until and appointment.until < today):
        raise Refused("这项任职已经结束。")
    if until is None:
        appointment.ended_at = clock.now()
        appointment.until = max(today, appointment.since) - timedelta(days=1)
    else:
        if until < appointment.since or (appointment.until and until > appointment.until):
            sentence = "最后一天要在任职的起止日期之内。"
            raise BadInput(sentence, errors={"until": [sentence]})
        appointment.until = until
    appointment.save(update_fields=["until", "ended_at"])
    append(appointment, "relieved", by=by, at=clock.now(), facts={"until": appointment.until, "at_once": until is None})
    if appointment.until < today:
        _revoke(appointment)
    for listener in _on_relieved:
        listener(appointment, by=by)
    return appointment


@transaction.atomic
def settle_appointments() -> int:
    """Takes the grants whose last day is over and gives those whose day has come; the sweep calls it."""
    today = clock.today()
    due = Q(granted=False) & held_on(today) | Q(granted=True, until__lt=today)
    rows = Appointment.objects.select_for_update(skip_locked=True).filter(due).order_by("-granted", "pk")
    for appointment in rows:
        if appointment.granted:
            _revoke(appointment)
        else:
            _grant(appointment)
    return len(rows)


@transaction.atomic
def leave(person: User, *, by: Actor) -> User:
    """The person has left: every post ends, every session and token ends, and their open cases pass on.

    Refused for anybody but an admin of all the person holds.
    """
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not person.is_active:
        raise Refused(f"{person.name} 已经办理过离开。")
    rules.admin_of_person(person, by)
    today = clock.today()
    for appointment in Appointment.objects.filter(Q(until=None) | Q(until__gte=today), person=person).order_by("pk"):
        relieve(appointment, by=by)
    person.is_active = False
    person.left_on = today
    person.epoch += 1
    person.save(update_fields=["is_active", "left_on", "epoch"])
    person.tokens.all().delete()
    person.devices.all().delete()
    append(person, "left", by=by, at=clock.now())
    for listener in _on_leave:
        listener(person=person, by=by)
    return person


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
    by: Actor,
) -> Waiver:
    """豁免 of a conflict by the bureau, dated, with a reason and a check that makes up for it.

    Refused for roles that do not conflict, without reason or check, and for anybody below the bureau or oneself.
    """
    rules.bureau_waives(unit, person, by)
    rules.dates_in_order(since, until)
    if not conflicting(role, beside):
        raise Refused("这两个岗位没有冲突，不需要豁免。")
    words = {"reason": reason, "check_instead": check_instead}
    missing = {name: ["请填写。"] for name, value in words.items() if not value.strip()}
    if missing:
        raise BadInput("豁免要写明原因和补偿检查。", errors=missing)
    waiver = Waiver.objects.create(
        person=person, unit=unit, role=role, beside=beside, since=since, until=until, **words
    )
    facts = {"person": person, "unit": unit, "role": role, "beside": beside, "since": since, "until": until}
    append(waiver, "waived", by=by, at=clock.now(), facts=facts)
    return waiver


def _permission(role: str) -> Permission:
    return Permission.objects.get(content_type__app_label="orgs", content_type__model="unit", codename=role)


def _grant(appointment: Appointment) -> None:
    Post.objects.get_or_create(
        user_id=appointment.person_id, permission=_permission(appointment.role), content_object_id=appointment.unit_id
    )
    Appointment.objects.filter(pk=appointment.pk).update(granted=True)
    appointment.granted = True


def _revoke(appointment: Appointment) -> None:
    """Takes the grant, unless another appointment to the same post holds it by now."""
    same = {"person": appointment.person_id, "role": appointment.role, "unit": appointment.unit_id}
    if not Appointment.objects.filter(granted=True, **same).exclude(pk=appointment.pk).exists():
        held = Post.objects.filter(user=appointment.person_id, permission__codename=appointment.role)
        held.filter(content_object=appointment.unit_id).delete()
    Appointment.objects.filter(pk=appointment.pk).update(granted=False)
    appointment.granted = False
