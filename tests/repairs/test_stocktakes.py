"""Stock-takes: what is in the register is looked for by its sticker; what differs gets a reason; somebody else signs."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from portal.cases.actions import filled, move
from portal.errors import NotAllowed, Refused, WrongStep
from portal.ledger.queries import chain_of
from portal.orgs.models import Unit, User
from portal.stickers.models import Sticker
from repairs.actions import take_stock
from repairs.actions.assets import enter_asset
from repairs.actions.stocktakes import see, settle
from repairs.flow import STOCKTAKES
from repairs.models import Asset, CountLine, StockTake
from repairs.queries.stocktakes import Progress, differences, progress_of
from tests.district import MONDAY, Cast, District, hire
from tests.portal.api.program import Program
from tests.portal.cases.test_pages import as_
from tests.repairs.strangers import sticker_of

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def wu(place: District) -> User:
    return hire("wufang", "吴芳", place.school, ("asset_manager", place.school))


def begun(unit: Unit, by: User) -> StockTake:
    form = filled(STOCKTAKES, STOCKTAKES.opening, case=None, by=by, data={"unit": unit.pk})
    return StockTake.objects.get(pk=take_stock(form, by=by).pk)


def entered(unit: Unit, by: User, n: int) -> Asset:
    return enter_asset(unit=unit, by=by, code=f"ZC-{n:03d}", name=f"课桌 {n}", kind="6")


def test_a_stock_take_from_the_first_scan_to_the_signature(place: District, cast: Cast, wu: User) -> None:
    here, astray, lost = (entered(place.room, wu, n) for n in range(3))
    alien = enter_asset(unit=place.school, by=wu, code="ZC-100", name="音箱", kind="2")
    take = begun(place.building, wu)
    assert (take.number, take.state, take.turn) == ("PD-LX01-2026-00001", "counting", "asset_manager")
    see(take, here, at=None, by=wu)
    see(take, astray, at=place.other_room, by=wu)
    see(take, alien, at=place.room, by=wu)
    assert progress_of(take) == Progress(expected=3, seen=2, missing=1, misplaced=1, surplus=1, settled=0)
    line = differences(take).get(asset=lost)
    with pytest.raises(WrongStep):
        settle(line, outcome="kept", reason="早了", by=wu)
    move(take, "finish_count", by=wu)
    assert chain_of(take.address).last().facts["missing"] == 1
    with pytest.raises(WrongStep):
        see(take, lost, at=None, by=wu)
    with pytest.raises(Refused, match="还有 3 处差异"):
        move(take, "sign_count", by=cast.lin)
    outcomes = {lost: "scrap", astray: "moved", alien: "kept"}
    for line in differences(take):
        settle(line, outcome=outcomes[line.asset], reason="查过了", by=wu)
    with pytest.raises(NotAllowed):
        move(take, "sign_count", by=wu)
    move(take, "sign_count", by=cast.lin)
    assert StockTake.objects.get().state == "signed"
    assert {one.code: (one.unit, one.state) for one in Asset.objects.all()} == {
        "ZC-000": (place.room, "in_use"),
        "ZC-001": (place.other_room, "in_use"),
        "ZC-002": (place.room, "to_scrap"),
        "ZC-100": (place.school, "in_use"),
    }


def test_whoever_has_counted_does_not_sign(place: District, cast: Cast, wu: User) -> None:
    asset = entered(place.room, wu, 1)
    take = begun(place.building, wu)
    see(take, asset, at=None, by=cast.lin)
    move(take, "finish_count", by=wu)
    with pytest.raises(Refused, match="自己盘的"):
        move(take, "sign_count", by=cast.lin)
    move(take, "sign_count", by=cast.hu)


def test_one_stock_take_at_a_time_and_only_by_the_keepers(place: District, cast: Cast, wu: User) -> None:
    for stranger in (cast.rita, cast.dora, cast.hu):
        with pytest.raises(NotAllowed):
            begun(place.building, stranger)
    take = begun(place.building, wu)
    for unit in (place.school, place.room, place.building):
        with pytest.raises(Refused, match=take.number):
            begun(unit, wu)
    move(take, "cancel_count", by=wu, data={"reason": "改期"})
    begun(place.school, cast.lin)


def test_what_was_overlooked_is_counted_again(place: District, cast: Cast, wu: User) -> None:
    asset = entered(place.room, wu, 1)
    take = begun(place.building, wu)
    move(take, "finish_count", by=wu)
    move(take, "recount", by=cast.lin, data={"reason": "就在讲台下面"})
    see(take, asset, at=None, by=wu)
    move(take, "finish_count", by=wu)
    move(take, "sign_count", by=cast.lin)
    assert progress_of(take).differences == 0


def test_scanning_with_the_camera_says_seen_at_one_press(place: District, cast: Cast, wu: User) -> None:
    asset = entered(place.room, wu, 1)
    code = Sticker.objects.get(about=asset.address).code
    assert "盘到了" not in as_(wu).get(f"/t/{code}/").content.decode()
    take = begun(place.school, wu)
    browser = as_(wu)
    assert "盘到了" in browser.get(f"/t/{code}/").content.decode()
    assert "盘到了" not in as_(cast.rita).get(f"/t/{code}/").content.decode()
    where = f"/repairs/stocktakes/{take.number}/count/"
    room = sticker_of(place.other_room, cast.lin).code
    page = browser.post(where, {"code": room}, follow=True).content.decode()
    assert "现在盘" in page
    page = browser.post(where, {"code": code}, follow=True).content.decode()
    assert "位置和卡片不同，已记下" in page
    assert CountLine.objects.get().found == place.other_room
    assert "没有这个编码" in browser.post(where, {"code": "ZZZZZZZ"}, follow=True).content.decode()
    move(take, "finish_count", by=wu)
    line = CountLine.objects.get()
    lines = f"/repairs/stocktakes/{take.number}/differences/"
    assert "错位" in browser.get(lines).content.decode()
    assert browser.post(f"{lines}{line.pk}/", {"outcome": "moved", "reason": "就放这里"}).status_code == 302
    assert Asset.objects.get().unit == place.other_room


def test_a_page_begins_it(place: District, cast: Cast, wu: User) -> None:
    browser = as_(wu)
    assert browser.get("/repairs/stocktakes/new/")["Location"].startswith("/places/")
    assert browser.get(f"/repairs/stocktakes/new/?at={place.building.pk}").status_code == 200
    answer = browser.post("/repairs/stocktakes/new/", {"unit": place.building.pk})
    take = StockTake.objects.get()
    assert answer["Location"] == f"/repairs/stocktakes/{take.number}/"
    page = browser.get(answer["Location"]).content.decode()
    assert ("逐件盘点" in page, "盘点结束" in page) == (True, True)
    assert as_(cast.rita).get(answer["Location"]).status_code == 404


def test_five_hundred_assets_are_as_quick_as_one(
    place: District, cast: Cast, wu: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [
        Asset(school=place.school, unit=place.room, code=f"K-{n}", name="课桌", kind="6", made_at=MONDAY)
        for n in range(500)
    ]
    assets = Asset.objects.bulk_create(rows)
    take = begun(place.building, wu)
    assert progress_of(take).expected == 500
    browser: Client = as_(wu)
    sticker = Sticker.objects.create(code="ABCDEFG", unit=place.room, about=assets[0].address, made_at=MONDAY)
    where = f"/repairs/stocktakes/{take.number}/count/"
    browser.post(where, {"code": sticker.code})
    with django_assert_num_queries(11):
        browser.post(where, {"code": sticker.code})
    for asset in assets[1:495]:
        see(take, asset, at=None, by=wu)
    with django_assert_num_queries(6):
        browser.get(where)
    move(take, "finish_count", by=wu)
    assert progress_of(take) == Progress(expected=500, seen=495, missing=5, misplaced=0, surplus=0, settled=0)
    for line in differences(take):
        settle(line, outcome="scrap", reason="找不到", by=wu)
    move(take, "sign_count", by=cast.lin)
    assert Asset.objects.filter(state="to_scrap").count() == 5


def test_programs_scan_one_request_each_and_settle(place: District, cast: Cast, wu: User) -> None:
    here, astray = (entered(place.room, wu, n) for n in range(2))
    take, program = begun(place.building, wu), Program.of(wu)
    where = f"/api/v1/repairs/stocktakes/{take.number}"
    codes = {one.about: one.code for one in Sticker.objects.exclude(about="")}
    room = sticker_of(place.other_room, cast.lin).code
    for _ in range(2):  # sent twice, seen once
        said = program.post(f"{where}/scans", {"code": codes[here.address]}).json()
    assert (said["said"], said["place"], said["line"]["difference"]) == ("盘到了：课桌 0（ZC-000）。", None, "")
    assert said["progress"] == {"expected": 2, "seen": 1, "missing": 1, "misplaced": 0, "surplus": 0, "settled": 0}
    assert program.post(f"{where}/scans", {"code": room}).json()["place"]["place"] == "教学楼 204 教室"
    said = program.post(f"{where}/scans", {"code": codes[astray.address], "place": room}).json()
    assert (said["line"]["difference"], said["line"]["found"]["place"]) == ("misplaced", "教学楼 204 教室")
    wrong = program.post(f"{where}/scans", {"code": codes[here.address], "place": codes[astray.address]})
    assert (wrong.status_code, wrong.json()["errors"]) == (422, {"place": ["这不是地点的贴纸。"]})
    line = CountLine.objects.get(asset=astray).pk
    early = program.post(f"{where}/lines/{line}", {"outcome": "moved", "reason": "早了"})
    assert early.status_code == 409
    assert program.post(f"{where}/steps/finish_count", {}).status_code == 200
    rows = program.get(f"{where}/lines?differences=true").json()["results"]
    assert [(one["id"], one["code"], one["difference"]) for one in rows] == [(line, "ZC-001", "misplaced")]
    assert len(program.get(f"{where}/lines").json()["results"]) == 2
    done = program.post(f"{where}/lines/{line}", {"outcome": "moved", "reason": "就放这里"}).json()
    assert (done["outcome"], Asset.objects.get(pk=astray.pk).unit) == ("moved", place.other_room)
    assert Program.of(cast.rita).get(f"{where}/lines").status_code == 403
