"""请假与代理: the substitute may act while somebody is away, and no longer."""

from datetime import timedelta

import pytest

from portal import clock
from portal.errors import BadInput, NotAllowed, Refused
from portal.ledger.models import Event
from portal.orgs.access import Holding, holdings, may, standing_in
from portal.orgs.actions import appoint, end_absence, leave, record_absence, relieve
from portal.orgs.models import Absence, Appointment, User
from portal.orgs.queries import absences_of
from tests.district import MONDAY, Cast, District, hire, later

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

TODAY, TOMORROW, FRIDAY = MONDAY.date(), later(days=1).date(), later(days=4).date()


def away(cast: Cast, **changed: object) -> Absence:
    """Dora is away from tomorrow to Friday and Rita acts for her, unless said otherwise."""
    facts = {"person": cast.dora, "substitute": cast.rita, "since": TOMORROW, "until": FRIDAY, "by": cast.dora}
    return record_absence(**(facts | changed))  # type: ignore[arg-type]


def fresh(person: User) -> User:
    """The person as the next request loads them."""
    return User.objects.get(pk=person.pk)


def test_the_substitute_may_act_from_the_first_day_to_the_last(cast: Cast, place: District) -> None:
    away(cast)
    acting = []
    for days in range(6):
        with clock.at(later(days=days)):
            acting.append(
                (may(cast.rita, "dispatcher", place.room.path), may(cast.dora, "dispatcher", place.room.path))
            )
    assert acting == [(False, True), (True, True), (True, True), (True, True), (True, True), (False, True)]


def test_what_is_held_for_somebody_says_for_whom(cast: Cast, place: District) -> None:
    away(cast)
    with clock.at(later(days=1)):
        assert set(holdings(fresh(cast.rita))) == {
            Holding("teacher", place.school.path, place.school.pk),
            Holding("dispatcher", place.school.path, place.school.pk, via=cast.dora.pk),
        }
        assert [one.person for one in standing_in(cast.rita)] == [cast.dora]


def test_standing_in_does_not_reach_on_to_a_third(cast: Cast, place: District) -> None:
    away(cast)
    record_absence(
        person=cast.rita, substitute=cast.wang, since=later(days=9).date(), until=later(days=9).date(), by=cast.rita
    )
    Absence.objects.filter(person=cast.rita).update(since=TOMORROW, until=FRIDAY)
    with clock.at(later(days=1)):
        assert may(cast.wang, "teacher", place.school.path)
        assert not may(cast.wang, "dispatcher", place.school.path)


def test_a_post_taken_away_during_the_absence_ends_for_the_substitute_too(cast: Cast, place: District) -> None:
    away(cast)
    with clock.at(later(days=2)):
        relieve(Appointment.objects.get(person=cast.dora), by="clock")
        assert not may(cast.rita, "dispatcher", place.school.path)


def test_nobody_acts_for_somebody_who_has_left_nor_after_leaving(cast: Cast, place: District) -> None:
    away(cast)
    with clock.at(later(days=2)):
        leave(cast.rita, by="clock")
        assert not may(fresh(cast.rita), "dispatcher", place.school.path)
        assert holdings(fresh(cast.rita)) == ()


def test_an_absence_is_written_to_its_chain(cast: Cast) -> None:
    absence = away(cast)
    facts = {"person": cast.dora.pk, "substitute": cast.rita.pk, "since": "2026-11-17", "until": "2026-11-20"}
    found = Event.objects.get(address=absence.address)
    assert (found.verb, found.who, found.facts) == ("absent", f"person:{cast.dora.pk}", facts)


def test_back_early_the_substitute_stops_from_the_next_request_on(cast: Cast, place: District) -> None:
    absence = away(cast)
    with clock.at(later(days=2)):
        ended = end_absence(absence, by=cast.dora)
        assert not may(cast.rita, "dispatcher", place.school.path)
        assert (ended.until, ended.last_day) == (later(days=1).date(), later(days=2).date())
        assert absences_of(cast.dora) == []
        away(cast, since=later(days=2).date(), until=later(days=2).date())
        assert may(cast.rita, "dispatcher", place.school.path)


def test_back_on_the_first_day_or_not_gone_at_all(cast: Cast, place: District) -> None:
    absence = away(cast, since=TODAY)
    assert may(cast.rita, "dispatcher", place.school.path)
    end_absence(absence, by=cast.dora)
    assert not may(cast.rita, "dispatcher", place.school.path)
    planned = away(cast)
    ended = end_absence(planned, by=cast.dora)
    with clock.at(later(days=1)):
        assert not may(cast.rita, "dispatcher", place.school.path)
    assert (ended.since, ended.until, ended.ended_at) == (TOMORROW, TODAY, MONDAY)


def test_what_is_over_is_not_ended_again(cast: Cast) -> None:
    absence, planned = away(cast, since=TODAY, until=TODAY), away(cast)
    end_absence(planned, by=cast.dora)
    with pytest.raises(Refused, match="已经结束"):
        end_absence(planned, by=cast.dora)
    with clock.at(later(days=1)), pytest.raises(Refused, match="已经结束"):
        end_absence(absence, by=cast.dora)


def test_absences_do_not_overlap_but_may_follow_each_other(cast: Cast) -> None:
    away(cast)
    for since, until in ((TODAY, TOMORROW), (FRIDAY, later(days=9).date()), (TODAY, later(days=9).date())):
        with pytest.raises(Refused, match="已经有请假记录"):
            away(cast, since=since, until=until)
    assert away(cast, since=TODAY, until=TODAY).pk


def test_the_substitute_is_a_colleague_who_is_here_and_not_away(cast: Cast) -> None:
    with pytest.raises(Refused, match="不能是本人"):
        away(cast, substitute=cast.dora)
    with pytest.raises(Refused, match="不是同一单位"):
        away(cast, substitute=cast.tess)
    with pytest.raises(Refused, match="不是同一单位"):
        away(cast, substitute=cast.ping)
    away(cast, person=cast.wang, substitute=cast.will, by=cast.wang)
    with pytest.raises(Refused, match="也请假"):
        away(cast, substitute=cast.wang)
    leave(cast.wang, by="clock")
    with pytest.raises(Refused, match="已离开"):
        away(cast, substitute=fresh(cast.wang))
    assert list(Absence.objects.filter(person=cast.dora)) == []


def test_an_absence_ends_after_it_begins(cast: Cast) -> None:
    with pytest.raises(BadInput) as refused:
        away(cast, until=TODAY)
    assert refused.value.errors == {"until": ["结束日期不能早于开始日期。"]}


def test_the_person_their_head_or_their_admin_records_and_ends_it_nobody_else(cast: Cast) -> None:
    for stranger in (cast.rita, cast.sam, cast.lin):
        with pytest.raises(NotAllowed):
            away(cast, by=stranger)
    absence = away(cast, by=cast.hu)
    with pytest.raises(NotAllowed):
        end_absence(absence, by=cast.rita)
    end_absence(absence, by=cast.ada)
    assert away(cast, by=cast.vera).pk


def test_ones_page_lists_ones_own_absences_and_those_stood_in_for(cast: Cast) -> None:
    mine = away(cast)
    theirs = away(
        cast, person=cast.wang, substitute=cast.dora, since=later(days=9).date(), until=later(days=9).date(), by="clock"
    )
    away(cast, person=cast.lin, substitute=cast.vera, by="clock")
    assert absences_of(cast.dora) == [mine, theirs]


def test_standing_in_gives_nobody_two_posts_that_do_not_go_together(place: District) -> None:
    s, until = place.school, clock.today() + timedelta(days=4)
    away = hire("away", "会计", s, ("canteen_accountant", s))
    till, free = hire("till", "出纳", s, ("canteen_cashier", s)), hire("free", "老师", s, ("teacher", s))
    span = {"since": clock.today(), "until": until, "by": "clock"}
    with pytest.raises(Refused, match="不能代理") as refused:
        record_absence(person=away, substitute=till, **span)
    assert "不相容" in refused.value.rule
    record_absence(person=away, substitute=free, **span)
    for person, role in ((free, "canteen_cashier"), (away, "canteen_keeper")):
        with pytest.raises(Refused, match="不能同时担任"):
            appoint(person=person, role=role, unit=s, by="clock")
    appoint(person=free, role="canteen_cashier", unit=s, by="clock", since=until + timedelta(days=1))
    far = hire("far", "远出纳", place.far_school, ("canteen_cashier", place.far_school))
    appoint(person=free, role="canteen_chef", unit=s, by="clock")
    assert may(far, "canteen_cashier", place.far_school.path)


def test_a_parent_on_the_committee_names_nobody_to_sign_instead(place: District, cast: Cast) -> None:
    mother = hire("mother", "梅雨", None, ("meal_committee", place.school))
    with pytest.raises(Refused, match="不是同一单位的同事"):
        record_absence(person=mother, substitute=cast.lin, since=clock.today(), until=clock.today(), by=mother)
