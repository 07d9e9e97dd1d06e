"""挂牌督办: the board of supervised hazards, late first; and what its page, the list and a case cost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.cases.actions import move
from portal.evidence.covering import cover
from portal.evidence.models import Piece
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.safety_grid.cast import Grid
from tests.safety_grid.hazards import five, registered, reported

pytestmark = pytest.mark.usefixtures("monday")


def on_the_board(place: District, cast: Cast, grid: Grid, words: str) -> str:
    hazard = registered(place, grid, cast.rita, grade="major", words=words)
    move(hazard, "plan", by=grid.gao, data=five(grid.gao))
    return hazard.number


def test_the_board_has_what_is_supervised_where_one_reads_it(place: District, cast: Cast, grid: Grid) -> None:
    number = on_the_board(place, cast, grid, "墙要倒")
    off = registered(place, grid, cast.rita).number
    for who, there in ((cast.hu, True), (grid.an, True), (grid.song, True), (grid.liang, True), (grid.shi, False)):
        page = as_(who).get("/safety_grid/supervised/").content.decode()
        assert (number in page, off in page) == (there, False)
    assert as_(grid.gao).get("/safety_grid/supervised/").status_code == 403


def test_pages_cost_the_same_for_one_hazard_and_for_three(place: District, cast: Cast, grid: Grid) -> None:
    browser, costs = as_(cast.hu), []
    for _ in range(2):
        number = on_the_board(place, cast, grid, "墙要倒")
        case = f"/safety_grid/hazards/{number}/"
        browser.get(case)  # reads its notices once
        costs.append([cost(browser, page) for page in ("/safety_grid/supervised/", "/safety_grid/hazards/", case)])
        on_the_board(place, cast, grid, "吊顶要掉")
    assert costs == [[6, 5, 8], [6, 5, 8]]


def cost(browser: Client, page: str) -> int:
    """How many questions a page asks of the database."""
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(page).status_code == 200
    return len(asked)


def test_a_row_shows_the_photo_the_grade_and_who_has_which_part(place: District, cast: Cast, grid: Grid) -> None:
    known = registered(place, grid, cast.rita)
    major = registered(place, grid, cast.rita, grade="major", topic="HZ-01", assignee=grid.an)
    own = registered(place, grid, cast.rita, assignee=grid.an)
    new = reported(place, cast.rita)
    rows = {
        row.number: row for _, _, many in as_(cast.hu).get("/safety_grid/hazards/").context["groups"] for row in many
    }
    assert {rows[one.number].note for one in (new,)} == {"待定级 · 设施"}
    assert [rows[one.number].note for one in (known, major, own)] == [
        "一般 · 设施 · 高勤整改 · 安卫国验收", "重大 · 消防 · 安卫国整改 · 宋严验收", "一般 · 设施 · 安卫国整改 · 安全办主任验收",
    ]  # fmt: skip
    photo = Piece.objects.get(address=known.address, role="photos")
    cover(photo.pk, [0], by=cast.rita)
    assert rows[known.number].thumb_url == f"/evidence/{photo.pk}/thumb"
    shown = as_(cast.hu).get("/safety_grid/").context["hazards"]
    mark = Piece.objects.get(pk=photo.pk).shown_sha256[:12]
    assert f"/evidence/{photo.pk}/thumb?v={mark}" in {one.thumb_url for one in shown}
    assert {row.thumb_url for row in rows.values()} & {""} == set(), "each of them has one"
