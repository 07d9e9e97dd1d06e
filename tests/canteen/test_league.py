"""The bureau's page of all canteens: one line a school with its lights, from the county to the town to the school, and as Excel."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from canteen.models import Canteen
from tests.canteen.cast import Kitchen
from tests.canteen.test_school import a_public_week
from tests.district import District
from tests.portal.cases.test_pages import as_

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
HEADS = ["学校", "按时公示", "公示完整", "人均日成本（元）", "满意度", "提问按时答复", "每日事项完成率", "摄像头运行率"]


def test_the_bureau_compares_all_canteens_and_goes_down_to_a_school(
    place: District, kitchen: Kitchen, canteen: Canteen
) -> None:
    a_public_week(place, kitchen, canteen)
    tang = as_(kitchen.tang)
    assert "各校食堂比一比" in tang.get(f"/canteen/?canteen={canteen.pk}").content.decode()
    top = f"/figures/{place.bureau.pk}/?period=term"
    assert tang.get("/figures/").headers["Location"] == f"/figures/{place.bureau.pk}/"
    page = tang.get(top).content.decode()
    for unit in (place.town, place.school):
        assert tang.get(f"/figures/{unit.pk}/").status_code == 200
    assert f"/figures/{place.school.pk}/" in page  # two towns and more are a table of their own
    book = CalamineWorkbook.from_filelike(
        BytesIO(tang.get(f"/figures/{place.bureau.pk}/lights.xlsx?period=term").content)
    )
    rows = book.get_sheet_by_name("各校情况").to_python()
    begin = next(at for at, row in enumerate(rows) if row[0] == "学校")
    assert rows[begin][: len(HEADS)] == HEADS
    # the account and the week's shared meals in time; a rating has no day it is due
    school = next(row for row in rows if row[0] == place.school.name)
    assert school[1 : len(HEADS)] == [1.0, 1.0, "", 0.9, "", "", ""]
    assert as_(kitchen.cai).get(top).status_code == 403
