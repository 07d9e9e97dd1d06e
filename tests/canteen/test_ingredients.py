"""A school's list of ingredients is kept by those who buy, keep or run the canteen, each under one name."""

import pytest

from canteen.actions import add_ingredient, change_ingredient
from canteen.models import FOOD, categories
from canteen.queries import ingredients_of, usable_of
from portal.errors import BadInput, NotAllowed, Stale
from portal.ledger.models import Event
from tests.canteen.cast import Kitchen
from tests.district import Cast, District

pytestmark = pytest.mark.django_db


def test_the_reference_has_twelve_kinds_of_food_and_names_what_is_never_booked() -> None:
    known = categories()
    assert [code for code, _ in FOOD] == [f"CE-{n:02d}" for n in range(1, 13)]
    assert [one.code for one in known.values() if one.is_forbidden] == ["CE-90", "CI-90"]
    assert [one.code for one in known.values() if one.is_income][:2] == ["CI-01", "CI-02"]
    assert len(known) == 33


def test_it_is_added_changed_and_banned_and_the_ledger_keeps_no_words(place: District, kitchen: Kitchen) -> None:
    pork = add_ingredient(school=place.school, name="猪肉", category="CE-03", measure="公斤", by=kitchen.cai)
    beans = add_ingredient(school=place.school, name="四季豆", category="CE-07", measure="公斤", by=kitchen.jiang)
    change_ingredient(beans, by=kitchen.jiang, seen=0, banned=True, why="不得加工")
    assert [one.label for one in ingredients_of(place.school)] == ["猪肉", "四季豆"]
    assert list(usable_of(place.school)) == [pork]
    events = Event.objects.filter(address=beans.address).order_by("seq")
    assert [(one.verb, one.facts) for one in events] == [
        ("added", {"school": place.school.pk, "category": "CE-07"}),
        ("changed", {"banned": True}),
    ]


def test_others_cannot_and_a_name_is_taken_once(place: District, kitchen: Kitchen, cast: Cast) -> None:
    rice = add_ingredient(school=place.school, name="大米", category="CE-01", measure="斤", by=kitchen.bo)
    add_ingredient(school=place.school, name="大米", category="CE-01", measure="袋", by=kitchen.bo)
    for person in (kitchen.kuai, kitchen.yuan, cast.ping):
        with pytest.raises(NotAllowed):
            change_ingredient(rice, by=person, name="白米")
    with pytest.raises(BadInput, match="同名"):
        add_ingredient(school=place.school, name="大米", category="CE-01", measure="斤", by=kitchen.cai)
    with pytest.raises(Stale):
        change_ingredient(rice, by=kitchen.cai, seen=3, name="白米")
