"""Reading figures: shares from enough cases only, middles from histograms, periods, and the list behind each figure."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case
from portal.orgs.models import SchoolYear, Term
from portal.rollups import asking
from portal.rollups.asking import Tallied
from portal.rollups.book import CHAPTERS, figure
from portal.rollups.folding import fold
from portal.rollups.lists import Behind
from portal.rollups.models import Daily
from portal.rollups.periods import Almanac, Period
from portal.rollups.spread import bin_of, hours_of, middle
from repairs.figures import CHAPTER
from tests.district import MONDAY, Cast, District, later

from .test_folding import finished, reported

pytestmark = pytest.mark.django_db
WEEK = Period("week", date(2026, 11, 16), date(2026, 11, 22), "", "")


def test_a_share_of_fewer_than_five_is_not_said() -> None:
    share = CHAPTER.figure("on_time")
    four = Tallied({"repairs.on_time": (4, Decimal(0)), "repairs.finished": (4, Decimal(0))})
    six = Tallied({"repairs.on_time": (5, Decimal(0)), "repairs.finished": (6, Decimal(0))})
    assert [(one.read(share).words, one.read(share).behind) for one in (four, six)] == [
        ("—", "只有 4 件，不算比率"),
        ("83.3", "5 / 6 件"),
    ]


def test_lights_follow_the_rule_that_is_shown() -> None:
    light = CHAPTER.figure("on_time").light
    assert light is not None
    assert [light.tone(Decimal(value)) for value in (69, 70, 89, 90)] == ["late", "soon", "soon", "done"]
    late = CHAPTER.figure("late").light
    assert late is not None
    assert [late.tone(Decimal(value)) for value in (0, 1)] == ["done", "late"]


@given(st.lists(st.floats(0.2, 900), min_size=5, max_size=300))
def test_a_middle_from_bins_is_within_a_tenth_of_the_true_one(hours: list[float]) -> None:
    bins: dict[int, int] = {}
    for one in hours:
        bins[bin_of(one)] = bins.get(bin_of(one), 0) + 1
    ranked = sorted(hours)
    for at in (Decimal("0.5"), Decimal("0.9")):
        found = middle(bins, at)
        true = ranked[min(len(ranked) - 1, max(0, -(-len(ranked) * int(at * 10) // 10) - 1))]
        assert found is not None and true / 1.11 - 0.01 <= float(found) <= true * 1.11 + 0.01


def test_bins_reach_from_minutes_to_years_without_a_gap() -> None:
    assert [bin_of(value) for value in (0, 0.1, 0.11, 0.12)] == [1, 1, 2, 3]
    assert bin_of(10**9) == 120
    assert all(hours_of(n)[1] == pytest.approx(hours_of(n + 1)[0]) for n in range(1, 120))


def test_weeks_are_numbered_in_their_term_and_terms_take_the_holidays_that_follow(place: District) -> None:
    year = SchoolYear.objects.get_or_create(start_year=2026)[0]
    Term.objects.filter(year=year).delete()
    Term.objects.create(unit=place.bureau, year=year, number=1, starts=date(2026, 9, 1), ends=date(2027, 1, 22))
    Term.objects.create(unit=place.bureau, year=year, number=2, starts=date(2027, 2, 22), ends=date(2027, 7, 9))
    almanac = Almanac(place.school.path)
    week = almanac.holding("week", date(2026, 11, 18))
    assert (week.since, week.until, week.title) == (date(2026, 11, 16), date(2026, 11, 22), "第 12 周")
    term = almanac.holding("term", date(2027, 2, 1))
    assert (term.since, term.until, term.title) == (date(2026, 9, 1), date(2027, 2, 21), "2026-2027 第一学期")
    month = almanac.before(almanac.holding("month", date(2027, 1, 5)))
    assert (month.since, month.until) == (date(2026, 12, 1), date(2026, 12, 31))
    assert [one.title for one in almanac.leading_to(week)] == [f"第 {n} 周" for n in range(5, 13)]


def test_without_terms_the_year_is_halved(place: District) -> None:
    Term.objects.all().delete()
    autumn = Almanac(place.school.path).holding("term", date(2027, 1, 5))
    assert (autumn.since, autumn.until) == (date(2026, 8, 1), date(2027, 1, 31))


def test_every_figure_lists_exactly_the_cases_it_counts(place: District, cast: Cast) -> None:
    with clock.at(MONDAY):
        done, open_one, hidden = (reported(cast, place.room) for _ in range(3))
        Case.objects.filter(pk=hidden.pk).update(circle="grievance")
        Case.objects.filter(pk=open_one.pk).update(due_at=MONDAY)
    finished(done, cast)
    with clock.at(later(hours=2)):
        move(done, "confirm", by=cast.rita, data={"speed": 4, "quality": 4})
        fold()
        counted = asking.by_school(CHAPTER.figures, place.bureau.path, WEEK)[0][place.school.pk]
        counted.live = asking.live(CHAPTER, place.bureau.path)[place.school.pk]
        for one in CHAPTER.figures:
            behind = Behind.of({"figure": one.name, "since": "2026-11-16", "until": "2026-11-22"}, clock.today())
            assert behind is not None
            found = set(behind.narrow(Case.objects.all()).values_list("pk", flat=True))
            assert len(found) == counted.read(one).n, one.name
            assert hidden.pk not in found
        assert counted.live == {"repairs.late": 1, "repairs.soon": 0, "repairs.open": 1, "repairs.monthly_missing": 0}


@pytest.mark.parametrize(
    "asked",
    [{}, {"figure": "x"}, {"figure": "repairs.nothing"}, {"figure": "repairs"}, {"figure": "canteen.x"}],
)
def test_an_unknown_figure_narrows_nothing(asked: dict[str, str]) -> None:
    assert Behind.of(asked, date(2026, 11, 16)) is None


@pytest.mark.parametrize(
    "days", [("2026-13-01", "x"), ("2026-11-20", "2026-11-16"), ("0001-01-01", "9999-12-31"), ("", "")]
)
def test_absurd_days_become_one_day(place: District, days: tuple[str, str]) -> None:
    behind = Behind.of({"figure": "repairs.reported", "since": days[0], "until": days[1]}, date(2026, 11, 16))
    assert behind is not None and behind.since == behind.until
    assert list(behind.narrow(Case.objects.all())) == []


def test_hot_places_and_repeated_faults(place: District, cast: Cast) -> None:
    with clock.at(MONDAY):
        for room in (place.room, place.room, place.room, place.other_room):
            reported(cast, room)
        fold()
    since, until = WEEK.since, WEEK.until
    assert asking.hot_places("repairs.place", place.school.path, since, until) == [
        (place.room.pk, 3),
        (place.other_room.pk, 1),
    ]
    assert asking.repeated("repairs.place", place.school.path, since, until, CHAPTER.topics()) == [
        (place.room.pk, "RP-05", 3)
    ]


def test_what_is_open_now_is_counted_by_columns_that_one_index_carries() -> None:
    index = next(one for one in Case._meta.indexes if one.name == "case_open_place")
    live = [each for chapter in CHAPTERS.values() for each in chapter.figures if each.live is not None]
    for one in live:
        query = Case.objects.filter(one.live()).query  # type: ignore[misc]
        asked = {leaf.lhs.target.name for leaf in query.where.leaves()}
        assert (set(query.alias_map), asked - {*index.fields, *index.include}) == ({"cases_case"}, set()), one.name
    assert len(live) > 10


def test_figures_are_named_once_and_every_one_explains_itself() -> None:
    figures = [one for chapter in CHAPTERS.values() for one in chapter.figures]
    assert len({one.name for one in figures}) == len(figures)
    assert all(one.formula.endswith("。") and figure(one.name) is one for one in figures)


def grown(place: District, days: int) -> None:
    """A history of so many days at both schools, and of others beside them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into rollups_daily (tally, topic, unit_id, unit_path, day, bin, n, amount)
            select t, k, u.id, u.path, date '2026-11-22' - d, 0, 1, 0
            from unnest(array['repairs.reported', 'repairs.finished', 'repairs.on_time', 'repairs.place']) t,
                 unnest(array['', 'RP-01', 'RP-02', 'RP-03']) k, orgs_unit u, generate_series(0, %s) d
            where u.kind in ('school', 'room')""",
            [days],
        )
        cursor.execute("analyze rollups_daily")


def plans(rows: Any) -> Iterator[dict[str, Any]]:
    """Every node of the plan."""
    waiting = [json.loads(rows.explain(format="json"))[0]["Plan"]]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.get("Plans", [])


@pytest.mark.parametrize("name", ["bureau", "town", "school", "room"])
def test_a_week_of_any_subtree_is_read_by_index_however_long_the_history(place: District, name: str) -> None:
    grown(place, 2000)
    unit = getattr(place, name)
    for topic in ("", "RP-02"):
        rows = asking.daily(["repairs.reported", "repairs.on_time"], unit.path, WEEK.since, WEEK.until, topic=topic)
        nodes = list(plans(rows.values("tally", "unit_id")))
        assert [node["Node Type"] for node in nodes if node["Node Type"] == "Seq Scan"] == []
        assert sum(node.get("Plan Rows", 0) for node in nodes[-1:]) < 2000
    assert Daily.objects.count() > 100_000


def test_a_page_of_sums_asks_the_same_however_many_days(place: District, django_assert_num_queries: Any) -> None:
    grown(place, 3)
    term = Period("term", WEEK.since - timedelta(days=80), WEEK.until, "", "")
    with django_assert_num_queries(2):
        asking.by_school(CHAPTER.figures, place.bureau.path, WEEK, term)
    with django_assert_num_queries(1):
        asking.by_period(CHAPTER.figures, place.bureau.path, [WEEK, term])
