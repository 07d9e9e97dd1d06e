"""The canteen's first page: the week of one canteen, for those who hold a post there and for the bureau."""

from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from canteen.models import Canteen, Course, Dish, Serving
from canteen.queries.week import week_at
from portal import clock
from tests.canteen.cast import Kitchen
from tests.canteen.prices import asked
from tests.canteen.suppliers import supplier_at
from tests.district import Cast, District
from tests.signing import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def test_it_shows_what_waits_what_is_late_and_which_papers_end(
    place: District,
    kitchen: Kitchen,
    canteen: Canteen,
    cast: Cast,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    supplier_at(place.school, until=clock.today())
    asked(place.school, kitchen.cai)
    week = week_at(canteen, kitchen.jiang)
    assert [one.title for one in week.mine] == ["11 月 16 日那一周询价"]
    assert [(one.flow.kind, one.open, one.late) for one in week.kinds if one.open] == [("canteen.inquiry", 1, 0)]
    assert (week.late, week.total, week.ended, week.soon) == ([], 0, 0, 1)
    for more in (0, 3):  # whatever is on the menu, it costs the same
        for n in range(more):
            dish = Dish.objects.create(school=place.school, name=f"菜{n}", course=Course.MEAT)
            Serving.objects.create(canteen=canteen, day=clock.today(), meal="lunch", dish=dish, price=Decimal(8))
        visitor = browser_of(kitchen.jiang)
        with django_assert_num_queries(14):
            page = visitor.get("/canteen/").content.decode()
    assert "菜0、菜1、菜2" in page
    for words in ("等您办", "本周吃什么", "家快到期", "第一食堂", "/canteen/inquiries/"):
        assert words in page
    assert 'id="mine"' not in browser_of(kitchen.mei).get(f"/canteen/?canteen={canteen.pk}").content.decode()
    found = {name: browser_of(kitchen.tang).get(f"/canteen/?find={name}").content.decode() for name in ("柳溪", "没有")}
    assert ("第一食堂" in found["柳溪"], "没有找到这所学校的食堂" in found["没有"]) == (True, True)
    assert "还没有食堂" in browser_of(kitchen.yuan).get("/canteen/").content.decode()
    assert browser_of(cast.ping, Client()).get("/canteen/").status_code == 403
