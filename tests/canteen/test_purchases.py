"""食材采购明细: a week's purchases are published from the store's own moves; its total is the store's, to the fen."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from canteen.actions import open_purchases
from canteen.flow import PURCHASES
from canteen.models import Canteen, DeliveryLine, FoodMove
from portal import clock
from portal.cases.actions import filled, move
from portal.publications.models import Publication
from portal.rollups.book import CHAPTERS
from portal.rollups.folding import fold
from portal.rollups.models import Daily
from tests.canteen.cast import Kitchen
from tests.canteen.orders import stocked
from tests.district import MONDAY, District

NEXT = MONDAY + timedelta(days=7)


def test_a_week_is_published_line_by_line_and_counted(place: District, canteen: Canteen, kitchen: Kitchen) -> None:
    with clock.at(MONDAY):
        case = stocked(place, canteen, kitchen, {"price": "18.33", "accepted": "39.7", "reason": "涨价"})
        greens = DeliveryLine.objects.get(case=case, ingredient__name="青菜")
        back: dict[str, Any] = {"reason": "有烂叶", "lines": [{"line": greens.pk, "quantity": "10"}]}
        move(case, "return_goods", by=kitchen.bo, data=back)
    with clock.at(NEXT):
        data = {"unit": place.school.pk}
        duty = open_purchases(filled(PURCHASES, PURCHASES.opening, case=None, by="clock", data=data), by="clock")
        move(duty, "check", by=kitchen.kuai)
        move(duty, "publish", by=kitchen.jiang)
    payload = Publication.objects.get().payload
    total = sum(FoodMove.objects.values_list("amount", flat=True), Decimal(0))
    assert total == Decimal("1127.70")
    assert '"value":"1127.70"' in payload
    line = '["猪后腿肉","11月16日","39.7 斤","18.33","727.70","青禾粮油公司","采购员","验收员、保管员"]'
    assert line in payload and '["青菜","11月16日","-10 斤","3.00","-30.00"' in payload
    while fold():
        pass
    counts = Daily.objects.filter(tally="canteen.bought").values_list("amount", flat=True)
    assert set(counts) == {total}
    assert Daily.objects.filter(tally="canteen.delivered").first() is not None
    assert "canteen.bought" in CHAPTERS["canteen"].named


@pytest.mark.usefixtures("canteen", "kitchen")
def test_a_week_in_which_nothing_was_bought_says_so(place: District, kitchen: Kitchen) -> None:
    with clock.at(NEXT):
        duty = open_purchases(
            filled(PURCHASES, PURCHASES.opening, case=None, by="clock", data={"unit": place.school.pk}), by="clock"
        )
        move(duty, "check", by=kitchen.kuai)
        move(duty, "publish", by=kitchen.jiang)
    assert "这一周没有采购食材" in Publication.objects.get().payload
