"""What repairs cost as a figure: materials handed out less returned, by kind of fault and by place."""

from decimal import Decimal

import pytest

from portal.cases.actions import move
from portal.rollups.folding import fold
from portal.rollups.models import Daily
from portal.rollups.recounting import recount
from tests.district import Cast, District
from tests.repairs.test_materials import asked, at_work, fresh, in_store, lines

pytestmark = pytest.mark.usefixtures("monday")


def costs() -> list[tuple[str, str, int, Decimal]]:
    rows = Daily.objects.filter(tally__startswith="repairs.cost").order_by("tally", "topic")
    return list(rows.values_list("tally", "topic", "unit", "amount"))


def test_materials_handed_out_cost_and_what_comes_back_does_not(place: District, cast: Cast) -> None:
    job = at_work(place, cast)
    in_store(place, cast)
    case = asked(job, cast.will)
    move(case, "approve", by=cast.lin)
    fold()
    assert costs() == []
    move(case, "hand_out", by=cast.wu, data={"lines": lines(case, quantity="2")})
    fold()
    assert costs() == [
        ("repairs.cost", "", place.school.pk, Decimal(25)),
        ("repairs.cost", job.topic, place.school.pk, Decimal(25)),
        ("repairs.cost_place", "", place.room.pk, Decimal(25)),
    ]
    move(fresh(case), "give_back", by=cast.wu, data={"lines": lines(case, quantity="1")})
    fold()
    assert [amount for *_, amount in costs()] == [Decimal("12.5")] * 3
    assert recount(keep=False) == []
