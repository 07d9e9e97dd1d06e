"""A unit's page: who answers there, what goes on there, and only for those who belong there."""

import pytest

from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")


def test_it_names_who_answers_and_what_goes_on(place: District, cast: Cast) -> None:
    reported(place, cast.rita, words="窗户关不上")
    page = as_(cast.hu).get(f"/units/{place.room.pk}/").content.decode()
    assert all(name in page for name in ("多兰", "王建平", "周立", "胡启明", "203 教室 窗户关不上"))
    assert "林晓芸" not in page.partition("谁负责这里")[2]  # teaching here is no post one answers for the room with


def test_what_one_may_not_see_is_not_on_it(place: District, cast: Cast) -> None:
    reported(place, cast.rita, words="窗户关不上")
    page = as_(cast.will).get(f"/units/{place.room.pk}/").content.decode()
    assert "窗户关不上" not in page


@pytest.mark.parametrize(
    ("who", "status"), [("rita", 200), ("ping", 200), ("ouyang", 200), ("sam", 404), ("tess", 404)]
)
def test_only_those_who_belong_there_find_it(place: District, cast: Cast, who: str, status: int) -> None:
    assert as_(getattr(cast, who)).get(f"/units/{place.room.pk}/").status_code == status
