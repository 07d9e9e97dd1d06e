"""安全月报: what a month says, who checks and publishes it, and that no closed circle is counted in it."""

from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.models import Case
from portal.errors import NotAllowed, Refused
from portal.publications.models import Publication
from portal.publications.periods import Every, period_of
from safety_grid.actions import open_safetymonth
from safety_grid.flow import MONTHS
from safety_grid.models import SafetyMonth
from safety_grid.publications import build
from tests.district import Cast, District
from tests.safety_grid.cast import Grid
from tests.safety_grid.hazards import five, proof, raised, registered

OCTOBER = datetime(2026, 10, 12, 9, 0, tzinfo=clock.SCHOOL_TIME)


@pytest.fixture
def october(place: District, cast: Cast, grid: Grid) -> None:
    """Four hazards, one major and supervised, one closed out, one past its date; and one lead on a student."""
    with clock.at(OCTOBER):
        raised(place, cast.rita)
        major = registered(place, grid, cast.rita, grade="major", topic="HZ-01")
        move(major, "plan", by=grid.gao, data=five(grid.gao, days=60))
        done, late = (registered(place, grid, cast.rita) for _ in range(2))
        move(done, "fix_now", by=grid.gao)
        move(done, "finish", by=grid.gao, data=proof(grid.gao))
        move(done, "close_out", by=grid.an)
        move(late, "plan", by=grid.gao, data=five(grid.gao, days=3))
        hidden = registered(place, grid, cast.rita)
        Case.objects.filter(pk=hidden.pk).update(circle="visitors")


def opened(place: District) -> SafetyMonth:
    said = {"unit": place.school.pk, "period": "2026-10"}
    case = open_safetymonth(filled(MONTHS, MONTHS.opening, case=None, by="clock", data=said), by="clock")
    return SafetyMonth.objects.get(pk=case.pk)


def test_a_month_counts_hazards_by_kind_and_nothing_of_a_closed_circle(october: None, place: District) -> None:
    with clock.at(OCTOBER + timedelta(days=21)):
        content = build(place.school, period_of(Every.MONTH, "2026-10"))
    assert {one.code: one.value for one in content.figures} == {
        "found": 3, "major": 1, "closed": 1, "still": 2, "late": 1, "rounds": 0, "walked": None,
    }  # fmt: skip
    assert content.tables[0].rows == [["消防安全", 1, 1, 0, 1, 0, 0], ["设施与教学设备", 2, 0, 1, 1, 1, 0]]
    assert content.tables[0].total == ["合计", 3, 1, 1, 2, 1, 0]


def test_the_safety_office_checks_and_the_head_publishes(
    october: None, place: District, cast: Cast, grid: Grid
) -> None:
    with clock.at(OCTOBER + timedelta(days=21)):
        month = opened(place)
        with pytest.raises(NotAllowed):
            move(month, "check", by=cast.hu)
        move(month, "check", by=grid.an)
        with pytest.raises((NotAllowed, Refused)):
            move(month, "publish", by=grid.an)
        move(month, "publish", by=cast.hu)
    made = Publication.objects.get()
    assert (made.issue.kind, made.issue.period, made.version) == ("safety_grid.safetymonth", "2026-10", 1)
    assert "辛柔" not in made.payload and "学生" not in made.payload
