"""One pass of the clock: what one bad row may not stop, and what is true of a case when it is read."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import clock
from portal.cases.models import Case, Deadline, Escalation, Heartbeat, Schedule
from portal.cases.schedules import open_due, plan
from portal.cases.sweep import sweep
from portal.ledger.models import Event
from portal.ledger.verification import verify
from repairs.models import Ticket
from tests.district import MONDAY, Cast, District, later
from tests.repairs.test_loop import reported, to_finished

pytestmark = pytest.mark.usefixtures("monday")
DAILY: dict[str, object] = {"every": "day", "time": "09:30"}


def test_a_case_nobody_understands_any_more_stops_no_other(place: District, cast: Cast) -> None:
    bad, good = reported(place, cast.rita), reported(place, cast.rita)
    Case.objects.filter(pk=bad.pk).update(kind="gone.affair")
    with clock.at(later(hours=1.7)):
        assert sweep() == 2
        assert sweep() == 0
    assert list(Escalation.objects.values_list("case", "rung")) == [(good.pk, 0)]
    waits = Deadline.objects.get(case=bad, clock="respond")
    assert (waits.rung, waits.next_rung_at) == (0, later(hours=1.7) + timedelta(minutes=10))
    assert Heartbeat.objects.get().at == later(hours=1.7)


def test_a_plan_nobody_understands_any_more_stops_no_other(place: District, cast: Cast) -> None:
    said = {"topic": "RP-15", "words": "更换滤芯"}
    bad, good = (
        plan(kind="repairs.ticket", unit=place.room, title=title, rule=DAILY, data=said, by=cast.ada)
        for title in ("坏", "好")
    )
    Schedule.objects.filter(pk=bad.pk).update(kind="gone.affair")
    with clock.at(later(hours=1)):
        assert (open_due(), open_due()) == (1, 0)
    assert Schedule.objects.get(pk=bad.pk).next_at == later(hours=2)
    assert Schedule.objects.get(pk=good.pk).next_at == later(days=1, hours=0.5)
    assert Ticket.objects.count() == 1
    missed = Event.objects.get(address=bad.address, verb="missed")
    assert (missed.who, missed.facts) == ("clock", {"why": "KeyError"})


def test_a_case_the_clock_moves_fires_nothing_more_in_that_pass(place: District, cast: Cast) -> None:
    ticket = to_finished(place, cast)
    Deadline.objects.filter(case=ticket, clock="resolve").update(paused_at=None, next_rung_at=MONDAY)
    with clock.at(later(days=30)):
        sweep()
    assert Ticket.objects.get(pk=ticket.pk).state == "unreviewed"
    assert not Escalation.objects.exists()
    assert verify(overdue=False).sound


def test_the_claim_joins_nothing_it_does_not_lock(place: District, cast: Cast) -> None:
    """PostgreSQL reads a joined row as it was before the claim; a new assignee would be nobody."""
    reported(place, cast.rita)
    with clock.at(later(hours=1.7)), CaptureQueriesContext(connection) as asked:
        sweep()
    [claim] = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"] and "cases_deadline" in query["sql"]]
    assert re.findall(r'(?:FROM|JOIN) "(\w+)"', claim) == ["cases_deadline", "cases_case"]
    assert claim.endswith('FOR UPDATE OF "cases_deadline", "cases_case" SKIP LOCKED')
