"""Whether a school publishes in time, as figures: missing now, late, in time; each lists exactly its cases."""

from datetime import date, timedelta

from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case
from portal.publications.actions import correct
from portal.rollups import asking
from portal.rollups.folding import fold
from portal.rollups.lists import Behind
from portal.rollups.periods import Period
from portal.rollups.recounting import recount
from repairs.figures import CHAPTER
from tests.district import Cast, District

from .issuing import FIRST, opened, published

SHORT = ("monthly_missing", "monthly_on_time", "monthly_late")
AUTUMN = Period("term", date(2026, 9, 1), date(2027, 1, 31), "", "")


def standing(place: District) -> dict[str, list[tuple[str, int, int]]]:
    """At both schools: words, how many, of how many, of each figure."""
    fold()
    (now,) = asking.by_school(CHAPTER.figures, place.bureau.path, AUTUMN)
    for school, counts in asking.live(CHAPTER, place.bureau.path).items():
        now[school].live = counts
    readings = {
        name: [now[one.pk].read(CHAPTER.figure(name)) for one in (place.school, place.far_school)] for name in SHORT
    }
    return {name: [(one.words, one.n, one.over) for one in many] for name, many in readings.items()}


def test_in_time_late_and_missing_are_counted_for_each_school(place: District, cast: Cast) -> None:
    made = published(place, cast)  # October, in time
    with clock.at(FIRST):
        august, far = opened(place.school, period="2026-08"), opened(place.far_school)
    with clock.at(FIRST + timedelta(days=30)):
        assert standing(place)["monthly_missing"] == [("1", 1, 1), ("1", 1, 1)]
        move(august, "check", by=cast.lin)
        move(august, "publish", by=cast.hu)
        correct(made.issue, reason="漏了三件", by=cast.hu, seen=1)  # late, but no first publication
        assert standing(place) == {
            "monthly_missing": [("0", 0, 0), ("1", 1, 1)],
            "monthly_on_time": [("—", 1, 2), ("—", 0, 0)],
            "monthly_late": [("1", 1, 1), ("0", 0, 0)],
        }
        assert recount(keep=False) == []
        listed = {name: cases_behind(name) for name in SHORT}
    october = made.issue.case_id
    assert listed == {"monthly_missing": [far.pk], "monthly_on_time": [october], "monthly_late": [august.pk]}


def test_repairs_are_counted_as_before_beside_them(place: District, cast: Cast) -> None:
    with clock.at(FIRST):
        opened(place.school)
    with clock.at(FIRST + timedelta(days=30)):
        assert asking.live(CHAPTER, place.bureau.path) == {
            place.school.pk: {"repairs.late": 0, "repairs.soon": 0, "repairs.open": 0, "repairs.monthly_missing": 1}
        }


def cases_behind(name: str) -> list[int]:
    asked = {"figure": f"repairs.{name}", "since": "2026-09-01", "until": "2027-01-31"}
    behind = Behind.of(asked, clock.today())
    assert behind is not None
    rows = behind.narrow(Case.objects.all()).values_list("pk", flat=True)
    return sorted(rows)
