"""However people act on a delivery: its states follow its law, two different people who do not buy have signed, and what is
in stock, and in the books, is what was accepted. Every state is reached by a way of its own, not by chance."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from canteen.flow import DELIVERIES
from canteen.models import Canteen, Delivery, Entry, FoodMove, Shelf
from portal.cases.actions import move
from portal.cases.models import Deadline
from portal.errors import Refused
from tests.canteen.cast import Kitchen
from tests.canteen.orders import fresh, on_scale, ordered
from tests.district import District

pytestmark = pytest.mark.usefixtures("monday")
WHO = ("cai", "bo", "yan", "jiang", "chu")
OWN = ("weigh_in", "sign_delivery", "countersign", "reweigh", "return_goods", "call_off")
ACTS = st.lists(st.tuples(st.sampled_from(OWN), st.sampled_from(WHO), st.integers(0, 120)), max_size=7)
NONE = {"accepted": "0", "reason": "不收"}
# How each state is reached: steps with who takes them.
WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "ordered": (),
    "weighed": (("weigh_in", "bo"),),
    "to_inspector": (("weigh_in", "bo"), ("sign_delivery", "bo")),
    "to_keeper": (("weigh_in", "bo"), ("sign_delivery", "yan")),
    "stocked": (("weigh_in", "bo"), ("sign_delivery", "yan"), ("countersign", "chu")),
    "turned_away": (("refuse", "bo"),),
    "called_off": (("call_off", "cai"),),
}


def said(case: Delivery, step: str, kitchen: Kitchen, who: str, percent: int) -> dict[str, Any]:
    """What fits the step: everything weighed at so many per cent of what was ordered."""
    if step == "weigh_in":
        rows = [
            {"accepted": str(line.ordered * percent / 100), "reason": "按实收"} for line in case.lines.order_by("pk")
        ]
        return on_scale(case, getattr(kitchen, who), *rows)
    lines = [{"line": line.pk, "quantity": "1"} for line in case.lines.all()]
    return {"reason": "有原因"} | ({"lines": lines} if step == "return_goods" else {})


def demand_law(case: Delivery, place: District) -> None:
    """What must hold whatever was done."""
    now, moves = fresh(case), FoodMove.objects.filter(case=case.pk)
    running = Deadline.objects.filter(case=case.pk, done_at=None, paused_at=None)
    assert now.is_open == (now.state in DELIVERIES.open_states()) == running.exists()
    assert bool(now.second_id) == (now.state == "stocked")
    assert moves.exists() == (now.state == "stocked")
    came_or_went = moves.order_by().values_list("shelf__ingredient__category").annotate(Sum("amount"))
    booked = Entry.objects.filter(case=case.pk).order_by().values_list("category").annotate(Sum("amount"))
    assert dict(booked) == dict(came_or_went)
    if now.state == "stocked":
        assert now.first_id != now.second_id and now.opener_id not in (now.first_id, now.second_id)
        came = moves.filter(kind="in").aggregate(sum=Sum("amount"))["sum"]
        assert came == now.amount == sum((line.amount for line in now.lines.all()), Decimal(0))
        there = Shelf.objects.aggregate(sum=Sum("worth"))["sum"]
        assert there == moves.aggregate(sum=Sum("amount"))["sum"] >= 0


@settings(max_examples=12)
@given(acts=ACTS)
def test_whatever_is_done_the_law_holds(
    place: District, canteen: Canteen, kitchen: Kitchen, acts: list[tuple[str, str, int]]
) -> None:
    with transaction.atomic():
        case = ordered(place, canteen, kitchen.cai)
        for step, who, percent in acts:
            before = fresh(case).state
            try:
                move(case, step, by=getattr(kitchen, who), data=said(case, step, kitchen, who, percent))
            except Refused:
                assert fresh(case).state == before
            demand_law(case, place)
        transaction.set_rollback(True)


def test_every_state_is_stood_in_by_a_way_of_its_own(place: District, canteen: Canteen, kitchen: Kitchen) -> None:
    assert set(WAYS) == {state.name for state in DELIVERIES.states}
    for state, way in WAYS.items():
        with transaction.atomic():
            case = ordered(place, canteen, kitchen.cai)
            for step, who in way:
                if step == "refuse":
                    move(case, "weigh_in", by=kitchen.bo, data=on_scale(case, kitchen.bo, NONE, NONE, NONE))
                else:
                    move(case, step, by=getattr(kitchen, who), data=said(case, step, kitchen, who, 100))
            assert fresh(case).state == state
            demand_law(case, place)
            transaction.set_rollback(True)
