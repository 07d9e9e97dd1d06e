"""One of fifty equal submissions wins at every step of a stock-take; an asset scanned by many at once is seen once."""

from typing import Any

import pytest

from portal import clock
from portal.cases.actions import filled, move
from portal.cases.flow import address_of
from portal.cases.models import Case, Deadline
from portal.cases.sweep import sweep
from portal.ledger.models import Event
from portal.stickers.models import Sticker
from repairs.actions import take_stock
from repairs.actions.assets import enter_asset
from repairs.flow import STOCKTAKES
from repairs.models import CountLine, StockTake
from tests.chaos.account import demand_sound_ledger
from tests.chaos.test_fifty import FIFTY, fifty
from tests.district import Cast, District

pytestmark = [pytest.mark.chaos, pytest.mark.usefixtures("cast")]
# Who takes which step, from which state, with what: written by hand, every step.
STEPS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "finish_count": ("counting", "wu", {}),
    "sign_count": ("compared", "lin", {}),
    "recount": ("compared", "lin", {"reason": "漏了一间"}),
    "cancel_count": ("counting", "wu", {"reason": "改期"}),
    "nudge": ("late", "hu", {"words": "请尽快"}),
    "acknowledge": ("late", "lin", {}),
    "follow": ("counting", "ouyang", {}),
    "unfollow": ("followed", "ouyang", {}),
    "comment": ("counting", "wu", {"words": "先盘一楼"}),
}


def test_the_table_has_every_step() -> None:
    assert set(STEPS) == {step.name for step in STOCKTAKES.steps}


def stand(state: str, place: District, cast: Cast) -> StockTake:
    """A stock-take of the building in this state; whatever was open there before is over."""
    for before in StockTake.objects.filter(is_open=True, state="counting"):
        move(before, "cancel_count", by=cast.wu, data={"reason": "下一次"})
    for before in StockTake.objects.filter(is_open=True):
        move(before, "sign_count", by=cast.lin)
    form = filled(STOCKTAKES, STOCKTAKES.opening, case=None, by=cast.wu, data={"unit": place.building.pk})
    take = StockTake.objects.get(pk=take_stock(form, by=cast.wu).pk)
    if state == "compared":
        move(take, "finish_count", by=cast.wu)
    if state == "followed":
        move(take, "follow", by=cast.ouyang)
    if state == "late":
        Case.objects.filter(pk=take.pk).update(due_at=clock.now())
        Deadline.objects.filter(case=take).update(next_rung_at=clock.now(), rung=1)
        sweep()
    return StockTake.objects.get(pk=take.pk)


@pytest.mark.parametrize("name", sorted(STEPS))
def test_fifty_equal_posts_of_a_step_happen_once(name: str, place: District, cast: Cast) -> None:
    state, who, data = STEPS[name]
    take = stand(state, place, cast)
    body = data | {"version": take.version, "key": f"{name}-count"}
    answers = fifty(getattr(cast, who), f"{address_of(take)}{name}/", [body] * FIFTY)
    assert answers.count(302) >= 1
    assert set(answers) <= {302, 403, 404, 409, 412, 422}
    assert Event.objects.filter(address=take.address, verb=name).count() == 1
    demand_sound_ledger()


def test_fifty_scans_of_one_asset_see_it_once(place: District, cast: Cast) -> None:
    take = stand("counting", place, cast)
    asset = enter_asset(unit=place.room, by=cast.wu, code="ZC-F1", name="投影机", kind="2")
    code = Sticker.objects.get(about=asset.address).code
    answers = fifty(cast.wu, f"/repairs/stocktakes/{take.number}/count/", [{"code": code}] * FIFTY)
    assert (set(answers), CountLine.objects.filter(take=take, asset=asset).count()) == ({302}, 1)
