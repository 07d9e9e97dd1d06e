"""Who may what, where; what one holds and reads; the places one may report at."""

from collections.abc import Callable
from typing import Any

import pytest

from portal import clock
from portal.orgs.access import (
    colleagues,
    holders,
    holdings,
    holds,
    holds_anywhere,
    may,
    places_for,
    reading,
    report_scope,
    scope,
    tops,
)
from portal.orgs.actions import appoint, leave, plant, record_absence
from portal.orgs.models import Enrolment, Guardianship, Student, User
from tests.district import Cast, District, hire, later

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

Counted = Callable[[int], Any]
PEOPLE = ("rita", "dora", "will", "wang", "lin", "vera", "hu", "ouyang", "ping", "ada", "wu", "sam", "tess")


def fresh(person: User) -> User:
    """The person as the next request loads them."""
    return User.objects.get(pk=person.pk)


def test_a_role_holds_at_its_unit_and_below_for_those_who_hold_it(cast: Cast, place: District) -> None:
    asked = {
        "school": place.school,
        "room": place.room,
        "town": place.town,
        "far": place.far_school,
        "far_room": place.far_room,
    }
    found = {
        (name, where)
        for name in PEOPLE
        for where, unit in asked.items()
        if may(getattr(cast, name), ("dispatcher", "repairs_officer"), unit.path)
    }
    assert found == {
        ("dora", "school"),
        ("dora", "room"),
        ("sam", "far"),
        ("sam", "far_room"),
        *(("ouyang", where) for where in asked),
    }


def test_a_path_that_only_begins_alike_is_another_place(cast: Cast, place: District) -> None:
    assert not may(cast.dora, "dispatcher", place.school.path[:-1] + "2")
    assert not may(cast.dora, "dispatcher", "")
    assert not may(cast.dora, "nothing", place.school.path)


def test_asking_whether_takes_one_query(cast: Cast, place: District, django_assert_num_queries: Counted) -> None:
    record_absence(person=cast.dora, substitute=cast.rita, since=clock.today(), until=clock.today(), by="clock")
    with django_assert_num_queries(1):
        assert may(cast.rita, ("dispatcher", "technician"), place.room.path)
    with django_assert_num_queries(1):
        assert not may(cast.sam, "dispatcher", place.room.path)


def test_what_one_holds_is_asked_once_a_page(cast: Cast, place: District, django_assert_num_queries: Counted) -> None:
    dora = fresh(cast.dora)
    with django_assert_num_queries(1):
        assert holds(dora, "dispatcher", place.room.path)
        assert not holds(dora, ("dispatcher", "teacher"), place.far_room.path)
        assert holds_anywhere(dora, "dispatcher", "admin")
        assert not holds_anywhere(dora, "admin")
        assert scope(dora) == [place.school.path]
        assert reading(dora) == {("repairs.", ("visitors",)): [place.school.path]}


def test_what_each_role_reads(cast: Cast, place: District) -> None:
    school, bureau, far = [place.school.path], [place.bureau.path], [place.far_school.path]
    assert {name: reading(fresh(getattr(cast, name))) for name in PEOPLE} == {
        "rita": {},
        "dora": {("repairs.", ("visitors",)): school},
        "will": {},
        "wang": {},
        "lin": {("repairs.", ("visitors",)): school, ("canteen.", ("visitors",)): school},
        "vera": {("*", ()): school},
        "hu": {("*", ()): school},
        "ouyang": {("repairs.", ()): bureau},
        "ping": {},
        "ada": {},
        "wu": {("repairs.", ()): school},
        "sam": {("repairs.", ("visitors",)): far},
        "tess": {},
    }


def test_a_technician_of_three_schools_has_their_tops_and_no_more(cast: Cast, place: District) -> None:
    third = plant(name="三里小学", kind="school", parent=place.town, code="SL01", by="clock")
    for unit in (place.far_school, third):
        appoint(person=cast.will, role="technician", unit=unit, by="clock")
    assert scope(fresh(cast.will), "technician") == [place.school.path, place.far_school.path, third.path]
    assert scope(fresh(cast.will), "teacher") == []
    assert tops(["00010001", "0001", "00010002", "0001", "0002"]) == ["0001", "0002"]


def test_the_holders_of_a_role_for_a_place_are_those_at_or_above_it(cast: Cast, place: District) -> None:
    def names(*roles: str) -> set[str]:
        return set(holders(roles, place.room.path).values_list("username", flat=True))

    assert names("dispatcher", "repairs_officer") == {"dora", "ouyang"}
    assert names("technician") == {"will", "wang"}
    leave(cast.wang, by="clock")
    assert names("technician") == {"will"}


def test_who_has_left_may_nothing_holds_nothing_reads_nothing(cast: Cast, place: District) -> None:
    leave(cast.hu, by="clock")
    gone = fresh(cast.hu)
    assert (may(gone, "principal", place.school.path), holdings(gone), reading(gone)) == (False, (), {})


def test_people_report_in_their_own_school_and_heads_above_schools_in_all_of_theirs(
    cast: Cast, place: District
) -> None:
    def names(person: User) -> set[str]:
        return set(places_for(fresh(person)).values_list("name", flat=True))

    ours = {"柳溪镇中心小学", "教学楼", "203 教室", "204 教室"}
    assert names(cast.rita) == ours
    assert names(cast.sam) == {"石门小学", "101 教室"}
    assert names(cast.ouyang) >= ours | {"石门小学", "101 教室"}
    nobody = hire("nobody", "路人", None)
    assert names(nobody) == set()


def test_a_guardian_reports_where_the_child_is_now_and_only_with_custody(place: District) -> None:
    ping = hire("pin", "平父", None)
    child = Student.objects.create(name="平小安", number="S1")
    second = plant(name="2024级3班", kind="class", parent=place.far_school, entry_year=2024, by="clock")
    since = later(days=-30).date()
    enrolment = Enrolment.objects.create(student=child, school_class=second, since=since)
    care = Guardianship.objects.create(guardian=ping, student=child, relation="父亲", since=since)
    assert report_scope(fresh(ping)) == [place.far_school.path]
    Guardianship.objects.filter(pk=care.pk).update(custody=False)
    assert report_scope(fresh(ping)) == []
    Guardianship.objects.filter(pk=care.pk).update(custody=True)
    Enrolment.objects.filter(pk=enrolment.pk).update(until=later(days=-1).date())
    assert report_scope(fresh(ping)) == []


def test_colleagues_are_staff_of_the_same_school_or_office(cast: Cast, place: District) -> None:
    pupil = hire("pupil", "小明", place.school)
    Student.objects.create(name="小明", number="S9", account=pupil)
    leave(cast.wang, by="clock")
    assert set(colleagues(cast.rita)) == {cast.dora, cast.will, cast.lin, cast.vera, cast.hu, cast.wu}
    assert set(colleagues(cast.ouyang)) == {cast.ada}
    assert set(colleagues(cast.ping)) == set()
