"""并入: a hazard reported twice becomes one before it is registered; whoever waited hears of every step of the other."""

import pytest

from portal.cases.actions import move
from portal.cases.models import CaseLink, CaseParty
from portal.errors import BadInput, NotAllowed, NotThere, Refused
from portal.notices.models import Notice
from safety_grid.models import Hazard
from tests.district import Cast, District
from tests.portal.cases.test_pages import as_
from tests.safety_grid.cast import Grid
from tests.safety_grid.hazards import registered, reported
from tests.safety_grid.test_visits import anonymous

pytestmark = pytest.mark.usefixtures("monday")


def followers(case: Hazard) -> set[str]:
    return set(CaseParty.objects.filter(case=case, as_what="follower").values_list("person__username", flat=True))


def test_its_people_follow_the_other_and_hear_of_each_step(place: District, cast: Cast, grid: Grid) -> None:
    first, second = registered(place, grid, cast.vera), reported(place, cast.rita)
    move(second, "follow", by=grid.song)
    browser = as_(grid.an)
    assert f'value="{first.number}"' in browser.get(f"/safety_grid/hazards/{second.number}/merge/").content.decode()
    move(second, "merge", by=grid.an, data={"into": first.number, "reason": "同一扇窗"})
    ended = Hazard.objects.get(pk=second.pk)
    assert (ended.state, ended.is_open, ended.due_at) == ("merged", False, None)
    assert list(CaseLink.objects.filter(kind="merged").values_list("source", "target")) == [(second.pk, first.pk)]
    assert followers(first) == {"rita", "song"}
    move(first, "fix_now", by=grid.gao)
    heard = Notice.objects.filter(verb="fix_now").values_list("to__username", flat=True)
    assert {"rita", "song", "vera"} <= set(heard)
    page = as_(cast.rita).get(f"/safety_grid/hazards/{second.number}/").content.decode()
    assert f"这一件已并入 {first.number}" in page
    assert as_(cast.rita).get(f"/safety_grid/hazards/{first.number}/").status_code == 200


def test_a_strangers_receipt_leads_to_the_other(place: District, cast: Cast, grid: Grid) -> None:
    first, strange = registered(place, grid, cast.rita), anonymous(place, cast)
    with pytest.raises(Refused):
        move(strange, "merge", by=grid.an, data={"into": first.number})
    again = reported(place, cast.vera)
    with pytest.raises(BadInput, match="还没有核实来源"):
        move(again, "merge", by=grid.an, data={"into": strange.number})
    move(strange, "vouch", by=grid.an)
    move(Hazard.objects.get(pk=strange.pk), "merge", by=grid.an, data={"into": first.number})
    assert CaseLink.objects.filter(source=strange.pk, target=first.pk, kind="merged").exists()


def test_who_may_and_when(place: District, cast: Cast, grid: Grid) -> None:
    first, second = reported(place, cast.vera), reported(place, cast.rita)
    for who, kind in ((cast.rita, NotAllowed), (grid.song, NotAllowed), (grid.shi, NotThere)):
        with pytest.raises(kind):
            move(second, "merge", by=who, data={"into": first.number})
    for number in (second.number, "YH-LX01-2026-99999"):
        with pytest.raises(BadInput, match="本校没有这个编号的另一件"):
            move(second, "merge", by=grid.an, data={"into": number})
    move(second, "refer", by=grid.an, data={"note": "可能是重大"})
    second = Hazard.objects.get(pk=second.pk)
    with pytest.raises(Refused, match="重大隐患由校长定级"):
        move(second, "merge", by=grid.an, data={"into": first.number})
    move(second, "merge", by=cast.hu, data={"into": first.number})
    known = registered(place, grid, cast.rita)
    with pytest.raises(Refused):
        move(known, "merge", by=grid.an, data={"into": first.number})
