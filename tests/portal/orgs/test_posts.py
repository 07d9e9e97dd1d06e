"""任职 and 免职: the dated record and the grant behind it."""

import threading
from datetime import date

import pytest
from django.db import connection

from portal import clock
from portal.errors import BadInput, NotAllowed, Refused
from portal.ledger.models import Event
from portal.orgs.access import may
from portal.orgs.actions import appoint, leave, on_person_left, relieve, settle_appointments
from portal.orgs.actions import posts as writers
from portal.orgs.models import Appointment, Post, User
from portal.orgs.tokens import issue_token
from tests.district import MONDAY, Cast, District, build_district, hire, later

from .conftest import grants

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

TODAY = MONDAY.date()


def events(row: Appointment | User) -> list[tuple[str, str, dict[str, object]]]:
    """The chain of a row: verb, actor, facts."""
    found = Event.objects.filter(address=row.address).order_by("seq")
    return [(one.verb, one.who, one.facts) for one in found]


def test_the_whole_permission_map_is_what_the_cast_was_appointed_to(cast: Cast) -> None:
    assert grants() == {
        ("rita", "teacher", "柳溪镇中心小学"),
        ("dora", "dispatcher", "柳溪镇中心小学"),
        ("will", "technician", "柳溪镇中心小学"),
        ("wang", "technician", "柳溪镇中心小学"),
        ("lin", "logistics_head", "柳溪镇中心小学"),
        ("vera", "vice_principal", "柳溪镇中心小学"),
        ("hu", "principal", "柳溪镇中心小学"),
        ("wu", "asset_manager", "柳溪镇中心小学"),
        ("ouyang", "repairs_officer", "青禾县教育局"),
        ("ping", "parent", "柳溪镇中心小学"),
        ("ada", "admin", "青禾县教育局"),
        ("sam", "dispatcher", "石门小学"),
        ("tess", "teacher", "石门小学"),
    }


def test_an_appointment_from_today_is_granted_at_once_and_written_to_its_chain(cast: Cast, place: District) -> None:
    made = appoint(person=cast.rita, role="dispatcher", unit=place.school, by=cast.ada)
    assert (made.since, made.until, made.granted, made.last_day) == (TODAY, None, True, None)
    assert may(cast.rita, "dispatcher", place.room.path)
    facts = {"person": cast.rita.pk, "role": "dispatcher", "unit": place.school.pk, "since": "2026-11-16"}
    assert events(made) == [("appointed", f"person:{cast.ada.pk}", facts)]


def test_an_appointment_to_come_is_granted_on_its_day_and_taken_after_its_last(cast: Cast, place: District) -> None:
    since, until = later(days=3).date(), later(days=5).date()
    appoint(person=cast.rita, role="dispatcher", unit=place.school, by="clock", since=since, until=until)
    held = []
    for days in range(2, 8):
        with clock.at(later(days=days)):
            settle_appointments()
            held.append(may(cast.rita, "dispatcher", place.school.path))
    assert held == [False, True, True, True, False, False]


def test_settling_twice_changes_nothing_the_second_time(cast: Cast, place: District) -> None:
    appoint(person=cast.rita, role="dispatcher", unit=place.school, by="clock", since=later(days=1).date())
    with clock.at(later(days=1)):
        assert [settle_appointments(), settle_appointments()] == [1, 0]


def test_an_appointment_that_lies_in_the_past_is_a_record_without_a_grant(cast: Cast, place: District) -> None:
    since, until = later(days=-30).date(), later(days=-1).date()
    made = appoint(person=cast.rita, role="dispatcher", unit=place.school, by="clock", since=since, until=until)
    assert (made.granted, may(cast.rita, "dispatcher", place.school.path)) == (False, False)


def test_one_term_follows_another_without_a_gap_in_the_grant(cast: Cast, place: District) -> None:
    last = later(days=2).date()
    appoint(person=cast.rita, role="dispatcher", unit=place.school, by="clock", until=last)
    appoint(person=cast.rita, role="dispatcher", unit=place.school, by="clock", since=later(days=3).date())
    with clock.at(later(days=3)):
        settle_appointments()
        assert may(cast.rita, "dispatcher", place.school.path)
        assert list(
            Appointment.objects.filter(role="dispatcher", person=cast.rita)
            .values_list("granted", flat=True)
            .order_by("pk")
        ) == [False, True]


def test_relieved_at_once_means_from_the_next_request_and_the_sweep_does_not_bring_it_back(
    cast: Cast, place: District
) -> None:
    post = Appointment.objects.get(person=cast.dora)
    with clock.at(later(hours=2)):
        ended = relieve(post, by=cast.ada)
        settle_appointments()
        assert not may(cast.dora, "dispatcher", place.school.path)
    assert (ended.granted, ended.until, ended.last_day) == (False, later(days=-1).date(), TODAY)
    assert events(ended)[-1] == ("relieved", f"person:{cast.ada.pk}", {"until": "2026-11-15", "at_once": True})


def test_relieved_by_mistake_the_person_is_appointed_again_on_the_same_day(cast: Cast, place: District) -> None:
    relieve(Appointment.objects.get(person=cast.dora), by="clock")
    appoint(person=cast.dora, role="dispatcher", unit=place.school, by="clock")
    assert may(cast.dora, "dispatcher", place.school.path)


def test_relieved_with_a_last_day_the_grant_lasts_through_it(cast: Cast, place: District) -> None:
    relieve(Appointment.objects.get(person=cast.dora), by="clock", until=later(days=1).date())
    held = []
    for days in range(3):
        with clock.at(later(days=days)):
            settle_appointments()
            held.append(may(cast.dora, "dispatcher", place.school.path))
    assert held == [True, True, False]


def test_relieved_with_a_day_in_the_past_ends_now(cast: Cast, place: District) -> None:
    made = appoint(person=cast.rita, role="dispatcher", unit=place.school, by="clock", since=later(days=-9).date())
    assert relieve(made, by="clock", until=later(days=-2).date()).granted is False
    assert not may(cast.rita, "dispatcher", place.school.path)


def test_relieved_before_the_first_day_it_never_begins(cast: Cast, place: District) -> None:
    made = appoint(person=cast.rita, role="dispatcher", unit=place.school, by="clock", since=later(days=3).date())
    relieve(made, by="clock")
    with clock.at(later(days=3)):
        assert settle_appointments() == 0
        assert not may(cast.rita, "dispatcher", place.school.path)


@pytest.mark.parametrize("until", [date(2026, 11, 15), date(2026, 12, 1)])
def test_the_last_day_lies_within_the_appointment(cast: Cast, place: District, until: date) -> None:
    made = appoint(person=cast.rita, role="dispatcher", unit=place.school, by="clock", until=date(2026, 11, 30))
    with pytest.raises(BadInput, match="起止日期之内"):
        relieve(made, by="clock", until=until)
    assert may(cast.rita, "dispatcher", place.school.path)


def test_what_has_ended_is_not_ended_again(cast: Cast) -> None:
    post = Appointment.objects.get(person=cast.dora)
    relieve(post, by="clock")
    with pytest.raises(Refused, match="已经结束"):
        relieve(post, by="clock")


def test_nobody_is_appointed_twice_to_the_same_post_on_any_day(cast: Cast, place: District) -> None:
    with pytest.raises(Refused, match="已经是"):
        appoint(person=cast.dora, role="dispatcher", unit=place.school, by="clock")
    appoint(person=cast.rita, role="dispatcher", unit=place.school, by="clock", since=later(days=9).date())
    with pytest.raises(Refused, match="已经是"):
        appoint(person=cast.rita, role="dispatcher", unit=place.school, by="clock")


def test_refused_for_an_unknown_role_a_wrong_kind_of_unit_and_dates_out_of_order(cast: Cast, place: District) -> None:
    before = grants()
    with pytest.raises(Refused, match="没有这个岗位"):
        appoint(person=cast.rita, role="emperor", unit=place.school, by="clock")
    with pytest.raises(Refused, match="只能任命在：学校"):
        appoint(person=cast.rita, role="principal", unit=place.room, by="clock")
    with pytest.raises(BadInput) as refused:
        appoint(person=cast.rita, role="dispatcher", unit=place.school, by="clock", until=later(days=-1).date())
    assert refused.value.errors == {"until": ["结束日期不能早于开始日期。"]}
    assert grants() == before


def test_only_an_admin_of_the_unit_or_above_appoints_and_relieves(cast: Cast, place: District) -> None:
    local = hire("local", "校管", place.school, ("admin", place.school))
    made = appoint(person=cast.rita, role="dispatcher", unit=place.school, by=local)
    for stranger in (cast.hu, cast.sam, cast.rita):
        with pytest.raises(NotAllowed):
            appoint(person=cast.tess, role="dispatcher", unit=place.school, by=stranger)
        with pytest.raises(NotAllowed):
            relieve(made, by=stranger)
    with pytest.raises(NotAllowed):
        appoint(person=local, role="admin", unit=place.bureau, by=local)
    with pytest.raises(NotAllowed):
        appoint(person=local, role="teacher", unit=place.far_school, by=local)


def test_who_leaves_loses_posts_to_come_too_and_every_token(cast: Cast, place: District) -> None:
    appoint(person=cast.dora, role="principal", unit=place.school, by="clock", since=later(days=9).date())
    issue_token(person=cast.dora, name="小程序", by=cast.dora)
    before = User.objects.get(pk=cast.dora.pk).epoch
    gone = leave(cast.dora, by=cast.ada)
    assert (gone.is_active, gone.left_on, gone.epoch) == (False, TODAY, before + 1)
    assert (gone.tokens.count(), Post.objects.filter(user=gone).count()) == (0, 0)
    with clock.at(later(days=9)):
        assert settle_appointments() == 0
    assert [verb for verb, _, _ in events(gone)] == ["token_issued", "left"]
    with pytest.raises(Refused, match="已经办理过离开"):
        leave(cast.dora, by="clock")
    with pytest.raises(Refused, match="已离开"):
        appoint(person=cast.dora, role="teacher", unit=place.school, by="clock")


def test_only_who_administers_all_of_a_person_lets_them_leave(cast: Cast, place: District) -> None:
    local = hire("local", "校管", place.school, ("admin", place.school))
    appoint(person=cast.will, role="technician", unit=place.far_school, by="clock")
    with pytest.raises(NotAllowed, match="管理范围以外"):
        leave(cast.will, by=local)
    assert leave(cast.wang, by=local).is_active is False


def test_listeners_hear_who_left_and_who_did_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[User, object]] = []
    monkeypatch.setattr(writers, "_on_leave", [])
    on_person_left(lambda person, by: heard.append((person, by)))
    leave(cast.dora, by=cast.ada)
    assert heard == [(cast.dora, cast.ada)]


@pytest.mark.django_db(transaction=True)
def test_of_equal_appointments_at_the_same_time_one_is_made() -> None:
    with clock.at(MONDAY):
        place = build_district()
        rita = hire("rita", "林晓芸", place.school)
    outcomes: list[str] = []

    def one() -> None:
        try:
            appoint(person=rita, role="teacher", unit=place.school, by="clock")
            outcomes.append("made")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made"] + ["refused"] * 5
    assert (Appointment.objects.count(), Post.objects.count(), Event.objects.filter(verb="appointed").count()) == (
        1,
        1,
        1,
    )
