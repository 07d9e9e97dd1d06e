"""Questions to the database: as many for three rows as for one, on every page of the settings."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.cases.settings import set_clock
from portal.ledger import keys
from portal.ledger.models import Seal
from portal.orgs.actions import appoint, plant, record_absence
from portal.orgs.models import Appointment, Waiver
from portal.worktime.actions import set_unit_day
from tests.district import MONDAY, Cast, District, hire

from .conftest import Desk, words

pytestmark = pytest.mark.usefixtures("monday")
Page = Callable[[District, Cast], str]
MOST = 15  # on any page, session, person and frame included

PAGES: dict[str, Page] = {
    "index": lambda place, cast: "/settings/",
    "units": lambda place, cast: "/settings/units/?q=教",
    "unit": lambda place, cast: f"/settings/units/{place.school.pk}/",
    "pick": lambda place, cast: f"/settings/pick/?next=/settings/clocks/&in={place.school.pk}",
    "people": lambda place, cast: "/settings/people/",
    "person": lambda place, cast: f"/settings/people/{cast.rita.pk}/",
    "leave": lambda place, cast: f"/settings/people/{cast.rita.pk}/leave/",
    "posts": lambda place, cast: "/settings/posts/",
    "appoint": lambda place, cast: f"/settings/posts/appoint/?unit={place.school.pk}&person={cast.rita.pk}",
    "absences": lambda place, cast: "/settings/absences/",
    "absence": lambda place, cast: f"/settings/people/{cast.rita.pk}/absence/",
    "waivers": lambda place, cast: "/settings/waivers/",
    "clocks": lambda place, cast: f"/settings/clocks/?unit={place.school.pk}",
    "clock": lambda place, cast: f"/settings/clocks/repairs.ticket/resolve/?unit={place.bureau.pk}",
    "history": lambda place, cast: f"/settings/clocks/repairs.ticket/resolve/history/?unit={place.school.pk}",
    "calendar": lambda place, cast: f"/settings/calendar/?unit={place.school.pk}",
    "day": lambda place, cast: f"/settings/calendar/day/?unit={place.school.pk}&date=2026-11-20",
    "hours": lambda place, cast: f"/settings/calendar/hours/?unit={place.school.pk}",
    "terms": lambda place, cast: f"/settings/calendar/terms/?unit={place.school.pk}",
    "national": lambda place, cast: "/settings/calendar/national/",
    "records": lambda place, cast: "/settings/records/",
    "seals": lambda place, cast: "/seals/",
}


def more_of_everything(place: District, cast: Cast, number: int) -> None:
    """One more school with people, a building, a post, an absence, a waiver, a version, a day, a seal."""
    school = plant(
        name=f"教小学{number}", kind="school", parent=place.town, code=f"XX{number}", stage="PRI", by="clock"
    )
    plant(name=f"楼{number}", kind="building", parent=place.school, by="clock")
    away = hire(f"a{number}", f"教师{number}", place.school, ("teacher", place.school))
    hire(f"d{number}", f"调度{number}", school, ("dispatcher", school))
    appoint(person=cast.rita, role=("dispatcher", "technician", "asset_manager")[number], unit=place.school, by="clock")
    for who in (away, cast.rita):
        since = MONDAY.date() + timedelta(days=number * 3)
        record_absence(person=who, substitute=cast.dora, since=since, until=since + timedelta(days=1), by="clock")
    Waiver.objects.create(
        person=away, unit=place.school, role="teacher", beside="parent", since=MONDAY.date(), until=date(2026, 12, 31)
    )
    for unit in (place.school, school, place.bureau):
        set_clock(
            unit=unit, kind="repairs.ticket", clock="resolve", amount=str(number + 4), measure="wall", by=cast.ada
        )
    set_unit_day(unit=place.school, day=date(2026, 11, 17 + number), is_open=False, name="x", by=cast.ada)
    before = Seal.objects.order_by("-day").first()
    seal = Seal(
        day=date(2026, 11, 10 + number),
        before=before.digest if before else "",
        made_at=MONDAY,
        root="0" * 64,
        public_key=keys.own(),
    )
    seal.digest, seal.signature = seal.expected(), keys.sign(seal.body)
    seal.save()


@pytest.fixture(autouse=True)
def key(settings: object) -> None:
    settings.SEAL_KEY = keys.generate()  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_the_same_for_one_row_and_for_three(desk: Desk, place: District, cast: Cast, name: str) -> None:
    where = PAGES[name](place, cast)
    costs = []
    for number in range(3):
        more_of_everything(place, cast, number)
        words(desk.ada, where)
        with CaptureQueriesContext(connection) as asked:
            words(desk.ada, where)
        costs.append(len(asked))
    assert costs[0] == costs[2] <= MOST


def test_a_post_of_many_people_costs_as_much_as_one(desk: Desk, place: District, cast: Cast) -> None:
    where, costs = f"/settings/units/{place.school.pk}/", []
    for count in (1, 10):
        for number in range(count):
            hire(f"z{count}{number}", "王老师", place.school, ("teacher", place.school))
        words(desk.ada, where)
        with CaptureQueriesContext(connection) as asked:
            words(desk.ada, where)
        costs.append(len(asked))
    assert costs[0] == costs[1] and Appointment.objects.filter(role="teacher", unit=place.school).count() == 12
