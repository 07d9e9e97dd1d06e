"""Assets: entered, moved and repaired; every change with its reason; read by those who oversee, written by two."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from portal.errors import BadInput, NotAllowed, NotThere, Refused, Stale
from portal.evidence.models import Piece
from portal.evidence.proof import check
from portal.ledger.queries import chain_of
from portal.orgs.models import User
from portal.stickers.models import Sticker
from repairs.actions.assets import change_asset, enter_asset
from repairs.models import Asset, AssetState, Ticket
from repairs.queries.assets import AssetFilters, asset_at, assets_of, history, narrowed
from tests.conftest import photo_of
from tests.district import Cast, District, hire
from tests.portal.cases.test_pages import as_
from tests.repairs.test_loop import reported

pytestmark = pytest.mark.usefixtures("monday")
CARD = {"name": "投影机", "kind": "2", "spec": "CB-X06", "price": Decimal("3280.00"), "quantity": 1}


@pytest.fixture
def wu(place: District) -> User:
    return hire("wufang", "吴芳", place.school, ("asset_manager", place.school))


def entered(place: District, by: User, code: str = "ZC-001", **more: object) -> Asset:
    return enter_asset(unit=place.room, by=by, **(CARD | {"code": code} | more))


def test_a_card_gets_its_sticker_and_its_first_entry(place: District, cast: Cast, wu: User) -> None:
    asset = entered(place, wu, keeper=cast.rita, photos=[photo_of(wu)])
    sticker = Sticker.objects.get(about=asset.address)
    assert (sticker.unit_id, asset.school_id, asset.worth) == (place.room.pk, place.school.pk, Decimal("3280.00"))
    event = chain_of(asset.address).get()
    assert (event.verb, event.facts["price"], event.facts["keeper"]) == ("entered", "3280.00", cast.rita.pk)
    assert check().flaw is None
    with pytest.raises(BadInput):
        entered(place, wu)


def test_a_change_needs_a_reason_and_moves_the_sticker_along(place: District, cast: Cast, wu: User) -> None:
    asset = entered(place, wu)
    change_asset(asset, by=cast.lin, reason="换教室", unit=place.other_room, keeper=cast.rita, state="repair", seen=0)
    asset = Asset.objects.get()
    assert (asset.unit, asset.keeper, asset.state, asset.version) == (place.other_room, cast.rita, "repair", 1)
    assert Sticker.objects.get(about=asset.address).unit == place.other_room
    assert [(one.who, one.words, one.reason) for one in history(asset)] == [
        ("周立", "保管人改为林晓芸，状态改为维修，地点改为204 教室", "换教室"),
        ("吴芳", "登记入册", ""),
    ]
    with pytest.raises(Stale):
        change_asset(asset, by=wu, reason="再换", unit=place.room, seen=0)
    with pytest.raises(BadInput):
        change_asset(asset, by=wu, reason="没有改", unit=place.other_room)
    with pytest.raises(BadInput):
        change_asset(asset, by=wu, reason="移到外校", unit=place.far_room)


def test_a_photo_is_covered_by_who_keeps_the_register_and_the_card_says_so(
    place: District, cast: Cast, wu: User
) -> None:
    asset = entered(place, wu, photos=[photo_of(wu)])
    photo, card = Piece.objects.get(), f"/repairs/assets/{asset.pk}/"
    asked = f"/evidence/{photo.pk}/cover"
    assert [as_(who).get(asked).status_code for who in (wu, cast.lin, cast.hu, cast.sam)] == [200, 200, 403, 404]
    assert asked in as_(cast.lin).get(card).content.decode() and asked not in as_(cast.hu).get(card).content.decode()
    assert as_(cast.lin).post(asked, {"cells": ["1-1"]}).status_code == 302
    original = f"/evidence/{photo.pk}/original"
    assert [as_(who).post(original).status_code for who in (wu, cast.hu)] == [200, 403]
    assert [one.words for one in history(asset)] == ["看了照片遮挡前的原图", "遮挡了照片的一部分", "登记入册"]
    assert "已遮挡 1 格" in as_(cast.hu).get(card).content.decode()
    assert check().flaw is None


def test_what_is_disposed_of_changes_no_more(place: District, wu: User) -> None:
    asset = change_asset(entered(place, wu), by=wu, reason="报废批复", state=AssetState.DISPOSED)
    with pytest.raises(Refused):
        change_asset(asset, by=wu, reason="再用", state="in_use")


def test_two_posts_write_overseers_read_and_others_do_not_know(place: District, cast: Cast, wu: User) -> None:
    asset = entered(place, wu)
    for stranger in (cast.rita, cast.dora, cast.hu, cast.ouyang, cast.sam):
        with pytest.raises(NotAllowed):
            entered(place, stranger, "ZC-002")
        with pytest.raises(NotAllowed):
            change_asset(asset, by=stranger, reason="不该", state="idle")
    for reader in (wu, cast.lin, cast.hu, cast.vera, cast.ouyang):
        assert asset_at(asset.pk, by=reader) == asset
    for stranger in (cast.rita, cast.dora, cast.will, cast.sam, cast.ada):
        with pytest.raises(NotThere):
            asset_at(asset.pk, by=stranger)


def test_the_list_is_searched_narrowed_and_takes_constant_queries(
    place: District, cast: Cast, wu: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    entered(place, wu)
    browser = as_(wu)
    browser.get("/repairs/assets/")
    with django_assert_num_queries(4):
        browser.get("/repairs/assets/")
    entered(place, wu, "ZC-002", name="课桌", kind="6", keeper=cast.rita)
    entered(place, wu, "ZC-003", name="空调", got_on=date(2024, 9, 1))
    with django_assert_num_queries(4):
        page = browser.get("/repairs/assets/").content.decode()
    assert [page.count(name) > 0 for name in ("投影机", "课桌", "空调")] == [True] * 3
    found = [narrowed(assets_of(wu), one).count() for one in (
        AssetFilters(q="zc-00"), AssetFilters(q="课"), AssetFilters(q="林晓芸"), AssetFilters(kind="6"),
        AssetFilters(state="idle"), AssetFilters(place=place.room.path), AssetFilters(place=place.other_room.path),
    )]  # fmt: skip
    assert found == [3, 1, 1, 1, 0, 3, 0]


def test_the_register_leaves_as_excel(place: District, wu: User) -> None:
    entered(place, wu, "ZC-001", name="=1+1")
    answer = as_(wu).get("/repairs/assets/excel/")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[1][:5] == ["ZC-001", "=1+1", "通用设备", "CB-X06", 3280.0]


def test_a_scan_of_an_asset_reports_it_with_its_place(place: District, cast: Cast, wu: User) -> None:
    asset = entered(place, wu)
    code = Sticker.objects.get(about=asset.address).code
    where = as_(cast.rita).get(f"/t/{code}/")["Location"]
    assert where == f"/repairs/report/?at={place.room.pk}&asset={asset.pk}"
    page = as_(cast.rita).get(where).content.decode()
    assert ("投影机" in page, f'name="asset" value="{asset.pk}"' in page) == (True, True)
    ticket = reported(place, cast.rita, asset=asset.pk)
    assert Ticket.objects.get(pk=ticket.pk).asset == asset
    assert "投影机 · ZC-001" in as_(cast.dora).get(f"/repairs/tickets/{ticket.number}/").content.decode()
    Ticket.objects.filter(pk=ticket.pk).update(cost=Decimal("36.50"))
    page = as_(wu).get(f"/repairs/assets/{asset.pk}/").content.decode()
    assert (ticket.title in page, "材料费共 36.50 元" in page) == (True, True)
    assert "资产卡" in as_(wu).get(f"/t/{code}/").content.decode()


def test_pages_enter_and_move_an_asset(place: District, cast: Cast, wu: User) -> None:
    browser = as_(wu)
    assert browser.get("/repairs/assets/add/")["Location"].startswith("/places/")
    said = {"name": "一体机", "code": "ZC 100", "kind": "2", "quantity": "1", "source": "bought", "keeper": "rita"}
    where = f"/repairs/assets/add/?at={place.room.pk}"
    assert browser.post(where, said | {"quantity": "0"}).status_code == 422
    assert browser.post(where, said).status_code == 302
    asset = Asset.objects.get()
    assert (asset.code, asset.keeper, asset.unit) == ("ZC100", cast.rita, place.room)
    moved = {"unit": place.other_room.pk, "keeper": "", "state": "idle", "reason": "闲置", "version": "0"}
    assert browser.post(f"/repairs/assets/{asset.pk}/move/", moved).status_code == 302
    assert browser.post(f"/repairs/assets/{asset.pk}/move/", moved | {"state": "in_use"}).status_code == 412
    asset.refresh_from_db()
    assert (asset.unit, asset.keeper, asset.state) == (place.other_room, None, "idle")
    edited = said | {"code": "ZC100", "name": "一体机", "price": "8800", "reason": "补单价", "version": "1"}
    assert browser.post(f"/repairs/assets/{asset.pk}/edit/", edited).status_code == 302
    assert Asset.objects.get().price == Decimal(8800)


def test_stickers_of_things_are_printed_together_by_building_or_by_choice(place: District, cast: Cast) -> None:
    made = [
        enter_asset(
            unit=place.room if n % 2 else place.other_room, by=cast.wu, code=f"ZC-{n:03d}", name=f"课桌 {n}", kind="6"
        )
        for n in range(27)
    ]
    browser = as_(cast.wu)
    building = f"/stickers/sheet/?in={place.building.pk}&things=1"
    page = browser.get(building).content.decode()
    assert (page.count('class="label"'), page.count('class="label-page"'), "课桌 26" in page) == (27, 2, True)
    assert "打印物品的贴纸（27 张）" in browser.get(f"/stickers/?in={place.building.pk}").content.decode()
    assert browser.get(f"/stickers/sheet/?in={place.room.pk}&things=1").content.decode().count('class="label"') == 13
    chosen = "&".join(f"about={one.address}" for one in made[:3])
    page = browser.get(f"/stickers/sheet/?{chosen}").content.decode()
    assert (page.count('class="label"'), "打印所选的贴纸" in browser.get("/repairs/assets/").content.decode()) == (
        3,
        True,
    )
    assert as_(cast.ada).get(f"/stickers/sheet/?{chosen}").status_code == 200
    assert as_(cast.rita).get(f"/stickers/sheet/?{chosen}").status_code == 403
    far = hire("far-admin", "远管", place.far_school, ("admin", place.far_school))
    assert as_(far).get(f"/stickers/sheet/?{chosen}").status_code == 404
