"""Obligations that come again are opened by the clock, once each, on the day people expect."""

from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.cases import schedules
from portal.cases.models import Schedule
from portal.cases.schedules import next_time, open_due, plan, replan
from portal.errors import BadInput
from portal.worktime.calendars import calendar_for
from repairs.models import Ticket
from tests.district import MONDAY, Cast, District

pytestmark = pytest.mark.usefixtures("monday")
FILTERS = {"topic": "RP-15", "words": "更换饮水机滤芯"}


def moment(month: int, day: int, hour: int = 8) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=clock.SCHOOL_TIME)


def test_the_clock_opens_a_planned_case_once(place: District, cast: Cast) -> None:
    rule = {"every": "week", "day": 2, "time": "08:00"}
    plan(kind="repairs.ticket", unit=place.room, title="滤芯", rule=rule, data=FILTERS, by=cast.ada)
    assert (open_due(), Ticket.objects.count()) == (0, 0)
    with clock.at(MONDAY + timedelta(days=1)):
        assert (open_due(), open_due()) == (1, 0)
        ticket = Ticket.objects.get()
    assert (ticket.opener, ticket.title, ticket.state) == (None, "203 教室 更换饮水机滤芯", "reported")
    assert Schedule.objects.get().next_at == moment(11, 24)


@pytest.mark.parametrize(
    ("rule", "after", "expected"),
    [
        ({"every": "day", "time": "07:30"}, moment(11, 16), moment(11, 17) - timedelta(minutes=30)),
        ({"every": "week", "day": 1, "time": "08:00"}, moment(11, 16), moment(11, 23)),
        ({"every": "month", "day": 31, "time": "08:00"}, moment(11, 16), moment(11, 30)),
        ({"every": "week", "day": 6, "time": "08:00", "school_days": True}, moment(11, 16), moment(11, 23)),
        ({"every": "month", "day": 1, "time": "08:00", "school_days": True}, moment(9, 30), moment(10, 8)),
        ({"every": "day", "time": ["22:00", "02:00"]}, moment(11, 16), moment(11, 16, 22)),
        ({"every": "day", "time": ["22:00", "02:00"], "school_days": True}, moment(11, 20, 22), moment(11, 23, 2)),
        ({"every": "week", "day": [1, 4]}, moment(11, 16), moment(11, 19)),
        ({"every": "month", "day": 5, "months": [3, 6, 9, 12]}, moment(11, 16), moment(12, 5)),
        ({"every": "term", "day": [2, -3]}, moment(8, 1), moment(9, 2)),
        ({"every": "term", "day": [2, -3]}, moment(9, 2), datetime(2027, 1, 13, 8, tzinfo=clock.SCHOOL_TIME)),
    ],
)
def test_the_next_time_is_the_one_people_expect(
    place: District, rule: dict[str, object], after: datetime, expected: datetime
) -> None:
    assert next_time(rule, after, calendar_for(place.school.path)) == expected


def test_another_rhythm_counts_from_now_and_none_opens_nothing(place: District, cast: Cast) -> None:
    rule: dict[str, object] = {"every": "day", "time": "08:00"}
    made = plan(kind="repairs.ticket", unit=place.room, title="滤芯", rule=rule, data=FILTERS, by=cast.ada)
    assert replan(made, rule=rule | {"time": "10:00"}, by=cast.ada).next_at == moment(11, 16, 10)
    replan(made, rule=rule, is_on=False, by=cast.ada)
    with clock.at(MONDAY + timedelta(days=3)):
        assert (open_due(), Ticket.objects.count()) == (0, 0)


def test_one_sweep_opens_all_that_is_due_or_as_many_as_its_time_allows(
    place: District, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule: dict[str, object] = {"every": "day", "time": "08:00"}
    for n in range(60):
        plan(kind="repairs.ticket", unit=place.room, title=f"滤芯 {n}", rule=rule, data=FILTERS, by=cast.ada)
    with clock.at(MONDAY + timedelta(days=1)):
        monkeypatch.setattr(schedules, "SPARE", timedelta(0))
        assert [open_due() for _ in range(2)] == [1, 1], "its time is over after the first: the next sweep goes on"
        monkeypatch.undo()
        assert [open_due(3), open_due(), open_due()] == [3, 55, 0]
    assert Ticket.objects.count() == 60


def test_an_unknown_kind_is_refused(place: District, cast: Cast) -> None:
    with pytest.raises(BadInput):
        plan(kind="repairs.nothing", unit=place.room, title="x", rule={"every": "day"}, data={}, by=cast.ada)


def test_what_cannot_be_opened_is_recorded_and_tried_again(place: District, cast: Cast) -> None:
    rule = {"every": "day", "time": "09:30"}
    plan(kind="repairs.ticket", unit=place.room, title="坏计划", rule=rule, data={"topic": "RP-15"}, by=cast.ada)
    with clock.at(MONDAY + timedelta(hours=1)):
        assert open_due() == 0
    assert Schedule.objects.get().next_at == MONDAY + timedelta(hours=2)
    assert Ticket.objects.count() == 0
