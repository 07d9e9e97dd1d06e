"""A canteen is opened, changed and closed by those who keep it, and the law's numbers cannot be undercut."""

from decimal import Decimal
from typing import Any

import pytest

from canteen.actions import change_canteen, close_canteen, open_canteen
from canteen.models import Canteen
from canteen.queries import canteen_at, canteens_for, canteens_of, the_canteen
from portal.errors import BadInput, NotAllowed, NotThere, Refused, Stale
from portal.ledger.models import Event
from portal.orgs.actions import appoint
from tests.canteen.cast import Kitchen
from tests.district import Cast, District

pytestmark = pytest.mark.django_db


def test_its_manager_opens_changes_and_closes_it_and_the_ledger_keeps_the_old_number(
    place: District, kitchen: Kitchen
) -> None:
    canteen = open_canteen(school=place.school, name="南食堂", place=place.room, meals=["lunch"], by=kitchen.jiang)
    change_canteen(canteen, by=kitchen.jiang, seen=0, sample_grams=200, name="南区食堂")
    close_canteen(canteen, by=kitchen.jiang)
    assert list(Event.objects.filter(address=canteen.address).order_by("seq").values_list("verb", flat=True)) == [
        "opened", "changed", "closed",
    ]  # fmt: skip
    changed = Event.objects.get(address=canteen.address, verb="changed")
    assert changed.facts == {"was": {"sample_grams": 125}, "is": {"sample_grams": 200}}
    assert list(canteens_of(place.school)) == []


def test_others_cannot_and_the_laws_numbers_stand(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    for person in (kitchen.cai, kitchen.yuan, cast.ping):
        with pytest.raises(NotAllowed):
            open_canteen(school=place.school, name="小食堂", by=person)
    with pytest.raises(BadInput, match="125"):
        change_canteen(canteen, by=kitchen.jiang, sample_grams=100)
    with pytest.raises(BadInput, match="同名"):
        open_canteen(school=place.school, name="第一食堂", by=kitchen.jiang)
    with pytest.raises(Refused, match="不在本校"):
        open_canteen(school=place.school, name="远食堂", place=place.far_room, by=kitchen.jiang)
    with pytest.raises(Stale):
        change_canteen(canteen, by=kitchen.jiang, seen=9, price_gap=Decimal(12))
    canteen.refresh_from_db()
    assert (canteen.sample_grams, canteen.version) == (125, 0)


def test_what_becomes_of_a_surplus_is_said_by_the_district_and_a_school_may_only_be_stricter(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    looser: tuple[dict[str, Any], ...] = ({"surplus_limit": Decimal("2.01")}, {"surplus_rule": "within"})
    change_canteen(canteen, by=kitchen.jiang, surplus_limit=Decimal("1.5"))
    appoint(person=cast.hu, role="admin", unit=place.school, by="clock")  # of the school, not above it
    for who in (kitchen.jiang, cast.hu):
        with pytest.raises(Refused, match="由局里"):
            change_canteen(canteen, by=who, **looser[0])
    change_canteen(canteen, by=kitchen.tang, surplus_limit=Decimal(3))
    change_canteen(canteen, by=kitchen.jiang, surplus_rule="returned")
    with pytest.raises(Refused, match="由局里"):
        change_canteen(canteen, by=kitchen.jiang, **looser[1])
    second = open_canteen(school=place.far_school, name="镇中食堂", by=kitchen.yuan)
    assert (second.surplus_rule, second.surplus_limit) == ("returned", Decimal(3))
    change_canteen(canteen, by=kitchen.tang, **looser[1])


def test_people_see_the_canteens_of_their_posts(
    place: District, kitchen: Kitchen, canteen: Canteen, cast: Cast
) -> None:
    far = open_canteen(school=place.far_school, name="镇中食堂", by=kitchen.yuan)
    seen = {who: {one.pk for one in canteens_for(who)} for who in (kitchen.cai, kitchen.mei, kitchen.yuan, cast.ping)}
    assert list(seen.values()) == [{canteen.pk}, {canteen.pk}, {far.pk}, set()]
    assert [one.pk for one in canteens_for(kitchen.tang)] == [canteen.pk, far.pk]
    assert the_canteen(kitchen.chu) == canteen == canteen_at(place.room)
    with pytest.raises(NotThere):
        the_canteen(kitchen.chu, far.pk)


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        ("cai", "canteen_inspector"), ("cai", "canteen_keeper"), ("yan", "canteen_buyer"), ("bo", "canteen_buyer"),
        ("kuai", "canteen_cashier"), ("na", "canteen_accountant"), ("bo", "canteen_cashier"), ("kuai", "canteen_keeper"),
    ],
)  # fmt: skip
def test_no_one_buys_and_inspects_or_keeps_or_keeps_books_and_till(
    held: str, wanted: str, place: District, kitchen: Kitchen, cast: Cast
) -> None:
    with pytest.raises(Refused, match="不能"):
        appoint(person=getattr(kitchen, held), role=wanted, unit=place.school, by=cast.hu)
