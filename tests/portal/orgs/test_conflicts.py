"""不相容岗位: nobody holds both at one place, unless the bureau has waived it for those days."""

from collections.abc import Callable
from datetime import date

import pytest

from portal import clock
from portal.errors import BadInput, NotAllowed, Refused
from portal.ledger.models import Event
from portal.orgs.actions import appoint, relieve, waive
from portal.orgs.models import Unit, User, Waiver
from tests.district import Cast, District, hire, later

from .conftest import grants

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

Holds = Callable[[Cast, Unit], None]
NOVEMBER, DECEMBER = date(2026, 11, 30), date(2026, 12, 31)


def buyer(cast: Cast, unit: Unit, **more: object) -> None:
    """Rita buys for the canteen there."""
    appoint(person=cast.rita, role="canteen_buyer", unit=unit, by="clock", **more)  # type: ignore[arg-type]


def inspector(cast: Cast, unit: Unit, **more: object) -> None:
    """Rita inspects what is delivered there."""
    appoint(person=cast.rita, role="canteen_inspector", unit=unit, by="clock", **more)  # type: ignore[arg-type]


def waived(cast: Cast, place: District, **changed: object) -> Waiver:
    """The bureau lets Rita do both at her school until the end of the year, unless said otherwise."""
    facts: dict[str, object] = {
        "person": cast.rita,
        "unit": place.school,
        "role": "canteen_buyer",
        "beside": "canteen_inspector",
        "since": clock.today(),
        "until": DECEMBER,
        "reason": "教学点只有五名教职工",
        "check_instead": "每周由总务主任抽查",
        "by": cast.ada,
    }
    return waive(**(facts | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(("first", "second"), [(buyer, inspector), (inspector, buyer)])
def test_one_person_does_not_buy_and_inspect_at_one_place(
    cast: Cast, place: District, first: Holds, second: Holds
) -> None:
    first(cast, place.school)
    before = grants()
    with pytest.raises(Refused, match="不能同时担任") as refused:
        second(cast, place.school)
    assert (refused.value.rule, bool(refused.value.who)) == ("不相容岗位不能由一人兼任", True)
    assert grants() == before


def test_the_conflict_reaches_down_and_up_the_tree_but_not_across(cast: Cast, place: District) -> None:
    inspector(cast, place.building)
    with pytest.raises(Refused, match="教学楼的验收员"):
        buyer(cast, place.school)
    buyer(cast, place.far_school)
    with pytest.raises(Refused, match="石门小学的采购员"):
        inspector(cast, place.far_school)


def test_the_conflict_is_seen_on_days_to_come(cast: Cast, place: District) -> None:
    buyer(cast, place.school, since=date(2026, 12, 1))
    with pytest.raises(Refused, match="不能同时担任"):
        inspector(cast, place.school)
    inspector(cast, place.school, until=NOVEMBER)


def test_a_role_given_up_today_does_not_stand_in_the_way(cast: Cast, place: District) -> None:
    made = appoint(person=cast.rita, role="canteen_buyer", unit=place.school, by="clock")
    relieve(made, by="clock")
    inspector(cast, place.school)
    assert ("rita", "canteen_inspector", "柳溪镇中心小学") in grants()


def test_a_waiver_opens_the_way_for_the_days_it_names(cast: Cast, place: District) -> None:
    buyer(cast, place.school)
    waived(cast, place)
    with pytest.raises(Refused, match="不能同时担任"):
        inspector(cast, place.school)
    with pytest.raises(Refused, match="不能同时担任"):
        inspector(cast, place.school, until=date(2027, 1, 1))
    inspector(cast, place.school, until=DECEMBER)
    assert {role for who, role, _ in grants() if who == "rita"} == {"teacher", "canteen_buyer", "canteen_inspector"}


def test_a_waiver_is_for_one_person_one_place_and_its_days(cast: Cast, place: District) -> None:
    for changed in ({"person": cast.wang}, {"unit": place.far_school}, {"until": NOVEMBER}, {"since": NOVEMBER}):
        waived(cast, place, **changed)
    buyer(cast, place.school)
    with pytest.raises(Refused, match="不能同时担任"):
        inspector(cast, place.school, until=DECEMBER)


def test_a_waiver_above_covers_the_places_below(cast: Cast, place: District) -> None:
    waived(cast, place, unit=place.town, role="canteen_inspector", beside="canteen_buyer")
    buyer(cast, place.school)
    inspector(cast, place.building, until=DECEMBER)


def test_only_the_bureau_waives_and_never_for_oneself(cast: Cast, place: District) -> None:
    local = hire("local", "校管", place.school, ("admin", place.school))
    for by in (local, cast.hu, cast.rita):
        with pytest.raises(NotAllowed):
            waived(cast, place, by=by)
    with pytest.raises(NotAllowed, match="不能给自己"):
        waived(cast, place, person=cast.ada)
    director = hire("director", "局长", place.bureau, ("director", place.bureau))
    assert waived(cast, place, by=director).pk


def test_a_waiver_needs_its_reason_its_check_and_dates_in_order(cast: Cast, place: District) -> None:
    with pytest.raises(BadInput) as refused:
        waived(cast, place, reason=" ", check_instead="")
    assert refused.value.errors == {"reason": ["请填写。"], "check_instead": ["请填写。"]}
    with pytest.raises(BadInput):
        waived(cast, place, until=later(days=-1).date())
    with pytest.raises(Refused, match="没有冲突"):
        waived(cast, place, beside="teacher")
    assert not Waiver.objects.exists()


def test_a_waiver_is_written_without_its_words(cast: Cast, place: District) -> None:
    made = waived(cast, place)
    found = Event.objects.get(address=made.address)
    assert (found.verb, found.who) == ("waived", f"person:{cast.ada.pk}")
    assert found.facts == {
        "person": cast.rita.pk,
        "unit": place.school.pk,
        "role": "canteen_buyer",
        "beside": "canteen_inspector",
        "since": "2026-11-16",
        "until": "2026-12-31",
    }


def test_people_who_hold_neither_are_not_touched(cast: Cast, place: District) -> None:
    before = grants()
    buyer(cast, place.school)
    assert grants() - before == {("rita", "canteen_buyer", "柳溪镇中心小学")}
    assert User.objects.filter(post__permission__codename="canteen_inspector").count() == 0
