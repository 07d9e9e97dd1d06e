"""A morning of very many plans: opened together, each once and whole, at a small and constant cost for each."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection

from portal import clock
from portal.cases import schedules
from portal.cases.models import CaseNumber, Deadline, Schedule
from portal.cases.schedules import open_due
from portal.ledger.models import Event
from portal.notices.models import Notice
from portal.orgs.models import Unit
from safety_grid.actions import hold, mark_out
from safety_grid.models import Round, RoundPlan
from tests.bench.measuring import Counted
from tests.district import Cast, District
from tests.safety_grid.cast import Grid
from tests.safety_grid.test_rounds import TEN, planned

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
TOGETHER = 5


@pytest.fixture
def plans(place: District, cast: Cast, grid: Grid, monkeypatch: pytest.MonkeyPatch) -> list[RoundPlan]:
    """Twenty daily plans of one room that Rita holds and one place nobody does, and one of another school."""
    monkeypatch.setattr(schedules, "BATCH", TOGETHER)
    hold(cell=mark_out(unit=place.room, by=grid.an), person=cast.rita, by=grid.an)
    mark_out(unit=place.building, by=grid.an)
    hold(cell=mark_out(unit=place.far_school, by="clock"), person=cast.sam, by="clock")
    places: list[list[Unit]] = [[place.room], [place.building]]
    made = [planned(place.school, grid.an, title=f"日查 {n}", places=places[n % 2]) for n in range(20)]
    return [*made, planned(place.far_school, grid.shi, title="远")]


def asked(many: int, at: datetime = TEN) -> tuple[int, int]:
    """So many plans are due: how many were opened in one run of the clock, and by how many questions."""
    Schedule.objects.update(next_at=at + timedelta(days=9))
    first = list(Schedule.objects.order_by("pk").values_list("pk", flat=True)[:many])
    Schedule.objects.filter(pk__in=first).update(next_at=at)
    counted = Counted()
    with clock.at(at + timedelta(minutes=1)), connection.execute_wrapper(counted):
        opened = open_due()
    return opened, len(counted.said)


def test_one_more_plan_costs_two_questions_and_each_transaction_the_same(plans: list[RoundPlan]) -> None:
    """For each its form (school, plan); for each transaction of five in the test, fifty in life, what all have in common."""
    sizes = (TOGETHER, 2 * TOGETHER, 4 * TOGETHER)
    costs = {many: asked(many, TEN + timedelta(days=day)) for day, many in enumerate(sizes)}
    each = 2 * TOGETHER + 25
    assert costs == {TOGETHER: (5, each + 1), 2 * TOGETHER: (10, 2 * each + 1), 4 * TOGETHER: (20, 4 * each + 1)}


def test_each_is_opened_once_and_whole(plans: list[RoundPlan], place: District, cast: Cast) -> None:
    assert asked(21)[0] == 21
    assert asked(0)[0] == 0
    rounds = Round.objects.prefetch_related("spots").order_by("pk")
    found = [(one.plan_id, one.meant_for_id, [spot.unit_id for spot in one.spots.all()]) for one in rounds]
    whose = [(cast.rita.pk, [place.room.pk]), (None, [place.building.pk])]
    assert found == [
        *((plan.pk, *whose[n % 2]) for n, plan in enumerate(plans[:20])),
        (plans[20].pk, cast.sam.pk, [place.far_school.pk]),
    ]
    assert [one.number for one in rounds] == [*(f"XC-LX01-2026-{n:05}" for n in range(1, 21)), "XC-SM01-2026-00001"]
    assert dict(CaseNumber.objects.filter(prefix="XC").values_list("school__code", "last")) == {"LX01": 20, "SM01": 1}
    assert {(one.state, one.turn, one.due_at == one.opened_at + timedelta(hours=10)) for one in rounds} == {
        ("due", "assignee", True), ("unheld", "safety_head", True),
    }  # fmt: skip
    assert Counter(Deadline.objects.values_list("case", "clock")) == Counter(
        (one.pk, name) for one in rounds for name in ("walk", "make_up")
    )
    begun = Event.objects.filter(verb="open_rounds").order_by("pk")
    assert [(one.address, one.digest) for one in begun] == [(one.address, one.chain_head) for one in rounds]
    told = Counter(Notice.objects.filter(verb="open_rounds").values_list("to__name", flat=True))
    assert told == {"林晓芸": 10, "安卫国": 10, cast.sam.name: 1}


def test_one_that_cannot_be_opened_keeps_none_of_the_others(plans: list[RoundPlan]) -> None:
    broken = plans[3].schedule
    assert broken is not None
    Schedule.objects.filter(pk=broken.pk).update(data={"plan": 0})
    assert asked(8)[0] == 7
    opened = [plan.pk for plan in plans[:8] if plan != plans[3]]
    assert list(Round.objects.order_by("plan").values_list("plan", flat=True)) == opened
    later = Schedule.objects.get(pk=broken.pk)
    assert later.next_at == TEN + timedelta(hours=1, minutes=1)
    assert list(Event.objects.filter(address=broken.address).values_list("verb", flat=True))[-1] == "missed"
