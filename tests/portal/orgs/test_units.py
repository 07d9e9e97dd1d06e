"""The unit tree: planting, naming, moving, closing."""

import threading

import pytest
from django.db import connection

from portal import clock
from portal.errors import BadInput, Refused, Stale
from portal.ledger.queries import chain_of
from portal.ledger.verification import verify
from portal.orgs.actions import (
    Sketch,
    appoint,
    close_unit,
    on_unit_moved,
    plant,
    plant_many,
    relieve,
    rename,
    transplant,
)
from portal.orgs.actions import units as writers
from portal.orgs.models import Appointment, Unit
from tests.district import MONDAY, Cast, District, build_district, later

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def tree() -> list[tuple[str, str, str, str | None]]:
    """Every unit in the order of the tree: path, name, label, its school's name."""
    rows = Unit.objects.select_related("school").order_by("path")
    return [(unit.path, unit.name, unit.label, unit.school.name if unit.school else None) for unit in rows]


def test_every_place_knows_its_school_and_its_label_within_it(place: District) -> None:
    assert tree() == [
        ("0001", "青禾县教育局", "", None),
        ("00010001", "柳溪镇", "", None),
        ("000100010001", "柳溪镇中心小学", "", "柳溪镇中心小学"),
        ("0001000100010001", "教学楼", "教学楼", "柳溪镇中心小学"),
        ("00010001000100010001", "203 教室", "教学楼 203 教室", "柳溪镇中心小学"),
        ("00010001000100010002", "204 教室", "教学楼 204 教室", "柳溪镇中心小学"),
        ("000100010002", "石门小学", "", "石门小学"),
        ("0001000100020001", "101 教室", "101 教室", "石门小学"),
    ]


def test_every_change_of_the_tree_is_one_entry_in_its_unit_s_chain(place: District, cast: Cast) -> None:
    room = plant(name="礼堂", kind="room", parent=place.school, by=cast.ada)
    left, right = plant_many(
        [Sketch("一年级1班", "class"), Sketch("一年级2班", "class")], parent=place.school, by=cast.ada
    )
    rename(room, name="小礼堂", code="", phone="8888", by=cast.ada)
    rename(room, name="小礼堂", by=cast.ada)  # nothing changed
    transplant(room, under=place.building, by=cast.ada)
    close_unit(room, on=clock.today(), by=cast.ada)
    assert [(one.verb, one.who, one.facts) for one in chain_of(room.address)] == [
        (verb, f"person:{cast.ada.pk}", facts)
        for verb, facts in (
            ("planted", {"kind": "room", "under": place.school.pk}),
            ("renamed", {"changed": ["name", "phone"]}),
            ("moved", {"under": place.building.pk}),
            ("closed", {"on": clock.today().isoformat()}),
        )
    ]
    assert [[one.verb for one in chain_of(unit.address)] for unit in (left, right)] == [["planted"], ["planted"]]
    assert verify(overdue=False).flaw is None


def test_a_unit_planted_from_a_stale_parent_still_finds_its_place(place: District) -> None:
    transplant(place.school, under=place.bureau, by="clock")
    hall = plant(name="礼堂", kind="building", parent=place.school, by="clock")
    assert (hall.school_id, hall.label) == (place.school.pk, "礼堂")
    assert hall.path.startswith(Unit.objects.get(pk=place.school.pk).path)


def test_a_school_code_is_used_once(place: District) -> None:
    with pytest.raises(BadInput) as refused:
        plant(name="柳溪小学", kind="school", parent=place.town, code="LX01", by="clock")
    assert refused.value.errors == {"code": ["编码 LX01 已被另一所学校使用。"]}


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        ("school", None),
        ("town", "school"),
        ("school", "school"),
        ("bureau", "town"),
        ("section", "school"),
        ("room", "town"),
        ("class", "bureau"),
    ],
)
def test_a_kind_is_refused_where_it_has_no_place(place: District, kind: str, parent: str | None) -> None:
    before = tree()
    with pytest.raises(Refused, match="不能放"):
        plant(name="错位", kind=kind, parent=getattr(place, parent) if parent else None, by="clock")
    assert tree() == before


def test_nothing_is_planted_below_a_closed_unit(place: District) -> None:
    close_unit(place.building, on=clock.today(), by="clock")
    with pytest.raises(Refused, match="已停用"):
        plant(name="205 教室", kind="room", parent=place.building, by="clock")


def test_a_new_name_reaches_the_labels_below_and_only_those(place: District) -> None:
    rename(place.building, name="明德楼", phone="0512-1", by="clock")
    assert [label for _, _, label, _ in tree()] == [
        "",
        "",
        "",
        "明德楼",
        "明德楼 203 教室",
        "明德楼 204 教室",
        "",
        "101 教室",
    ]
    assert Unit.objects.get(pk=place.building.pk).phone == "0512-1"


def test_a_name_given_on_an_outdated_page_is_refused(place: District) -> None:
    seen = place.building.version
    rename(place.building, name="明德楼", version=seen, by="clock")
    with pytest.raises(Stale):
        rename(place.building, name="敬业楼", version=seen, by="clock")
    assert Unit.objects.get(pk=place.building.pk).name == "明德楼"


def test_a_room_moved_to_another_school_changes_school_and_label(place: District) -> None:
    moved = transplant(place.room, under=place.far_school, by="clock")
    assert (moved.school_id, moved.label) == (place.far_school.pk, "203 教室")


def test_a_building_moved_into_another_school_takes_its_rooms_along(place: District) -> None:
    transplant(place.building, under=place.far_school, by="clock")
    rows = [(name, label, school) for _, name, label, school in tree() if school == "石门小学"]
    assert rows == [
        ("石门小学", "", "石门小学"),
        ("101 教室", "101 教室", "石门小学"),
        ("教学楼", "教学楼", "石门小学"),
        ("203 教室", "教学楼 203 教室", "石门小学"),
        ("204 教室", "教学楼 204 教室", "石门小学"),
    ]


def test_a_town_moved_to_another_bureau_keeps_its_schools(place: District) -> None:
    other = plant(name="白云县教育局", kind="bureau", by="clock")
    before = [(name, label, school) for _, name, label, school in tree()]
    transplant(place.town, under=other, by="clock")
    after = [(name, label, school) for _, name, label, school in tree()]
    assert sorted(after, key=str) == sorted(before, key=str)
    assert Unit.objects.get(pk=place.room.pk).path.startswith(Unit.objects.get(pk=other.pk).path)


def test_a_unit_is_not_moved_below_itself_nor_where_it_does_not_fit(place: District) -> None:
    before = tree()
    with pytest.raises(Refused, match="自己的下级"):
        transplant(place.building, under=place.room, by="clock")
    with pytest.raises(Refused, match="不能放"):
        transplant(place.school, under=place.far_school, by="clock")
    assert tree() == before


def test_listeners_hear_of_a_move_after_the_paths_are_written(place: District, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(writers, "_on_move", [])
    on_unit_moved(lambda: seen.append(Unit.objects.get(pk=place.room.pk).label))
    transplant(place.building, under=place.far_school, by="clock")
    assert seen == ["教学楼 203 教室"]


def test_a_place_with_people_in_post_is_not_closed_until_they_are_relieved(cast: Cast, place: District) -> None:
    with pytest.raises(Refused, match="还有人任职"):
        close_unit(place.far_school, on=clock.today(), by="clock")
    for appointment in Appointment.objects.filter(unit=place.far_school):
        relieve(appointment, by="clock")
    closed = close_unit(place.far_school, on=clock.today(), by="clock")
    assert closed.closed_on == clock.today()
    assert list(Unit.objects.open().filter(school=place.far_school)) == []
    assert Unit.objects.open().filter(pk=place.room.pk).exists()


def test_a_place_is_not_closed_before_a_post_that_is_to_come_there(cast: Cast, place: District) -> None:
    appoint(person=cast.rita, role="principal", unit=place.far_school, by="clock", since=later(days=30).date())
    for appointment in Appointment.objects.filter(unit=place.far_school, granted=True):
        relieve(appointment, by="clock")
    with pytest.raises(Refused, match="还有人任职"):
        close_unit(place.far_school, on=clock.today(), by="clock")


def test_a_place_closed_on_a_later_day_is_in_use_until_then(place: District) -> None:
    close_unit(place.building, on=later(days=7).date(), by="clock")
    assert place.room in Unit.objects.open()
    with clock.at(later(days=7)):
        assert place.room not in Unit.objects.open()


@pytest.mark.django_db(transaction=True)
def test_units_planted_at_the_same_time_all_find_a_place() -> None:
    with clock.at(MONDAY):
        place = build_district()

    def one(number: int) -> None:
        try:
            plant(name=f"{number} 号教室", kind="room", parent=place.building, by="clock")
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rooms = Unit.objects.filter(path__startswith=Unit.objects.get(pk=place.building.pk).path, kind="room")
    assert rooms.count() == 8
    assert Unit.objects.find_problems() == ([], [], [], [], [])
