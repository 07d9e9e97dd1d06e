"""Figures of the safety grid: the county of the brief exactly, adding up at each level, and nobody's secrets in them."""

import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from statistics import mean

import pytest
from django.http import QueryDict
from django.test import Client

from portal import clock
from portal.cases.actions import move
from portal.cases.models import Case
from portal.hall.figures.board import Board, schools_below
from portal.hall.figures.sections import heat, levels
from portal.orgs.models import Unit, User
from portal.rollups.book import CHAPTERS
from portal.rollups.folding import fold
from portal.rollups.lists import Behind
from portal.rollups.models import Daily
from portal.rollups.periods import Almanac
from portal.rollups.recounting import recount
from safety_grid.models import Hazard
from tests.district import MONDAY, Cast, District, hire
from tests.portal.api.program import Program
from tests.safety_grid.cast import Grid
from tests.safety_grid.county import CELLS, CLOSED, HAZARDS, MAJOR, build_county, hazard_at
from tests.safety_grid.hazards import raised, registered
from tests.safety_grid.test_drills import held, planned
from tests.signing import browser_of

pytestmark = pytest.mark.usefixtures("monday")
ADDITIVE = ("found", "found_major", "closed", "open", "open_major", "cells", "again")


def board(unit: Unit) -> Board:
    """A unit's figures of this month."""
    almanac = Almanac(unit.path)
    return Board(unit, CHAPTERS["safety_grid"], almanac, almanac.holding("month", clock.today()), schools_below(unit))


def read(of: Board, *names: str) -> dict[str, str]:
    return {name: of.here.read(of.chapter.figure(name)).words for name in names}


def sums(of: Board) -> dict[str, int]:
    """What must add up: counts, and both sides of the shares."""
    found = {name: of.here.read(of.chapter.figure(name)).n for name in ADDITIVE}
    for name in ("close_rate", "coverage", "participation"):
        reading = of.here.read(of.chapter.figure(name))
        found |= {f"{name} n": reading.n, f"{name} over": reading.over}
    return found


def together(many: list[Board], own: dict[str, int]) -> dict[str, int]:
    return {name: sum(sums(one)[name] for one in many) + own.get(name, 0) for name in sums(many[0])}


def test_the_county_of_the_brief_is_on_the_officers_dashboard_and_adds_up_at_every_level(db: None) -> None:
    county = build_county()
    officer = hire("song", "宋严", county.bureau, ("safety_officer", county.bureau))
    hazard_at(county.rooms[0][0], 99_999, state="refused", opened_at=MONDAY, closed_at=MONDAY)  # none after all
    fold()
    bureau = board(county.bureau)
    assert read(bureau, "cells", "found", "closed", "open", "coverage", "participation", "close_rate", "found_major") == {
        "cells": str(CELLS), "found": str(HAZARDS), "closed": str(CLOSED), "open": "69", "coverage": "100", "participation": "92",
        "close_rate": "96.4", "found_major": str(MAJOR),
    }  # fmt: skip
    towns = [board(one) for one in county.towns]
    own = {"cells": 1, "coverage n": 1, "coverage over": 1}
    assert together(towns, own) == sums(bureau)
    for town in towns:
        assert together([board(one) for one in town.schools], own) == sums(town)
    school = county.schools[5]
    places = Daily.objects.filter(tally="safety_grid.place", topic="", unit_path__startswith=school.path)
    assert sum(places.values_list("n", flat=True)) == sums(board(school))["found"] == Hazard.objects.filter(
        unit_path__startswith=school.path, state__in=["registered", "closed_out"]
    ).count()  # fmt: skip
    for one in (bureau, board(school)):  # the heat map has every hazard once: by school, by place
        assert sum(row[1].value for row in heat(one).rows) >= sums(one)["found"] * 20 // 24
        assert all(row[1].value == sum(cell.value for cell in row[2:]) for row in heat(one).rows)
    assert sum(row[1].value for row in heat(board(school)).rows) == sums(board(school))["found"]
    for one in (bureau, towns[0], board(school)):
        demand_levels(one)
    assert recount(keep=False) == []
    demand_pages(officer, county.bureau)


def demand_pages(officer: User, bureau: Unit) -> None:
    """The officer's own way down, from page to page by their links: each level's tiles are the sum of those below it."""
    browser = browser_of(officer, Client())
    top = unescape(browser.get(f"/figures/{bureau.pk}/?period=month").content.decode())
    shown = {"隐患": "1917", "销号": "1848", "未销号": "69", "网格覆盖": "100", "教职工参与": "92", "销号率": "96.4"}
    assert {name: tiles_of(top)[name] for name in shown} == shown
    towns = [unescape(browser.get(f"{url}?period=month").content.decode()) for url in rows_of(top, "towns")]
    assert (len(towns), added(towns)) == (3, added([top]))
    schools = [unescape(browser.get(f"{url}?period=month").content.decode()) for url in rows_of(towns[0], "lights")]
    assert (len(schools), added(schools)) == (8, added(towns[:1]))
    for page in (*towns, *schools):
        assert (tiles_of(page)["网格覆盖"], tiles_of(page)["教职工参与"]) == ("100", "92")
    for page in schools:  # the warmest places of a school are all it has
        places = [int(n) for n in re.findall(r'data-l="合计"[^>]*>\s*(?:<a[^>]*>)?(\d+)', table_of(page, "heat"))]
        assert sum(places) == int(tiles_of(page)["隐患"])


def tiles_of(page: str) -> dict[str, str]:
    """The tiles of a page of figures: title and number."""
    return dict(
        re.findall(r'class="stat[^"]*"[^>]*><span>(?:<svg.*?</svg>)?([^<]+)</span><b>([\d.]+)', page, re.DOTALL)
    )


def added(pages: list[str]) -> dict[str, int]:
    """What must add up, over some pages."""
    return {name: sum(int(tiles_of(page)[name]) for page in pages) for name in ("隐患", "销号", "未销号", "重大未销号")}


def table_of(page: str, code: str) -> str:
    """One table of a page."""
    found: str = re.findall(rf'<h2 id="t-safety_grid-{code}">.*?</table>', page, re.DOTALL)[0]
    return found


def rows_of(page: str, code: str) -> list[str]:
    """Where the rows of one table lead."""
    return re.findall(r'<th><a class="go" href="([^"]+)"', table_of(page, code))


def demand_levels(of: Board) -> None:
    """The table of levels is what a count from scratch says, adds up to the unit's figures, and each number is its list's length."""
    hazards = Hazard.objects.filter(unit_path__startswith=of.unit.path, state__in=["registered", "closed_out"])
    rows = [(one.unit.kind, one.state, one.grade) for one in hazards.select_related("unit")]
    kinds = {"三级（学校）": "school", "四级（岗位）": "building"}
    (table,) = levels(of)
    assert [row[0].text for row in table.rows] == list(kinds)
    for (_, kind), row in zip(kinds.items(), table.rows, strict=True):
        states = Counter(state for at, state, _ in rows if at == kind)
        major = sum(1 for at, state, grade in rows if (at, state, grade) == (kind, "registered", "major"))
        found = [states.total(), states["closed_out"], states["registered"], 0, major]
        assert [cell.value or 0 for cell in row[1:]] == found
        for cell, n in zip(row[1:], found, strict=True):
            behind = Behind.of(QueryDict(cell.url.partition("?")[2]).dict(), clock.today()) if cell.url else None
            below = Case.objects.filter(unit_path__startswith=of.unit.path)
            assert behind is None or behind.narrow(below).count() == n
    assert sum(row[1].value for row in table.rows) == sums(of)["found"]


def test_drills_are_planned_done_and_timed_by_each_school_s_last(place: District, cast: Cast, grid: Grid) -> None:
    first, second = planned(place.school, grid.an), planned(place.school, grid.an, planned_on="2026-11-25")
    move(planned(place.school, grid.an), "cancel_drill", by=grid.an, data={"reason": "停课"})
    far = planned(place.far_school, grid.shi, planned_on="2026-12-02")
    held(first, grid.an, 一班=300, 二班=500)
    with clock.at(MONDAY + timedelta(hours=1)):
        held(second, grid.an, 一班=80, 二班=100, 三班=130)
        held(far, grid.shi, 一班=61)
        fold()
        asked = ("drills", "drills_done", "drills_rate", "evacuation")
        of_school = dict(zip(asked, ("2", "2", "—", f"{Decimal(str(round(mean([80, 100, 130]), 2)))}"), strict=True))
        assert read(board(place.school), *asked) == of_school
        assert read(board(place.bureau), *asked) == of_school | {"evacuation": str(mean([80, 100, 130, 61]))}
        reading = board(place.far_school).here.read(CHAPTERS["safety_grid"].figure("evacuation"))
        assert (reading.words, reading.behind) == ("61", "1 个班级或人群")
        december = Almanac(place.bureau.path).holding("month", date(2026, 12, 2))
        later = Board(
            place.bureau, CHAPTERS["safety_grid"], Almanac(place.bureau.path), december, schools_below(place.bureau)
        )
        assert read(later, *asked[:2]) == {"drills": "1", "drills_done": "1"}
        assert recount(keep=False) == []


def test_a_lead_on_a_student_is_in_no_figure_and_a_stranger_s_word_in_none_yet(
    place: District, cast: Cast, grid: Grid
) -> None:
    raised(place, cast.rita)
    hazard = registered(place, grid, cast.rita)
    Case.objects.filter(pk=hazard.pk).update(circle="visitors")
    fold()
    assert Daily.objects.filter(tally__startswith="safety_grid.").count() == 0
    assert set(sums(board(place.bureau)).values()) <= {0, sums(board(place.bureau))["participation over"]}


def test_a_hazard_counts_for_those_who_acted_on_it_once_a_month(place: District, cast: Cast, grid: Grid) -> None:
    for _ in range(2):
        registered(place, grid, cast.rita)
    fold()
    reading = board(place.school).here.read(CHAPTERS["safety_grid"].figure("participation"))
    assert reading.n == 2  # Rita and An, however often
    with clock.at(MONDAY + timedelta(days=30)):
        assert board(place.school).here.read(CHAPTERS["safety_grid"].figure("participation")).n == 0


def test_programs_split_hazards_by_level_and_what_knows_no_levels_says_so(
    place: District, cast: Cast, grid: Grid
) -> None:
    registered(place, grid, cast.rita)
    fold()
    program = Program.of(grid.an)
    asked = {"by": "level", "since": "2026-11-01", "until": "2026-11-20"}
    said = [program.get(f"/api/v1/figures/safety_grid.{name}", **asked) for name in ("found", "open", "again")]
    counted = [{row["title"]: row["n"] for row in one.json().get("rows", [])} for one in said]
    none = {"一级（教育局）": 0, "二级（乡镇、县直校）": 0, "三级（学校）": 0}
    assert counted == [none | {"四级（岗位）": 1}, none | {"四级（岗位）": 1}, {}]
    assert (said[2].status_code, list(said[2].json()["errors"])) == (422, ["by"])
