"""Many at once does what one at a time does, and refuses what that refuses."""

from typing import Any

import pytest

from portal.errors import BadInput, NotAllowed, Refused
from portal.ledger.models import Event
from portal.orgs.actions import (
    Posting,
    Sketch,
    Ward,
    appoint,
    appoint_many,
    enrol,
    enter_people,
    entrust,
    plant,
    plant_many,
)
from portal.orgs.models import Appointment, Enrolment, Guardianship, Student, Unit, User
from tests.district import MONDAY, Cast, District

from .conftest import grants
from .test_posts import events

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

TODAY = MONDAY.date()
LAB = Sketch("实验楼", "building", (Sketch("一层", "floor", (Sketch("101 实验室", "room"), Sketch("男厕", "room"))),))


def below(unit: Unit) -> list[tuple[str, str, int, int, str, int | None]]:
    """Everything under a unit: path from there, name, depth, children, label, school."""
    rows = Unit.objects.under(unit.path).exclude(pk=unit.pk).order_by("path")
    cut = len(unit.path)
    return [(one.path[cut:], one.name, one.depth, one.numchild, one.label, one.school_id) for one in rows]


def newcomers(place: District, *names: str) -> list[User]:
    return enter_people([User(username=name, name=name, home=place.school) for name in names], by="clock")


def test_a_sketch_grows_as_if_planted_one_by_one(place: District) -> None:
    plant_many([LAB, Sketch("操场", "outdoor")], parent=place.far_school, by="clock")
    by_hand = plant(name="别处小学", kind="school", parent=place.town, code="BC01", by="clock")
    plant(name="101 教室", kind="room", parent=by_hand, by="clock")
    lab = plant(name="实验楼", kind="building", parent=by_hand, by="clock")
    floor = plant(name="一层", kind="floor", parent=lab, by="clock")
    for name in ("101 实验室", "男厕"):
        plant(name=name, kind="room", parent=floor, by="clock")
    plant(name="操场", kind="outdoor", parent=by_hand, by="clock")
    grown = [row[:5] for row in below(place.far_school)]
    assert grown == [row[:5] for row in below(by_hand)]
    assert {row[5] for row in below(place.far_school)} == {place.far_school.pk}
    assert Unit.objects.find_problems() == ([], [], [], [], [])


def test_planting_goes_on_where_sketches_ended(place: District) -> None:
    plant_many([LAB], parent=place.far_school, by="clock")
    plant(name="门卫室", kind="room", parent=Unit.objects.get(pk=place.far_school.pk), by="clock")
    assert [row[0] for row in below(place.far_school) if len(row[0]) == 4] == ["0001", "0002", "0003"]


@pytest.mark.parametrize("parent", ["town", "bureau"])
def test_a_sketch_is_refused_where_its_kind_has_no_place(place: District, parent: str) -> None:
    before = Unit.objects.count()
    with pytest.raises(Refused, match="不能放"):
        plant_many([LAB], parent=getattr(place, parent), by="clock")
    assert Unit.objects.count() == before


def test_each_account_begins_its_chain(place: District, cast: Cast) -> None:
    [one, other] = enter_people(
        [User(username="a1", name="安然", home=place.school), User(username="a2", name="白杨")], by=cast.ada
    )
    assert events(one) == [("entered", f"person:{cast.ada.pk}", {"home": place.school.pk})]
    assert events(other) == [("entered", f"person:{cast.ada.pk}", {})]
    for person in (one, other):
        fresh = User.objects.get(pk=person.pk)
        assert (fresh.chain_seq, fresh.chain_head) == (1, Event.objects.get(address=person.address).digest)


@pytest.mark.parametrize(
    ("people", "errors"),
    [
        ([{"username": "rita"}], {"username": ["工号 rita 已被使用。"]}),
        ([{"username": "n1"}, {"username": "n1"}], {"username": ["工号 n1 已被使用。"]}),
        (
            [{"username": "n1", "phone": "13800000001"}, {"username": "n2", "phone": "13800000001"}],
            {"phone": ["手机号 13800000001 已被使用。"]},
        ),
    ],
)
def test_a_name_or_phone_in_use_is_refused_and_nobody_is_entered(
    cast: Cast, people: list[dict[str, Any]], errors: dict[str, list[str]]
) -> None:
    before = User.objects.count()
    with pytest.raises(BadInput) as refused:
        enter_people([User(name="新人", **one) for one in people], by="clock")
    assert (refused.value.errors, User.objects.count()) == (errors, before)


def test_many_posts_are_what_single_ones_would_be(place: District, cast: Cast) -> None:
    before = grants()
    first, second = newcomers(place, "n1", "n2")
    posts = [
        Posting(first, "teacher", place.school),
        Posting(second, "teacher", place.school),
        Posting(second, "dispatcher", place.school),
        Posting(cast.rita, "dispatcher", place.school),
    ]
    assert appoint_many(posts, by=cast.ada) == 4
    assert grants() - before == {
        ("n1", "teacher", "柳溪镇中心小学"),
        ("n2", "teacher", "柳溪镇中心小学"),
        ("n2", "dispatcher", "柳溪镇中心小学"),
        ("rita", "dispatcher", "柳溪镇中心小学"),
    }
    single = appoint(person=cast.tess, role="dispatcher", unit=place.far_school, by=cast.ada)
    made = Appointment.objects.get(person=first)
    assert (made.since, made.until, made.granted) == (single.since, single.until, single.granted)
    [(verb, who, facts)], [(other_verb, other_who, other_facts)] = events(made), events(single)
    assert (verb, who, set(facts)) == (other_verb, other_who, set(other_facts))


def test_posts_that_may_not_be_held_together_are_refused_as_one_is(place: District) -> None:
    one, other = newcomers(place, "n1", "n2")
    both = [Posting(one, "canteen_buyer", place.school), Posting(one, "canteen_inspector", place.building)]
    with pytest.raises(Refused, match="不能同时担任"):
        appoint_many([Posting(other, "teacher", place.school), *both], by="clock")
    with pytest.raises(Refused, match="已经是"):
        appoint_many([Posting(one, "canteen_buyer", place.school)] * 2, by="clock")
    assert grants() == set()


def test_posts_to_come_are_not_granted_yet(place: District) -> None:
    [one] = newcomers(place, "n1")
    appoint_many([Posting(one, "teacher", place.school)], by="clock", since=TODAY.replace(day=20))
    assert (grants(), Appointment.objects.get().granted) == (set(), False)


def test_one_bad_post_refuses_them_all(place: District, cast: Cast) -> None:
    before = grants()
    first, second = newcomers(place, "n1", "n2")
    with pytest.raises(Refused, match="只能任命在"):
        appoint_many([Posting(first, "teacher", place.school), Posting(second, "principal", place.room)], by="clock")
    with pytest.raises(Refused, match="已经是"):
        appoint_many([Posting(first, "teacher", place.school), Posting(cast.hu, "principal", place.school)], by="clock")
    assert grants() == before


def test_only_an_admin_of_the_place_brings_many(place: District, cast: Cast) -> None:
    [one] = newcomers(place, "n1")
    seventh = plant(name="2020级1班", kind="class", parent=place.school, entry_year=2020, by="clock")
    [pupil] = enrol([(Student(name="小明", number="S1"), seventh)], since=TODAY, by=cast.ada)
    attempts = [
        lambda: enter_people([User(username="n2", name="新人", home=place.school)], by=cast.hu),
        lambda: appoint_many([Posting(one, "teacher", place.school)], by=cast.hu),
        lambda: enrol([(Student(name="小红", number="S2"), seventh)], since=TODAY, by=cast.hu),
        lambda: entrust([Ward(cast.ping, pupil, "母亲")], since=TODAY, by=cast.hu),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()


def test_pupils_are_enrolled_and_entrusted(place: District, cast: Cast) -> None:
    room = plant(name="2024级3班", kind="class", parent=place.school, entry_year=2024, by="clock")
    one, other = enrol(
        [(Student(name="小明", number="S1"), room), (Student(name="小红", number="S2"), room)], since=TODAY, by=cast.ada
    )
    entrust([Ward(cast.ping, one, "母亲"), Ward(cast.ping, other, "姑姑", custody=False)], since=TODAY, by=cast.ada)
    enrolled = Enrolment.objects.values_list("student__name", "school_class__name", "since", "until")
    assert set(enrolled) == {("小明", "2024级3班", TODAY, None), ("小红", "2024级3班", TODAY, None)}
    guarded = Guardianship.objects.values_list("guardian__name", "student__name", "relation", "custody", "since")
    assert set(guarded) == {("平雅琴", "小明", "母亲", True, TODAY), ("平雅琴", "小红", "姑姑", False, TODAY)}


def test_a_pupil_needs_a_class_and_a_number_of_their_own(place: District, cast: Cast) -> None:
    room = plant(name="2024级3班", kind="class", parent=place.school, entry_year=2024, by="clock")
    enrol([(Student(name="小明", number="S1"), room)], since=TODAY, by=cast.ada)
    with pytest.raises(BadInput, match="不是班级"):
        enrol([(Student(name="小红", number="S2"), place.school)], since=TODAY, by=cast.ada)
    with pytest.raises(BadInput, match="学号 S1 已被使用"):
        enrol([(Student(name="小红", number="S1"), room)], since=TODAY, by=cast.ada)
    assert list(Student.objects.values_list("name", flat=True)) == ["小明"]
