"""请假与代理: who is away, and who acts instead."""

from datetime import date, timedelta

from django.db import transaction

from portal import clock
from portal.errors import Refused
from portal.ledger.actions import append
from portal.orgs import rules
from portal.orgs.models import Absence, User
from portal.orgs.rules import Actor, overlapping


@transaction.atomic
def record_absence(*, person: User, substitute: User, since: date, until: date, by: Actor) -> Absence:
    """请假与代理, first and last day included, by the person, a head or an admin of their place.

    Refused for a substitute who is no colleague, not here then or holds what conflicts, and while another absence overlaps.
    """
    both = User.objects.select_for_update(of=("self",)).order_by("pk").in_bulk([person.pk, substitute.pk])
    person, substitute = both[person.pk], both[substitute.pk]
    rules.for_the_person_or_their_head(person, by)
    rules.dates_in_order(since, until)
    rules.fit_substitute(person, substitute, since, until)
    rules.apart_when_standing_in(person, substitute, since, until)
    if Absence.objects.filter(overlapping(since, until), person=person).exists():
        raise Refused(f"{person.name} 在这段时间里已经有请假记录。", instead="请先结束原来的请假，再登记新的。")
    absence = Absence.objects.create(person=person, substitute=substitute, since=since, until=until)
    facts = {"person": person, "substitute": substitute, "since": since, "until": until}
    append(absence, "absent", by=by, at=clock.now(), facts=facts)
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, by: Actor) -> Absence:
    """Back early, or not going: the substitute stops from the next request on. Refused when it is over.

    By the person, a head or an admin of their place.
    """
    absence = Absence.objects.select_for_update(of=("self",)).select_related("person__home").get(pk=absence.pk)
    rules.for_the_person_or_their_head(absence.person, by)
    today = clock.today()
    if absence.until < max(today, absence.since):
        raise Refused("这次请假已经结束。")
    absence.ended_at = clock.now()
    absence.until = max(today, absence.since) - timedelta(days=1)
    absence.save(update_fields=["until", "ended_at"])
    append(absence, "back", by=by, at=clock.now(), facts={"until": absence.until})
    return absence
