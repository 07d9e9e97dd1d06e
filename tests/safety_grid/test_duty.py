"""Signing in at a post: by its sticker, on time or late; who did not come is absent; the head corrects in the open."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from portal import clock
from portal.errors import BadInput, NotAllowed, NotThere, Refused, Stale
from portal.ledger.models import Event
from portal.orgs.actions import record_absence
from safety_grid.actions import hold, mark_out
from safety_grid.actions.duty import correct, sign_in
from safety_grid.models import Cell, SignIn
from safety_grid.queries.duty import duties, duty_at, month_rows
from tests.district import Cast, District, hire
from tests.portal.cases.test_pages import as_
from tests.repairs.strangers import sticker_of
from tests.safety_grid.cast import Grid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
TUESDAY = date(2026, 11, 17)


def at(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.SCHOOL_TIME)


@pytest.fixture
def gate(monday: None, place: District, cast: Cast, grid: Grid) -> Cell:
    """Rita and Will are at the building's door on school days from 7:20 to 7:50."""
    cell = mark_out(unit=place.building, by=grid.an, begins=time(7, 20), ends=time(7, 50), days="school")
    for person in (cast.rita, cast.will):
        hold(cell=cell, person=person, by=grid.an)
    return cell


def standing(place: District, day: date = TUESDAY) -> dict[str, str]:
    return {one.person.name if one.person else "空缺": one.words for one in duties(place.school, day, day)}


def test_the_moment_of_the_scan_says_on_time_late_or_absent(
    place: District, cast: Cast, grid: Grid, gate: Cell
) -> None:
    code = sticker_of(place.building, cast.lin).code
    with clock.at(at(6, 19)), pytest.raises(Refused, match="还没到签到的时间"):
        sign_in(code, by=cast.rita)
    with clock.at(at(7, 25)):
        sign_in(code, by=cast.rita)
        with pytest.raises(Refused, match="已经签到过"):
            sign_in(code, by=cast.rita)
        assert standing(place) == {"林晓芸": "准时", "王建平": "还没签到"}
    with clock.at(at(7, 49)):
        for wrong, kind in (("ZZZZZZZ", BadInput), (sticker_of(place.room, cast.lin).code, Refused)):
            with pytest.raises(kind):
                sign_in(wrong, by=cast.will)
        with pytest.raises(Refused, match="您今天不在这里值班"):
            sign_in(code, by=cast.hu)
    with clock.at(at(7, 50)):
        with pytest.raises(Refused, match="已经结束"):
            sign_in(code, by=cast.will)
        assert standing(place) == {"林晓芸": "准时", "王建平": "缺岗"}
    with clock.at(at(7, 26, TUESDAY + timedelta(days=1))):
        sign_in(code, by=cast.will)
    with clock.at(at(12, 0, TUESDAY + timedelta(days=1))):
        rows = month_rows(place.school, date(2026, 11, 17), date(2026, 11, 18))
    told = [(row.person.name, row.due, row.on_time, row.late, row.absent, row.excused) for row in rows]
    assert told == [("王建平", 2, 0, 1, 1, 0), ("林晓芸", 2, 1, 0, 1, 0)]
    assert standing(place, date(2026, 11, 21)) == {}, "no school on Saturday"


def test_who_stands_in_signs_in(place: District, cast: Cast, grid: Grid, gate: Cell) -> None:
    record_absence(person=cast.rita, substitute=cast.vera, since=TUESDAY, until=TUESDAY, by="clock")
    code = sticker_of(place.building, cast.lin).code
    with clock.at(at(7, 20)):
        with pytest.raises(Refused):
            sign_in(code, by=cast.rita)
        sign_in(code, by=cast.vera)
        assert standing(place) == {"孟岚": "准时", "王建平": "还没签到"}


def test_a_scan_at_the_post_offers_to_sign_in_at_one_press(place: District, cast: Cast, grid: Grid, gate: Cell) -> None:
    code = sticker_of(place.building, cast.lin).code
    rita, vera = as_(cast.rita), as_(cast.vera)
    assert "值班签到" not in rita.get(f"/t/{code}/", follow=True).content.decode()
    with clock.at(at(7, 22)):
        assert "记下现在的时间和地点" in rita.get(f"/t/{code}/").content.decode()
        assert "记下现在的时间和地点" not in vera.get(f"/t/{code}/", follow=True).content.decode()
        page = rita.post("/safety_grid/duty/sign-in/", {"code": code}, follow=True).content.decode()
        assert "已签到：教学楼 07:22。" in page
        assert "记下现在的时间和地点" not in rita.get(f"/t/{code}/", follow=True).content.decode()


def test_the_head_corrects_with_a_reason_and_both_stay(place: District, cast: Cast, grid: Grid, gate: Cell) -> None:
    holding = gate.holdings.get(person=cast.will).pk
    with clock.at(at(9)):
        with pytest.raises(NotThere):
            duty_at(cast.rita, holding, TUESDAY)
        duty = duty_at(grid.an, holding, TUESDAY)
        with pytest.raises(NotAllowed):
            correct(duty, standing="on_time", reason="在的", by=cast.rita)
        correct(duty, standing="on_time", reason="贴纸掉了，门口有监控", by=grid.an, seen=0)
        with pytest.raises(Stale):
            correct(duty, standing="excused", reason="公假", by=cast.hu, seen=0)
        assert standing(place) == {"林晓芸": "缺岗", "王建平": "准时"}
    row = SignIn.objects.get()
    event = Event.objects.get(address=row.address)
    assert (row.reason, event.facts["was"], event.facts["standing"]) == ("贴纸掉了，门口有监控", "absent", "on_time")


def test_nobody_corrects_their_own_post(place: District, cast: Cast, grid: Grid, gate: Cell) -> None:
    own = hold(cell=gate, person=grid.an, by=grid.an)
    with clock.at(at(9)), pytest.raises(Refused, match="不能自己更正"):
        correct(duty_at(grid.an, own.pk, TUESDAY), standing="on_time", reason="在", by=grid.an)


def test_the_page_shows_each_their_own_and_the_readers_everybody(
    place: District, cast: Cast, grid: Grid, gate: Cell, django_assert_num_queries: object
) -> None:
    shi = hire("shi2", "史远", place.far_school, ("safety_head", place.far_school))
    with clock.at(at(9)):
        mine = as_(cast.rita).get("/safety_grid/duty/").content.decode()
        assert ("我今天的岗位" in mine, "王建平" in mine) == (True, False)
        browser = as_(grid.an)
        assert "王建平" in browser.get("/safety_grid/duty/").content.decode()
        assert "王建平" in browser.get("/safety_grid/duty/?month=2026-11").content.decode()
        assert "王建平" not in as_(shi).get("/safety_grid/duty/").content.decode()
        assert as_(shi).get(f"/safety_grid/duty/?school={place.school.pk}").status_code == 404
        where = f"/safety_grid/duty/{gate.holdings.get(person=cast.will).pk}/{TUESDAY}/"
        assert (as_(shi).get(where).status_code, as_(cast.rita).get(where).status_code) == (404, 403)
        assert browser.post(where, {"standing": "excused", "reason": "开会", "version": "0"}).status_code == 302
        assert "更正：开会" in browser.get(f"/safety_grid/duty/?day={TUESDAY}").content.decode()
        assert browser.get(f"/safety_grid/duty/{gate.pk}/nonsense/").status_code == 404


def test_a_duty_list_costs_the_same_however_many_are_on_it(
    place: District, cast: Cast, grid: Grid, django_assert_num_queries: Any
) -> None:
    cell = mark_out(unit=place.building, by=grid.an, begins=time(7, 20), ends=time(7, 50), days="school")
    head, rita = as_(grid.an), as_(cast.rita)
    for n, person in enumerate((cast.rita, cast.will, cast.vera)):
        hold(cell=cell, person=person, by=grid.an)
        for who, asked, count in ((head, "", 9), (head, "?month=2026-11", 14), (rita, "", 8)):
            with clock.at(at(9)), django_assert_num_queries(count):
                page = who.get(f"/safety_grid/duty/{asked}").context
            rows = page["people"] if asked else page["duties"] if who is head else page["mine"]
            assert len(rows) == (n + 1 if who is head else 1)
