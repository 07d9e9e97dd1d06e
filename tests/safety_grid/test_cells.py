"""Cells, who answers for them, and the post that goes with it."""

from datetime import date, time
from typing import Any

import pytest

from portal import clock
from portal.errors import BadInput, NotAllowed, Refused, Stale
from portal.ledger.models import Event
from portal.orgs.access import may
from portal.orgs.actions import appoint, leave, plant, record_absence, relieve
from portal.orgs.models import Appointment, Unit, User
from safety_grid.actions import change_cell, close_cell, hold, mark_out, release, replace_substitute
from safety_grid.models import Cell, Holding
from safety_grid.queries import holders_at
from tests.district import MONDAY, Cast, District, hire, later

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

TODAY = MONDAY.date()
GATE = {"begins": time(7, 20), "ends": time(7, 50)}


@pytest.fixture
def qin(place: District, cast: Cast) -> User:
    """秦海, 安全办主任."""
    return hire("qin", "秦海", place.school, ("safety_head", place.school))


def names(unit: Unit, **span: float) -> list[str]:
    """Who answers for a place so long after Monday nine o'clock; who stands in is put in brackets."""
    return [
        f"{one.holding.person.name}（{one.substitute.name if one.substitute else '无人'}）"
        if one.away
        else one.who.name
        for one in holders_at(unit, later(**span))
        if one.who or one.away
    ]


def posts(person: User) -> list[tuple[date, date | None, bool]]:
    rows = Appointment.objects.filter(person=person, role="grid_holder").order_by("pk")
    return [(one.since, one.until, one.granted) for one in rows]


def verbs(row: Any) -> list[str]:
    return list(Event.objects.filter(address=row.address).order_by("seq").values_list("verb", flat=True))


def test_whoever_holds_a_cell_answers_for_its_place_and_all_below_without_one(
    place: District, cast: Cast, qin: User
) -> None:
    cell = mark_out(unit=place.building, by=qin, duties="楼道畅通")
    assert (cell.level, cell.name, cell.times) == (4, "教学楼", "每天 全天")
    made = hold(cell=cell, person=cast.rita, by=qin)
    assert names(place.building) == names(place.room) == ["林晓芸"]
    assert names(place.school) == names(place.far_room) == []
    own = mark_out(unit=place.room, by=qin)
    assert names(place.room) == ["林晓芸"], "a cell nobody holds leaves the answer with the one above"
    hold(cell=own, person=cast.vera, by=qin)
    assert (names(place.room), names(place.other_room)) == (["孟岚"], ["林晓芸"])
    assert (verbs(cell), verbs(made)) == (["marked_out"], ["held"])
    assert posts(cast.rita) == [(TODAY, None, True)]
    assert may(cast.rita, "grid_holder", place.room.path)


def test_the_past_keeps_its_answer_to_the_minute(place: District, cast: Cast, qin: User) -> None:
    cell = mark_out(unit=place.room, by=qin)
    first = hold(cell=cell, person=cast.rita, since=date(2026, 9, 1), by=qin)
    with clock.at(later(hours=2)):
        release(first, by=qin)
        hold(cell=cell, person=cast.vera, by=qin)
    assert [names(place.room, hours=at) for at in (-24 * 30, 0, 1.9, 2, 24)] == [
        ["林晓芸"], ["林晓芸"], ["林晓芸"], ["孟岚"], ["孟岚"],
    ]  # fmt: skip
    assert names(place.room, days=-90) == []
    assert posts(cast.rita) == [(date(2026, 9, 1), date(2026, 11, 15), False)]


def test_hours_and_days_of_a_cell_say_when_it_is_watched(place: District, cast: Cast, qin: User) -> None:
    whole = mark_out(unit=place.school, by=qin)
    hold(cell=whole, person=cast.hu, since=date(2026, 11, 1), by=qin)
    gate = mark_out(unit=place.school, title="校门口", days="school", by=qin, **GATE)
    night = mark_out(unit=place.school, title="夜间值守", begins=time(22), ends=time(6), by=qin)
    hold(cell=gate, person=cast.rita, since=date(2026, 11, 1), by=qin)
    hold(cell=night, person=cast.will, since=date(2026, 11, 12), until=date(2026, 11, 13), by=qin)
    at = {"7:20": -100 / 60, "7:50": -70 / 60, "周日 7:30": -25.5, "周六 5:59": -51.02, "周六 6:00": -51.0}
    assert {when: names(place.school, hours=hours) for when, hours in at.items()} == {
        "7:20": ["林晓芸", "胡启明"],
        "7:50": ["胡启明"],
        "周日 7:30": ["胡启明"],
        "周六 5:59": ["王建平", "胡启明"],  # the night that began on Friday
        "周六 6:00": ["胡启明"],
    }
    assert (gate.times, night.times) == ("上学日 7:20—7:50", "每天 22:00—次日 6:00")


def test_while_a_holder_is_away_their_substitute_is_named(place: District, cast: Cast, qin: User) -> None:
    cell = mark_out(unit=place.room, by=qin)
    hold(cell=cell, person=cast.rita, substitute=cast.vera, by=qin)
    away = {"since": TODAY, "until": TODAY}
    record_absence(person=cast.rita, substitute=cast.lin, by="clock", **away)
    assert names(place.room) == ["林晓芸（周立）"]
    leave(cast.lin, by="clock")
    assert names(place.room) == ["林晓芸（周立）"], "the day on which somebody leaves is still theirs"
    with clock.at(later(days=1)):
        record_absence(
            person=cast.rita, substitute=cast.wu, since=later(days=1).date(), until=later(days=2).date(), by="clock"
        )
        leave(cast.wu, by="clock")
    assert names(place.room, days=2) == ["林晓芸（孟岚）"]
    record_absence(
        person=cast.vera, substitute=cast.hu, since=later(days=2).date(), until=later(days=2).date(), by="clock"
    )
    assert names(place.room, days=2) == ["林晓芸（无人）"]


def test_who_leaves_or_loses_the_post_answers_for_nothing_any_more(place: District, cast: Cast, qin: User) -> None:
    cell = mark_out(unit=place.room, by=qin)
    held = hold(cell=cell, person=cast.rita, by=qin)
    other = hold(cell=cell, person=cast.vera, by=qin)
    with clock.at(later(hours=1)):
        leave(cast.rita, by="clock")
        relieve(Appointment.objects.get(person=cast.vera, role="grid_holder"), by="clock", until=later(days=3).date())
    held.refresh_from_db()
    other.refresh_from_db()
    assert (held.ended_at, other.ended_at, other.until) == (later(hours=1), None, later(days=3).date())
    assert [names(place.room, days=at) for at in (0, 3, 4)] == [["林晓芸", "孟岚"], ["孟岚"], []]
    assert [verbs(held), verbs(other)] == [["held", "released"], ["held", "released"]]


def test_one_post_stands_for_all_cells_a_person_holds_at_a_place(place: District, cast: Cast, qin: User) -> None:
    day, gate = mark_out(unit=place.school, by=qin), mark_out(unit=place.school, by=qin, **GATE)
    first = hold(cell=day, person=cast.rita, until=later(days=5).date(), by=qin)
    second = hold(cell=gate, person=cast.rita, by=qin)
    assert posts(cast.rita) == [(TODAY, later(days=5).date(), True), (later(days=6).date(), None, False)]
    release(first, by=qin)
    assert posts(cast.rita) == [(TODAY, later(days=5).date(), True), (later(days=6).date(), None, False)]
    release(second, by=qin, until=later(days=2).date())
    assert [row[1] for row in posts(cast.rita)] == [later(days=2).date(), later(days=5).date()]
    assert may(cast.rita, "grid_holder", place.school.path)
    with clock.at(later(days=1)):
        release(second, by=qin)
    assert not may(cast.rita, "grid_holder", place.school.path)


def test_other_hours_go_on_in_another_cell_with_the_same_holders(place: District, cast: Cast, qin: User) -> None:
    cell = mark_out(unit=place.school, by=qin, **GATE)
    held = hold(cell=cell, person=cast.rita, since=date(2026, 9, 1), substitute=cast.vera, by=qin)
    same = change_cell(cell, by=qin, title="东门", level=4, **GATE)
    assert (same.pk, same.title, same.version) == (cell.pk, "东门", 1)
    with clock.at(later(hours=3)):
        after = change_cell(same, by=qin, begins=time(7), ends=time(8), days="every")
    assert (after.follows_id, after.title, after.hours) == (cell.pk, "东门", "7:00—8:00")
    assert Cell.objects.get(pk=cell.pk).closed_on == TODAY
    row = Holding.objects.get(cell=after)
    assert (row.person, row.substitute, row.first, row.since) == (cast.rita, cast.vera, held.since, TODAY)
    assert [names(place.school, hours=at) for at in (-1.9, -1.5, 22.1)] == [[], ["林晓芸"], ["林晓芸"]]
    assert posts(cast.rita) == [(date(2026, 9, 1), None, True)]


def test_another_substitute_from_now_on_leaves_the_past_alone(place: District, cast: Cast, qin: User) -> None:
    held = hold(cell=mark_out(unit=place.room, by=qin), person=cast.rita, since=date(2026, 9, 1), by=qin)
    with clock.at(later(hours=1)):
        again = replace_substitute(held, substitute=cast.vera, by=qin)
        assert replace_substitute(again, substitute=cast.vera, by=qin).pk == again.pk
    held.refresh_from_db()
    assert (held.ended_at, again.began_at, again.first) == (later(hours=1), later(hours=1), date(2026, 9, 1))
    assert [names(place.room, hours=at) for at in (0, 1)] == [["林晓芸"], ["林晓芸"]]


def test_a_closed_cell_frees_its_holders_and_its_hours(place: District, cast: Cast, qin: User) -> None:
    cell = mark_out(unit=place.room, by=qin)
    hold(cell=cell, person=cast.rita, by=qin)
    close_cell(cell, by=qin)
    assert (names(place.room), may(cast.rita, "grid_holder", place.room.path)) == ([], False)
    assert mark_out(unit=place.room, by=qin).pk != cell.pk


def test_what_is_refused(place: District, cast: Cast, qin: User) -> None:
    cell = mark_out(unit=place.room, by=qin)
    held = hold(cell=cell, person=cast.rita, by=qin)
    school_class = plant(name="1班", kind="class", parent=place.school, by="clock")
    tried: list[tuple[type[Exception], str, Any]] = [
        (NotAllowed, "由安全办主任", lambda: mark_out(unit=place.room, by=cast.rita)),
        (NotAllowed, "由安全办主任", lambda: mark_out(unit=place.far_room, by=qin)),
        (NotAllowed, "由安全办主任", lambda: hold(cell=cell, person=cast.rita, by=cast.vera)),
        (NotAllowed, "由安全办主任", lambda: release(held, by=cast.sam)),
        (BadInput, "不是地点", lambda: mark_out(unit=school_class, by=qin)),
        (BadInput, "同样时段", lambda: mark_out(unit=place.room, by=qin)),
        (BadInput, "一起填", lambda: mark_out(unit=place.building, begins=time(7), by=qin)),
        (BadInput, "不能一样", lambda: mark_out(unit=place.building, begins=time(7), ends=time(7), by=qin)),
        (BadInput, "已经负责", lambda: hold(cell=cell, person=cast.rita, by=qin)),
        (BadInput, "教职工", lambda: hold(cell=cell, person=cast.tess, by=qin)),
        (BadInput, "教职工", lambda: hold(cell=cell, person=cast.ping, by=qin)),
        (BadInput, "本人", lambda: hold(cell=cell, person=cast.vera, substitute=cast.vera, by=qin)),
        (BadInput, "教职工", lambda: hold(cell=cell, person=cast.vera, substitute=cast.tess, by=qin)),
        (BadInput, "早于", lambda: hold(cell=cell, person=cast.vera, until=date(2026, 1, 1), by=qin)),
        (BadInput, "起止", lambda: release(held, until=date(2026, 1, 1), by=qin)),
        (Stale, "改过", lambda: change_cell(cell, title="x", seen=7, by=qin)),
    ]
    for kind, words, attempt in tried:
        with pytest.raises(kind, match=words):
            attempt()
    with clock.at(later(hours=1)):
        release(held, by=qin)
        with pytest.raises(Refused, match="已经结束"):
            release(held, by=qin)
    with pytest.raises(BadInput, match="已离开"):
        hold(cell=cell, person=User.objects.get(pk=_gone(cast).pk), by=qin)
    close_cell(cell, by=qin)
    for attempt in (lambda: hold(cell=cell, person=cast.vera, by=qin), lambda: change_cell(cell, title="y", by=qin)):
        with pytest.raises(Refused, match="已停用"):
            attempt()


def _gone(cast: Cast) -> User:
    leave(cast.will, by="clock")
    return cast.will


def test_the_bureau_and_its_sections_answer_too_and_give_the_post_in_their_district(
    place: District, cast: Cast
) -> None:
    safe = hire("safe", "安科长", place.bureau, ("safety_officer", place.bureau))
    top = mark_out(unit=place.bureau, by=safe)
    hold(cell=top, person=safe, by=safe)
    assert (top.level, names(place.far_room)) == (1, ["安科长"])
    hold(cell=mark_out(unit=place.town, by=safe), person=cast.ouyang, by=safe)
    assert names(place.far_room) == ["欧阳敏"]
    appoint(person=cast.ouyang, role="tied_leader", unit=place.town, by=safe)
    with pytest.raises(NotAllowed, match="不管理"):
        appoint(person=cast.ouyang, role="director", unit=place.town, by=safe)
