"""The clock killed with SIGKILL while it opens rounds: each plan's round for each person is there once, whole."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Count

from portal import clock
from portal.cases.models import CaseNumber, Deadline, Schedule
from portal.ledger.models import Event
from portal.notices.models import Notice
from safety_grid.actions import hold, mark_out
from safety_grid.actions.plans import set_plan
from safety_grid.models import Round, RoundPlan
from tests.chaos.account import deadlocks, demand_sound_ledger
from tests.chaos.conftest import Measured
from tests.chaos.sizes import SIZES
from tests.chaos.test_sweepers import sweepers
from tests.district import Cast, District
from tests.safety_grid.cast import Grid, grid_of

pytestmark = pytest.mark.chaos
Owed = tuple[int, int | None, tuple[int, ...]]  # plan, whom for, places


def test_sweepers_killed_while_they_open_rounds_open_each_once_and_whole(
    place: District, cast: Cast, measured: Measured
) -> None:
    grid, broken_up = grid_of(place), deadlocks()
    for unit, person in ((place.room, cast.rita), (place.other_room, cast.vera)):
        hold(cell=mark_out(unit=unit, by=grid.an), person=person, by=grid.an)
    mark_out(unit=place.building, by=grid.an)
    whose = ((place.room, cast.rita.pk), (place.other_room, cast.vera.pk), (place.building, None))
    made = plans(place, grid)
    with sweepers() as crew:
        for _ in range(SIZES.rounds):
            fall_due()
            crew.storm(SIZES.kills)
    owed = Counter[Owed]({(one.pk, person, (unit.pk,)): SIZES.rounds for one in made for unit, person in whose})
    opened = rounds()
    lost, doubled = (owed - opened).total(), (opened - owed).total()
    measured(kills=crew.toll.kills, inside=crew.toll.inside, due=owed.total(), done=opened.total())
    measured(lost=lost, doubled=doubled)
    assert (lost, doubled, crew.toll.crashed) == (0, 0, 0)
    assert (crew.toll.kills, crew.toll.inside >= crew.toll.kills / 3) == (SIZES.rounds * SIZES.kills, True)
    demand_whole(made)
    demand_sound_ledger()
    assert deadlocks() == broken_up


def plans(place: District, grid: Grid) -> list[RoundPlan]:
    """Plans whose own moment is days away and whose rounds last longer than the test."""
    away = (clock.today() + timedelta(days=3)).isoweekday()
    rule: dict[str, Any] = {"every": "week", "day": away, "time": "12:00"}
    items = [{"code": "HZ-01-2", "title": "疏散通道畅通", "category": "HZ-01"}]
    said: dict[str, Any] = {"unit": place.school, "who": "", "rule": rule, "hours": Decimal(200), "items": items}
    places = [place.room, place.other_room, place.building]
    return [
        set_plan(None, title=f"日查 {n}", places=places, by=grid.an, **said) for n in range(3 * SIZES.schedules // 2)
    ]


def fall_due() -> None:
    """Every schedule's moment was a while ago, each another."""
    for n, one in enumerate(Schedule.objects.order_by("pk")):
        Schedule.objects.filter(pk=one.pk).update(next_at=clock.now() - timedelta(seconds=60 + n))


def rounds() -> Counter[Owed]:
    """What was opened: of which plan, for whom, with which places."""
    found = Round.objects.prefetch_related("spots")
    return Counter(
        (one.plan_id, one.meant_for_id, tuple(sorted(spot.unit_id for spot in one.spots.all()))) for one in found
    )


def demand_whole(made: list[RoundPlan]) -> None:
    """Every round with its clocks, its event, its notice and a number of its own; every schedule says so once each time."""
    every = list(Round.objects.all())
    assert not Event.objects.filter(verb="missed").exists()
    said = Counter(Event.objects.filter(verb="opened").values_list("address", flat=True))
    assert said == {plan.schedule.address: SIZES.rounds for plan in made if plan.schedule}
    begun = Event.objects.filter(verb="open_rounds").values_list("address", flat=True)
    assert sorted(begun) == sorted(one.address for one in every)
    clocks = Deadline.objects.values("case").annotate(n=Count("pk")).values_list("case", "n")
    assert dict(clocks) == {one.pk: 2 for one in every}
    told = Notice.objects.filter(verb="open_rounds", to__in=[one.meant_for_id for one in every if one.meant_for_id])
    held = Counter((one.address, one.meant_for_id) for one in every if one.meant_for_id)
    assert Counter(told.values_list("about", "to")) == held
    counter = CaseNumber.objects.get(prefix="XC")
    assert sorted(int(one.number.rpartition("-")[2]) for one in every) == list(range(1, counter.last + 1))
