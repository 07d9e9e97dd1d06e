"""Recurring cases come where they are set to come: the nearest unit says so, a fresh installation has its own default."""

from datetime import date, datetime, timedelta

import pytest

from portal import clock
from portal.cases.models import RoutineSetting, Schedule
from portal.cases.routines import arrange, recurring, set_routine
from portal.cases.schedules import open_due, words_of
from portal.errors import BadInput, NotAllowed, Stale
from portal.ledger.models import Event
from portal.orgs.actions import close_unit, plant
from repairs.models import Monthly
from tests.district import Cast, District

pytestmark = pytest.mark.usefixtures("monday")
KIND = "repairs.monthly"


def planned() -> dict[str, tuple[bool, datetime | None]]:
    """Every school with a schedule: whether it is on, and when it opens next."""
    rows = Schedule.objects.filter(kind=KIND).select_related("unit").order_by("unit__path")
    return {one.unit.name: (one.is_on, one.next_at if one.is_on else None) for one in rows}


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=clock.SCHOOL_TIME)


DECEMBER = at(12, 1, 0, 5)
BOTH = {"柳溪镇中心小学": (True, DECEMBER), "石门小学": (True, DECEMBER)}


def test_a_fresh_installation_owes_its_monthly_account(place: District) -> None:
    assert (arrange(), arrange(), planned()) == (2 * len(recurring()), 0, BOTH)
    with clock.at(DECEMBER + timedelta(minutes=1)):
        open_due()
    assert sorted(Monthly.objects.values_list("unit__name", "period")) == [
        ("柳溪镇中心小学", "2026-11"),
        ("石门小学", "2026-11"),
    ]


def test_a_new_school_joins_and_a_closed_one_leaves(place: District) -> None:
    arrange()
    school = plant(name="新建小学", kind="school", parent=place.town, code="XJ01", stage="PRI", by="clock")
    assert (arrange(), planned()) == (len(recurring()), BOTH | {"新建小学": (True, DECEMBER)})
    close_unit(school, on=date(2026, 11, 16), by="clock")
    assert (arrange(), arrange(), planned()) == (len(recurring()), 0, BOTH | {"新建小学": (False, None)})


def test_the_nearest_unit_wins_and_the_bureau_levels_in_one_act(place: District, cast: Cast) -> None:
    arrange()
    set_routine(unit=place.bureau, kind=KIND, stance="off", by=cast.ada)
    assert planned() == dict.fromkeys(BOTH, (False, None))
    set_routine(unit=place.school, kind=KIND, stance="on", rule={"day": 5, "time": "08:30"}, by=cast.hu)
    assert planned() == {"柳溪镇中心小学": (True, at(12, 5, 8, 30)), "石门小学": (False, None)}
    rule = {"day": 3, "time": "09:00", "since": "2027-01-01"}
    set_routine(unit=place.bureau, kind=KIND, stance="on", rule=rule, by=cast.ada)
    assert planned()["柳溪镇中心小学"] == (True, at(12, 5, 8, 30))
    set_routine(unit=place.bureau, kind=KIND, stance="on", rule=rule, by=cast.ada, alike_below=True)
    january = datetime(2027, 1, 3, 9, 0, tzinfo=clock.SCHOOL_TIME)
    assert planned() == dict.fromkeys(BOTH, (True, january))
    said = RoutineSetting.objects.order_by("pk").values_list("unit__name", "stance", "version")
    assert list(said) == [
        ("青禾县教育局", "off", 1), ("柳溪镇中心小学", "on", 1), ("青禾县教育局", "on", 2), ("青禾县教育局", "on", 3),
        ("柳溪镇中心小学", "above", 2),
    ]  # fmt: skip
    assert Event.objects.filter(address__startswith="routinesetting:", verb="set").count() == 5


def test_only_heads_and_admins_there_set_it(place: District, cast: Cast) -> None:
    for by in (cast.rita, cast.lin, cast.vera, cast.sam):
        with pytest.raises(NotAllowed):
            set_routine(unit=place.school, kind=KIND, stance="off", by=by)
    with pytest.raises(NotAllowed):
        set_routine(unit=place.far_school, kind=KIND, stance="off", by=cast.hu)
    set_routine(unit=place.school, kind=KIND, stance="off", by=cast.hu, seen=0)
    with pytest.raises(Stale):
        set_routine(unit=place.school, kind=KIND, stance="on", by=cast.ada, seen=0)
    assert RoutineSetting.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "stance", "rule"),
    [
        ("repairs.ticket", "on", {}),
        (KIND, "maybe", {}),
        (KIND, "on", {"day": 32}),
        (KIND, "on", {"day": "一"}),
        (KIND, "on", {"time": "25:00"}),
    ],
)
def test_what_cannot_come_is_refused(
    place: District, cast: Cast, kind: str, stance: str, rule: dict[str, object]
) -> None:
    with pytest.raises(BadInput):
        set_routine(unit=place.school, kind=kind, stance=stance, rule=rule, by=cast.hu)
    assert not RoutineSetting.objects.exists()


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"every": "day", "time": "07:30"}, "每天 07:30"),
        ({"every": "week", "day": 5, "school_days": True}, "每周五 08:00，不上学就顺延到上学日"),
        ({"every": "month", "day": 1, "time": "00:05"}, "每月 1 日 00:05"),
        ({"every": "week", "day": [1, 3], "time": ["08:00", "16:30"]}, "每周一、三 08:00、16:30"),
        ({"every": "month", "day": 5, "months": [3, 9]}, "每月（3、9 月） 5 日 08:00"),
        ({"every": "term", "day": -1}, "每学期倒数第 1 个上学日 08:00"),
        ({"every": "month", "day": 31, "time": "08:00"}, "每月最后一天 08:00"),
    ],
)
def test_a_rule_in_words(rule: dict[str, object], words: str) -> None:
    assert words_of(rule) == words
