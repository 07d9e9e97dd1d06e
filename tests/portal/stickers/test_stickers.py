"""Stickers: a code for every place, another for a lost one, and where a scan leads."""

import re

import pytest
from django.test import Client

from portal.errors import NotAllowed, Refused
from portal.ledger.queries import chain_of
from portal.orgs.models import User
from portal.stickers import codes, queries
from portal.stickers.actions import make, revoke, welcome
from portal.stickers.models import Sticker, Welcome
from tests.district import Cast, District, hire
from tests.portal.cases.test_pages import as_

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def keeper(place: District) -> User:
    return hire("wufang", "吴芳", place.school, ("asset_manager", place.school))


def test_every_place_below_gets_one_code_and_keeps_it(place: District, cast: Cast, keeper: User) -> None:
    assert make(place.school, by=keeper) == 4
    before = dict(queries.living().values_list("unit__name", "code"))
    assert sorted(before) == ["203 教室", "204 教室", "教学楼", "柳溪镇中心小学"]
    assert make(place.building, by=cast.lin) == 0
    assert dict(queries.living().values_list("unit__name", "code")) == before
    assert all(re.fullmatch("[A-HJKMNP-Z2-9]{7}", code) for code in before.values())


def test_only_those_who_keep_stickers_there_make_them(place: District, cast: Cast, keeper: User) -> None:
    for stranger in (cast.rita, cast.dora, cast.hu, cast.sam):
        with pytest.raises(NotAllowed):
            make(place.room, by=stranger)
    with pytest.raises(NotAllowed):
        make(place.far_room, by=keeper)
    assert make(place.far_school, by=cast.ada) == 2


def test_a_lost_sticker_is_dead_and_another_takes_its_place(place: District, cast: Cast, keeper: User) -> None:
    make(place.room, by=keeper)
    lost = Sticker.objects.get()
    found = revoke(lost, by=keeper)
    assert (found.unit_id, found.code != lost.code) == (place.room.pk, True)
    assert [event.verb for event in chain_of(lost.address)] == ["made", "revoked"]
    with pytest.raises(Refused):
        revoke(lost, by=keeper)
    assert as_(cast.rita).get(f"/t/{lost.code}/").status_code == 404
    assert as_(cast.rita).get(f"/t/{found.code}/").status_code == 302


def test_codes_are_read_however_they_are_typed() -> None:
    assert codes.read(" abc-2345 ") == "ABC2345"
    assert [codes.read(one) for one in ("ABC234", "ABC23456", "ABC2340", "ABC234O", "")] == [""] * 5


def test_somebody_of_the_school_goes_straight_to_the_form_with_the_place(place: District, cast: Cast) -> None:
    make(place.room, by=cast.lin)
    code = Sticker.objects.get().code
    answer = as_(cast.rita).get(f"/t/{code.lower()}/")
    assert answer["Location"] == f"/repairs/report/?at={place.room.pk}"
    assert "203 教室" in as_(cast.rita).get(answer["Location"]).content.decode()
    assert as_(cast.rita).get("/search/", {"q": f"{code[:3]} {code[3:]}"})["Location"] == f"/t/{code}/"
    assert as_(cast.rita).get("/t/", {"code": code})["Location"] == f"/t/{code}/"
    assert as_(cast.rita).get("/t/", {"code": "ZZZZZZZ"}).status_code == 422


def test_a_stranger_is_asked_to_sign_in_and_offered_more_only_where_the_school_allows(
    place: District, cast: Cast
) -> None:
    make(place.room, by=cast.lin)
    where = f"/t/{Sticker.objects.get().code}/"
    page = Client().get(where).content.decode()
    assert (f"/sign-in/?next={where}" in page, "/repairs/visit/" in page) == (True, False)
    welcome(place.school, is_on=True, by=cast.ada)
    assert "/repairs/visit/" in Client().get(where).content.decode()
    assert "/repairs/visit/" in as_(cast.tess).get(where).content.decode()  # she teaches elsewhere


def test_the_switch_is_the_admins_and_in_the_ledger(place: District, cast: Cast) -> None:
    for stranger in (cast.hu, cast.lin, cast.dora):
        with pytest.raises(NotAllowed):
            welcome(place.school, is_on=True, by=stranger)
    answer = as_(cast.ada).post(f"/settings/units/{place.school.pk}/visitors/", {"is_on": "on", "version": 0})
    assert answer.status_code == 302
    row = Welcome.objects.get()
    assert (row.is_on, queries.welcomes(place.school), queries.welcomes(place.far_school)) == (True, True, False)
    event = chain_of(row.address).get()
    assert (event.verb, event.facts) == ("set", {"school": place.school.pk, "is_on": True})
    assert as_(cast.ada).get(f"/settings/units/{place.room.pk}/visitors/").status_code == 404


def test_the_sheet_has_24_to_a_page_each_with_its_code_as_drawn_lines(place: District, cast: Cast) -> None:
    browser = as_(cast.lin)
    assert browser.get("/stickers/").status_code == 200
    answer = browser.post("/stickers/make/", {"in": place.school.pk}, follow=True)
    page = answer.content.decode()
    assert (page.count('class="label"'), page.count("<svg"), page.count('class="label-page"')) == (4, 5, 1)
    for code in queries.living().values_list("code", flat=True):
        assert codes.shown(code) in page
    one = queries.living().get(unit=place.room)
    assert browser.get(f"/stickers/sheet/?code={one.code}").content.decode().count('class="label"') == 1
    assert as_(cast.rita).get(f"/stickers/sheet/?in={place.room.pk}").status_code == 403
    assert browser.get(f"/stickers/sheet/?in={place.far_room.pk}").status_code == 404
    assert browser.post(f"/stickers/{one.pk}/revoke/", {}).status_code == 302
