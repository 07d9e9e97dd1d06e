"""A list as Excel: what the page shows and no row more, nothing in it runs, nothing of a closed circle is in it."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client

from portal.cases.actions import move
from portal.hall import desk_sheet
from portal.orgs.actions import plant
from portal.orgs.models import User
from portal.sheets.reading import rows_of
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported as ticket
from tests.safety_grid.cast import Grid, grid_of
from tests.safety_grid.hazards import raised, registered, reported
from tests.safety_grid.test_visits import anonymous

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def grid(monday: None, place: District, cast: Cast) -> Grid:
    return grid_of(place)


def told(browser: Client, address: str) -> list[list[Any]]:
    answer = browser.get(address)
    assert answer.status_code == 200
    return rows_of(BytesIO(answer.content))[1:]


def test_the_file_has_what_the_list_has_and_nothing_of_a_circle(place: District, cast: Cast, grid: Grid) -> None:
    odd = plant(name="=1+1", kind="room", parent=place.building, by="clock")
    hazard = registered(place, grid, cast.rita, unit=odd.pk)
    new, strange, lead = reported(place, cast.rita), anonymous(place, cast), raised(place, cast.rita)
    repair = ticket(place, cast.rita)
    page = as_(grid.an).get("/safety_grid/hazards/")
    url = page.context["export_url"]
    assert url == "/desk/export.xlsx?tab=governed&affair=safety_grid&kind=safety_grid.hazard"
    listed = [row.number for _, _, many in page.context["groups"] for row in many]
    assert listed == [strange.number, new.number, hazard.number]
    rows = told(as_(grid.an), url)
    assert [row[0] for row in rows] == [new.number, hazard.number], (
        "what a stranger sent is in a circle until it is vouched for"
    )
    assert rows[1][1:9] == [
        "隐患", hazard.title, "一般 · 设施", "柳溪镇中心小学", odd.place, "已登记", "高勤", "高勤",
    ]  # fmt: skip
    with ZipFile(BytesIO(as_(grid.an).get(url).content)) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist() if "worksheets" in name)
    whole = told(as_(cast.rita), "/desk/export.xlsx?tab=opened")
    assert {row[0] for row in whole} == {hazard.number, new.number, repair.number}
    mine: list[tuple[User, set[str]]] = [
        (grid.xin, set()),
        (grid.shi, set()),
        (cast.sam, set()),
        (grid.song, {new.number, hazard.number}),
    ]
    for who, numbers in mine:
        for tab in ("waiting", "governed", "opened", "done"):
            found = {row[0] for row in told(as_(who), f"/desk/export.xlsx?tab={tab}&affair=safety_grid")}
            assert found <= numbers, (who.username, tab)
            assert lead.number not in found
    late = told(as_(grid.an), url + "&state=late")
    assert late == []


def test_the_filters_of_the_address_hold_and_the_file_has_an_end(
    place: District, cast: Cast, grid: Grid, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    first = registered(place, grid, cast.rita)
    move(first, "fix_now", by=grid.gao)
    browser, at = as_(grid.an), "/desk/export.xlsx?tab=governed&kind=safety_grid.hazard"
    for n in (1, 2, 3):
        with django_assert_num_queries(3):
            assert len(told(browser, at)) == n
        reported(place, cast.rita, words=f"窗扇松动 {n}")
    assert [row[0] for row in told(browser, f"{at}&q={first.number}")] == [first.number]
    assert told(browser, f"{at}&state=over") == []
    assert len(told(browser, "/desk/export.xlsx?tab=nonsense&kind=nonsense&state=x&place=x&after=x")) >= 1
    monkeypatch.setattr(desk_sheet, "MOST", 2)
    assert len(told(browser, at)) == 2
    assert as_(grid.an).post(at).status_code == 405 and Client().get(at).status_code == 302
